import { canonicalJson } from '../../base/canonical-json.ts'
import { type Day, dayFromIso, isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { Language } from '../../base/language.ts'
import { shortened } from '../../base/wording.ts'
import { lastDay, periodOf } from '../../demand/calendar.ts'
import { contentFile } from '../../ledger/content.ts'
import type { Basis } from '../../ledger/events/event.ts'
import type { MadeForecasts } from '../../ledger/forecast-record.ts'
import { LEDGER_BRANCH } from '../../ledger/leaderboard.ts'
import { filesOf, keptFiles, newestFiles, recordId } from '../../ledger/ledger.ts'
import type { WorkflowRun } from '../../ledger/run-record.ts'
import { hasOrdering, readOrdering } from '../../ordering/buying-terms.ts'
import { type Distributions, type Forecaster, forecastsOf } from '../../ordering/forecaster.ts'
import { orderTotal } from '../../ordering/order-groups.ts'
import { salesAge } from '../../ordering/sales-age.ts'
import type { AboutArtifact } from '../../registry/model-parts.ts'
import { forecastCsv, forecastExcelCsv } from '../../reporting/forecast-table.ts'
import { fileUrl } from '../../reporting/links.ts'
import { orderCsv, orderExcelCsv } from '../../reporting/order-table.ts'
import { ordersPage } from '../../reporting/orders-page.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import type { PartedBy } from '../../sales/totals/parts.ts'
import { distributionsText } from './distributions-text.ts'
import type { ShadowPublished } from './shadow-forecasts.ts'

/** The model in production with the sales that it forecasts from. */
export type Publishable = {
  version: number
  model: AboutArtifact
  totals: DailyTotals
  plan: Plan
  /** ISO day: the last one with a sale. */
  salesThrough: string
  forecaster: Forecaster
  /** By what other models part these sales. Throws a `UserError` where they cannot be parted so. */
  partedBy(partition: string): Promise<PartedBy>
  /** What it forecasts of every series. */
  ahead: Distributions
  basis: Basis
}

export type PublicationInput = {
  project: string
  today: Day
  /** The moment, ISO 8601 in UTC. */
  at: string
  /** Page of the repository. */
  repository: string
  /** Of the orders. */
  language: Language
  workflow?: WorkflowRun
}

export type Publication = {
  id: string
  record: MadeForecasts
  /** All that is published, by the names of the files; the record is one of them. */
  files: ReadonlyMap<string, string | Uint8Array>
}

/**
 * The forecasts of every product and the orders by them, for programs, for people and for Excel.
 * What is the same as before is the same file, by name and by content. Where only the orders cannot
 * be made, the record says why.
 */
export async function publicationOf(
  production: Publishable,
  input: PublicationInput,
): Promise<Publication> {
  const { version, model, salesThrough, ahead, basis } = production
  const { at, language, workflow } = input
  const json = contentFile(distributionsText(ahead, model.recipe.frequency), 'ndjson')
  const { orders, files } = await ordersOfDay(production, input)
  const record: MadeForecasts = {
    format: 'cd4ml-forecasts/2',
    outcome: 'made',
    at,
    version,
    model: model.name,
    salesThrough,
    ...spanOf(ahead, model),
    basis,
    series: ahead.series.length,
    files: { json: json.path },
    orders,
    ...(workflow && { workflow }),
  }
  const id = recordId(at, canonicalJson(record))
  const forecasts = forecastsOf(ahead)
  return {
    id,
    record,
    files: new Map([
      recordFile(id, record),
      [keptFiles.json, json.bytes],
      [newestFiles.csv, forecastCsv(forecasts)],
      [newestFiles.excel, forecastExcelCsv(forecasts, language)],
      ...files,
    ]),
  }
}

/** The same with what the shadow forecast, or why it did not: no other file changes. */
export function withShadow(
  { id, record, files }: Publication,
  { said, file }: ShadowPublished,
): Publication {
  const both = { ...record, shadow: said }
  return {
    id,
    record: both,
    files: new Map([
      ...files,
      recordFile(id, both),
      ...(file ? [[keptFiles.shadow, file.bytes] as const] : []),
    ]),
  }
}

function recordFile(id: string, record: MadeForecasts): [string, Uint8Array] {
  const [written] = filesOf({ kind: 'forecasts', id, record }).values()
  return ['record.json', written]
}

/** A user's mistake as one sentence; any other error goes on. */
export function problemIn(error: unknown, project: string): string {
  if (!(error instanceof UserError)) throw error
  const said = error.message.replaceAll(`${project}/`, '').split('\n')
  return said.map((text) => text.trim()).join(' ')
}

function spanOf(
  { from }: Distributions,
  { recipe }: AboutArtifact,
): { from: string; through: string } {
  const last = dayFromIso(from.at(-1) ?? '')
  if (last === undefined) throw new Error('a forecast of no period was made')
  const through = lastDay(recipe.frequency, periodOf(recipe.frequency, last))
  return { from: from[0], through: isoFromDay(through) }
}

type Orders = {
  orders: NonNullable<MadeForecasts['orders']>
  files: [name: string, content: string | Uint8Array][]
}

/** What is to blame on how the chain buys keeps the orders from being made, but not the forecasts. */
async function ordersOfDay(
  { forecaster, totals, model, version }: Publishable,
  { project, today, repository, language }: PublicationInput,
): Promise<Orders> {
  try {
    const terms = await readOrdering(project)
    const orders = forecaster.order(terms)
    const day = forecaster.orderDay
    const urlOf = (path: string) => fileUrl(repository, LEDGER_BRANCH, path)
    const page = ordersPage(
      {
        orders,
        day: isoFromDay(day),
        madeOn: isoFromDay(today),
        age: salesAge(totals, day - 1, today),
        version,
        model: model.name,
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
