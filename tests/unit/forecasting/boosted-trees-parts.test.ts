import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { findSplit, GAIN, SPLIT } from '../../../src/forecasting/trees/best-split.ts'
import { binColumns } from '../../../src/forecasting/trees/bins.ts'
import {
  BASE,
  fixedPointSum,
  fixedPointUnit,
  gradientOf,
  hessianOf,
  packGradients,
  packingOf,
} from '../../../src/forecasting/trees/packed-gradients.ts'
import { partition } from '../../../src/forecasting/trees/partition.ts'
import { shortestBetween } from '../../../src/forecasting/trees/shortest-between.ts'
import { sortedFloats } from '../../../src/forecasting/trees/sorted-floats.ts'
import { weightedQuantile } from '../../../src/forecasting/trees/weighted-quantile.ts'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const single = fc.float({ noNaN: true, noDefaultInfinity: true })
const value = fc.oneof(single, fc.integer({ min: -5, max: 5 }), fc.constant(Number.NaN))

describe('bins', () => {
  it('hold what their bounds say, for any values, and missing ones in bin 0', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 60 }),
        fc.constantFrom(0, 0, 0, 300),
        (few, others) => {
          const random = seededRandom(few.length)
          const many = Array.from({ length: others }, () => [random(), 9 * random(), random() ** 9])
          const rows = [...few, ...many]
          const columns = [0, 1, 2].map((column) => Float32Array.from(rows, (row) => row[column]))
          const names = ['a', 'b', 'c']
          const { words, bounds } = binColumns({ names, rows: rows.length, columns })
          columns.forEach((values, column) => {
            expect(bounds[column].length).toBeLessThan(255)
            const bins = Array.from(words[0], (word) => (word >>> (8 * column)) & 255)
            const above = (it: number) => bounds[column].filter((bound) => bound < it).length
            expect(bins).toEqual(Array.from(values, (it) => (Number.isNaN(it) ? 0 : 1 + above(it))))
          })
        },
      ),
    )
  })

  it('are about equally full where there are many values, and one a value where there are few', () => {
    const random = seededRandom(1)
    const skewed = Float32Array.from({ length: 20_000 }, () => Math.exp(8 * random()))
    const few = Float32Array.from(skewed, (_, row) => row % 7)
    const { words, bounds } = binColumns({
      names: ['skewed', 'few'],
      rows: skewed.length,
      columns: [skewed, few],
    })
    const counts = new Int32Array(256)
    for (const word of words[0]) counts[word & 255]++
    expect(counts[0]).toBe(0)
    expect(Math.max(...counts)).toBeLessThan((2 * skewed.length) / 255)
    expect(Array.from(bounds[1])).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 5.5])
  })

  it('have bounds from values that are sorted as comparing them would', () => {
    const some = fc.array(fc.oneof(single, fc.integer({ min: -2, max: 2 })), { maxLength: 300 })
    fc.assert(
      fc.property(some, (values) => {
        const given = Float32Array.from(values)
        expect(sortedFloats(given)).toEqual(given.slice().sort())
        expect(given).toEqual(Float32Array.from(values))
      }),
    )
  })

  it('have bounds between the values with as few digits as will do', () => {
    expect(shortestBetween(0.123, 0.178)).toBe(0.15)
    expect(shortestBetween(1, 2)).toBe(1.5)
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        fc.pre(a !== b)
        const [low, high] = a < b ? [a, b] : [b, a]
        const between = shortestBetween(low, high)
        expect(low <= between && between < high).toBe(true)
      }),
    )
  })
})

describe('packed gradients', () => {
  it('add up to what the derivatives do, to the last step, in any order', () => {
    const random = seededRandom(2)
    const rows = Int32Array.from({ length: 5000 }, (_, row) => row)
    const gradient = Float64Array.from(rows, () => (random() - 0.5) * Math.exp(5 * random()))
    const ones = new Float64Array(rows.length).fill(1)
    for (const hessian of [ones, ones.map(() => Math.exp(5 * random()))]) {
      const sizes = gradient.reduce((sum, it) => sum + Math.abs(it), 0)
      const hessians = hessian.reduce((sum, it) => sum + it, 0)
      const packing = packingOf(rows.length, { gradients: sizes, hessians })
      const packed = new Float64Array(rows.length)
      const dither = Float64Array.from({ length: 1024 }, random)
      const sum = packGradients(rows, 0, rows.length, gradient, hessian, packing, dither, 7, packed)
      expect(packed.reduceRight((total, it) => total + it, 0)).toBe(sum)
      const exact = gradient.reduce((total, it) => total + it, 0)
      const gradients = gradientOf(sum) * packing.gradientUnit
      expect(Math.abs(gradients - exact) / sizes).toBeLessThan(1e-5)
      const packedHessians = hessianOf(sum) * packing.hessianUnit
      expect(packedHessians / hessians).toBeCloseTo(1, 5)
    }
  })

  it('add up exactly in parts, as fixed-point numbers', () => {
    const random = seededRandom(4)
    const values = Float64Array.from(
      { length: 999 },
      () => (random() - 0.5) * Math.exp(9 * random()),
    )
    const rows = Int32Array.from(values.keys())
    const unit = fixedPointUnit(values.reduce((sum, it) => sum + Math.abs(it), 0))
    const sum = (from: number, to: number) => fixedPointSum(rows, from, to, values, unit)
    const whole = sum(0, 999)
    for (let cut = 1; cut < 999; cut += 7) expect(sum(cut, 999) + sum(0, cut)).toBe(whole)
    expect(whole * unit).toBeCloseTo(
      values.reduce((all, it) => all + it, 0),
      8,
    )
  })

  it('fit even where one row outweighs all others', () => {
    const rows = Int32Array.from({ length: 1000 }, (_, row) => row)
    const gradient = new Float64Array(1000).fill(1e-9)
    gradient[500] = -1e9
    const packing = packingOf(1000, { gradients: 1e9 + 999e-9, hessians: 1000 })
    const packed = new Float64Array(1000)
    const sum = packGradients(
      rows,
      0,
      1000,
      gradient,
      new Float64Array(1000).fill(1),
      packing,
      Float64Array.of(0.5),
      0,
      packed,
    )
    expect(hessianOf(sum) * packing.hessianUnit).toBeCloseTo(1000, 2)
    expect((gradientOf(sum) * packing.gradientUnit) / -1e9).toBeCloseTo(1, 6)
  })
})

describe('a split', () => {
  it('is the best of all by brute force', () => {
    const cell = fc.record({ gradient: fc.integer({ min: -9, max: 9 }), rows: fc.nat(3) })
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 2, maxLength: 9 }),
        fc.integer({ min: 1, max: 3 }),
        (bins, minimumLeafRows) => {
          const packing = { gradientUnit: 1e-3, hessianUnit: 1 }
          const cells = bins.map(({ gradient, rows }) => ({ gradient: rows && gradient, rows }))
          const histogram = Float64Array.from(cells, (it) => it.rows * BASE + 1e3 * it.gradient)
          const total = histogram.reduce((sum, it) => sum + it, 0)
          const rows = cells.reduce((sum, it) => sum + it.rows, 0)
          const limits = { minimumLeafRows, l2: 1 }
          const splits = new Float64Array(SPLIT)
          findSplit(histogram, 0, bins.length, total, rows, packing, limits, splits, 0)
          const score = (part: typeof cells) => {
            const sum = part.reduce((all, it) => all + it.gradient, 0)
            const count = part.reduce((all, it) => all + it.rows, 0)
            return count < minimumLeafRows ? Number.NEGATIVE_INFINITY : sum ** 2 / (count + 1)
          }
          const [missing, ...others] = cells
          const gains = others.flatMap((_, last) => {
            const [low, high] = [others.slice(0, last + 1), others.slice(last + 1)]
            return [
              score([missing, ...low]) + score(high) - score(cells),
              score(low) + score([missing, ...high]) - score(cells),
            ]
          })
          const best = Math.max(0, ...gains.filter(Number.isFinite))
          expect(splits[GAIN]).toBeCloseTo(best, 9)
        },
      ),
    )
  })

  it('parts the rows as it says, and keeps their order on either side', () => {
    const random = seededRandom(3)
    const x = Float32Array.from({ length: 500 }, () => (random() < 0.1 ? Number.NaN : random()))
    const columns = [x.map(() => random()), x]
    const binned = binColumns({ names: ['other', 'x'], rows: 500, columns })
    for (const missingLeft of [true, false]) {
      const order = Int32Array.from(x.keys())
      const division = { column: 1, bin: 100, missingLeft }
      const middle = partition(order, new Int32Array(500), 0, 500, binned, division)
      const bound = binned.bounds[1][99]
      const isLeft = (row: number) => (Number.isNaN(x[row]) ? missingLeft : x[row] <= bound)
      const rows = Array.from(x.keys())
      expect(Array.from(order.subarray(0, middle))).toEqual(rows.filter(isLeft))
      expect(Array.from(order.subarray(middle))).toEqual(rows.filter((row) => !isLeft(row)))
    }
  })
})

describe('the quantile of weighted values', () => {
  it('is the least with enough weight up to it, whatever the order and the ties', () => {
    const item = fc.record({ value: fc.integer({ min: -4, max: 4 }), weight: fc.nat(4) })
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(0.1, 0.5, 0.75, 0.9),
        (items, level) => {
          const upTo = (most: number) =>
            items.reduce((sum, it) => sum + (it.value <= most ? it.weight : 0), 0)
          const total = upTo(Number.POSITIVE_INFINITY)
          const ascending = items.map((it) => it.value).sort((a, b) => a - b)
          const values = Float64Array.from(items, (it) => it.value)
          const weights = Float64Array.from(items, (it) => it.weight)
          const expected = ascending.find((it) => upTo(it) >= level * total)
          expect(weightedQuantile(values, weights, level)).toBe(expected)
        },
      ),
    )
  })
})
