import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import {
  addRow,
  type LinearModel,
  noRows,
  ridgeRegression,
} from '../../../src/forecasting/weighted-least-squares.ts'

describe('ridge regression', () => {
  it('finds the plane that the rows lie on, even asked for no penalty at all', () => {
    const equations = noRows(2)
    for (const [x, y] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [2, 5],
      [3, 1],
    ]) {
      addRow(equations, Float64Array.of(x, y), 4 + 2 * x - 3 * y, 1 + x)
    }
    const { intercept, coefficients } = ridgeRegression(equations, 0)
    expect(intercept).toBeCloseTo(4, 3)
    expect(coefficients[0]).toBeCloseTo(2, 3)
    expect(coefficients[1]).toBeCloseTo(-3, 3)
  })

  it('shrinks by hand: with one column of unit variance, to rows / (rows + penalty)', () => {
    const equations = noRows(1)
    for (const x of [-1, 1, -1, 1]) addRow(equations, Float64Array.of(x), 10 + 3 * x, 1)
    const { intercept, coefficients } = ridgeRegression(equations, 12)
    expect(coefficients[0]).toBeCloseTo((3 * 4) / (4 + 12), 12)
    expect(intercept).toBeCloseTo(10, 12)
  })

  it('solves the penalised normal equations for any rows, columns that say the same included', () => {
    // To hundredths: a column that changes by less than a thousandth is taken for constant.
    const value = fc.integer({ min: -500, max: 500 }).map((hundredths) => hundredths / 100)
    const line = fc.tuple(value, value, value, fc.double({ min: 0.1, max: 3, noNaN: true }))
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(0, 1e-12, 3, 1e6),
        (lines, penalty) => {
          const rows = lines.map(([a, b, y, weight]) => ({ x: [a, b, 2 * a, 7, a], y, weight }))
          const equations = noRows(5)
          for (const { x, y, weight } of rows) addRow(equations, Float64Array.from(x), y, weight)
          const model = ridgeRegression(equations, penalty)
          expect(model.coefficients[3]).toBe(0)
          expect(Math.abs(model.coefficients[2] - model.coefficients[0] / 2)).toBeLessThan(1e-8)
          for (const residual of residuals(rows, Math.max(penalty, 1e-5 * rows.length), model)) {
            expect(Math.abs(residual)).toBeLessThan(1e-9 * rows.length)
          }
        },
      ),
    )
  })

  it('knows nothing where no row is, and the mean where none says more', () => {
    expect(ridgeRegression(noRows(2), 1)).toEqual({
      intercept: 0,
      coefficients: new Float64Array(2),
    })
    const equations = noRows(2)
    addRow(equations, Float64Array.of(3, 4), 7, 2)
    expect(ridgeRegression(equations, 0)).toEqual({
      intercept: 7,
      coefficients: new Float64Array(2),
    })
  })
})

describe('a column that does not change but for rounding', () => {
  it.each([0, 1e-16, 1e-9, 1e-6, 1e-4])(
    'by %d gets 0, so that the next discount is not multiplied',
    (by) => {
      for (const around of [0, 1, 1000]) {
        const random = seededRandom(1)
        const equations = noRows(2)
        for (let row = 0; row < 500; row++) {
          const x = Float64Array.of(around + by * (random() - 0.5), random())
          addRow(equations, x, 1 + random() + x[1], 1)
        }
        const { coefficients, intercept } = ridgeRegression(equations, 10)
        expect(coefficients[0]).toBe(0)
        expect(intercept).toBeLessThan(3)
      }
    },
  )

  it('does not hide one that changes rarely', () => {
    const equations = noRows(1)
    for (let row = 0; row < 10_000; row++) {
      addRow(equations, Float64Array.of(row < 5 ? 0.3 : 0), row < 5 ? 2 : 1, 1)
    }
    expect(ridgeRegression(equations, 1).coefficients[0]).toBeGreaterThan(0)
  })
})

/** By what each of the penalised normal equations, that of the intercept first, is not solved. */
function residuals(
  rows: { x: number[]; y: number; weight: number }[],
  penalty: number,
  { intercept, coefficients }: LinearModel,
): number[] {
  const total = rows.reduce((sum, row) => sum + row.weight, 0)
  const weighted = (of: (row: { x: number[]; y: number }) => number) =>
    rows.reduce((sum, row) => sum + (row.weight / total) * of(row), 0)
  const errorOf = ({ x, y }: { x: number[]; y: number }) =>
    y - x.reduce((sum, value, j) => sum + value * coefficients[j], intercept)
  return [
    rows.length * weighted(errorOf),
    ...Array.from(coefficients, (coefficient, j) => {
      const mean = weighted(({ x }) => x[j])
      const variance = weighted(({ x }) => (x[j] - mean) ** 2)
      if (coefficient === 0 && variance < 1e-6) return 0
      const explained = rows.length * weighted((row) => (row.x[j] - mean) * errorOf(row))
      return (explained - penalty * variance * coefficient) / Math.sqrt(variance)
    }),
  ]
}
