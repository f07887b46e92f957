import { type Day, isoFromDay } from '../../base/day.ts'
import { lastDay } from '../../demand/calendar.ts'
import { buildPanel, endOf, type Panel } from '../../demand/panel.ts'
import { originRows } from '../../evaluation/scoring/origin-rows.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import type { PublishedForecasts } from '../../ledger/published-forecasts.ts'
import type { Shadow } from '../../ledger/shadow.ts'
import { type DailyTotals, saleDays } from '../../sales/totals/daily-totals.ts'
import type { BlockLength } from './block-length.ts'
import { addedStores, knownDemand, type StoresAfter, storesAfter } from './known-demand.ts'
import type { MonitoredPart, MonitoredSales } from './monitored-sales.ts'
import { naiveForecaster } from './naive-forecaster.ts'
import { addedOrigins, type OriginSums, originSums } from './origin-sums.ts'
import type { ForecastsFrom, ProductionBlock, ProductionOrigin } from './production-origin.ts'
import { publishedOrigin } from './published-origin.ts'
import { type StoreSales, salesOfStores, storeDays } from './store-sales.ts'

export type BlocksInput = {
  /** Of what is in production. */
  recipe: Recipe
  /** The newest sales, and the last day of them that counts; all without one. */
  sales: MonitoredSales
  asOf?: Day
  block: BlockLength
  /** The first period of the first block. */
  start: number
  published: PublishedBlocks
  /** What is in production says of the rows from the sales until then, or why it cannot say it. */
  forecastAgain(
    part: MonitoredPart,
    rows: OriginRows,
  ): Promise<OriginForecast | { problem: string }>
  /** Gets the newest panel of each part, and every origin of it, which nobody here holds on to. */
  onPart?(panel: Panel): (origin: ProductionOrigin) => void
}

/** A span that an order covers and that is over: its first period, and the last day before it. */
export type BlockSpan = { first: number; day: Day; from: Day; to: Day }

/** What was published at the start of each block. */
export type PublishedBlocks = {
  /** Of the series of a part; undefined where nothing was that can be read. */
  of(span: BlockSpan, part: number): Promise<PublishedBlock | undefined>
  /** How many of its series are in no part: the sales do not know them any more. */
  orphaned(span: BlockSpan): number
}

export type PublishedBlock = {
  forecasts: ForecastsFrom
  published: PublishedForecasts
  file: string
  shadow?: PublishedShadow
}

/** What a shadow forecast, and the file of it. */
export type PublishedShadow = { of: Shadow; published: PublishedForecasts; file: string }

export type BlocksSeen = {
  /** In the order of time. */
  blocks: ProductionBlock[]
  /** How far the sales of each store are known, by its id. */
  stores: ReadonlyMap<string, StoreSales>
}

/**
 * Every block from a period on that is over, in the order of time, with what was forecast at its start
 * and what became of it. Forecasts that were not published, or cannot be read, are made again from the
 * model and the sales until then.
 *
 * The blocks are those of the whole chain. What is asked of each series, its demand and seasonal naive
 * among it, is asked within its part, as in the backtest of a model in parts.
 */
export async function productionBlocks(input: BlocksInput): Promise<BlocksSeen> {
  const { sales, published } = input
  const spans = spansOver(input)
  const known = spans.filter(({ isKnown }) => isKnown)
  const ofStores = await sales.each(({ totals }) => storeDays(totals))
  const stores = {
    known: salesOfStores(ofStores),
    // Of a store whose series are in several parts none of them can tell alone that it is silent.
    after: haveStoresInCommon(ofStores) ? await storesAfterEach(input, known) : undefined,
  }
  const seen = await sales.each((part) => seenOfPart(input, part, known, stores))
  const blocks = spans.map(({ isKnown, ...span }): ProductionBlock => {
    const { from, to } = span
    if (!isKnown) {
      const { frequency } = input.block
      const problem = `nothing is known to have been sold in the ${frequency} that ends on ${isoFromDay(span.day)}`
      return { from, to, outcome: 'no forecasts', problem }
    }
    const ofParts = seen.flatMap((blocks) => blocks.get(span.first) ?? [])
    const without = ofParts.find((it) => 'problem' in it)
    if (without) return { from, to, outcome: 'no forecasts', problem: without.problem }
    const origin = addedOrigins(ofParts.filter((it) => 'segments' in it))
    return { from, to, outcome: 'seen', origin, orphaned: published.orphaned(span) }
  })
  return { blocks, stores: stores.known }
}

/** The blocks that are over, and whether anybody could have forecast from their start. */
function spansOver({
  sales: { chain },
  asOf,
  block: { frequency, periods },
  start,
}: BlocksInput): (BlockSpan & { isKnown: boolean })[] {
  const endAt = (day: Day | undefined) =>
    endOf(buildPanel(chain, { frequency, ignoreStock: true, ...asOfDay(day) }))
  const end = endAt(asOf)
  const spans: (BlockSpan & { isKnown: boolean })[] = []
  for (let first = start; lastDay(frequency, first + periods - 1) <= end; first += periods) {
    const day = lastDay(frequency, first - 1)
    const to = lastDay(frequency, first + periods - 1)
    spans.push({ first, day, from: day + 1, to, isKnown: endAt(day) === day })
  }
  return spans
}

/** By the first period of a block. */
type ByBlock<T> = ReadonlyMap<number, T>

/** The blocks of a part since it has sold anything. */
async function seenOfPart(
  input: BlocksInput,
  part: MonitoredPart,
  spans: readonly BlockSpan[],
  stores: { known: BlocksSeen['stores']; after: ByBlock<StoresAfter> | undefined },
): Promise<ByBlock<OriginSums | { problem: string }>> {
  const { recipe, asOf, onPart } = input
  const { periods } = input.block
  const seen = new Map<number, OriginSums | { problem: string }>()
  const panels = panelsOf(input, part.totals)
  const later = panels.later()
  if (!later) return seen
  const { censoring, horizon } = recipe
  const naiveAt = naiveForecaster(recipe, (day) => panels.at(censoring, day))
  const onOrigin = onPart?.(censoring ? later : panels.at(false, asOf))
  for (const span of spans) {
    const { first, day } = span
    if (!panels.hasSold(day)) continue
    const then = panels.at(true, day)
    const end = later.firstPeriod + later.periods
    const rows = originRows(then, later, Math.min(horizon, end - first))
    const forecasts = await forecastsOf(input, part, span, rows)
    if ('problem' in forecasts) {
      seen.set(first, forecasts)
      continue
    }
    const of = { known: then, later, periods }
    const { actual, ...demand } = knownDemand({
      ...of,
      rows,
      model: forecasts.model,
      stores: stores.known,
      sellingAfter: stores.after?.get(first) ?? storesAfter({ ...of, horizon: rows.horizon }),
    })
    const naive = naiveAt(censoring ? then : panels.at(false, day), rows.horizon)
    const origin = { rows: { ...rows, actual }, ...forecasts, naive, ...demand }
    onOrigin?.(origin)
    seen.set(first, originSums(origin, { periods, horizon }))
  }
  return seen
}

/** What stores that are in several parts sold after each origin. */
async function storesAfterEach(
  input: BlocksInput,
  spans: readonly BlockSpan[],
): Promise<ByBlock<StoresAfter>> {
  const { periods } = input.block
  const parts = await input.sales.each(({ totals }) => {
    const panels = panelsOf(input, totals)
    const later = panels.later()
    if (!later) return []
    const end = later.firstPeriod + later.periods
    return spans.flatMap(({ first, day }) => {
      if (!panels.hasSold(day)) return []
      const horizon = Math.min(input.recipe.horizon, end - first)
      const of = { known: panels.at(true, day), later, periods, horizon }
      return [{ first, stores: storesAfter(of) }]
    })
  })
  const byBlock = Map.groupBy(parts.flat(), ({ first }) => first)
  return new Map(
    [...byBlock].map(([first, own]) => [first, addedStores(own.map(({ stores }) => stores))]),
  )
}

/** Panels are not kept once an origin is seen: those of a year would not fit into memory. */
function panelsOf({ block: { frequency }, asOf, sales }: BlocksInput, totals: DailyTotals) {
  const [firstSale = Number.POSITIVE_INFINITY] = saleDays(totals)
  const at = (censoring: boolean, day: Day | undefined) =>
    buildPanel(totals, { frequency, ignoreStock: !censoring, ...asOfDay(day) })
  const end = endOf(buildPanel(sales.chain, { frequency, ignoreStock: true, ...asOfDay(asOf) }))
  const hasSold = (day: Day) => firstSale <= day
  return { at, hasSold, later: () => (hasSold(end) ? at(true, asOf) : undefined) }
}

function asOfDay(day: Day | undefined): { asOf?: Day } {
  return day === undefined ? {} : { asOf: day }
}

function haveStoresInCommon(parts: readonly ReadonlyMap<string, unknown>[]): boolean {
  const stores = parts.flatMap((part) => [...part.keys()])
  return new Set(stores).size < stores.length
}

async function forecastsOf(
  { published, forecastAgain }: BlocksInput,
  part: MonitoredPart,
  span: BlockSpan,
  rows: OriginRows,
): Promise<Pick<ProductionOrigin, 'model' | 'shadow' | 'forecasts'> | { problem: string }> {
  const found = await published.of(span, part.index)
  if (!found) {
    const made = await forecastAgain(part, rows)
    return 'problem' in made ? made : { model: made, forecasts: { from: 'reproduced' } }
  }
  const { forecasts, shadow } = found
  return {
    model: publishedOrigin(found.published, rows, found.file),
    forecasts,
    ...(shadow && {
      shadow: { ...shadow.of, forecast: publishedOrigin(shadow.published, rows, shadow.file) },
    }),
  }
}
