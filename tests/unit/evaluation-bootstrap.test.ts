import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bootstrapDifference, type PairedCells } from '../../src/evaluation/bootstrap.ts'
import { studentQuantile } from '../../src/evaluation/student-t.ts'
import { seededRandom } from '../../src/random.ts'

const options = { confidence: 0.95, overlap: 1, seed: 1 }

/** Origins × series, all of weight 1; the change of each cell is given. */
function cells(origins: number, series: number, change: (o: number, i: number) => number) {
  const all = Array.from({ length: origins * series }, (_, cell) => cell)
  return {
    origin: Int32Array.from(all, (cell) => Math.floor(cell / series)),
    series: Int32Array.from(all, (cell) => cell % series),
    change: Float64Array.from(all, (cell) => change(Math.floor(cell / series), cell % series)),
    base: new Float64Array(all.length).fill(1),
  } satisfies PairedCells
}

describe('bootstrap of a paired difference', () => {
  test('models that score the same everywhere differ by exactly nothing', () => {
    const found = bootstrapDifference(
      cells(6, 5, () => 0),
      options,
    )
    expect(found).toEqual({ estimate: 0, low: 0, high: 0 })
  })

  test('pairing: a gain of 10% in every cell is certain, however unlike the cells are', () => {
    const unlike = cells(6, 5, (o, i) => -0.1 * (1 + o) * (1 + i) ** 3)
    const base = unlike.change.map((change) => change / -0.1)
    const found = bootstrapDifference({ ...unlike, base }, options)!
    expect(found.low).toBeCloseTo(-0.1, 9)
    expect(found.high).toBeCloseTo(-0.1, 9)
  })

  test('the same seed gives the same interval, another seed nearly the same', () => {
    const random = seededRandom(5)
    const noisy = cells(6, 40, () => random() - 0.5)
    const first = bootstrapDifference(noisy, options)!
    expect(bootstrapDifference(noisy, options)).toEqual(first)
    const other = bootstrapDifference(noisy, { ...options, seed: 2 })!
    expect(other.high).not.toBe(first.high)
    expect(other.high - other.low).toBeCloseTo(first.high - first.low, 1)
  })

  test('a month that hits every series alike is one observation, not a hundred', () => {
    const random = seededRandom(6)
    const months = Array.from({ length: 6 }, () => random() - 0.5)
    const few = bootstrapDifference(
      cells(6, 2, (o) => months[o]),
      options,
    )!
    const many = bootstrapDifference(
      cells(6, 100, (o) => months[o]),
      options,
    )!
    expect(many.high - many.low).toBeCloseTo(few.high - few.low, 6)
  })

  test('a product that is always wrong is one observation, not twelve', () => {
    const random = seededRandom(6)
    const products = Array.from({ length: 20 }, () => random() - 0.5)
    const standardError = Math.sqrt(sampleVariance(products) / 20)
    const found = bootstrapDifference(
      cells(12, 20, (_, i) => products[i]),
      options,
    )!
    expect(found.high - found.estimate).toBeGreaterThan(1.9 * standardError)
  })

  test('origins that overlap count for less, so that the interval is wider', () => {
    const drift = cells(12, 10, (o) => Math.sin(o / 2))
    const width = (overlap: number) => {
      const { low, high } = bootstrapDifference(drift, { ...options, overlap })!
      return high - low
    }
    expect(width(4)).toBeGreaterThan(1.3 * width(1))
  })

  test('the order in which series and cells are listed does not matter to the estimate', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seededRandom(seed)
        const found = cells(4, 3, () => random())
        const reversed = {
          origin: found.origin.toReversed(),
          series: found.series.toReversed(),
          change: found.change.toReversed(),
          base: found.base.toReversed(),
        }
        expect(bootstrapDifference(reversed, options)!.estimate).toBeCloseTo(
          bootstrapDifference(found, options)!.estimate,
          12,
        )
      }),
      { numRuns: 10 },
    )
  })

  test('one series alone is judged by its origins', () => {
    const found = bootstrapDifference(
      cells(6, 1, (o) => -1 - (o % 3)),
      options,
    )!
    expect(found.high).toBeGreaterThan(found.estimate)
  })

  test.each([
    ['no cells', cells(0, 0, () => 0)],
    ['one origin', cells(1, 9, (_, i) => i)],
    ['a change that is not a number', cells(6, 3, (o) => (o === 2 ? Number.NaN : 1))],
    ['nothing to be relative to', { ...cells(6, 3, () => 1), base: new Float64Array(18) }],
  ])('%s: no interval, rather than a wrong one', (_, input) => {
    expect(bootstrapDifference(input, options)).toBeUndefined()
  })
})

test.each([
  [0.975, 1, 12.7062],
  [0.975, 5, 2.5706],
  [0.95, 11, 1.7959],
  [0.995, 2, 9.9248],
])(
  'Student quantile %d with %d degrees of freedom is %d, as printed tables have it',
  (p, degrees, value) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(value, 3)
  },
)

function sampleVariance(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}
