import { describe, expect, it } from 'vitest'
import type { Day } from '../../../src/base/day.ts'
import { buildPanel } from '../../../src/demand/panel.ts'
import { backtestRecipe, type MadeForecast, scoredRows } from '../../../src/evaluation/backtest.ts'
import {
  daysBeyond,
  simulateOrdering,
} from '../../../src/evaluation/scoring/ordering-simulation.ts'
import { lastPeriodBuyer } from '../../../src/evaluation/scoring/simulated-buyers.ts'
import { simulatedDemand } from '../../../src/evaluation/scoring/simulated-demand.ts'
import { StockedShelf } from '../../../src/evaluation/scoring/stocked-shelf.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import type { Recipe } from '../../../src/forecasting/recipe.ts'
import type { BuyingTerms, Ordering } from '../../../src/ordering/buying-terms.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { type Entry, totalsOf } from '../demand/totals.ts'
import { OPENING, recipeOf, shopSales } from './shop.ts'

const NEVER = Number.POSITIVE_INFINITY
const columns = { purchaseDate: true, price: true, cost: true }

const terms: BuyingTerms = {
  leadTime: 2,
  reviewPeriod: 7,
  pack: 1,
  urgentSurcharge: 0.1,
  shelfCost: 0.001,
  minimumService: 0,
}
const ordering: Ordering = { defaults: terms, categories: {}, products: {} }

describe('a shelf', () => {
  it('sells the oldest units first, and loses the customers for whom nothing is left', () => {
    const shelf = new StockedShelf(
      [{ units: 3, day: 5, lastDay: 12 }],
      [{ units: 4, day: 11, lastDay: 20 }],
    )
    shelf.open(10)
    expect(shelf.sell(2)).toEqual({ short: 0, left: 1 })
    expect(shelf.open(11)).toBe(0)
    expect(shelf.sell(2)).toEqual({ short: 0, left: 3 })
    expect(shelf.sell(5)).toEqual({ short: 2, left: 0 })
  })

  it('throws away what is past its last day', () => {
    const shelf = new StockedShelf(
      [{ units: 3, day: 5, lastDay: 10 }],
      [{ units: 1, day: 10, lastDay: 20 }],
    )
    expect(shelf.open(10)).toBe(0)
    expect(shelf.open(11)).toBe(3)
    expect(shelf.stock).toEqual([{ units: 1, day: 10, lastDay: 20 }])
  })

  it('has what is ordered without lead time on the same day', () => {
    const shelf = new StockedShelf([], [])
    shelf.open(10)
    shelf.order({ units: 5, day: 10, lastDay: NEVER }, 10)
    expect(shelf.sell(5)).toEqual({ short: 0, left: 0 })
  })
})

describe('the demand of the simulation', () => {
  it('is what was sold, and on days without stock what usually sells on that weekday', () => {
    const entries = daily(70, (day) => (day === 40 ? { bought: 0, sold: 0 } : {}))
    const emptied = entries.map((it) => (it.day === OPENING + 39 ? { ...it, expired: 100 } : it))
    const panel = buildPanel(totalsOf(emptied, columns), { frequency: 'day' })
    const demand = simulatedDemand(panel)(0, OPENING + 38, OPENING + 41)
    expect(demand[0]).toBe(4)
    expect(demand[2]).toBeCloseTo(4, 1)
    expect(demand[3]).toBe(4)
  })

  it('is spread over the days of a week where the sales are weekly totals', () => {
    const weekly = Array.from({ length: 20 }, (_, week) => ({
      product: 'a',
      day: OPENING + 7 * week,
      sold: 14,
    }))
    const panel = buildPanel(totalsOf(weekly), { frequency: 'week' })
    for (const units of simulatedDemand(panel)(0, OPENING + 5, OPENING + 8)) {
      expect(units).toBeCloseTo(2)
    }
  })
})

describe('ordering by models', () => {
  it('serves customers of a steady shop without waste, and costs less than running out', async () => {
    const entries = stockedShop()
    const result = await simulated(totalsOf(entries, columns))
    if (result.outcome !== 'simulated') throw new Error(result.reason)
    const { challenger, lastPeriod, buyer } = result
    expect(result.series).toBe(6)
    expect(challenger.serviceLevel).toBeGreaterThan(0.97)
    expect(challenger.cost).toBeLessThan(lastPeriod.cost)
    // This buyer knew in advance: every day he bought what was then sold.
    expect(buyer).toMatchObject({ short: 0, expired: 0, serviceLevel: 1 })
    expect(buyer?.cost).toBe(buyer?.holding)
    expect(challenger.demand).toBeCloseTo(buyer!.demand, 9)
  })

  it('counts what the buyer let expire, and whom he sent away', async () => {
    const origin = OPENING + 7 * 37 - 1
    const entries = daily(40 * 7, (day) => {
      const since = OPENING + day - origin
      if (since === 3) return { bought: 14, shelfLife: 2 }
      return since >= 8 && since <= 10 ? { bought: 0 } : {}
    })
    const result = await simulated(totalsOf(entries, columns), 1)
    if (result.outcome !== 'simulated') throw new Error(result.reason)
    // Of the ten units too many on day 3, eight are sold on the two days after, in place of those
    // that came then, and two expire. The eight that are left over last for days 8 and 9.
    expect(result.buyer).toMatchObject({
      demand: 84,
      short: 4,
      expired: 2,
      waste: 6,
      lostMargin: 8,
    })
    expect(result.buyer?.urgentReorders).toBeCloseTo(1.2)
    expect(result.buyer?.serviceLevel).toBeCloseTo(80 / 84)
  })

  it('is the same by one model of all series as by several that each know some of them', async () => {
    const totals = totalsOf(stockedShop(), columns)
    const found = await simulated(totals, 3, { 'moving-average': { window: 2 } }, inTwo)
    if (found.outcome !== 'simulated') throw new Error(found.reason)
    expect(found.champion).toEqual(found.challenger)
    expect(found.champion).not.toEqual(found.baseline)
  })

  it('tells a costlier model from luck by an interval, paired by series', async () => {
    const totals = totalsOf(stockedShop(), columns)
    const same = await simulated(totals)
    expect(same).toMatchObject({ difference: { estimate: 0, low: 0, high: 0 } })
    const found = await simulated(totals, 3, { 'moving-average': { window: 2 } })
    if (found.outcome !== 'simulated') throw new Error(found.reason)
    const { challenger, baseline, difference } = found
    expect(difference!.estimate).toBeCloseTo(challenger.cost / baseline.cost - 1, 9)
    expect(difference!.low).toBeLessThan(difference!.estimate)
    // One shelf is no sample of shelves.
    const one = totalsOf(daily(40 * 7), columns)
    expect(await simulated(one)).not.toHaveProperty('difference')
  })

  it('does not happen without prices, costs or origins, and says so', async () => {
    const entries = stockedShop()
    const priceless = await simulated(totalsOf(entries, { ...columns, price: false }))
    expect(priceless).toEqual({
      outcome: 'not simulated',
      reason: 'no prices and costs',
    })
    const short = entries.filter(({ day }) => Number(day) < OPENING + 28)
    expect(await simulated(totalsOf(short, columns))).toMatchObject({ outcome: 'not simulated' })
  })
})

it('orders again what could have been sold, less what is there, in whole packs', () => {
  const situation = {
    id: 'a',
    day: OPENING,
    origin: 0,
    terms: { ...terms, pack: 6 },
    price: 2,
    cost: 1,
    shelfLife: undefined,
    stock: [{ units: 5, day: 0, lastDay: NEVER }],
  }
  expect(lastPeriodBuyer({ ...situation, lately: 12 })).toBe(12)
  expect(lastPeriodBuyer({ ...situation, lately: 5 })).toBe(0)
})

/** A shop that has fifty units of everything, and buys what it sells. */
function stockedShop(): Entry[] {
  return shopSales(40).map((it) => {
    const opening = it.day === OPENING ? 50 : 0
    return { ...it, bought: (it.sold ?? 0) + opening, cost: 3 }
  })
}

/** One product that sells four units a day, bought on the same day unless changed. */
function daily(days: number, changes: (day: number) => Partial<Entry> = () => ({})): Entry[] {
  return Array.from({ length: days }, (_, day) => ({
    product: 'a',
    day: (OPENING + day) as Day,
    sold: 4,
    bought: 4,
    price: 5,
    cost: 3,
    ...changes(day),
  }))
}

/** Each forecast as those of two models, of which neither knows the series of the other. */
function inTwo(made: MadeForecast[][]): MadeForecast[][] {
  return made.map(([one]) => [0, 1].map((part) => onlyEvery(one, part)))
}

/** Of the series those that a number of the two is left of: the others are called something else. */
function onlyEvery({ panel, ...made }: MadeForecast, part: number): MadeForecast {
  const series = panel.series.map((it, i) =>
    i % 2 === part ? it : { ...it, productId: `not ${it.productId}` },
  )
  return { ...made, panel: { ...panel, series } }
}

/** Ordering by the mean of 8 weeks, and by another family where one is given. */
async function simulated(
  totals: DailyTotals,
  origins = 3,
  families?: Recipe['families'],
  told?: (made: MadeForecast[][]) => MadeForecast[][],
) {
  const history = openHistory(totals)
  const recipe = recipeOf({ families: { 'moving-average': { window: 8 } } })
  const { frequency } = recipe
  const rows = scoredRows(history, recipe, { origins, step: 3 })
  const options = { beyond: daysBeyond(ordering) }
  const by = async (it: Recipe) => (await backtestRecipe(history, it, rows, options)).made
  const baseline = await by(recipe)
  const challenger = families ? await by({ ...recipe, families }) : baseline
  const input = { totals, history, ordering, rows, frequency, confidence: 0.95 }
  return simulateOrdering({
    ...input,
    challenger,
    ...(told && { champion: told(challenger) }),
    baseline,
  })
}
