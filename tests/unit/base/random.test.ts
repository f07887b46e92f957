import { expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'

it('gives the same stream for the same seed, and another for another', () => {
  const stream = (seed: number) => Array.from({ length: 5 }, seededRandom(seed))
  expect(stream(7)).toEqual(stream(7))
  expect(stream(7)).not.toEqual(stream(8))
})

it('is uniform between 0 and 1', () => {
  const random = seededRandom(1)
  const values = Array.from({ length: 20_000 }, random)
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...values)).toBeLessThan(1)
  expect(values.reduce((sum, value) => sum + value) / values.length).toBeCloseTo(0.5, 1)
})
