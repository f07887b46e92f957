import { type Day, isoFromDay } from '../../base/day.ts'
import { isActive } from '../../demand/activity.ts'
import type { Frequency } from '../../demand/calendar.ts'
import { reportingFrequency } from '../../demand/reporting-frequency.ts'
import { type BuyingTerms, type Ordering, termsOf } from '../../ordering/buying-terms.ts'
import {
  type Delivery,
  daysLater,
  daysToArrival,
  deliveriesIn,
  type Supply,
  suppliedBy,
  supplyIn,
} from '../../ordering/supply.ts'
import { type DailyTotals, seriesId } from '../../sales/totals/daily-totals.ts'
import { knownOn } from '../../sales/totals/known-totals.ts'
import { lastDayOfHorizon, type MadeForecast } from '../backtest.ts'
import { differenceBySeries, intervalOf } from '../gate/bootstrap.ts'
import type { OrderingComparison, OrderingResult } from '../gate/evaluation.ts'
import type { Interval } from '../gate/interval.ts'
import type { History } from '../search/history.ts'
import type { OriginRows } from './rows.ts'
import { type Buyer, lastPeriodBuyer, modelBuyer } from './simulated-buyers.ts'
import { simulatedDemand } from './simulated-demand.ts'
import { StockedShelf } from './stocked-shelf.ts'

export type OrderingInput = {
  totals: DailyTotals
  history: History
  ordering: Ordering
  /** One entry for each origin, in the order of time. */
  rows: OriginRows[]
  frequency: Frequency
  /** What each model forecast at the origins. */
  challenger: MadeForecast[]
  champion?: MadeForecast[]
  baseline: MadeForecast[]
  /** Of the interval of the difference in cost. */
  confidence: number
}

/**
 * What ordering by each model would have come to, from the first origin to the end of the last
 * horizon. A series takes part from the first origin on at which it sells and its price and cost are
 * known. It starts with the stock that it had, and with what then arrived within the lead time,
 * which had been ordered before. Stock is carried from day to day: in the morning deliveries come
 * in, what has expired is thrown away and, once every review period, an order is placed; then
 * customers ask for what could have been sold (`simulatedDemand`) and take the oldest units first.
 * What is not there is not sold later.
 *
 * Models order by the forecasts of the latest origin, since those are what is scored; in use a
 * forecast is newer than that.
 */
export function simulateOrdering(input: OrderingInput): OrderingComparison {
  const { totals, challenger, champion, baseline } = input
  const { price, cost, purchaseDate } = totals.columns
  const period = simulatedPeriod(input)
  if (!period) return { outcome: 'not simulated', reason: 'no origin' }
  if (!price || !cost) return { outcome: 'not simulated', reason: 'no prices and costs' }
  const buyers: { [who in keyof Results]?: Buyer | undefined } = {
    challenger: modelBuyer(challenger),
    ...(champion && champion !== baseline && { champion: modelBuyer(champion) }),
    baseline: modelBuyer(baseline),
    lastPeriod: lastPeriodBuyer,
    ...(purchaseDate && { buyer: undefined }),
  }
  const results: Results = { challenger: [], champion: [], baseline: [], lastPeriod: [], buyer: [] }
  // One after another: all shelves at once would take more memory than all that they are made of.
  for (const shelf of shelvesOf(input, period)) {
    for (const [who, buyer] of Object.entries(buyers)) {
      results[who as keyof Results].push(run(shelf, period, buyer))
    }
  }
  if (champion === baseline) results.champion = results.baseline
  const series = results.challenger.length
  if (series === 0) return { outcome: 'not simulated', reason: 'no series with price and cost' }
  const reference = champion ? results.champion : results.baseline
  const difference = costDifference(results.challenger, reference, input)
  return {
    outcome: 'simulated',
    from: isoFromDay(period.origins[0] + 1),
    through: isoFromDay(period.end),
    series,
    challenger: sumOf(results.challenger),
    ...(champion && { champion: sumOf(results.champion) }),
    baseline: sumOf(results.baseline),
    lastPeriod: sumOf(results.lastPeriod),
    ...(purchaseDate && { buyer: sumOf(results.buyer) }),
    ...(difference && { difference }),
  }
}

/** What ordering came to, shelf by shelf; `buyer` is the one of the data. */
type Results = {
  [who in 'challenger' | 'champion' | 'baseline' | 'lastPeriod' | 'buyer']: OrderingResult[]
}

/** How many days after an origin's horizon orders that are placed within it have to last. */
export function daysBeyond({ defaults, categories, products }: Ordering): number {
  const all = [defaults, ...Object.values(categories), ...Object.values(products)]
  const longest = (key: 'leadTime' | 'reviewPeriod') =>
    Math.max(...all.map((terms) => terms[key] ?? 0))
  return longest('leadTime') + longest('reviewPeriod')
}

type Period = { origins: Day[]; end: Day }

/** From the first origin to the end of the last one's horizon; undefined where there is none. */
function simulatedPeriod({ rows, frequency }: OrderingInput): Period | undefined {
  const last = rows.at(-1)
  if (!last) return undefined
  const end = lastDayOfHorizon(frequency, last.day, last.horizon)
  return { origins: rows.map(({ day }) => day), end }
}

/** One series, and what is the same whoever orders it. */
type Shelf = {
  id: string
  terms: BuyingTerms
  /** The first day, and the index of the origin before it. */
  start: Day
  origin: number
  /** For each origin; those before the first are not used. */
  supplies: Supply[]
  /** Units a day, from `demandFrom` on: one lead time and review period before `start`. */
  demand: Float64Array
  /** The sum of the demand before each of these days. */
  demandBefore: Float64Array
  demandFrom: Day
  stock: Delivery[]
  /** What the buyer of the data bought from the first day on. */
  bought: Delivery[]
}

function* shelvesOf(
  { totals, history, ordering, challenger }: OrderingInput,
  { origins, end }: Period,
): Generator<Shelf> {
  const panel = history.panel({ frequency: reportingFrequency(totals), censoring: true })
  const demandOf = simulatedDemand(panel)
  const { series: known, from, to } = knownOn(totals)
  const indexOf = new Map(known.map((key, index) => [seriesId(key), index]))
  const sellsAt = challenger.map((made) => activeSeries(made))
  for (const [row, series] of panel.series.entries()) {
    const id = seriesId(series)
    const index = indexOf.get(id)!
    const terms = termsOf(ordering, series)
    const supplies = origins.map((day) =>
      suppliedBy(ordering, terms, supplyIn(totals, from[index], to[index], day)),
    )
    const origin = supplies.findIndex(
      ({ price, cost }, k) => price !== undefined && cost !== undefined && sellsAt[k].has(id),
    )
    if (origin < 0) continue
    const start = origins[origin] + 1
    const cover = terms.leadTime + terms.reviewPeriod
    const demandFrom = start - cover
    const demand = demandOf(row, demandFrom, end)
    const { stock, shelfLife = Number.POSITIVE_INFINITY } = supplies[origin]
    const demandBefore = runningSums(demand)
    yield {
      id,
      terms,
      start,
      origin,
      supplies,
      demand,
      demandBefore,
      demandFrom,
      stock: stock?.filter(({ day }) => day < start) ?? [
        { units: demandBefore[cover], day: start, lastDay: start + shelfLife },
      ],
      bought: deliveriesIn(totals, from[index], to[index])
        .map((delivery) => daysLater(delivery, daysToArrival(ordering, terms)))
        .filter(({ day }) => day >= start && day <= end),
    }
  }
}

/** T + 1: the sum of all elements before each. */
function runningSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1)
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i]
  return sums
}

function activeSeries({ panel }: MadeForecast): Set<string> {
  return new Set(panel.series.filter((_, i) => isActive(panel, i)).map(seriesId))
}

/** Runs one shelf to the end with a buyer's orders; without one, with what was bought in truth. */
function run(shelf: Shelf, { origins, end }: Period, buyer?: Buyer): OrderingResult {
  const { id, terms, start, demand, demandBefore, demandFrom } = shelf
  const cover = terms.leadTime + terms.reviewPeriod
  const ordered = shelf.bought.filter(({ day }) => !buyer || day < start + terms.leadTime)
  const units = new StockedShelf(shelf.stock, ordered)
  const result = { ...NOTHING }
  let { origin } = shelf
  for (let day = start; day <= end; day++) {
    while (origin + 1 < origins.length && origins[origin + 1] < day) origin++
    const { price = 0, cost = 0, shelfLife } = shelf.supplies[origin]
    const expired = units.open(day)
    if (buyer && (day - start) % terms.reviewPeriod === 0) {
      const today = day - demandFrom
      const lately = demandBefore[today] - demandBefore[today - cover]
      const { stock } = units
      const order = buyer({ id, day, origin, terms, price, cost, shelfLife, stock, lately })
      if (order > 0) units.order(deliveryOf(order, day + terms.leadTime, shelfLife), day)
    }
    const asked = demand[day - demandFrom]
    const { short, left } = units.sell(asked)
    result.demand += asked
    result.short += short
    result.expired += expired
    result.lostMargin += short * (price - cost)
    result.urgentReorders += short * terms.urgentSurcharge * cost
    result.waste += expired * cost
    result.holding += left * terms.shelfCost * cost
  }
  return result
}

function deliveryOf(units: number, day: Day, shelfLife: number | undefined): Delivery {
  return { units, day, lastDay: day + (shelfLife ?? Number.POSITIVE_INFINITY) }
}

const NOTHING: OrderingResult = {
  demand: 0,
  short: 0,
  expired: 0,
  lostMargin: 0,
  urgentReorders: 0,
  waste: 0,
  holding: 0,
  cost: 0,
}

/**
 * Cost by the challenger minus cost by the reference, relative to the latter, paired by series: what
 * a shelf costs has luck in it, and who orders a little otherwise has other luck. A shelf carries its
 * stock from origin to origin, so that it is one observation. Undefined where there is one alone, or
 * the reference costs nothing.
 */
function costDifference(
  challenger: OrderingResult[],
  reference: OrderingResult[],
  { confidence }: OrderingInput,
): Interval | undefined {
  const base = Float64Array.from(reference, costOf)
  const change = Float64Array.from(challenger, (result, shelf) => costOf(result) - base[shelf])
  const found = differenceBySeries({ change, base })
  return found && intervalOf(found, confidence)
}

function costOf({ lostMargin, urgentReorders, waste, holding }: OrderingResult): number {
  return lostMargin + urgentReorders + waste + holding
}

function sumOf(results: OrderingResult[]): OrderingResult {
  const sum = { ...NOTHING }
  for (const it of results) {
    for (const key of PARTS) sum[key] += it[key]
  }
  const cost = costOf(sum)
  const serviceLevel = sum.demand > 0 ? 1 - sum.short / sum.demand : undefined
  return { ...sum, cost, ...(serviceLevel !== undefined && { serviceLevel }) }
}

const PARTS = [
  'demand',
  'short',
  'expired',
  'lostMargin',
  'urgentReorders',
  'waste',
  'holding',
] as const
