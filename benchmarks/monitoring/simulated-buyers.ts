import { type Day, dayFromIso, isoFromDay } from '../../src/base/day.ts'
import { type Random, seededRandom } from '../../src/base/random.ts'
import { buildPanel } from '../../src/demand/panel.ts'
import { StockedShelf } from '../../src/evaluation/scoring/stocked-shelf.ts'
import type { RecordedEvent } from '../../src/ledger/events/event.ts'
import { salesByStore } from '../../src/monitoring/origins/store-sales.ts'
import { judgedCases } from '../../src/monitoring/value-added/judged-cases.ts'
import { costOfOrder, type OrderToReplay } from '../../src/monitoring/value-added/replayed-order.ts'
import {
  decidedLately,
  type ValueAdded,
  valueAdded,
} from '../../src/monitoring/value-added/value-added.ts'
import type { BuyingTerms } from '../../src/ordering/buying-terms.ts'
import { timesDemand } from '../../src/ordering/demand-quantiles.ts'
import { decideOrder } from '../../src/ordering/order-decision.ts'
import { type DailyTotals, lastSaleDay } from '../../src/sales/totals/daily-totals.ts'
import { type Entry, totalsOf } from '../../tests/unit/demand/totals.ts'
import { decisionOn } from '../../tests/unit/monitoring/value-added/decided.ts'

/** How a simulated buyer decides: what he adds is known. */
export const buyerKinds = ['noise', 'promotions', 'ten percent', 'cuts'] as const
export type BuyerKind = (typeof buyerKinds)[number]

/** A chain with such a buyer: what its ledger and its sales say, and what nobody there can see. */
export type SimulatedChain = {
  events: RecordedEvent[]
  totals: DailyTotals
  orders: TrueOrder[]
}

/** An order with what was asked for in truth. */
type TrueOrder = { expected: number; advised: number; decided: number; order: OrderToReplay }

/**
 * A year of sales with stock on every day, then weekly orders of each product. Demand is Poisson; in one
 * week of six it is twice as high, for a promotion of which the model knows only how often there is one.
 * Half of the products expire after 16 days. What the buyer orders is what is there to be sold.
 */
export function simulatedChain(kind: BuyerKind, seed: number): SimulatedChain {
  const random = seededRandom(seed)
  const [events, orders]: [RecordedEvent[], TrueOrder[]] = [[], []]
  const entries: Entry[] = []
  for (let i = 0; i < PRODUCTS; i++) {
    const product = productOf(`p${i}`, random)
    entries.push(...yearBefore(product, random))
    const ordered = weeksOfOrders(product, { kind, random })
    entries.push(...ordered.entries)
    events.push(...ordered.events)
    orders.push(...ordered.orders)
  }
  const columns = { purchaseDate: true, expiryDate: true, price: true, cost: true }
  return { events, totals: totalsOf(entries, columns), orders }
}

/** What is reported of such a chain. */
export function reported({ events, totals }: SimulatedChain): ValueAdded {
  const reasons = [
    { id: 'promotion', en: 'Promotion', 'pt-BR': 'Promoção', about: 'demand' as const },
  ]
  const decided = decidedLately(events, { through: lastSaleDay(totals) ?? 0, reasons })
  return valueAdded({
    decided,
    judged: judgedCases(decided.cases, {
      totals,
      panel: buildPanel(totals, { frequency: 'day' }),
      stores: salesByStore(totals),
      ordering: { defaults: TERMS, categories: {}, products: {} },
      frequency: 'week',
      published: () => undefined,
    }),
    needed: 30,
    confidence: 0.95,
  })
}

/**
 * What the buyer adds under the process that makes such chains, by all that was asked for, seen or not:
 * in WAPE, and in money a decision. Of so many chains that chance is no matter.
 */
export function trueGain(kind: BuyerKind, chains: number): { wape: number; money: number } {
  let [wape, demanded, money, decisions] = [0, 0, 0, 0]
  const random = seededRandom(987_654_321)
  for (let product = 0; product < chains * PRODUCTS; product++) {
    const { orders } = weeksOfOrders(productOf('p', random), { kind, random })
    for (const { expected, advised, decided, order } of orders) {
      const asked = sum(order.demand.subarray(0, order.through - order.day + 1))
      const buyer = Math.max(0, expected + decided - advised)
      wape += Math.abs(expected - asked) - Math.abs(buyer - asked)
      demanded += asked
      money += costOfOrder(order, advised) - costOfOrder(order, decided)
      decisions++
    }
  }
  return { wape: wape / demanded, money: money / decisions }
}

const PRODUCTS = 12
const WEEKS = 20
const PROMOTED = 1 / 6
const FIRST_ORDER = dayFromIso('2025-06-02') ?? 0
const YEAR = 378
const [PRICE, COST] = [10, 6]
const SHELF_LIFE = 16

const TERMS: BuyingTerms = {
  leadTime: 1,
  reviewPeriod: 7,
  pack: 1,
  urgentSurcharge: 0.1,
  shelfCost: 0.001,
  minimumService: 0,
}

type Product = { id: string; level: number; shelfLife: number | undefined; start: number }

function productOf(id: string, random: Random): Product {
  const level = 2 + 8 * random()
  return {
    id,
    level,
    shelfLife: random() < 0.5 ? SHELF_LIFE : undefined,
    start: Math.ceil(3 * level),
  }
}

/** What sold was bought anew on the same day. */
function yearBefore({ id, level, shelfLife, start }: Product, random: Random): Entry[] {
  return Array.from({ length: YEAR }, (_, i) => {
    const day = FIRST_ORDER - YEAR + i
    const isPromoted = Math.floor(day / 7) % Math.round(1 / PROMOTED) === 0
    const sold = poisson(level * (isPromoted ? 2 : 1), random)
    return entry(id, day, { sold, bought: sold + (i === 0 ? start : 0), shelfLife, expired: 0 })
  })
}

function weeksOfOrders(
  product: Product,
  { kind, random }: { kind: BuyerKind; random: Random },
): { events: RecordedEvent[]; entries: Entry[]; orders: TrueOrder[] } {
  const { id, level, shelfLife, start } = product
  const isPromoted = Array.from({ length: WEEKS + 4 }, () => random() < PROMOTED)
  const demand = Float64Array.from({ length: 7 * (WEEKS + 4) }, (_, i) =>
    poisson(level * (isPromoted[Math.floor((i - TERMS.leadTime) / 7)] ? 2 : 1), random),
  )
  const lastDay = (bought: Day) => bought + (shelfLife ?? Number.POSITIVE_INFINITY)
  const shelf = new StockedShelf(
    [{ units: start, day: FIRST_ORDER - 4, lastDay: lastDay(FIRST_ORDER - 4) }],
    [],
  )
  const [events, orders]: [RecordedEvent[], TrueOrder[]] = [[], []]
  const entries: Entry[] = []
  let arriving = 0
  for (let i = 0; i < 7 * WEEKS; i++) {
    const day = FIRST_ORDER + i
    const expired = shelf.open(day)
    const bought = day % 7 === (FIRST_ORDER + TERMS.leadTime) % 7 ? arriving : 0
    if (i % 7 === 0) {
      const stock = shelf.stock.map((batch) => ({ ...batch }))
      const ahead = demand.slice(i, i + 8 + (shelfLife ?? 0))
      const placed = placedOrder(product, { day, stock, ahead, random })
      const { advised } = placed
      const decided = decidedBy(kind, { advised, level, isPromoted: isPromoted[i / 7], random })
      orders.push({ ...placed, decided })
      events.push(...decisionOn(id, { day, advice: placed.advice, decided }))
      const arrival = day + TERMS.leadTime
      if (decided > 0) {
        shelf.order({ units: decided, day: arrival, lastDay: lastDay(arrival) }, day)
      }
      arriving = decided
    }
    const sold = demand[i] - shelf.sell(demand[i]).short
    entries.push(entry(id, day, { sold, bought, shelfLife, expired }))
  }
  return { events, entries, orders }
}

/** An order by a model that knows the level of a product well, and none of its promotions. */
function placedOrder(
  { level, shelfLife }: Product,
  {
    day,
    stock,
    ahead,
    random,
  }: { day: Day; stock: OrderToReplay['stock']; ahead: Float64Array; random: Random },
) {
  const through = day + TERMS.leadTime + TERMS.reviewPeriod - 1
  const expected = 8 * level * (1 + PROMOTED) * Math.exp(0.1 * normal(random))
  const [p10, p50, p90] = [0.65, 0.97, 1.3].map((times) => times * expected)
  const demand = { mean: expected, levels: [0.1, 0.5, 0.9], quantiles: [p10, p50, p90] }
  const moment = { day, terms: TERMS, price: PRICE, cost: COST, shelfLife, stock }
  const demandOn = (from: Day, to: Day) =>
    timesDemand(demand, (to - from + 1) / (through - day + 1))
  const { units, onHand } = decideOrder({ ...moment, end: through, demandOn })
  return {
    expected,
    advised: units,
    order: {
      ...moment,
      arrival: day + TERMS.leadTime,
      through,
      onOrder: [],
      demand: ahead,
    },
    advice: {
      units,
      onHand,
      from: isoFromDay(day),
      through: isoFromDay(through),
      forecast: { mean: expected, p10, p90 },
    },
  }
}

function decidedBy(
  kind: BuyerKind,
  {
    advised,
    level,
    isPromoted,
    random,
  }: { advised: number; level: number; isPromoted: boolean; random: Random },
): number {
  switch (kind) {
    case 'noise':
      return Math.round(advised * Math.exp(0.4 * normal(random)))
    case 'promotions':
      return isPromoted ? advised + Math.round(7 * level) : advised
    case 'ten percent':
      return Math.ceil(1.1 * advised)
    case 'cuts':
      return random() < 0.5 ? Math.round(0.65 * advised) : advised
  }
}

function entry(
  product: string,
  day: Day,
  {
    sold,
    bought,
    shelfLife,
    expired,
  }: { sold: number; bought: number; shelfLife: number | undefined; expired: number },
): Entry {
  return {
    product,
    day,
    ...(sold > 0 && { sold }),
    bought,
    ...(shelfLife !== undefined && { shelfLife }),
    expired,
    price: PRICE,
    cost: COST,
    category: 'all',
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Knuth's way: fine for the few units of a day. */
function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > limit; product *= random()) count++
  return count
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
