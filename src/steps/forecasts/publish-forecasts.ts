import { join, relative } from 'node:path'
import { canonicalJson } from '../../base/canonical-json.ts'
import { dayFromIso, isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { writeWhole } from '../../base/write-file.ts'
import { lastDay, periodOf } from '../../demand/calendar.ts'
import type { Model } from '../../forecasting/model.ts'
import { modelName } from '../../forecasting/model.ts'
import { modelFrom } from '../../forecasting/model-file.ts'
import type { MadeForecasts } from '../../ledger/forecast-record.ts'
import { filesOf, forecastFiles, recordId } from '../../ledger/ledger.ts'
import type { WorkflowRun } from '../../ledger/run-record.ts'
import { openForecaster, type SeriesForecast } from '../../ordering/forecaster.ts'
import { readPromotions } from '../../registry/history.ts'
import { objectAt } from '../../registry/objects.ts'
import { PRODUCTION, readWorkingVersion } from '../../registry/production.ts'
import { isRepository, resolveBase } from '../../registry/repository.ts'
import { sampleVersions } from '../../registry/sample.ts'
import { forecastCsv } from '../../reporting/forecast-table.ts'
import { type InputOptions, validateSales } from '../data/inputs.ts'

export type PublishInput = {
  options: InputOptions
  /** The folder that gets a folder for these forecasts. */
  out: string
  /** The moment, ISO 8601 in UTC. */
  at: string
  workflow?: WorkflowRun
}

export type Published =
  | { outcome: 'made'; record: MadeForecasts; csv: string; json: string }
  /**
   * There are no new forecasts, and why, as a sentence. They are missed unless nothing of the owner's
   * has ever been in production: then nobody waits for them yet.
   */
  | { outcome: 'kept'; problem: string; missed: boolean }

/**
 * Forecasts every product with the model in production, and writes `forecasts.csv`,
 * `forecasts.json` and `record.json` as the ledger will keep them. What is to blame on data or model
 * is the outcome `kept`: then nothing is written, and the last forecasts stay.
 */
export async function publishForecasts(input: PublishInput): Promise<Published> {
  const { options, out, at, workflow } = input
  const made = await attempted(options)
  if ('problem' in made) {
    const missed = !(await isBeforeFirstVersion(options.project))
    return { outcome: 'kept', problem: made.problem, missed }
  }
  const { version, model, salesThrough, forecasts } = made
  const id = recordId(at)
  const files = forecastFiles(id)
  const record: MadeForecasts = {
    format: 'cd4ml-forecasts/1',
    outcome: 'made',
    at,
    version,
    model: modelName(model),
    salesThrough,
    ...spanOf(forecasts, model),
    series: new Set(forecasts.map(({ productId, storeId }) => `${productId}\0${storeId}`)).size,
    files: { csv: files.csv, json: files.json },
    ...(workflow && { workflow }),
  }
  const contents = {
    csv: Buffer.from(forecastCsv(forecasts)),
    json: Buffer.from(canonicalJson({ ...record, forecasts })),
  }
  const pathOf = (file: string) => join(out, relative('forecasts', file))
  for (const [file, bytes] of filesOf({ kind: 'forecasts', id, record, files: contents })) {
    await writeWhole(pathOf(file), bytes)
  }
  return { outcome: 'made', record, csv: pathOf(files.csv), json: pathOf(files.json) }
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

type Made = { version: number; model: Model; salesThrough: string; forecasts: SeriesForecast[] }

async function attempted(options: InputOptions): Promise<Made | { problem: string }> {
  const { project, asOf } = options
  try {
    const inProduction = await readWorkingVersion(project)
    const bytes = inProduction?.files.get('model.json')
    if (!inProduction || !bytes) return { problem: 'No model is in production yet.' }
    const model = modelFrom(bytes, `${PRODUCTION}/model.json`)
    const sales = await validateSales(options)
    if (sales.outcome === 'invalid') return { problem: 'The data is invalid.' }
    const { totals, report } = sales
    const input = { model, totals, ...(asOf !== undefined && { asOf }) }
    const forecasts = openForecaster(input).all()
    const { lastSaleDay: salesThrough } = report.totals
    if (salesThrough === undefined) return { problem: 'There are no sales to start from.' }
    return { version: inProduction.manifest.version, model, salesThrough, forecasts }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const said = error.message.replaceAll(`${project}/`, '').split('\n')
    return { problem: said.map((text) => text.trim()).join(' ') }
  }
}

function spanOf(forecasts: SeriesForecast[], { recipe }: Model): { from: string; through: string } {
  const starts = forecasts.map(({ from }) => from).sort()
  const [from, last] = [starts[0], starts.at(-1)].map((start) => dayFromIso(start ?? ''))
  if (from === undefined || last === undefined) throw new Error('a forecast of no period was made')
  const through = lastDay(recipe.frequency, periodOf(recipe.frequency, last))
  return { from: isoFromDay(from), through: isoFromDay(through) }
}
