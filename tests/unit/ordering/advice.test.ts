import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { forecast, spanForecaster } from '../../../src/forecasting/model.ts'
import type { BuyingTerms, Ordering } from '../../../src/ordering/buying-terms.ts'
import { type AdvisedOrder, orderAdviser } from '../../../src/ordering/order-advice.ts'
import type { Supply } from '../../../src/ordering/supply.ts'
import { totalsOf } from '../demand/totals.ts'
import { recipeOf, shopSales } from '../evaluation/shop.ts'

const history = openHistory(totalsOf(shopSales(20)))
const { model } = await trainAsOf(history, recipeOf())
const panel = history.panel(model.recipe)
const made = forecast(model, panel)
const day = dayFromIso('2024-05-20')!
const terms: BuyingTerms = {
  leadTime: 1,
  reviewPeriod: 7,
  pack: 6,
  urgentSurcharge: 0.1,
  shelfCost: 0.001,
  minimumService: 0,
}
const supplied: Supply = { price: 5, cost: 3, shelfLife: 9, stock: [] }

/** On an order of product `a` at the beginning of the three weeks that are forecast. */
function advised(supply: Supply | undefined, changes: Partial<BuyingTerms> = {}) {
  const advice = orderAdviser({
    panel,
    ahead: { forecast: made, span: spanForecaster(model, panel, made) },
    ordering: { defaults: { ...terms, ...changes }, categories: {}, products: {} },
    supply: new Map(supply && [['a', supply]]),
    day,
  })
  return advice(0).advice
}

describe('a buyer is told what is missing, and is given no guess', () => {
  const { price: _, ...unpriced } = supplied
  const { cost: __, ...uncosted } = supplied
  const { stock: ___, ...uncounted } = supplied
  it.each<[string, Supply | undefined, Partial<BuyingTerms>, object]>([
    ['all', undefined, {}, { missing: 'price' }],
    ['the price', unpriced, {}, { missing: 'price' }],
    ['the cost', uncosted, {}, { missing: 'cost' }],
    ['the stock', uncounted, {}, { missing: 'stock' }],
    [
      'a forecast that is long enough',
      supplied,
      { reviewPeriod: 21 },
      { missing: 'forecast', through: '2024-06-10' },
    ],
  ])('of %s', (_, supply, changes, missing) => {
    expect(advised(supply, changes)).toEqual({ outcome: 'unknown', ...missing })
  })

  it('of nothing where the order lasts until the end of the forecast', () => {
    const keeps = { price: 5, cost: 3, stock: [] }
    expect(advised(keeps, { reviewPeriod: 20 })).toMatchObject({ through: '2024-06-09' })
  })
})

it('what a buyer is told to order comes with all that it was decided on', () => {
  const order = advised({
    ...supplied,
    stock: [{ units: 2, day: day - 3, lastDay: day - 1 }],
  }) as AdvisedOrder
  expect(order).toMatchObject({
    outcome: 'order',
    pack: 6,
    from: '2024-05-20',
    through: '2024-05-27',
    onHand: 2,
    expiring: 2,
  })
  expect(order.units).toBeGreaterThan(0)
  expect(order.units % 6).toBe(0)
  expect(order.forecast.p10).toBeLessThan(order.forecast.mean)
  expect(order.forecast.mean).toBeLessThan(order.forecast.p90)
  expect(order.costShort).toBeCloseTo(2.3)
  const { costShort, costOver, criticalRatio } = order
  expect(costShort / (costShort + costOver)).toBeCloseTo(criticalRatio, 9)
  expect(order).toMatchObject({ packs: order.units / 6, price: 5, cost: 3 })
})

it('what a buyer need not order is told apart by why: enough is there, or each one sold loses money', () => {
  const enough = { ...supplied, stock: [{ units: 999, day: day - 3, lastDay: day + 99 }] }
  expect(advised(enough)).toMatchObject({ outcome: 'enough', units: 0 })
  const lossy = { ...supplied, cost: 8 }
  expect(advised(lossy)).toMatchObject({ outcome: 'unprofitable', units: 0, costOver: 0 })
})

it('what is bought already is not there before it arrives: a buyer says which day a purchase date is', () => {
  const stock = [{ units: 15, day: day - 1, lastDay: day + 20 }]
  const advise = (ordering: Partial<Ordering>) =>
    orderAdviser({
      panel,
      ahead: { forecast: made, span: spanForecaster(model, panel, made) },
      ordering: {
        defaults: { ...terms, leadTime: 5, pack: 1 },
        categories: {},
        products: {},
        ...ordering,
      },
      supply: new Map([['a', { ...supplied, stock }]]),
      day,
    })(0).advice as AdvisedOrder
  const [arrived, ordered] = [advise({}), advise({ purchaseDate: 'order' })]
  expect(arrived.lost).toBeUndefined()
  expect(ordered.lost).toBeGreaterThan(0)
  expect(ordered.onHand).toBe(arrived.onHand)
  expect(ordered.units).toBeLessThan(arrived.units)
})
