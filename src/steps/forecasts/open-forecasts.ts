import { constants, existsSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { dayFromIso } from '../../base/day.ts'
import { modelFrom } from '../../forecasting/model-file.ts'
import type { Forecaster } from '../../ordering/forecaster.ts'
import { type ForecasterInput, openForecaster } from '../../ordering/forecaster-of-model.ts'
import { forecasterOfParts } from '../../ordering/forecaster-of-parts.ts'
import { readTrained } from '../../registry/challenger.ts'
import { readTracked } from '../../registry/lineage.ts'
import { aboutArtifact, artifactOf, type OpenedArtifact } from '../../registry/model-parts.ts'
import { readWorkingVersion, type Version } from '../../registry/production.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import type { PartedBy } from '../../sales/totals/parts.ts'
import { type InputOptions, partedByIn, validateSales } from '../data/inputs.ts'

/** A model that can forecast, and where it is from. */
export type ModelToAsk = {
  artifact: OpenedArtifact
  source: { version: Version } | { folder: string }
}

/** A model with the sales that it forecasts from. */
export type OpenedForecasts = {
  outcome: 'opened'
  totals: DailyTotals
  plan: Plan
  report: ValidationReport
  forecaster: Forecaster
  /** By what other models part these sales. */
  partedBy(partition: string): Promise<PartedBy>
}

/**
 * The model in production, its hashes verified; undefined where nothing is. Throws a `UserError`
 * where it is not as cd4ml wrote it.
 */
export async function modelInProduction(
  project: string,
): Promise<{ artifact: OpenedArtifact; source: { version: Version } } | undefined> {
  const version = await readWorkingVersion(project)
  if (!version) return undefined
  return { artifact: artifactOf(version), source: { version } }
}

/**
 * The model in production of the project's own data, or the challenger in `folder`: where nothing is
 * in production, and where it has learnt from later days than those that may be seen.
 */
export async function modelToAsk(
  { project, asOf }: Pick<InputOptions, 'project' | 'asOf'>,
  folder: string,
): Promise<ModelToAsk> {
  const inProduction = await modelInProduction(project)
  if (inProduction) {
    const { trainedThrough } = aboutArtifact(inProduction.artifact)
    const learnt = dayFromIso(trainedThrough) ?? Number.POSITIVE_INFINITY
    if (asOf === undefined || learnt <= asOf) return inProduction
  }
  return await challengerToAsk(project, folder)
}

/** The challenger in a folder of a project. Throws a `UserError` where there is none. */
export async function challengerToAsk(project: string, folder: string): Promise<ModelToAsk> {
  return { artifact: await readTrained(resolve(project, folder)), source: { folder } }
}

/**
 * Validates the sales, and opens the forecaster of a model over them. What the data itself is to
 * blame for is the outcome `invalid`; throws a `UserError` where model and sales do not fit. In a
 * project that may only be read, as in a container, what was read of them is not kept.
 */
export async function openForecasts(
  artifact: OpenedArtifact,
  options: Omit<InputOptions, 'recipe'>,
): Promise<OpenedForecasts | { outcome: 'invalid'; report: ValidationReport }> {
  const { asOf, project } = options
  const kept = { keep: await mayBeWritten(project) }
  const sales = await validateSales(options, kept)
  if (sales.outcome === 'invalid') return { outcome: 'invalid', report: sales.report }
  const { totals, plan, report, contract } = sales
  const known = { totals, plan, ...(asOf !== undefined && { asOf }) }
  const partedBy = (partition: string) => partedByIn(options, contract, partition, kept)
  const forecaster = await forecasterOf(artifact, known, partedBy)
  return { outcome: 'opened', totals, plan, report, forecaster, partedBy }
}

/**
 * The forecaster of an artifact over sales. Of a model in parts the files are read at once, and each is
 * made a model when it is asked for.
 */
export async function forecasterOf(
  artifact: OpenedArtifact,
  sales: Omit<ForecasterInput, 'model'>,
  partedBy: (partition: string) => Promise<PartedBy>,
): Promise<Forecaster> {
  if (artifact.kind === 'whole') return openForecaster({ model: artifact.model, ...sales })
  const { index, bytes } = artifact.parts
  const files = new Map<string, Uint8Array>()
  for (const { file } of index.parts) files.set(file, await bytes(file))
  return forecasterOfParts({
    index,
    modelIn: (file) => modelFrom(files.get(file)!, file),
    partedBy: await partedBy(index.recipe.partition),
    ...sales,
  })
}

async function mayBeWritten(project: string): Promise<boolean> {
  const kept = join(project, '.cd4ml')
  return access(existsSync(kept) ? kept : project, constants.W_OK).then(
    () => true,
    () => false,
  )
}

/** Git's id of the folder of the sales; undefined where it is not as HEAD has it. */
export async function committedData(project: string, data: string): Promise<string | undefined> {
  const reading = await readTracked(project, { data })
  return reading.state === 'committed' ? reading.objects.data.object : undefined
}
