import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Day, isoFromDay } from '../../../../src/base/day.ts'
import { checker } from '../../../../src/base/schema.ts'
import type { Json } from '../../../../src/base/schema-parts.ts'
import { buildPanel } from '../../../../src/demand/panel.ts'
import { LEVELS } from '../../../../src/forecasting/levels.ts'
import type { EventOf, RecordedEvent } from '../../../../src/ledger/events/event.ts'
import { eventIdOf } from '../../../../src/ledger/events/event-id.ts'
import { salesByStore } from '../../../../src/monitoring/origins/store-sales.ts'
import type { DecidedCase } from '../../../../src/monitoring/value-added/decided-cases.ts'
import {
  judgedCases,
  judgedWithoutSales,
} from '../../../../src/monitoring/value-added/judged-cases.ts'
import {
  decidedLately,
  ValueAdded,
  valueAdded,
} from '../../../../src/monitoring/value-added/value-added.ts'
import {
  type DailyTotals,
  lastSaleDay,
  seriesId,
} from '../../../../src/sales/totals/daily-totals.ts'
import { dayOf, type Entry, totalsOf } from '../../demand/totals.ts'
import { decisionOn, PERSON } from './decided.ts'
import { actualOf } from './sold.ts'

const FIRST = dayOf('2025-01-06')
const DAYS = 500
const END = FIRST + DAYS - 1
/** The first morning that is decided on here. */
const ORDERS = END - 90
const PRODUCTS = ['a', 'b', 'c', 'd']

describe('what is said of decisions', () => {
  it('names no person: no key of one is anywhere in it', () => {
    const found = told(decided({ decide: () => 60 }))
    expect(JSON.stringify(found)).not.toContain(PERSON)
  })

  it('gives whoever follows the advice exactly what the advice gives', () => {
    const found = told(decided({ decide: (advised) => advised }))
    for (const measure of ['wape', 'quantileLoss', 'money'] as const) {
      const steps = found[measure]
      if (steps.outcome !== 'told') throw new Error(steps.reason)
      expect(steps.buyerAdds).toEqual({ estimate: 0, low: 0, high: 0 })
      expect(steps.buyer).toEqual(steps.model)
    }
    expect(found.overrides).toEqual([])
    expect(found.adoption).toEqual({ followed: 60, changed: 0, none: 0 })
  })

  it('holds overrides against their own advice: what was followed, however badly, changes nothing', () => {
    const overrides = decided({ decide: () => 60 })
    const followed = decided({ decide: (it) => it, from: ORDERS + 40, mean: 500 })
    const all = (events: readonly RecordedEvent[]) =>
      told(events).overrides.find(({ by }) => by === 'all')
    expect(all([...overrides, ...followed])).toEqual(all(overrides))
  })

  it('tells raises from cuts, small ones from large ones, reason from reason, new from known', () => {
    const decide = (advised: number, i: number) => [advised + 2, advised - 5, advised + 20][i % 3]
    const found = told(
      decided({
        decide,
        reason: (i) => (i % 3 === 0 ? 'promotion' : 'supplier'),
        more: (i) => (i % 4 === 0 ? { restsOn: 'category' } : {}),
      }),
      { needed: 10 },
    )
    const counts = found.overrides.map(({ by, name, judged }) => [by, name, judged])
    expect(counts).toEqual([
      ['all', '', 60],
      ['direction', 'raised', 40],
      ['direction', 'cut', 20],
      ['size', '10% to 30%', 20],
      ['size', 'more than 30%', 20],
      ['size', 'up to 10%', 20],
      ['product', 'known', 45],
      ['product', 'new', 15],
      ['reason', 'supplier', 40],
      ['reason', 'promotion', 20],
    ])
  })

  it('judges an override for a truck or a shelf by money alone', () => {
    const found = told(decided({ decide: () => 60, reason: () => 'supplier' }))
    const [all] = found.overrides
    expect(all.money?.decisions).toBe(60)
    expect(all).not.toHaveProperty('wape')
    expect(found.wape).toMatchObject({ outcome: 'cannot tell' })
  })

  it('says what a cut really cost, where a stock-out hid what was asked for', () => {
    const isOut = (day: Day) => day > ORDERS + 2 && day < ORDERS + 19
    const empty = (product: string, day: Day) => (product === 'a' && isOut(day) ? 0 : 4)
    const events = decided({ decide: (advised) => advised / 2 })
    const found = told(events, { totals: shop({ sells: empty, buys: empty }) })
    const cuts = found.overrides.find(({ name }) => name === 'cut')
    expect(cuts?.censored).toBe(8)
    expect(found.leftOut).toEqual([{ why: 'censored', decisions: 8 }])
    expect(cuts?.wape?.adds.high).toBeLessThan(0)
  })

  it('says nothing where few decisions can be judged, and how many there have to be', () => {
    expect(reportOf([])).toMatchObject({
      outcome: 'cannot tell',
      reason: 'no decisions are recorded',
      needed: 30,
    })
    const few = reportOf(decided({ decide: () => 60 }).slice(0, 2 * 29))
    expect(few).toMatchObject({ reason: 'too few decisions can be judged', judged: 29 })
  })

  it('draws no interval from the decisions of one morning: chance may have had one face that day', () => {
    const events = decided({ decide: () => 60 })
    const oneDay = PRODUCTS.flatMap((product) => decisionOn(product, orderOf(ORDERS, 60)))
    expect(reportOf(oneDay, { needed: 3 })).toMatchObject({
      wape: { outcome: 'cannot tell', reason: 'all of the same days' },
    })
    expect(told(events).wape.outcome).toBe('told')
  })
})

describe('of what the ledger holds, it', () => {
  it('counts a correction as the newest, and the later of two decisions of one moment', () => {
    const events = decided({ decide: () => 60 })
    const [order, decision] = events as ReturnType<typeof decisionOn>
    const correction = changed(decision, { quantity: 45 }, { supersedes: decision.id })
    const again = changed(decision, { quantity: 40, decision: 'followed' }, {})
    expect(adoptionOf([...events, correction])).toEqual({ followed: 0, changed: 60, none: 0 })
    expect(adoptionOf([...events, again])).toEqual({ followed: 1, changed: 59, none: 0 })
    expect(adoptionOf([again, ...events])).toEqual({ followed: 0, changed: 60, none: 0 })
    expect(adoptionOf([order, correction, decision])).toEqual({ followed: 0, changed: 1, none: 0 })
  })

  it('takes "not now" for no decision, and a correction to it for taking one back', () => {
    const events = decided({ decide: () => 60 })
    const [, decision] = events as ReturnType<typeof decisionOn>
    const back = changed(decision, { decision: 'none' }, { supersedes: decision.id })
    const found = told([...events, back])
    expect(found.adoption).toEqual({ followed: 0, changed: 59, none: 1 })
    expect(found.judged).toBe(59)
  })

  it('leaves out, and counts, decisions on what is not there or advised nothing', () => {
    const events = decided({ decide: () => 60 })
    const [, onNothing] = decisionOn('a', orderOf(ORDERS + 50, 60))
    const silent = decisionOn('a', { ...orderOf(ORDERS + 51, 60), advice: { missing: 'stock' } })
    const found = told([...events, onNothing, ...silent])
    expect(found.leftOut).toEqual([
      { why: 'on an event that is not there', decisions: 1 },
      { why: 'nothing advised', decisions: 1 },
    ])
    expect(found.judged).toBe(60)
  })

  it.each([-1, Number.NaN, 1e15, 4001])(
    'leaves out a quantity of %s, and counts it',
    (quantity) => {
      const events = decided({ decide: () => 60 })
      const [, decision] = events as ReturnType<typeof decisionOn>
      const slip = changed(decision, { quantity }, { supersedes: decision.id })
      const found = told([...events, slip])
      expect(found.leftOut).toEqual([{ why: 'implausible quantity', decisions: 1 }])
      expect(found.overrides[0].money?.adds.high).toBeLessThan(1000)
    },
  )

  it('counts an order that a file reports weeks late, and no expectation of days that are over', () => {
    const events = decided({ decide: () => 60 })
    const late = events.map((event) => ({ ...event, time: `${isoFromDay(END)}T08:00:00.000Z` }))
    expect(told(late).judged).toBe(60)
    const hindsight = forecastsOf({ at: END })
    expect(told([...events, ...hindsight]).leftOut).toEqual([
      { why: 'written down after the fact', decisions: 10 },
    ])
    expect(told([...events, ...forecastsOf({ at: ORDERS })]).judged).toBe(70)
    // The first two are of days that begin before that.
    const within = forecastsOf({ at: ORDERS + 4 })
    expect(told([...events, ...within]).leftOut).toEqual([
      { why: 'written down after the fact', decisions: 2 },
    ])
    // A model that is asked on the same evening could have seen as much.
    const asked = within.map((event) => ({
      ...event,
      time: `${isoFromDay(ORDERS + 4)}T20:00:00.000Z`,
    }))
    expect(told([...events, ...asked]).judged).toBe(70)
  })

  it('judges no decision on a product that was renamed or whose store was closed', () => {
    const closed = (product: string, day: Day) => (product === 'a' && day >= ORDERS ? 0 : 4)
    const open = decided({ decide: () => 60 })
    const found = told(open, { totals: shop({ sells: closed, buys: closed, isListed: closed }) })
    expect(found.leftOut).toEqual([{ why: 'no longer sold', decisions: 15 }])
    const foreign = open.map((event) =>
      event.subject === 'b' ? { ...event, subject: 'elsewhere' } : event,
    )
    expect(told(foreign).leftOut).toEqual([{ why: 'not in the sales', decisions: 15 }])
  })

  it('looks back over a year, and no further', () => {
    const old = decided({ decide: () => 60, from: END - 395 })
    const { judged, adoption } = reportOf(old)
    expect(judged).toBeLessThan(60)
    expect(adoption).toEqual({ followed: 0, changed: judged, none: 0 })
    expect(reportOf(decided({ decide: () => 60, from: END - 460 }))).toMatchObject({
      reason: 'no decisions are recorded',
    })
  })

  it('waits until the days are over', () => {
    const events = decided({ decide: () => 60, from: END - 20 })
    const found = reportOf(events)
    expect(found.leftOut).toEqual([{ why: 'not over', decisions: expect.any(Number) }])
    expect(found.judged + found.leftOut[0].decisions).toBe(60)
  })

  it('waits for the sales of a store that end within an order, and for none of a store that was closed', () => {
    const from = END - 40
    const inStore = (product: string) => (product === 'a' ? 'a' : JSON.stringify([product, 'hill']))
    const events = decided({ decide: () => 60, from, products: PRODUCTS.map(inStore) })
    const leftOut = (last: Day) => {
      const isThere = (product: string, day: Day) => (product === 'a' && day > last ? 0 : 4)
      const totals = shop({ sells: isThere, buys: isThere, isListed: isThere })
      const series = totals.series.map(({ productId }) => ({
        productId,
        storeId: productId === 'a' ? undefined : 'hill',
      }))
      return reportOf(events, { totals: { ...totals, series } }).leftOut
    }
    expect(leftOut(END)).toEqual([])
    // Those of its orders that reach farther: of the last three mornings.
    expect(leftOut(END - 10)).toEqual([{ why: 'not over', decisions: 3 }])
    expect(leftOut(END - 38)).toContainEqual({
      why: 'no longer sold',
      decisions: expect.any(Number),
    })
  })

  it('says of sales without prices what the buyer adds in accuracy, and of money that it cannot tell', () => {
    const found = told(decided({ decide: () => 60 }), { totals: shop({ money: {} }) })
    expect(found.money).toMatchObject({ outcome: 'cannot tell', reason: 'no prices or costs' })
    expect(found.wape.outcome).toBe('told')
  })

  it('does not blame the prices where it is the forecasts that nobody knows any more', () => {
    const found = told(decided({ decide: () => 60, more: () => ({ forecast: {} }) }))
    expect(found.money).toMatchObject({ reason: 'no forecast to compare with' })
    expect(found.overrides[0].money?.decisions).toBe(60)
  })

  it('replays orders from what was there: with what had been ordered before, and what then expires', () => {
    const raises = decided({ decide: () => 400 })
    const money = (totals: DailyTotals) => {
      const { money } = told(raises, { totals }).overrides[0]
      return money?.adds.estimate ?? Number.NaN
    }
    expect(money(shop({ shelfLife: 20 }))).toBeLessThan(money(SHOP) - 100)
    const { money: steps, overrides } = told(decided({ decide: () => 0 }))
    if (steps.outcome !== 'told') throw new Error(steps.reason)
    // What comes that morning is for that day; of the 40, which come on the next, none is missed.
    expect(steps.model.estimate).toBeCloseTo(0.003 * held(), 6)
    // With nothing ordered the other 28 are, at a margin of 2 and 0.3 for an urgent reorder.
    expect(overrides[0].money?.adds.estimate).toBeCloseTo(0.003 * held() - 28 * 2.3, 6)
  })

  it('takes what another system reports of a product that the sales do not know, as last corrected', () => {
    const elsewhere = decided({ decide: () => 60, products: ['x', 'y', 'z', 'w'] })
    const first = elsewhere.flatMap((event) =>
      isOrder(event) ? [actualOf(event, { units: 500 })] : [],
    )
    const corrected = elsewhere.flatMap((event) =>
      isOrder(event) ? [actualOf(event, { units: 32 }, actualOf(event, { units: 500 }).id)] : [],
    )
    const earlier = corrected.map((event) => ({ ...event, time: '2025-01-01T00:00:00.000Z' }))
    const hidden = first.map((event) => ({ ...event, data: { ...event.data, censoredDays: 3 } }))
    const wape = (events: readonly RecordedEvent[]) => {
      const found = told(events)
      return found.overrides[0].wape?.adds.estimate
    }
    expect(reportOf(elsewhere)).toMatchObject({ outcome: 'cannot tell', judged: 0 })
    expect(wape([...elsewhere, ...first])).toBeGreaterThan(0)
    expect(wape([...elsewhere, ...first, ...corrected])).toBeLessThan(0)
    expect(wape([...elsewhere, ...first, ...earlier])).toBeLessThan(0)
    expect(reportOf([...elsewhere, ...hidden]).leftOut).toEqual([
      { why: 'censored', decisions: 60 },
    ])
  })

  it('tells of as many reasons as a chain has, however many were written into the ledger', () => {
    const found = told(decided({ decide: () => 60, reason: (i) => `reason-${i}` }))
    expect(found.overrides.filter(({ by }) => by === 'reason')).toHaveLength(50)
    checkValueAdded(found, 'value added')
  })

  it('takes a change to what was advised for following it', () => {
    const events = decided({ decide: () => 60 })
    const [, decision] = events as ReturnType<typeof decisionOn>
    const same = changed(decision, { quantity: 40 }, { supersedes: decision.id })
    expect(told([...events, same]).overrides[0].judged).toBe(59)
  })

  it('makes a record that everybody can read, whatever it holds', () => {
    const anything = fc.array(
      fc.record({
        product: fc.constantFrom(...PRODUCTS, '__proto__', 'İstanbul\u0000'),
        day: fc.integer({ min: FIRST - 40, max: END + 40 }),
        units: fc.double({ min: -1e15, max: 1e15, noNaN: true }),
        quantity: fc.oneof(fc.double({ min: -1e15, max: 1e15, noNaN: true }), fc.nat(100)),
        mean: fc.oneof(fc.double({ min: -1e15, max: 1e15, noNaN: true }), fc.nat(100)),
        through: fc.oneof(
          fc.constantFrom('', '9999-12-31', '0001-01-01', '2026-02-31'),
          fc.integer({ min: FIRST, max: END }).map(isoFromDay),
        ),
      }),
      { minLength: 1, maxLength: 20 },
    )
    const totals = shop()
    fc.assert(
      fc.property(anything, (many) => {
        const events = many.flatMap(({ product, day, units, quantity, mean, through }) =>
          decisionOn(product, {
            day,
            decided: quantity,
            advice: {
              units,
              onHand: mean,
              from: isoFromDay(day),
              through,
              forecast: { mean, p10: mean, p90: units },
            },
          }),
        )
        checkValueAdded(reportOf(events, { totals, needed: 2 }), 'value added')
      }),
      { numRuns: 40 },
    )
  })
})

const checkValueAdded = checker(ValueAdded)

const MONEY = { price: 5, cost: 3 }

/** A chain that sells the same every day, and buys on each day what it sells. */
function shop({
  sells = () => 4,
  buys = sells,
  isListed = () => 1,
  money = MONEY,
  shelfLife,
}: {
  sells?: (product: string, day: Day) => number
  buys?: (product: string, day: Day) => number
  isListed?: (product: string, day: Day) => number
  money?: Partial<typeof MONEY>
  shelfLife?: number
} = {}) {
  const entries: Entry[] = PRODUCTS.flatMap((product) =>
    Array.from({ length: DAYS }, (_, i) => FIRST + i)
      .filter((day) => isListed(product, day) > 0)
      .map((day) => {
        const sold = sells(product, day)
        const bought = buys(product, day)
        const life = shelfLife !== undefined && { shelfLife }
        return { product, day, ...(sold > 0 && { sold }), bought, ...life, ...money }
      }),
  )
  return totalsOf(entries, { purchaseDate: true, cost: true })
}

const SHOP = shop()

/** What is left in the evenings of the days that 40 units have to last, of which 4 sell a day from the second on. */
function held(): number {
  return Array.from({ length: 7 }, (_, i) => 40 - 4 * (i + 1)).reduce((sum, left) => sum + left, 0)
}

type Reported = { totals?: DailyTotals; needed?: number }

function reportOf(
  events: readonly RecordedEvent[],
  { totals = SHOP, needed = 30 }: Reported = {},
): ValueAdded {
  const reasons = [
    { id: 'promotion', en: 'Promotion', 'pt-BR': 'Promoção', about: 'demand' as const },
    { id: 'supplier', en: 'Supplier', 'pt-BR': 'Fornecedor' },
  ]
  const decided = decidedLately(events, { through: lastSaleDay(totals)!, reasons })
  const known = new Set(totals.series.map(seriesId))
  const isSold = ({ on }: DecidedCase) => known.has(on.subject)
  const defaults = {
    leadTime: 1,
    reviewPeriod: 7,
    pack: 1,
    urgentSurcharge: 0.1,
    shelfCost: 0.001,
    minimumService: 0,
  }
  const judged = [
    ...judgedCases(decided.cases.filter(isSold), {
      totals,
      panel: buildPanel(totals, { frequency: 'day' }),
      stores: salesByStore(totals),
      ordering: { defaults, categories: {}, products: {} },
      frequency: 'week',
      published: () => undefined,
    }),
    ...judgedWithoutSales(
      decided.cases.filter((one) => !isSold(one)),
      events,
    ),
  ]
  return valueAdded({ decided, judged, needed, confidence: 0.95 })
}

function told(
  events: readonly RecordedEvent[],
  changes: Reported = {},
): Extract<ValueAdded, { outcome: 'told' }> {
  const found = reportOf(events, changes)
  if (found.outcome !== 'told') throw new Error(JSON.stringify(found))
  return found
}

function adoptionOf(events: readonly RecordedEvent[]) {
  return reportOf(events).adoption
}

function orderOf(day: Day, decided: number, mean = 32, more: Record<string, Json> = {}) {
  return {
    day,
    decided,
    advice: {
      units: 40,
      onHand: 0,
      from: isoFromDay(day),
      through: isoFromDay(day + 7),
      forecast: { mean, p10: 0.6 * mean, p90: 1.4 * mean },
      ...more,
    },
  }
}

/** Sixty decisions on an advice of 40: of four products, every other morning. */
function decided({
  decide,
  from = ORDERS,
  mean = 32,
  products = PRODUCTS,
  reason = () => 'promotion',
  more = () => ({}),
}: {
  decide: (advised: number, i: number) => number
  from?: Day
  mean?: number
  products?: readonly string[]
  reason?: (i: number) => string
  more?: (i: number) => Record<string, Json>
}): RecordedEvent[] {
  return Array.from({ length: 60 }, (_, i) => {
    const order = orderOf(from + 2 * Math.floor(i / 4), decide(40, i), mean, more(i))
    return decisionOn(products[i % 4], { ...order, reason: reason(i) })
  }).flat()
}

function changed(
  event: EventOf<'cd4ml.decision.v1'>,
  data: Partial<EventOf<'cd4ml.decision.v1'>['data']>,
  rest: { supersedes?: string },
): RecordedEvent {
  return {
    ...event,
    id: eventIdOf(event.time, JSON.stringify([data, rest])),
    data: { ...event.data, ...data },
    ...rest,
  }
}

/** Forecasts of a week each, and what a buyer expected instead, written down on a day. */
function forecastsOf({ at }: { at: Day }): RecordedEvent[] {
  return Array.from({ length: 10 }, (_, i) => {
    const day = ORDERS + 3 * i
    const [order, decision] = decisionOn('a', orderOf(day, 60))
    const { product, basis } = order.data
    const id = eventIdOf(order.time, 'forecast')
    return [
      {
        ...order,
        id,
        type: 'cd4ml.forecast.v1' as const,
        data: {
          product,
          basis,
          from: isoFromDay(day),
          to: isoFromDay(day + 6),
          mean: 28,
          quantiles: LEVELS.map((level) => 56 * level),
          restsOn: 'series' as const,
          baseline: { mean: 30 },
        },
      },
      {
        ...decision,
        id: eventIdOf(order.time, 'expectation'),
        time: `${isoFromDay(at)}T09:00:00.000Z`,
        data: { ...decision.data, of: { type: 'forecast' as const, id }, quantity: 35 },
      },
    ]
  }).flat()
}

function isOrder(event: RecordedEvent): event is EventOf<'cd4ml.order.v1'> {
  return event.type === 'cd4ml.order.v1'
}
