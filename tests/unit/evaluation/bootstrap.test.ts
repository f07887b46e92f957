import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import {
  differenceBySeries,
  intervalOf,
  type PairedCells,
  pairedDifference,
} from '../../../src/evaluation/gate/bootstrap.ts'
import { studentQuantile } from '../../../src/evaluation/gate/student-t.ts'

/** The 95% interval; undefined where there is none. */
function intervalFor(input: PairedCells, overlap = 1) {
  const found = pairedDifference(input, overlap)
  return found && intervalOf(found, 0.95)
}

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
    const found = intervalFor(cells(6, 5, () => 0))
    expect(found).toEqual({ estimate: 0, low: 0, high: 0 })
  })

  test('pairing: a gain of 10% in every cell is certain, however unlike the cells are', () => {
    const unlike = cells(6, 5, (o, i) => -0.1 * (1 + o) * (1 + i) ** 3)
    const base = unlike.change.map((change) => change / -0.1)
    const found = intervalFor({ ...unlike, base })!
    expect(found.low).toBeCloseTo(-0.1, 9)
    expect(found.high).toBeCloseTo(-0.1, 9)
  })

  test.each([
    { name: 'single origins', origins: 3, series: 30, block: 1 },
    { name: 'blocks of two', origins: 8, series: 12, block: 2 },
    { name: 'blocks of four, as many as overlap', origins: 12, series: 5, block: 4 },
  ])(
    '$name: the standard error is what 20,000 replicates come to',
    ({ origins, series, block }) => {
      const random = seededRandom(3)
      const noisy = cells(origins, series, (o) => random() - 0.5 + 0.2 * (o % 3))
      const base = noisy.base.map(() => 20 + random())
      const found = pairedDifference({ ...noisy, base }, block)!
      const drawn = drawnStandardError({ ...noisy, base }, { origins, series, block })
      expect(found.standardError / drawn).toBeCloseTo(1, 1.5)
    },
  )

  // Computed from the formulas in the docstring, by other code in another language.
  test.each<[string, [origins: number, series: number, overlap: number], Change, Found]>([
    [
      'two origins',
      [2, 3, 1],
      (o, i) => [1, -2, 4][i] + o * i,
      [0.1363636364, 0.1678181202, 1.978700766],
    ],
    [
      'two series',
      [5, 2, 1],
      (o, i) => ((o * 3 + i * 9) % 7) - 2 + 6 * i,
      [0.3619047619, 0.2303854875, 2.75],
    ],
    [
      'origins in an order that counts',
      [7, 3, 1],
      (o, i) => [5, -3, 4, 0, -6, 2, 1][o] + i,
      [0.1298701299, 0.1154310963, 4.25],
    ],
    ['three origins', [3, 4, 1], (o, i) => (o + 1) * (i - 1) - o, [0, 0.1122603868, 2.9887920299]],
    [
      'six origins',
      [6, 4, 1],
      (o, i) => ((o * 5 + i * 3) % 7) - 2 + [4, -1, 0, 2][i],
      [0.1956521739, 0.1052975747, 3.5],
    ],
    [
      'eleven origins',
      [11, 3, 1],
      (o, i) => ((o * 4 + i * 5) % 11) - 3,
      [0.1818181818, 0.0364197099, 7.25],
    ],
    [
      'an overlap of three',
      [6, 3, 3],
      (o, i) => ((o * 5 + i * 3) % 7) - 3,
      [0.0050505051, 0.0191209035, 2],
    ],
    [
      'an overlap of more than half',
      [6, 3, 9],
      (o, i) => ((o * 5 + i * 3) % 7) - 3,
      [0.0050505051, 0.0191209035, 2],
    ],
    ['one series', [4, 1, 1], (o) => [3, -1, 2, 0][o], [0.1, 0.0353553391, 2]],
    [
      'cells that cancel',
      [4, 3, 1],
      (o, i) => (-1) ** (o + i) * (3 + o),
      [-0.0151515152, 0.0303134635, 2],
    ],
  ])(
    'of %s: estimate, standard error and degrees of freedom are those of the formulas',
    (_, [origins, series, overlap], change, expected) => {
      const plain = cells(origins, series, change)
      const base = plain.series.reduce((all, i, cell) => all.with(cell, 10 + i), plain.base)
      const inOrder = { ...plain, base }
      // Neither the order of the cells nor gaps in the numbers of their origins and series count.
      const shuffled = {
        origin: plain.origin.map((o) => 3 * o).toReversed(),
        series: plain.series.map((i) => 2 * i + 1).toReversed(),
        change: plain.change.toReversed(),
        base: base.toReversed(),
      }
      const order = Array.from(plain.origin.keys()).sort((a, b) => Math.sin(a) - Math.sin(b))
      const mixed = {
        origin: plain.origin.map((_, cell) => plain.origin[order[cell]]),
        series: plain.series.map((_, cell) => plain.series[order[cell]]),
        change: plain.change.map((_, cell) => plain.change[order[cell]]),
        base: base.map((_, cell) => base[order[cell]]),
      }
      for (const input of [inOrder, shuffled, mixed]) {
        const { estimate, standardError, degrees } = pairedDifference(input, overlap)!
        expect(estimate).toBeCloseTo(expected[0], 9)
        expect(standardError).toBeCloseTo(expected[1], 9)
        expect(degrees).toBeCloseTo(expected[2], 7)
      }
    },
  )

  test('nothing is drawn: the same numbers give the same interval, to the last bit', () => {
    const random = seededRandom(5)
    const noisy = cells(6, 40, () => random() - 0.5)
    expect(intervalFor(noisy)).toEqual(intervalFor(structuredClone(noisy)))
  })

  test('few origins are no reason for doubt where it is the series that differ', () => {
    const bySeries = pairedDifference(
      cells(6, 100, (o, i) => Math.sin(i) + 0.01 * o),
      1,
    )!
    const byOrigin = pairedDifference(
      cells(6, 100, (o, i) => Math.sin(o) + 0.01 * Math.sin(i)),
      1,
    )!
    expect(bySeries.degrees).toBeGreaterThan(60)
    expect(byOrigin.degrees).toBeCloseTo(3.5, 2)
  })

  test('by series alone, the standard error is that of a mean of as many', () => {
    const random = seededRandom(8)
    const change = Float64Array.from({ length: 50 }, () => random() - 0.5)
    const found = differenceBySeries({ change, base: new Float64Array(50).fill(2) })!
    expect(found.standardError).toBeCloseTo(Math.sqrt(sampleVariance([...change]) / 50) / 2, 12)
    expect(found.estimate).toBeCloseTo(change.reduce((sum, value) => sum + value, 0) / 100, 12)
    expect(found.degrees).toBe(49)
    expect(differenceBySeries({ change, base: new Float64Array(50) })).toBeUndefined()
    expect(
      differenceBySeries({ change: change.slice(0, 1), base: change.slice(0, 1).fill(1) }),
    ).toBeUndefined()
    expect(
      differenceBySeries({ change: change.slice(0, 2), base: change.slice(0, 2).fill(1) }),
    ).toMatchObject({ degrees: 1 })
  })

  test('from twelve origins on, doubt is that of the origins', () => {
    const bySeries = cells(12, 100, (o, i) => Math.sin(i) + 0.01 * o)
    expect(pairedDifference(bySeries, 1)!.degrees).toBe(8)
    expect(pairedDifference(bySeries, 4)!.degrees).toBe(3.5)
  })

  test('a month that hits every series alike is one observation, not a hundred', () => {
    const random = seededRandom(6)
    const months = Array.from({ length: 6 }, () => random() - 0.5)
    const few = intervalFor(cells(6, 2, (o) => months[o]))!
    const many = intervalFor(cells(6, 100, (o) => months[o]))!
    expect(many.high - many.low).toBeCloseTo(few.high - few.low, 6)
  })

  test('a product that is always wrong is one observation, not twelve', () => {
    const random = seededRandom(6)
    const products = Array.from({ length: 20 }, () => random() - 0.5)
    const standardError = Math.sqrt(sampleVariance(products) / 20)
    const found = intervalFor(cells(12, 20, (_, i) => products[i]))!
    expect(found.high - found.estimate).toBeGreaterThan(1.9 * standardError)
  })

  test('origins that overlap count for less, so that the interval is wider', () => {
    const drift = cells(12, 10, (o) => Math.sin(o / 2))
    const width = (overlap: number) => {
      const { low, high } = intervalFor(drift, overlap)!
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
        expect(intervalFor(reversed)!.estimate).toBeCloseTo(intervalFor(found)!.estimate, 12)
      }),
      { numRuns: 10 },
    )
  })

  test('one series alone is judged by its origins', () => {
    const found = intervalFor(cells(6, 1, (o) => -1 - (o % 3)))!
    expect(found.high).toBeGreaterThan(found.estimate)
  })

  test.each([
    ['no cells', cells(0, 0, () => 0)],
    ['one origin', cells(1, 9, (_, i) => i)],
    ['a change that is not a number', cells(6, 3, (o) => (o === 2 ? Number.NaN : 1))],
    ['nothing to be relative to', { ...cells(6, 3, () => 1), base: new Float64Array(18) }],
  ])('%s: no interval, rather than a wrong one', (_, input) => {
    expect(pairedDifference(input, 1)).toBeUndefined()
  })
})

test.each([
  [0.975, 1, 12.7062],
  [0.975, 5, 2.5706],
  [0.95, 11, 1.7959],
  [0.995, 2, 9.9248],
  [0.9995, 10, 4.5869],
  [0.9999, 8, 6.442],
  [0.975, 1000, 1.9623],
])(
  'Student quantile %d with %d degrees of freedom is %d, as printed tables have it',
  (p, degrees, value) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(value, 3)
  },
)

test('Student quantiles are those that have a formula of their own, to six digits, far out too', () => {
  const formulas: [degrees: number, quantile: (p: number) => number][] = [
    [1, (p) => Math.tan(Math.PI * (p - 0.5))],
    [2, (p) => (2 * p - 1) * Math.sqrt(2 / (4 * p * (1 - p)))],
    [
      4,
      (p) => {
        const root = Math.sqrt(4 * p * (1 - p))
        return 2 * Math.sqrt(Math.cos(Math.acos(root) / 3) / root - 1)
      },
    ],
  ]
  for (const [degrees, quantile] of formulas) {
    for (const p of [0.55, 0.75, 0.9, 0.975, 0.9999]) {
      expect(studentQuantile(p, degrees) / quantile(p)).toBeCloseTo(1, 6)
    }
  }
})

test('an interval lies around its estimate, as wide as the standard error and its confidence say', () => {
  const { estimate, low, high } = intervalOf({ estimate: 3, standardError: 2, degrees: 5 }, 0.95)
  expect(estimate).toBe(3)
  expect(low).toBeCloseTo(3 - 2 * 2.5706, 3)
  expect(high).toBeCloseTo(3 + 2 * 2.5706, 3)
})

type Change = (origin: number, series: number) => number
type Found = [estimate: number, standardError: number, degrees: number]

/** By a bootstrap: of the ratio, with origins in circular blocks, with series, and with cells. */
function drawnStandardError(
  { origin, series, change, base }: PairedCells,
  sizes: { origins: number; series: number; block: number },
): number {
  const random = seededRandom(11)
  const variance = (unitOf: Int32Array, units: number, block: number) => {
    const ratios = Array.from({ length: 20_000 }, () => {
      const weights = new Float64Array(units)
      for (let drawn = 0; drawn < units; drawn += block) {
        const start = Math.floor(random() * units)
        for (let k = 0; k < block; k++) weights[(start + k) % units]++
      }
      const weighted = (values: Float64Array) =>
        values.reduce((sum, value, cell) => sum + weights[unitOf[cell]] * value, 0)
      return weighted(change) / weighted(base)
    })
    return sampleVariance(ratios) / (1 - block / units)
  }
  const byOrigin = variance(origin, sizes.origins, sizes.block)
  const bySeries = variance(series, sizes.series, 1)
  const estimate = change.reduce((a, b) => a + b) / base.reduce((a, b) => a + b)
  const total = base.reduce((a, b) => a + b)
  const byCell = change.reduce(
    (sum, value, cell) => sum + ((value - estimate * base[cell]) / total) ** 2,
    0,
  )
  return Math.sqrt(Math.max(byOrigin, bySeries, byOrigin + bySeries - byCell))
}

function sampleVariance(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}
