import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../src/base/random.ts'
import {
  type BinnedRows,
  populationStability,
} from '../../../../src/monitoring/drift/population-stability.ts'

const BINS = 10

describe('the population stability index', () => {
  it('is the sum of (p − q) ln(p / q)', () => {
    const many = (share: number) => rowsOf(Array.from({ length: 10_000 }, (_, i) => +(i < share)))
    const { index } = populationStability(many(3000), many(6000), { bins: 2, series: 10_000 })!
    expect(index).toBeCloseTo(0.3 * Math.log(0.6 / 0.3) + 0.3 * Math.log(0.7 / 0.4), 3)
  })

  it('is nothing where nothing can be compared: no rows, or one bin', () => {
    const size = { bins: 3, series: 2 }
    expect(populationStability(rowsOf([]), rowsOf([1, 2]), size)).toBeUndefined()
    expect(populationStability(rowsOf([1, 1]), rowsOf([1]), size)).toBeUndefined()
  })

  it('is a number where a bin is empty that was full', () => {
    const { index } = populationStability(rowsOf([0, 0, 0]), rowsOf([1, 1, 1]), {
      bins: 2,
      series: 3,
    })!
    expect(index).toBeGreaterThan(1)
    expect(index).toBeLessThan(10)
  })
})

describe('whoever reads of a drift is not told of chance', () => {
  it('with few rows or many, where nothing has moved', () => {
    const random = seededRandom(1)
    for (const rows of [30, 100, 2000]) {
      const found = repeated(400, () => {
        const draw = () => rowsOf(Array.from({ length: rows }, () => Math.floor(BINS * random())))
        return populationStability(draw(), draw(), { bins: BINS, series: rows })!
      })
      const expected = (BINS - 1) * (2 / rows)
      const mean = found.reduce((sum, { index }) => sum + index, 0) / found.length
      expect(mean / expected).toBeGreaterThan(0.8)
      expect(mean / expected).toBeLessThan(1.2)
      expect(found.filter(isBeyond).length).toBeLessThanOrEqual(4)
    }
  })

  it('where rows of a series are alike, so that thousands of them say little', () => {
    const random = seededRandom(2)
    const draw = () => {
      const bins = Array.from({ length: 25 }, () => Math.floor(BINS * random()))
      const rows = bins.flatMap((bin, series) =>
        Array.from({ length: 100 }, () => ({ bin, series })),
      )
      return { bin: rows.map(({ bin }) => bin), series: rows.map(({ series }) => series) }
    }
    const found = repeated(
      200,
      () => populationStability(draw(), draw(), { bins: BINS, series: 25 })!,
    )
    expect(found.filter(({ index }) => index > 0.25).length).toBeGreaterThan(100)
    expect(found.filter(isBeyond).length).toBeLessThanOrEqual(10)
  })

  it('but of a move that rows can show, however few bins it is in', () => {
    const random = seededRandom(3)
    const draw = (upper: number) =>
      rowsOf(Array.from({ length: 3000 }, () => Math.floor(BINS * random() ** upper)))
    expect(isBeyond(populationStability(draw(1), draw(2), { bins: BINS, series: 3000 })!)).toBe(
      true,
    )
  })
})

/** Rows of a series each. */
function rowsOf(bin: number[]): BinnedRows {
  return { bin, series: [...bin.keys()] }
}

function isBeyond({ index, limit }: { index: number; limit: number }): boolean {
  return index > limit
}

function repeated<T>(times: number, make: () => T): T[] {
  return Array.from({ length: times }, () => make())
}
