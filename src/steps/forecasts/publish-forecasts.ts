import { join } from 'node:path'
import { writeWhole } from '../../base/write-file.ts'
import type { MadeForecasts } from '../../ledger/forecast-record.ts'
import { keptFiles, newestFiles } from '../../ledger/ledger.ts'
import { aboutArtifact } from '../../registry/model-parts.ts'
import { objectAt } from '../../registry/objects.ts'
import { PRODUCTION } from '../../registry/production.ts'
import { readPromotions } from '../../registry/promotions.ts'
import { isRepository, resolveBase } from '../../registry/repository.ts'
import { sampleVersions } from '../../registry/sample.ts'
import { dataDigest } from '../../sales/plan/data-digest.ts'
import type { InputOptions } from '../data/inputs.ts'
import { committedData, modelInProduction, openForecasts } from './open-forecasts.ts'
import {
  type PublicationInput,
  type Publishable,
  problemIn,
  publicationOf,
  withShadow,
} from './publication.ts'
import { shadowForecasts } from './shadow-forecasts.ts'

export type PublishInput = Omit<PublicationInput, 'project' | 'today'> & {
  options: InputOptions
  /** The folder that gets a folder for these forecasts. */
  out: string
}

export type Published =
  | { outcome: 'made'; record: MadeForecasts; csv: string; json: string; orders?: string }
  /**
   * There are no new forecasts, and why, as a sentence. They are missed unless nothing of the owner's
   * has ever been in production: then nobody waits for them yet.
   */
  | { outcome: 'kept'; problem: string; missed: boolean }

/**
 * Forecasts every product with the model in production, orders by that, and writes all of it as the
 * ledger will keep it: for programs, for people and for Excel. What is to blame on data or model is
 * the outcome `kept`: then nothing is written, and the last forecasts stay. Where only the orders
 * cannot be made, the record says why. What is tried beside production forecasts after it, and changes
 * nothing of it.
 */
export async function publishForecasts(input: PublishInput): Promise<Published> {
  const { options, out, ...rest } = input
  const made = await attempted(options)
  if ('problem' in made) {
    const missed = !(await isBeforeFirstVersion(options.project))
    return { outcome: 'kept', problem: made.problem, missed }
  }
  const { project, asOf } = options
  const publication = await publicationOf(made, {
    ...rest,
    project,
    today: asOf ?? options.today,
  })
  const shadow = await shadowForecasts(made, {
    project,
    at: rest.at,
    ...(asOf !== undefined && { asOf }),
  })
  const { id, record, files } = shadow ? withShadow(publication, shadow) : publication
  const pathOf = (file: string) => join(out, id, file)
  for (const [file, content] of files) await writeWhole(pathOf(file), content)
  return {
    outcome: 'made',
    record,
    csv: pathOf(newestFiles.csv),
    json: pathOf(keptFiles.json),
    ...(record.orders?.outcome === 'made' && { orders: pathOf(newestFiles.ordersPage) }),
  }
}

async function isBeforeFirstVersion(project: string): Promise<boolean> {
  if (!(await isRepository(project))) return false
  const { commit } = await resolveBase(project, 'HEAD')
  const ofSample = await sampleVersions(project, commit)
  for (const entry of await readPromotions(project, commit)) {
    if (entry.found !== 'nothing' && !(await ofSample(entry.commit))) return false
  }
  return (await objectAt(project, commit, PRODUCTION)) === undefined
}

async function attempted(options: InputOptions): Promise<Publishable | { problem: string }> {
  const { project } = options
  try {
    const inProduction = await modelInProduction(project)
    if (!inProduction) return { problem: 'No model is in production yet.' }
    const { artifact, source } = inProduction
    const opened = await openForecasts(artifact, options)
    if (opened.outcome === 'invalid') return { problem: 'The data is invalid.' }
    const { totals, plan, report, forecaster, partedBy } = opened
    const ahead = forecaster.distributions()
    const { lastSaleDay: salesThrough } = report.totals
    if (salesThrough === undefined) return { problem: 'There are no sales to start from.' }
    const { version, files } = source.version.manifest
    const data = (await committedData(project, options.data)) ?? dataDigest(totals, plan)
    const basis = { version, model: files['model.json'], data, salesThrough }
    const model = aboutArtifact(artifact)
    return { version, model, totals, plan, salesThrough, forecaster, partedBy, ahead, basis }
  } catch (error) {
    return { problem: problemIn(error, project) }
  }
}
