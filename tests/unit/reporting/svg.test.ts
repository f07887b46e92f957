import { expect, it } from 'vitest'
import { niceTop } from '../../../src/reporting/svg.ts'

it.each([
  [0.3, 0.32],
  [1, 1],
  [7, 8],
  [11, 12],
  [99, 100],
  [101, 120],
  [1700, 2000],
])('an axis for up to %d ends at %d, whose quarters can be read', (units, top) => {
  expect(niceTop(units)).toBeCloseTo(top, 9)
})
