import { join } from 'node:path'
import { dayFromIso, isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { Language } from '../../base/language.ts'
import { shortened } from '../../base/wording.ts'
import { writeWhole } from '../../base/write-file.ts'
import { lastDay, periodOf } from '../../demand/calendar.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import type { Model } from '../../forecasting/model.ts'
import { modelName } from '../../forecasting/model.ts'
import { contentFile } from '../../ledger/content.ts'
import type { MadeForecasts } from '../../ledger/forecast-record.ts'
import { LEDGER_BRANCH } from '../../ledger/leaderboard.ts'
import { filesOf, keptFiles, newestFiles, recordId } from '../../ledger/ledger.ts'
import { type PublishedForecasts, publishedText } from '../../ledger/published-forecasts.ts'
import type { WorkflowRun } from '../../ledger/run-record.ts'
import { hasOrdering, readOrdering } from '../../ordering/buying-terms.ts'
import type { Forecaster, SeriesForecast } from '../../ordering/forecaster.ts'
import { orderTotal } from '../../ordering/order-groups.ts'
import { salesAge } from '../../ordering/sales-age.ts'
import { objectAt } from '../../registry/objects.ts'
import { PRODUCTION } from '../../registry/production.ts'
import { readPromotions } from '../../registry/promotions.ts'
import { isRepository, resolveBase } from '../../registry/repository.ts'
import { sampleVersions } from '../../registry/sample.ts'
import { forecastCsv, forecastExcelCsv } from '../../reporting/forecast-table.ts'
import { fileUrl } from '../../reporting/links.ts'
import { orderCsv, orderExcelCsv } from '../../reporting/order-table.ts'
import { ordersPage } from '../../reporting/orders-page.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import type { InputOptions } from '../data/inputs.ts'
import { modelInProduction, openForecasts } from './open-forecasts.ts'

export type PublishInput = {
  options: InputOptions
  /** The folder that gets a folder for these forecasts. */
  out: string
  /** The moment, ISO 8601 in UTC. */
  at: string
  /** Page of the repository. */
  repository: string
  /** Of the orders. */
  language: Language
  workflow?: WorkflowRun
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
 * cannot be made, the record says why.
 */
export async function publishForecasts(input: PublishInput): Promise<Published> {
  const { options, out, at, language, workflow } = input
  const made = await attempted(options)
  if ('problem' in made) {
    const missed = !(await isBeforeFirstVersion(options.project))
    return { outcome: 'kept', problem: made.problem, missed }
  }
  const { version, model, salesThrough, forecaster, forecasts } = made
  const id = recordId(at)
  const ordered = await ordersOfDay(made, input)
  const json = contentFile(publishedText(ofAll(forecaster, model)), 'ndjson')
  const record: MadeForecasts = {
    format: 'cd4ml-forecasts/2',
    outcome: 'made',
    at,
    version,
    model: modelName(model),
    salesThrough,
    ...spanOf(forecasts, model),
    series: new Set(forecasts.map(({ productId, storeId }) => `${productId}\0${storeId}`)).size,
    files: { json: json.path },
    orders: ordered.orders,
    ...(workflow && { workflow }),
  }
  const pathOf = (file: string) => join(out, id, file)
  const files = new Map([
    [keptFiles.json, json.bytes],
    [newestFiles.csv, forecastCsv(forecasts)],
    [newestFiles.excel, forecastExcelCsv(forecasts, language)],
    ...ordered.files,
    ...[...filesOf({ kind: 'forecasts', id, record }).values()].map(
      (bytes) => ['record.json', bytes] as const,
    ),
  ])
  for (const [file, content] of files) await writeWhole(pathOf(file), content)
  return {
    outcome: 'made',
    record,
    csv: pathOf(newestFiles.csv),
    json: pathOf(keptFiles.json),
    ...(ordered.orders.outcome === 'made' && { orders: pathOf(newestFiles.ordersPage) }),
  }
}

type Orders = {
  orders: NonNullable<MadeForecasts['orders']>
  /** By their names beside the record. */
  files: [name: string, content: string | Uint8Array][]
}

/** What is to blame on how the chain buys keeps the orders from being made, but not the forecasts. */
async function ordersOfDay(
  { forecaster, totals, model, version }: Made,
  { options, repository, language }: PublishInput,
): Promise<Orders> {
  const { project, today, asOf } = options
  const isToday = asOf ?? today
  try {
    const terms = await readOrdering(project)
    const orders = forecaster.order(terms)
    const day = forecaster.orderDay()
    const urlOf = (path: string) => fileUrl(repository, LEDGER_BRANCH, path)
    const page = ordersPage(
      {
        orders,
        day: isoFromDay(day),
        madeOn: isoFromDay(isToday),
        age: salesAge(totals, day - 1, isToday),
        version,
        model: modelName(model),
        ...(!hasOrdering(project) && { usualTerms: terms.defaults }),
        files: {
          excel: urlOf(newestFiles.ordersExcel),
          csv: urlOf(newestFiles.ordersCsv),
          forecastsExcel: urlOf(newestFiles.excel),
          forecastsCsv: urlOf(newestFiles.csv),
        },
      },
      language,
    )
    const csv = orderCsv(orders, language)
    const kept = { page: contentFile(page, 'md'), csv: contentFile(csv, 'csv') }
    return {
      orders: {
        outcome: 'made',
        day: isoFromDay(day),
        ...orderTotal(orders),
        files: { page: kept.page.path, csv: kept.csv.path },
      },
      files: [
        [keptFiles.ordersPage, kept.page.bytes],
        [keptFiles.ordersCsv, kept.csv.bytes],
        [newestFiles.ordersPage, page],
        [newestFiles.ordersCsv, csv],
        [newestFiles.ordersExcel, orderExcelCsv(orders, language)],
      ],
    }
  } catch (error) {
    const problem = shortened(problemIn(error, project), 2000)
    return { orders: { outcome: 'kept', problem }, files: [] }
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

type Made = {
  version: number
  model: Model
  totals: DailyTotals
  salesThrough: string
  forecaster: Forecaster
  forecasts: SeriesForecast[]
}

async function attempted(options: InputOptions): Promise<Made | { problem: string }> {
  const { project } = options
  try {
    const inProduction = await modelInProduction(project)
    if (!inProduction) return { problem: 'No model is in production yet.' }
    const { model, source } = inProduction
    const opened = await openForecasts(model, options)
    if (opened.outcome === 'invalid') return { problem: 'The data is invalid.' }
    const { totals, report, forecaster } = opened
    const forecasts = forecaster.all()
    const { lastSaleDay: salesThrough } = report.totals
    if (salesThrough === undefined) return { problem: 'There are no sales to start from.' }
    const { version } = source.version.manifest
    return { version, model, totals, salesThrough, forecaster, forecasts }
  } catch (error) {
    return { problem: problemIn(error, project) }
  }
}

/** A user's mistake as one sentence; any other error goes on. */
function problemIn(error: unknown, project: string): string {
  if (!(error instanceof UserError)) throw error
  const said = error.message.replaceAll(`${project}/`, '').split('\n')
  return said.map((text) => text.trim()).join(' ')
}

function ofAll(forecaster: Forecaster, { recipe }: Model): PublishedForecasts {
  const { from, series } = forecaster.distributions()
  return {
    frequency: recipe.frequency,
    from,
    levels: LEVELS,
    series: series.map(({ productId: product, storeId: store, basis: restsOn, ...rest }) => ({
      product,
      ...(store !== undefined && { store }),
      restsOn,
      ...rest,
    })),
  }
}

function spanOf(forecasts: SeriesForecast[], { recipe }: Model): { from: string; through: string } {
  const starts = forecasts.map(({ from }) => from).sort()
  const [from, last] = [starts[0], starts.at(-1)].map((start) => dayFromIso(start ?? ''))
  if (from === undefined || last === undefined) throw new Error('a forecast of no period was made')
  const through = lastDay(recipe.frequency, periodOf(recipe.frequency, last))
  return { from: isoFromDay(from), through: isoFromDay(through) }
}
