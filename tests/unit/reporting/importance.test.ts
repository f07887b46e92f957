import { expect, test } from 'vitest'
import { families } from '../../../src/forecasting/families/families.ts'
import type { Model } from '../../../src/forecasting/model.ts'
import { importanceTable } from '../../../src/reporting/importance-table.ts'

const ridge = {
  coefficients: { 'last 4 weeks': 0.5, price: -2, constant: 9 },
  ranges: { 'last 4 weeks': [0, 3], price: [-0.1, 0.15], constant: [1, 1] },
}
const trees = { trees: { features: ['price', 'month'], importance: [0.2, 0.8] } }

test('ridge weighs features by how far they move the forecast, not by their coefficients', () => {
  expect(families.ridge.importance?.(ridge)).toEqual({
    'last 4 weeks': 0.75,
    price: 0.25,
    constant: 0,
  })
  expect(families.ridge.importance?.({ coefficients: {}, ranges: {} })).toEqual({})
})

test('who has trained a blend sees what its members look at, the weightiest feature first', () => {
  const members = [
    { family: 'theta', settings: {}, parameters: {}, weight: 0.2 },
    { family: 'ridge', settings: {}, parameters: ridge, weight: 0.2 },
    { family: 'boosted-trees', settings: {}, parameters: trees, weight: 0.6 },
  ]
  expect(importanceTable({ members } as unknown as Model)).toEqual({
    headers: ['Feature', 'ridge: share of the effect', 'boosted-trees: share of the gain'],
    rows: [
      ['month', '', '80.0%'],
      ['price', '25.0%', '20.0%'],
      ['last 4 weeks', '75.0%', ''],
      ['constant', '0.0%', ''],
    ],
  })
})

test('of a model that learns no features there is no table', () => {
  const members = [{ family: 'theta', settings: {}, parameters: {}, weight: 1 }]
  expect(importanceTable({ members } as unknown as Model).rows).toEqual([])
})
