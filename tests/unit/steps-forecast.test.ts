import { expect, it } from 'vitest'
import { openHistory } from '../../src/evaluation/history.ts'
import { trainAsOf } from '../../src/evaluation/search.ts'
import { forecastAll } from '../../src/steps/forecast.ts'
import { totalsOf } from './demand-totals.ts'
import { recipeOf, shopSales } from './evaluation-shop.ts'

const sales = shopSales(20)
const { model } = await trainAsOf(openHistory(totalsOf(sales)), recipeOf())

it('answers no buyer with a model that was trained on another shop', () => {
  const others = sales.map((sale) => ({ ...sale, product: `other ${sale.product}` }))
  expect(() => forecastAll({ totals: totalsOf(others), model })).toThrow(
    /knows none of the 6 series in the sales.*trained on others/,
  )
})

it('forecasts a product that has come after the training, beside those that the model knows', () => {
  const launched = sales
    .filter(({ product, day }) => product === 'a' && Number(day) >= Number(sales.at(-1)?.day) - 13)
    .map((sale) => ({ ...sale, product: 'new' }))
  const made = forecastAll({ totals: totalsOf([...sales, ...launched]), model })
  const ofNew = made.filter(({ productId }) => productId === 'new')
  expect(ofNew.map(({ basis }) => basis)).toEqual(['category', 'category', 'category'])
  expect(made.filter(({ basis }) => basis === 'series')).toHaveLength(18)
})
