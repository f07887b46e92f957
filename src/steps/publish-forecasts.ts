import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { canonicalJson } from '../canonical-json.ts'
import { dayFromIso, isoFromDay } from '../day.ts'
import { lastDay, periodOf } from '../demand/calendar.ts'
import { UserError } from '../errors.ts'
import { modelName } from '../forecasting/family.ts'
import type { Model } from '../forecasting/model.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import type { ForecastRecord, KeptForecasts, MadeForecasts } from '../ledger/forecast-record.ts'
import type { WorkflowRun } from '../ledger/run-record.ts'
import { PRODUCTION, readWorkingVersion } from '../registry/production.ts'
import { forecastCsv } from '../reporting/forecast-table.ts'
import { writeWhole } from '../write-file.ts'
import { forecastAll, type SeriesForecast } from './forecast.ts'
import { type InputOptions, validateSales } from './inputs.ts'

export type PublishInput = {
  options: InputOptions
  /** The folder that gets a folder for this attempt. */
  out: string
  /** The moment, ISO 8601 in UTC. */
  at: string
  workflow?: WorkflowRun
}

export type Published =
  | { outcome: 'made'; record: MadeForecasts; csv: string; json: string }
  | { outcome: 'kept'; record: KeptForecasts }

/**
 * Forecasts every product with the model in production, and writes the attempt into a folder of its
 * own as the ledger keeps it: `forecasts.csv` and `forecasts.json` where they were made, and
 * `record.json`. What is to blame on data or model is the outcome `kept`, with the problem.
 */
export async function publishForecasts(input: PublishInput): Promise<Published> {
  const { options, out, at, workflow } = input
  const attempt = `${at.replaceAll(/[-:.]/g, '')}-${randomUUID().slice(0, 8)}`
  const folder = join(out, attempt)
  const made = await attempted(options)
  const common = { format: 'cd4ml-forecasts/1', at, ...(workflow && { workflow }) } as const
  if ('problem' in made) {
    const record: KeptForecasts = { ...common, outcome: 'kept', problem: made.problem }
    await writeRecord(folder, record)
    return { outcome: 'kept', record }
  }
  const { version, model, salesThrough, forecasts } = made
  const [csv, json] = [join(folder, 'forecasts.csv'), join(folder, 'forecasts.json')]
  const record: MadeForecasts = {
    ...common,
    outcome: 'made',
    version,
    model: modelName(model),
    salesThrough,
    ...spanOf(forecasts, model),
    series: new Set(forecasts.map(({ productId, storeId }) => `${productId}\0${storeId}`)).size,
    files: {
      csv: `forecasts/${attempt}/forecasts.csv`,
      json: `forecasts/${attempt}/forecasts.json`,
    },
  }
  await writeWhole(csv, forecastCsv(forecasts.map((row) => ({ ...row, period: row.from }))))
  await writeWhole(json, canonicalJson({ ...record, forecasts }))
  await writeRecord(folder, record)
  return { outcome: 'made', record, csv, json }
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
    const forecasts = forecastAll({ totals, model, ...(asOf !== undefined && { asOf }) })
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

async function writeRecord(folder: string, record: ForecastRecord): Promise<void> {
  await writeWhole(join(folder, 'record.json'), canonicalJson(record))
}
