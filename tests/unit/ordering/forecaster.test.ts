import { expect, it, onTestFinished, vi } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import type { Day } from '../../../src/base/day.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { families } from '../../../src/forecasting/families/families.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import { forecast } from '../../../src/forecasting/model.ts'
import { openForecaster } from '../../../src/ordering/forecaster-of-model.ts'
import { orderReason } from '../../../src/reporting/order-reason.ts'
import { seriesId } from '../../../src/sales/totals/daily-totals.ts'
import { type Entry, totalsOf } from '../demand/totals.ts'
import { OPENING, recipeOf, shopSales, upTo } from '../evaluation/shop.ts'

const sales = shopSales(20)
const { model } = await trainAsOf(openHistory(totalsOf(sales)), recipeOf())

it('answers no buyer with a model that was trained on another shop', () => {
  const others = sales.map((sale) => ({ ...sale, product: `other ${sale.product}` }))
  expect(() => openForecaster({ totals: totalsOf(others), model })).toThrow(
    /knows none of the 6 series in the sales.*trained on others/,
  )
})

it('calls the quantiles by the levels that the backtest scored them at', () => {
  const totals = totalsOf(sales)
  const made = forecast(model, openHistory(totals).panel(model.recipe))
  const [first] = openForecaster({ totals, model }).all()
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

it('takes days without stock for such, unless the recipe says not to', () => {
  const isOut = ({ product, day }: Entry) => product === 'a' && Number(day) >= NEXT - 14
  const shelves = sales.map((sale) =>
    isOut(sale) ? { ...sale, sold: 0, stock: 0 } : { ...sale, stock: 9 },
  )
  const totals = totalsOf(shelves, { stock: true })
  const means = [true, false].map((censoring) => {
    const ofRecipe = { ...model, recipe: { ...model.recipe, censoring } }
    const [first] = openForecaster({ totals, model: ofRecipe }).all()
    return first.mean
  })
  expect(means[0]).toBeGreaterThan(1.2 * means[1])
})

it('forecasts a product that has come after the training, beside those that the model knows', () => {
  const launched = sales
    .filter(({ product, day }) => product === 'a' && Number(day) >= Number(sales.at(-1)?.day) - 13)
    .map((sale) => ({ ...sale, product: 'new' }))
  const made = openForecaster({ totals: totalsOf([...sales, ...launched]), model }).all()
  const ofNew = made.filter(({ productId }) => productId === 'new')
  expect(ofNew.map(({ basis }) => basis)).toEqual(['series', 'series', 'series'])
  expect(made.filter(({ basis }) => basis === 'series')).toHaveLength(21)
})

it('answers the next question of a buyer without forecasting the whole shop again', () => {
  const forecaster = openForecaster({ totals: totalsOf(sales), model })
  const forecasting = vi.spyOn(families['moving-average'], 'outlook')
  onTestFinished(() => forecasting.mockRestore())
  const ask = (days: number) => {
    for (const productId of ['a', 'b', 'c', 'd', 'e', 'f']) {
      for (let to = 0; to < days; to++) forecaster.span({ productId, from: NEXT, to: NEXT + to })
      forecaster.order(terms, { productId })
    }
    forecaster.all()
  }
  ask(21)
  expect(forecasting).toHaveBeenCalledTimes(1)
  ask(63)
  expect(forecasting).toHaveBeenCalledTimes(2)
})

it('says the same of a period alone, among all, and within a question that goes far beyond it', () => {
  const forecaster = openForecaster({ totals: totalsOf(sales), model })
  const all = forecaster.all().filter(({ productId }) => productId === 'c')
  const span = (from: number, to: number) =>
    forecaster.span({ productId: 'c', from, to }).forecasts[0].mean
  const weeks = [0, 7, 14].map((start) => span(NEXT + start, NEXT + start + 6))
  expect(weeks).toEqual(all.map(({ mean }) => mean))
  const far = span(NEXT, NEXT + 62) - span(NEXT + 21, NEXT + 62)
  expect(far).toBeCloseTo(weeks[0] + weeks[1] + weeks[2], 9)
})

it('warns where days lie beyond those that the model was evaluated on', () => {
  const forecaster = openForecaster({ totals: totalsOf(sales), model })
  const until = (to: number) =>
    forecaster.span({ productId: 'a', from: NEXT, to: NEXT + to }).evaluatedUntil
  expect([until(20), until(21)]).toEqual([undefined, '2024-06-09'])
})

it('says what can be asked instead where product, store or days cannot be', () => {
  const forecaster = openForecaster(inStores())
  const asking =
    (question: { productId?: string; storeId?: string; from?: number; to?: number }) => () =>
      forecaster.span({ productId: 'bread', from: NEXT, to: NEXT, ...question })
  expect(asking({ productId: 'tea' })).toThrow(
    'product "tea" has never been sold\n  Products are named as in the sales files, such as bread, milk.',
  )
  expect(asking({ productId: 'tea', storeId: 'north' })).toThrow('"tea" has never been sold')
  expect(asking({ storeId: 'moon' })).toThrow(
    'product bread is not sold in store moon, but in east, north, south',
  )
  expect(asking({ from: NEXT + 1 })).toThrow(
    'the days must run forward, but go from 2024-05-21 to 2024-05-20',
  )
  expect(asking({ from: NEXT - 9, to: NEXT - 1 })).toThrow(
    /2024-05-19 is over: sales are known up to 2024-05-19\n.*Ask for later days/,
  )
  expect(asking({ to: NEXT + 62 })).not.toThrow()
  expect(asking({ to: NEXT + 63 })).toThrow(
    /2024-07-22 is 10 weeks ahead, but the model was evaluated 3 ahead\n.*Ask for an earlier day/,
  )
  expect(() => forecaster.order(terms, { productId: 'tea' })).toThrow('has never been sold')
})

it('answers for every store of a product, or for the one that is asked about', () => {
  const forecaster = openForecaster(inStores())
  const stores = (storeId?: string) => {
    const product = { productId: 'milk', ...(storeId !== undefined && { storeId }) }
    const { forecasts } = forecaster.span({ ...product, from: NEXT, to: NEXT + 6 })
    const orders = forecaster.order(terms, product)
    return [forecasts, orders].map((answers) => answers.map((it) => it.storeId))
  }
  expect(stores()).toEqual(Array(2).fill(['east', 'north', 'south']))
  expect(stores('north')).toEqual([['north'], ['north']])
  const [one] = forecaster.span({
    productId: 'milk',
    storeId: 'north',
    from: NEXT,
    to: NEXT + 6,
  }).forecasts
  const inAll = forecaster.all().find((it) => it.productId === 'milk' && it.storeId === 'north')
  expect(one.mean).toBe(inAll?.mean)
})

it('takes the terms of each question, and not those of the one before', () => {
  const forecaster = openForecaster(stocked({ cost: 3 }))
  const inPacksOf = (pack: number) =>
    forecaster.order({ ...terms, defaults: { ...terms.defaults, pack } }).map((order) => {
      if (order.outcome === 'unknown') throw new Error(order.missing)
      return order.units % pack
    })
  expect([inPacksOf(6), inPacksOf(11)]).toEqual([Array(6).fill(0), Array(6).fill(0)])
})

it('forecasts as of a day what it would have forecast on it, whatever has happened since', () => {
  const asOf = NEXT - 8
  const trained = { ...model, trainedThrough: '2024-04-28' }
  const then = openForecaster({ ...stocked({ cost: 3, through: asOf }), model: trained, asOf })
  const delivery = { product: 'a', day: asOf + 1, bought: 1000 }
  const now = openForecaster({ ...stocked({ cost: 3, since: [delivery] }), model: trained, asOf })
  expect(now.all()).toEqual(then.all())
  expect(now.order(terms)).toEqual(then.order(terms))
  expect(now.order(terms)[0]).toMatchObject({ outcome: 'order', from: '2024-05-13' })
  expect(() => openForecaster({ totals: totalsOf(sales), model, asOf })).toThrow(
    /has learnt from sales up to 2024-05-19, but the forecast starts after 2024-05-12/,
  )
})

it('advises on an order of every product from what the sales say of price, cost and stock', () => {
  const orders = openForecaster(stocked({ cost: 3 })).order(terms)
  expect(orders.map(({ outcome }) => outcome)).toEqual(Array(6).fill('order'))
  for (const order of orders) {
    if (order.outcome === 'unknown') continue
    expect([order.from, order.through]).toEqual(['2024-05-20', '2024-05-29'])
    expect(order.units % 6).toBe(0)
    const { lost = 0 } = order
    expect(order.units + order.onHand + lost).toBeGreaterThan(order.forecast.p10)
    expect(orderReason(order, 'en')).toMatch(
      /^Order \d+ \(\d+ packs? of 6\): forecast \d+ through 2024-05-29 \(80%: \d+–\d+\)(, of which \d+ (is|are) lost before the order arrives)?, \d+ on hand/,
    )
  }
})

it('orders none of what would be sold at a loss, and says so in numbers that JSON can hold', () => {
  const orders = openForecaster(stocked({ cost: 8 })).order(terms)
  expect(() => canonicalJson(orders)).not.toThrow()
  for (const order of orders) {
    expect(order).toMatchObject({ outcome: 'unprofitable', units: 0, costShort: 0 })
    expect(orderReason(order, 'en')).toContain(
      'one sold brings 5.00 and costs 8.00: none is worth ordering.',
    )
  }
})

it('says why it cannot advise on an order, instead of guessing', () => {
  for (const order of openForecaster({ totals: totalsOf(sales), model }).order(terms)) {
    expect(order).toMatchObject({ outcome: 'unknown', missing: 'cost' })
  }
})

/** The day after the last one known, a Monday. */
const NEXT = OPENING + 20 * 7

type Stocked = { cost: number; through?: Day; since?: Entry[] }

/** With purchases of as much as is sold each day. */
function stocked({ cost, through = NEXT, since = [] }: Stocked) {
  const bought = ({ sold = 0 }: Entry) => ({ bought: sold, cost, shelfLife: 20 })
  const supplied = upTo(through, sales).map((sale) => ({ ...sale, ...bought(sale) }))
  return { totals: totalsOf([...supplied, ...since], { purchaseDate: true, cost: true }), model }
}

/** The sales of the six products as those of two, in three stores each. */
function inStores() {
  const series = ['bread', 'milk'].flatMap((productId) =>
    ['east', 'north', 'south'].map((storeId) => ({ productId, storeId })),
  )
  return {
    totals: { ...totalsOf(sales), series },
    model: { ...model, series: series.map(seriesId) },
  }
}

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
