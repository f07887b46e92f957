import { type Day, isoFromDay } from '../../base/day.ts'
import { isActive } from '../../demand/activity.ts'
import type { Frequency } from '../../demand/calendar.ts'
import type { Panel, Series } from '../../demand/panel.ts'
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
  /** What each forecast at the origins, as `BacktestedContender` has it. */
  challenger: MadeForecast[][]
  champion?: MadeForecast[][]
  baseline: MadeForecast[][]
}

/** What ordering by each model would have come to, at this confidence of the difference in cost. */
export function simulateOrdering({
  confidence,
  ...input
}: OrderingInput & { confidence: number }): OrderingComparison {
  return orderingComparison(simulateShelves(input), confidence)
}

/**
 * What ordering by each model would have come to, shelf by shelf, from the first origin to the end of the last
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
export function simulateShelves(input: OrderingInput): SimulatedOrdering {
  const { totals, challenger, champion, baseline } = input
  const { price, cost, purchaseDate } = totals.columns
  const period = simulatedPeriod(input)
  if (!period) return { outcome: 'not simulated', reason: 'no origin' }
  if (!price || !cost) return { outcome: 'not simulated', reason: 'no prices and costs' }
  const buyers: { [who in keyof Shelves]?: Buyer | undefined } = {
    challenger: modelBuyer(challenger),
    ...(champion && champion !== baseline && { champion: modelBuyer(champion) }),
    baseline: modelBuyer(baseline),
    lastPeriod: lastPeriodBuyer,
    ...(purchaseDate && { buyer: undefined }),
  }
  const shelves: Shelves = {
    challenger: [],
    ...(champion && { champion: [] }),
    baseline: [],
    lastPeriod: [],
    ...(purchaseDate && { buyer: [] }),
  }
  // One after another: all shelves at once would take more memory than all that they are made of.
  for (const shelf of shelvesOf(input, period)) {
    for (const [who, buyer] of Object.entries(buyers)) {
      shelves[who as keyof Shelves]?.push(run(shelf, period, buyer))
    }
  }
  if (champion && champion === baseline) shelves.champion = shelves.baseline
  return shelves.challenger.length === 0
    ? { outcome: 'not simulated', reason: 'no series with price and cost' }
    : { outcome: 'simulated', from: period.origins[0] + 1, through: period.end, shelves }
}

/** What ordering came to, shelf by shelf. */
export type SimulatedOrdering =
  | { outcome: 'simulated'; from: Day; through: Day; shelves: Shelves }
  | Extract<OrderingComparison, { outcome: 'not simulated' }>

/** One result for each series; `buyer` is the one of the data. */
type Shelves = {
  [who in 'challenger' | 'baseline' | 'lastPeriod']: OrderingResult[]
} & { [who in 'champion' | 'buyer']?: OrderingResult[] }

/** The shelves of several parts of the series beside each other, in the order given. */
export function mergedOrdering(parts: SimulatedOrdering[]): SimulatedOrdering {
  const simulated = parts.filter((part) => part.outcome === 'simulated')
  const [first] = simulated
  if (!first) return parts[0]
  const all = (who: keyof Shelves) => simulated.flatMap(({ shelves }) => shelves[who] ?? [])
  return {
    outcome: 'simulated',
    from: Math.min(...simulated.map(({ from }) => from)),
    through: Math.max(...simulated.map(({ through }) => through)),
    shelves: {
      challenger: all('challenger'),
      ...(first.shelves.champion && { champion: all('champion') }),
      baseline: all('baseline'),
      lastPeriod: all('lastPeriod'),
      ...(first.shelves.buyer && { buyer: all('buyer') }),
    },
  }
}

/** What it comes to over all shelves, at this confidence of the difference in cost. */
export function orderingComparison(
  simulated: SimulatedOrdering,
  confidence: number,
): OrderingComparison {
  if (simulated.outcome === 'not simulated') return simulated
  const { from, through, shelves } = simulated
  const { challenger, champion, baseline, lastPeriod, buyer } = shelves
  const difference = costDifference(challenger, champion ?? baseline, confidence)
  return {
    outcome: 'simulated',
    from: isoFromDay(from),
    through: isoFromDay(through),
    series: challenger.length,
    challenger: sumOf(challenger),
    ...(champion && { champion: sumOf(champion) }),
    baseline: sumOf(baseline),
    lastPeriod: sumOf(lastPeriod),
    ...(buyer && { buyer: sumOf(buyer) }),
    ...(difference && { difference }),
  }
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
  const { series: known, from, to } = knownOn(totals)
  const indexOf = new Map(known.map((key, index) => [seriesId(key), index]))
  const sellsAt = challenger.map((made) => activeSeries(made))
  const slices = history.slices({ frequency: reportingFrequency(totals), censoring: true })
  for (const { series, demandOf } of eachSeries(slices)) {
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
    const demand = demandOf(demandFrom, end)
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

/** Each series, and what could have been sold of it on the days from one to another. */
function* eachSeries(slices: Iterable<Panel>): Generator<{
  series: Series
  demandOf: (from: Day, to: Day) => Float64Array
}> {
  for (const panel of slices) {
    const demandOf = simulatedDemand(panel)
    for (const [row, series] of panel.series.entries()) {
      yield { series, demandOf: (from, to) => demandOf(row, from, to) }
    }
  }
}

/** T + 1: the sum of all elements before each. */
function runningSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1)
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i]
  return sums
}

function activeSeries(made: MadeForecast[]): Set<string> {
  const active = made.flatMap(({ panel }) => panel.series.filter((_, i) => isActive(panel, i)))
  return new Set(active.map(seriesId))
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
  confidence: number,
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
