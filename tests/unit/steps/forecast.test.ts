import { expect, it } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { forecast, LEVELS } from '../../../src/forecasting/model.ts'
import { orderText } from '../../../src/reporting/order-table.ts'
import { forecastAll, orderAll } from '../../../src/steps/forecasts/forecast.ts'
import { type Entry, totalsOf } from '../demand/totals.ts'
import { recipeOf, shopSales } from '../evaluation/shop.ts'

const sales = shopSales(20)
const { model } = await trainAsOf(openHistory(totalsOf(sales)), recipeOf())

it('answers no buyer with a model that was trained on another shop', () => {
  const others = sales.map((sale) => ({ ...sale, product: `other ${sale.product}` }))
  expect(() => forecastAll({ totals: totalsOf(others), model })).toThrow(
    /knows none of the 6 series in the sales.*trained on others/,
  )
})

it('calls the quantiles by the levels that the backtest scored them at', () => {
  const totals = totalsOf(sales)
  const made = forecast(model, openHistory(totals).panel(model.recipe))
  const [first] = forecastAll({ totals, model })
  const at = (level: number) => made.quantiles[LEVELS.indexOf(level)]
  expect(first).toMatchObject({
    mean: made.mean[0],
    p2_5: at(0.025),
    p10: at(0.1),
    p50: at(0.5),
    p90: at(0.9),
    p97_5: at(0.975),
  })
  expect(first.p10).toBeLessThan(first.p50)
  expect(first.p50).toBeLessThan(first.p90)
})

it('forecasts a product that has come after the training, beside those that the model knows', () => {
  const launched = sales
    .filter(({ product, day }) => product === 'a' && Number(day) >= Number(sales.at(-1)?.day) - 13)
    .map((sale) => ({ ...sale, product: 'new' }))
  const made = forecastAll({ totals: totalsOf([...sales, ...launched]), model })
  const ofNew = made.filter(({ productId }) => productId === 'new')
  expect(ofNew.map(({ basis }) => basis)).toEqual(['series', 'series', 'series'])
  expect(made.filter(({ basis }) => basis === 'series')).toHaveLength(21)
})

it('advises on an order of every product from what the sales say of price, cost and stock', () => {
  const supplied = ({ sold = 0 }: Entry) => ({ bought: sold, cost: 3, shelfLife: 20 })
  const stocked = sales.map((sale) => ({ ...sale, ...supplied(sale) }))
  const totals = totalsOf(stocked, { purchaseDate: true, cost: true })
  const orders = orderAll({ totals, model, ordering: terms })
  expect(orders.map(({ outcome }) => outcome)).toEqual(Array(6).fill('order'))
  for (const order of orders) {
    if (order.outcome === 'unknown') continue
    expect([order.from, order.through]).toEqual(['2024-05-20', '2024-05-29'])
    expect(order.units % 6).toBe(0)
    expect(order.units + order.onHand).toBeGreaterThan(order.forecast.p10)
    expect(order.reason).toMatch(
      /^Order \d+ \(\d+ packs? of 6\): forecast \d+ through 2024-05-29 \(80%: \d+–\d+\), \d+ on hand/,
    )
  }
})

it('orders none of what would be sold at a loss, and says so in numbers that JSON can hold', () => {
  const stocked = sales.map((sale) => ({ ...sale, bought: sale.sold ?? 0, cost: 8, shelfLife: 20 }))
  const totals = totalsOf(stocked, { purchaseDate: true, cost: true })
  const orders = orderAll({ totals, model, ordering: terms })
  expect(() => canonicalJson(orders)).not.toThrow()
  for (const order of orders) {
    expect(order).toMatchObject({ outcome: 'unprofitable', units: 0, costShort: 0 })
    expect(order.reason).toContain('one sold brings 5.00 and costs 8.00: none is worth ordering.')
  }
  const text = orderText(orders)
  expect(text).toContain('0 series to order, 0 with enough, 6 not worth it, 0 not known.')
  expect(text).toContain(`a: ${orders[0].reason}`)
})

it('says why it cannot advise on an order, instead of guessing', () => {
  const reasons = orderAll({ totals: totalsOf(sales), model, ordering: terms }).map(
    (it) => it.reason,
  )
  expect(new Set(reasons)).toEqual(
    new Set(['What to order is not known: its cost is not in the sales.']),
  )
})

const terms = {
  defaults: {
    leadTime: 3,
    reviewPeriod: 7,
    pack: 6,
    urgentSurcharge: 0.1,
    shelfCost: 0.001,
    minimumService: 0,
  },
  categories: {},
  products: {},
}
