import { type Day, dayFromIso } from '../../base/day.ts'
import { type Frequency, lastDay, periodOf } from '../../demand/calendar.ts'
import type { Panel } from '../../demand/panel.ts'
import type { Basis, EventOf, RecordedEvent } from '../../ledger/events/event.ts'
import { soldOn } from '../../ledger/events/ledger-entries.ts'
import { type Ordering, termsOf } from '../../ordering/buying-terms.ts'
import { type Demand, timesDemand } from '../../ordering/demand-quantiles.ts'
import { decideOrder } from '../../ordering/order-decision.ts'
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
import { type StoreSales, shareToCome } from '../origins/store-sales.ts'
import type { DecidedCase } from './decided-cases.ts'
import { type DemandOfSeries, demandOfSeries, type KnownDemand } from './demand-of-series.ts'
import {
  demandPublished,
  demandToldBy,
  type PublishedBySubject,
  scaledTo,
} from './expected-demand.ts'
import { costOfOrder, type OrderToReplay } from './replayed-order.ts'

/** A decision whose days are over, with what each of the three said, and what it would have cost. */
export type JudgedCase = {
  decided: DecidedCase
  /** Units that could have been sold on its days. */
  demand: number
  /** Absent where the model's forecast is not known; the buyer's where it says nothing of the demand. */
  expected?: { naive?: Demand; model: Demand; buyer?: Demand }
  /** Of the orders, in the currency of the sales; absent of forecasts, and without price and cost. */
  cost?: { naive?: number; model: number; buyer: number }
}

export type JudgedOrNot =
  | ({ outcome: 'judged' } & JudgedCase)
  | {
      outcome: Exclude<KnownDemand['outcome'], 'known'> | 'not in the sales'
      decided: DecidedCase
    }

export type JudgingInput = {
  totals: DailyTotals
  /** Of the totals, as finely as they are reported. */
  panel: Panel
  /** As `salesByStore` has them. */
  stores: ReadonlyMap<string, StoreSales>
  ordering: Ordering
  /** The periods that the model in production forecasts. */
  frequency: Frequency
  /** The forecasts published on this basis: orders that were published do not say what was expected. */
  published(basis: Basis): PublishedBySubject | undefined
}

/** What became of each decision on series of these sales, in their order. */
export function judgedCases(cases: readonly DecidedCase[], input: JudgingInput): JudgedOrNot[] {
  const { totals, panel, stores } = input
  const known = knownOn(totals)
  const entries = new Map(
    known.series.map((key, i) => [seriesId(key), { from: known.from[i], to: known.to[i] }]),
  )
  const entriesOf = (index: number) => entries.get(seriesId(panel.series[index]))!
  const demand = demandOfSeries(panel, {
    frequency: input.frequency,
    lastSeen: (index) => lastSeen(totals, panel.frequency, entriesOf(index)),
    isToCome: (index, from, to) => {
      const store = stores.get(panel.series[index].storeId ?? '')
      return store !== undefined && shareToCome(store, { from, to }) > 0
    },
  })
  return cases.map((decided): JudgedOrNot => {
    const index = demand.indexOf(decided.on.subject)
    if (index === undefined) return { outcome: 'not in the sales', decided }
    const could = demand.on(index, decided.from, decided.to)
    if (could.outcome !== 'known') return { ...could, decided }
    const place = { panel, index, demand, entries: entriesOf(index) }
    const expected = expectedBy(decided, place, input)
    const cost = costsOf(decided, { expected, demand: could.units }, place, input)
    return {
      outcome: 'judged',
      decided,
      demand: could.units.reduce((sum, units) => sum + units, 0),
      ...(expected && { expected }),
      ...(cost && { cost }),
    }
  })
}

type Place = {
  panel: Panel
  index: number
  demand: DemandOfSeries
  entries: { from: number; to: number }
}

/** The last day of the last period in which it was on offer or bought. */
function lastSeen(
  { offered, bought, day }: DailyTotals,
  reporting: Frequency,
  { from, to }: Place['entries'],
): Day {
  let entry = to - 1
  while (entry >= from && offered[entry] === 0 && bought[entry] === 0) entry--
  if (entry < from) return Number.NEGATIVE_INFINITY
  return lastDay(reporting, periodOf(reporting, day[entry]))
}

/** By subject, the newest first; without those that were corrected. */
function currentActuals(
  events: readonly RecordedEvent[],
): Map<string, EventOf<'cd4ml.actual.v1'>[]> {
  const corrected = new Set(events.map(({ supersedes }) => supersedes))
  const actuals = events.filter((event) => event.type === 'cd4ml.actual.v1')
  const newestFirst = actuals
    .filter(({ id }) => !corrected.has(id))
    .toReversed()
    .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
  return Map.groupBy(newestFirst, ({ subject }) => subject)
}

/** The same of series that the sales files do not know: by what other systems report of all days. */
export function judgedWithoutSales(
  cases: readonly DecidedCase[],
  events: readonly RecordedEvent[],
): JudgedOrNot[] {
  const actuals = currentActuals(events)
  return cases.map((decided) => judgedByReports(decided, actuals))
}

function judgedByReports(
  decided: DecidedCase,
  actuals: ReadonlyMap<string, EventOf<'cd4ml.actual.v1'>[]>,
): JudgedOrNot {
  const { on, from, to } = decided
  const days = on.type === 'cd4ml.forecast.v1' ? on.data : on.data.advice
  if (typeof days.from !== 'string') return { outcome: 'not in the sales', decided }
  const through = on.type === 'cd4ml.forecast.v1' ? on.data.to : String(on.data.advice.through)
  const sold = soldOn({ from: days.from, to: through }, actuals.get(on.subject) ?? [])
  if (!sold) return { outcome: 'not in the sales', decided }
  if (sold.knownDays < to - from + 1) return { outcome: 'not over', decided }
  if (sold.censoredDays > 0) return { outcome: 'censored', decided }
  const model = demandToldBy(on)
  const expected = model && withBuyer(decided, model, naiveTold(decided))
  return { outcome: 'judged', decided, demand: sold.units, ...(expected && { expected }) }
}

function expectedBy(
  decided: DecidedCase,
  { panel, index, demand }: Place,
  { published }: JudgingInput,
): JudgedCase['expected'] {
  const { on, from, to } = decided
  const { basis } = on.data
  const told = () => {
    const publication = published(basis)
    return publication && demandPublished(publication, on.subject, { from, to }, { panel, index })
  }
  const model = demandToldBy(on) ?? told()
  if (!model) return
  const known = dayFromIso(basis.salesThrough) ?? from - 1
  return withBuyer(decided, model, naiveTold(decided) ?? demand.naive(index, from, to, known))
}

function naiveTold({ on }: DecidedCase): number | undefined {
  return on.type === 'cd4ml.forecast.v1' ? on.data.baseline?.mean : undefined
}

/**
 * Whoever orders more than advised expects so many more to be asked for, since stock and terms are the
 * same; a forecast is corrected to what is expected.
 */
function withBuyer(
  { on, advised, decided, isAboutDemand }: DecidedCase,
  model: Demand,
  naive: number | undefined,
): NonNullable<JudgedCase['expected']> {
  const expected =
    on.type === 'cd4ml.forecast.v1' ? decided : Math.max(0, model.mean + decided - advised)
  return {
    ...(naive !== undefined && { naive: scaledTo(naive, model) }),
    model,
    ...(isAboutDemand && { buyer: decided === advised ? model : scaledTo(expected, model) }),
  }
}

/** The orders that were advised, and placed, and that would have been by seasonal naive. */
function costsOf(
  { on, from: day, to: through, advised, decided }: DecidedCase,
  { expected, demand }: { expected: JudgedCase['expected'] | undefined; demand: Float64Array },
  { panel, index, demand: { goingOn }, entries }: Place,
  { totals, ordering }: JudgingInput,
): JudgedCase['cost'] {
  if (on.type !== 'cd4ml.order.v1') return
  const { advice } = on.data
  const terms = termsOf(ordering, panel.series[index])
  const supply = suppliedBy(ordering, terms, supplyIn(totals, entries.from, entries.to, day - 1))
  const price = supply.price ?? numberIn(advice.price)
  const cost = supply.cost ?? numberIn(advice.cost)
  const stock = supply.stock ?? stockTold(advice.onHand, supply, day)
  if (price === undefined || cost === undefined || stock === undefined) return
  const told = typeof advice.arrives === 'string' ? dayFromIso(advice.arrives) : undefined
  const arrival = told ?? day + terms.leadTime
  const { shelfLife } = supply
  const pace = demand.reduce((sum, units) => sum + units, 0) / demand.length
  const sellOff = shelfLife === undefined ? 0 : Math.min(shelfLife, YEAR)
  const order: OrderToReplay = {
    day,
    arrival,
    through,
    terms,
    price,
    cost,
    shelfLife,
    stock: stock.filter((delivery) => delivery.day < day),
    onOrder: deliveriesIn(totals, entries.from, entries.to)
      .map((delivery) => daysLater(delivery, daysToArrival(ordering, terms)))
      .filter((delivery) => delivery.day >= day && delivery.day < arrival),
    demand: Float64Array.of(...demand, ...goingOn(index, through + 1, sellOff, pace)),
  }
  const naive = expected?.naive
  const naiveUnits =
    naive &&
    decideOrder({
      day,
      end: through,
      terms,
      price,
      cost,
      shelfLife,
      stock,
      demandOn: (from, to) => timesDemand(naive, (to - from + 1) / (through - day + 1)),
    }).units
  return {
    ...(naiveUnits !== undefined && { naive: costOfOrder(order, naiveUnits) }),
    model: costOfOrder(order, advised),
    buyer: costOfOrder(order, decided),
  }
}

/** What is not sold in so many days is not thrown away for this order. */
const YEAR = 365

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function stockTold(onHand: unknown, { shelfLife }: Supply, day: Day): Delivery[] | undefined {
  if (typeof onHand !== 'number') return
  const lastDay = day + (shelfLife ?? Number.POSITIVE_INFINITY)
  return onHand > 0 ? [{ units: onHand, day: day - 1, lastDay }] : []
}
