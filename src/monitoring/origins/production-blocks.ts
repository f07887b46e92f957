import { type Day, isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { lastDay } from '../../demand/calendar.ts'
import { buildPanel, endOf } from '../../demand/panel.ts'
import { backtestChampion } from '../../evaluation/backtest.ts'
import { originRows } from '../../evaluation/scoring/origin-rows.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import type { History } from '../../evaluation/search/history.ts'
import type { Model } from '../../forecasting/model.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import { type LeftOut, problemOf } from '../../ledger/ledger.ts'
import type { PublishedForecasts } from '../../ledger/published-forecasts.ts'
import type { Shadow } from '../../ledger/shadow.ts'
import { type DailyTotals, seriesId } from '../../sales/totals/daily-totals.ts'
import type { BlockLength } from './block-length.ts'
import { knownDemand } from './known-demand.ts'
import type { KnownPublication } from './known-publication.ts'
import { naiveForecaster } from './naive-forecaster.ts'
import type { ProductionBlock, ProductionOrigin } from './production-origin.ts'
import { orphanedSeries, publishedOrigin } from './published-origin.ts'
import { salesByStore } from './store-sales.ts'

export type BlocksInput = {
  version: number
  /** Of what is in production. */
  recipe: Recipe
  /** What that says of the rows from the sales until then, or why it cannot say it. */
  forecastAgain(rows: OriginRows): Promise<OriginForecast | { problem: string }>
  /** The newest sales, and the last day of them that counts; all without one. */
  totals: DailyTotals
  asOf?: Day
  block: BlockLength
  /** The first period of the first block. */
  start: number
  /** By the first period that they forecast, as `publicationsByStart` has them. */
  publications: ReadonlyMap<number, readonly KnownPublication[]>
  /** What was published. Throws a `UserError` where that is missing or damaged. */
  read(publication: KnownPublication): Promise<PublishedForecasts>
  /** The same of what is tried beside production; undefined where nothing was. */
  readShadow(publication: KnownPublication): Promise<PublishedShadow | undefined>
}

/** What a shadow forecast, and the file of it. */
export type PublishedShadow = { of: Shadow; published: PublishedForecasts; file: string }

export type BlocksSeen = {
  /** In the order of time. */
  blocks: ProductionBlock[]
  /** Publications that could not be read. */
  leftOut: LeftOut[]
}

/**
 * Every block from a period on that is over, with what was forecast at its start and what became of
 * it. Forecasts that were not published, or cannot be read, are made again from the model and the
 * sales until then.
 */
export async function productionBlocks(input: BlocksInput): Promise<BlocksSeen> {
  const { totals, asOf, block, start, recipe } = input
  const { frequency, periods } = block
  // A panel is not kept once its origin is seen: those of a year would not fit into memory.
  const panelAt = (censoring: boolean, day: Day | undefined) =>
    buildPanel(totals, {
      frequency,
      ignoreStock: !censoring,
      ...(day !== undefined && { asOf: day }),
    })
  const { censoring } = recipe
  const naiveAt = naiveForecaster(recipe, (day) => panelAt(censoring, day))
  const later = panelAt(true, asOf)
  const end = later.firstPeriod + later.periods
  const known = new Set(later.series.map(seriesId))
  const stores = salesByStore(totals)
  const seen: BlocksSeen = { blocks: [], leftOut: [] }
  for (let first = start; first + periods <= end; first += periods) {
    const day = lastDay(frequency, first - 1)
    const span = { from: day + 1, to: lastDay(frequency, first + periods - 1) }
    const then = panelAt(true, day)
    if (endOf(then) !== day) {
      const problem = `nothing is known to have been sold in the ${frequency} that ends on ${isoFromDay(day)}`
      seen.blocks.push({ ...span, outcome: 'no forecasts', problem })
      continue
    }
    const rows = originRows(then, later, Math.min(recipe.horizon, end - first))
    const forecasts = await forecastsOf(input, first, rows, known, seen.leftOut)
    if ('problem' in forecasts) {
      seen.blocks.push({ ...span, outcome: 'no forecasts', ...forecasts })
      continue
    }
    const { model: forecast } = forecasts
    const demand = knownDemand({ known: then, later, rows, model: forecast, periods, stores })
    const { actual, ...found } = demand
    const naive = naiveAt(censoring ? then : panelAt(false, day), rows.horizon)
    const scored = { ...rows, actual }
    const origin = { version: input.version, rows: scored, ...forecasts, naive, ...found }
    seen.blocks.push({ ...span, outcome: 'seen', origin })
  }
  return seen
}

type ForecastsSeen = Pick<ProductionOrigin, 'model' | 'shadow' | 'forecasts' | 'orphaned'>

async function forecastsOf(
  input: BlocksInput,
  first: number,
  rows: OriginRows,
  known: ReadonlySet<string>,
  leftOut: LeftOut[],
): Promise<ForecastsSeen | { problem: string }> {
  for (const publication of input.publications.get(first) ?? []) {
    const { id, record } = publication
    try {
      const published = await input.read(publication)
      return {
        model: publishedOrigin(published, rows, record.files.json),
        ...(await shadowOf(input, publication, rows, leftOut)),
        forecasts: { from: 'published', id, at: record.at },
        orphaned: orphanedSeries(published, known),
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      leftOut.push({ file: `forecasts/${id}/record.json`, problem: problemOf(error) })
    }
  }
  const made = await input.forecastAgain(rows)
  return 'problem' in made ? made : { model: made, forecasts: { from: 'reproduced' }, orphaned: 0 }
}

/** Of the same publication: a shadow forecasts when production does, or is not compared with it. */
async function shadowOf(
  input: BlocksInput,
  publication: KnownPublication,
  rows: OriginRows,
  leftOut: LeftOut[],
): Promise<Pick<ProductionOrigin, 'shadow'>> {
  try {
    const found = await input.readShadow(publication)
    if (!found) return {}
    const { of, published, file } = found
    return { shadow: { ...of, forecast: publishedOrigin(published, rows, file) } }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const problem = `of the shadow: ${problemOf(error)}`
    leftOut.push({ file: `forecasts/${publication.id}/record.json`, problem })
    return {}
  }
}

/** What the model says of the rows from the sales until then, or why it cannot say it. */
export async function madeAgain(
  history: History,
  model: Model,
  rows: OriginRows,
): Promise<OriginForecast | { problem: string }> {
  if (model.trainedThrough > isoFromDay(rows.day)) {
    return { problem: `the model has learnt from sales up to ${model.trainedThrough}` }
  }
  try {
    const { frequency } = model.recipe
    const { forecasts } = await backtestChampion(history, model, [rows], frequency)
    return forecasts[0]
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { problem: error.what }
  }
}
