import { type Static, Type } from 'typebox'
import { unlessMistaken } from '../../base/errors.ts'
import { count, isoDay, number, object } from '../../base/schema-parts.ts'
import type { Model } from '../../forecasting/model.ts'
import type { Ordering } from '../../ordering/buying-terms.ts'
import type { Forecaster, SeriesForecast } from '../../ordering/forecaster.ts'
import { openForecaster } from '../../ordering/forecaster-of-model.ts'
import { supplyAsOf } from '../../ordering/supply.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import {
  bySeries,
  type DailyTotals,
  lastSaleDay,
  seriesId,
} from '../../sales/totals/daily-totals.ts'
import { described, describedBy } from './product-changes.ts'

const MOST_CHANGES = 20

const BeforeAfter = object({ before: number, after: number })

const ComingChange = object({
  ...described,
  /** Units that the champion and the challenger forecast over the coming horizon. */
  forecast: BeforeAfter,
  /** Units to order next by each; absent where that is not known of both. */
  order: Type.Optional(BeforeAfter),
  /** Of what is ordered more or less, at cost, in the currency of the sales. */
  value: Type.Optional(number),
})
export type ComingChange = Static<typeof ComingChange>

/** What changes for the buyer with the challenger in production, from the sales of today. */
export const Coming = object({
  /** How many periods, and the first day of the first and of the last one. */
  periods: count,
  from: isoDay,
  through: isoDay,
  series: count,
  /** Units of all series. */
  forecast: BeforeAfter,
  /** Of the series whose order is known by both: how many, units, and cost. */
  orders: Type.Optional(object({ series: count, units: BeforeAfter, value: BeforeAfter })),
  /** Those whose order, or else whose forecast, changes most: by value, or else by units. */
  largest: Type.Array(ComingChange, { maxItems: MOST_CHANGES }),
})
export type Coming = Static<typeof Coming>

type Contenders = {
  champion: Model
  challenger: Model
  totals: DailyTotals
  plan?: Plan
  ordering: Ordering
}

/**
 * Forecasts of the coming periods and the next orders by champion and challenger. Undefined where
 * they think in other periods, or one of them cannot forecast these sales.
 */
export function comingChanges({
  champion,
  challenger,
  totals,
  plan,
  ordering,
}: Contenders): Coming | undefined {
  const { frequency } = challenger.recipe
  const last = lastSaleDay(totals)
  if (frequency !== champion.recipe.frequency || last === undefined) return undefined
  const opened = unlessMistaken(() => ({
    before: openForecaster({ model: champion, totals, ...(plan && { plan }) }),
    after: openForecaster({ model: challenger, totals, ...(plan && { plan }) }),
  }))
  if (!opened) return undefined
  const periods = Math.min(challenger.recipe.horizon, champion.recipe.horizon)
  const [before, after] = [opened.before, opened.after].map((it) => spansOf(it, periods))
  const orders = [opened.before, opened.after].map((it) => ordersOf(it, ordering))
  const supply = supplyAsOf(totals, last)
  const changes = [...after.values()].flatMap((span): Priced[] => {
    const id = seriesId(span)
    const earlier = before.get(id)
    if (!earlier) return []
    const order = { before: orders[0].get(id), after: orders[1].get(id) }
    const cost = supply.get(id)?.cost
    const known = order.before !== undefined && order.after !== undefined && cost !== undefined
    return [
      {
        ...describedBy(span),
        forecast: { before: earlier.mean, after: span.mean },
        ...(known && {
          order: { before: order.before!, after: order.after! },
          value: cost * (order.after! - order.before!),
          cost,
        }),
      },
    ]
  })
  if (changes.length === 0) return undefined
  const [first] = after.values()
  return {
    periods,
    from: first.from,
    through: first.through,
    series: changes.length,
    forecast: {
      before: rounded(sum(changes, ({ forecast }) => forecast.before)),
      after: rounded(sum(changes, ({ forecast }) => forecast.after)),
    },
    ...ordersTotal(changes),
    largest: changes
      .filter((it) => size(it) > 0)
      .sort((a, b) => size(b) - size(a) || bySeries(a, b))
      .slice(0, MOST_CHANGES)
      .map(shown),
  }
}

/**
 * The same of several parts of the series together: of those that sold to the end, whose coming
 * periods are the same.
 */
export function mergedComing(parts: Coming[]): Coming | undefined {
  const last = parts
    .map(({ from }) => from)
    .sort()
    .at(-1)
  const same = parts.filter(({ from }) => from === last)
  if (same.length === 0) return undefined
  const beforeAfter = (of: { before: number; after: number }[]) => ({
    before: rounded(sum(of, ({ before }) => before)),
    after: rounded(sum(of, ({ after }) => after)),
  })
  const orders = same.flatMap((part) => part.orders ?? [])
  const { periods, from, through } = same[0]
  return {
    periods,
    from,
    through,
    series: sum(same, ({ series }) => series),
    forecast: beforeAfter(same.map(({ forecast }) => forecast)),
    ...(orders.length > 0 && {
      orders: {
        series: sum(orders, ({ series }) => series),
        units: beforeAfter(orders.map(({ units }) => units)),
        value: beforeAfter(orders.map(({ value }) => value)),
      },
    }),
    largest: same
      .flatMap(({ largest }) => largest)
      .sort((a, b) => size(b) - size(a) || bySeries(a, b))
      .slice(0, MOST_CHANGES),
  }
}

type Priced = ComingChange & { cost?: number }

/** What those who know orders look at is money; what others look at is units. */
function size({ value, forecast }: Priced): number {
  return Math.abs(value ?? forecast.after - forecast.before)
}

type Span = SeriesForecast & { through: string }

/** By series, the total of the first periods. */
function spansOf(forecaster: Forecaster, periods: number): Map<string, Span> {
  const spans = new Map<string, Span & { count: number }>()
  for (const forecast of forecaster.all()) {
    const id = seriesId(forecast)
    const span = spans.get(id)
    if (!span) spans.set(id, { ...forecast, through: forecast.from, count: 1 })
    else if (span.count < periods) {
      span.mean += forecast.mean
      span.through = forecast.from
      span.count++
    }
  }
  return spans
}

function ordersOf(forecaster: Forecaster, ordering: Ordering): Map<string, number> {
  return new Map(
    forecaster
      .order(ordering)
      .flatMap((order) => (order.outcome === 'unknown' ? [] : [[seriesId(order), order.units]])),
  )
}

function ordersTotal(changes: Priced[]): Pick<Coming, 'orders'> {
  const known = changes.flatMap(({ order, cost }) =>
    order && cost !== undefined ? [{ order, cost }] : [],
  )
  if (known.length === 0) return {}
  return {
    orders: {
      series: known.length,
      units: {
        before: sum(known, ({ order }) => order.before),
        after: sum(known, ({ order }) => order.after),
      },
      value: {
        before: rounded(sum(known, ({ order, cost }) => cost * order.before)),
        after: rounded(sum(known, ({ order, cost }) => cost * order.after)),
      },
    },
  }
}

function shown({ cost: _, ...change }: Priced): ComingChange {
  const { forecast, value } = change
  return {
    ...change,
    forecast: { before: rounded(forecast.before), after: rounded(forecast.after) },
    ...(value !== undefined && { value: rounded(value) }),
  }
}

function sum<T>(items: T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

/** More digits tell nobody anything. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
