import { constants, existsSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { dayFromIso } from '../../base/day.ts'
import type { Model } from '../../forecasting/model.ts'
import { modelFrom } from '../../forecasting/model-file.ts'
import { type Forecaster, openForecaster } from '../../ordering/forecaster.ts'
import { readChallenger } from '../../registry/challenger.ts'
import { readTracked } from '../../registry/lineage.ts'
import {
  contentOf,
  PRODUCTION,
  readWorkingVersion,
  type Version,
} from '../../registry/production.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { type InputOptions, validateSales } from '../data/inputs.ts'

/** A model that can forecast, and where it is from. */
export type ModelToAsk = { model: Model; source: { version: Version } | { folder: string } }

/** A model with the sales that it forecasts from. */
export type OpenedForecasts = {
  outcome: 'opened'
  totals: DailyTotals
  plan: Plan
  report: ValidationReport
  forecaster: Forecaster
}

/**
 * The model in production, its hashes verified; undefined where nothing is. Throws a `UserError`
 * where it is not as cd4ml wrote it.
 */
export async function modelInProduction(
  project: string,
): Promise<{ model: Model; source: { version: Version } } | undefined> {
  const version = await readWorkingVersion(project)
  if (!version) return undefined
  const model = modelFrom(contentOf(version, 'model.json'), join(PRODUCTION, 'model.json'))
  return { model, source: { version } }
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
    const { trainedThrough } = inProduction.model
    const learnt = dayFromIso(trainedThrough) ?? Number.POSITIVE_INFINITY
    if (asOf === undefined || learnt <= asOf) return inProduction
  }
  return await challengerToAsk(project, folder)
}

/** The challenger in a folder of a project. Throws a `UserError` where there is none. */
export async function challengerToAsk(project: string, folder: string): Promise<ModelToAsk> {
  const { model } = await readChallenger(resolve(project, folder))
  return { model, source: { folder } }
}

/**
 * Validates the sales, and opens the forecaster of a model over them. What the data itself is to
 * blame for is the outcome `invalid`; throws a `UserError` where model and sales do not fit. In a
 * project that may only be read, as in a container, what was read of them is not kept.
 */
export async function openForecasts(
  model: Model,
  options: Omit<InputOptions, 'recipe'>,
): Promise<OpenedForecasts | { outcome: 'invalid'; report: ValidationReport }> {
  const { asOf, project } = options
  const sales = await validateSales(options, { keep: await mayBeWritten(project) })
  if (sales.outcome === 'invalid') return { outcome: 'invalid', report: sales.report }
  const { totals, plan, report } = sales
  const forecaster = openForecaster({ model, totals, plan, ...(asOf !== undefined && { asOf }) })
  return { outcome: 'opened', totals, plan, report, forecaster }
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
