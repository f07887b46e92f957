import { expect, it } from 'vitest'
import { seededRandom } from '../../../../src/base/random.ts'
import { meanOverDecisions } from '../../../../src/monitoring/value-added/compared-decisions.ts'

const WEEKS = 24
const PRODUCTS = 4

it('does not take the products of one morning, or the mornings of one product, for so many witnesses', () => {
  const apart = width((week, product) => week * PRODUCTS + product)
  expect(width((week) => week)).toBeGreaterThan(1.5 * apart)
  expect(width((_, product) => product)).toBeGreaterThan(3 * apart)
})

it('knows that an order lasts into the days of the next: what lasts two weeks widens the interval', () => {
  expect(width((week) => Math.floor(week / 2))).toBeGreaterThan(1.15 * width((week) => week))
})

it('says nothing of the decisions of one stretch of days, nor of what nobody can add up', () => {
  const one = { subject: ['a', 'b'], from: [100, 101], to: [107, 108], base: Float64Array.of(1, 1) }
  expect(meanOverDecisions(one, 0.95)(Float64Array.of(1, 2))).toBeUndefined()
  const far = { ...one, from: [100, 200], to: [107, 207] }
  expect(meanOverDecisions(far, 0.95)(Float64Array.of(1, 2))?.estimate).toBe(1.5)
  expect(meanOverDecisions(far, 0.95)(Float64Array.of(1e16, 2e16))).toBeUndefined()
})

/** Mean width of the interval where decisions with the same number have the same luck. */
function width(luckOf: (week: number, product: number) => number): number {
  const all = Array.from({ length: WEEKS * PRODUCTS }, (_, i) => ({
    week: Math.floor(i / PRODUCTS),
    product: i % PRODUCTS,
  }))
  const mean = meanOverDecisions(
    {
      subject: all.map(({ product }) => `p${product}`),
      from: all.map(({ week }) => 7 * week),
      to: all.map(({ week }) => 7 * week + 6),
      base: new Float64Array(all.length).fill(1),
    },
    0.95,
  )
  const random = seededRandom(1)
  const widths = Array.from({ length: RUNS }, () => {
    const luck = Array.from({ length: all.length }, random)
    const found = mean(Float64Array.from(all, ({ week, product }) => luck[luckOf(week, product)]))
    if (!found) throw new Error('nothing is told')
    return found.high - found.low
  })
  return widths.reduce((sum, one) => sum + one, 0) / RUNS
}

const RUNS = 100
