import { MultivariateLinearRegression } from 'ml-regression'

/** What least squares needs to know of any number of rows: weighted sums of their products. */
export type NormalEquations = {
  columns: number
  rows: number
  /** Σ w, Σ w y. */
  weight: number
  target: number
  /** Σ w x, one element a column. */
  sums: Float64Array
  /** Σ w x xᵀ, columns × columns; only the part on and above the diagonal is filled. */
  products: Float64Array
  /** Σ w x y. */
  targetProducts: Float64Array
  /** Scratch: the columns of the row being added that are not 0. */
  nonZero: Int32Array
}

export function noRows(columns: number): NormalEquations {
  return {
    columns,
    rows: 0,
    weight: 0,
    target: 0,
    sums: new Float64Array(columns),
    products: new Float64Array(columns * columns),
    targetProducts: new Float64Array(columns),
    nonZero: new Int32Array(columns),
  }
}

/** Adds one row. Zeros cost nothing, and most indicators of a row are 0. */
export function addRow(
  equations: NormalEquations,
  row: Float64Array,
  target: number,
  weight: number,
): void {
  const { columns, sums, products, targetProducts, nonZero } = equations
  let filled = 0
  for (let column = 0; column < columns; column++) {
    if (row[column] !== 0) nonZero[filled++] = column
  }
  equations.rows++
  equations.weight += weight
  equations.target += weight * target
  for (let i = 0; i < filled; i++) {
    const column = nonZero[i]
    const weighted = weight * row[column]
    const offset = column * columns
    sums[column] += weighted
    targetProducts[column] += weighted * target
    for (let j = i; j < filled; j++) products[offset + nonZero[j]] += weighted * row[nonZero[j]]
  }
}

/** A linear function of the columns. */
export type LinearModel = { intercept: number; coefficients: Float64Array }

/**
 * Ridge regression (Hoerl & Kennard 1970): minimises Σ w (y − a − x·b)² + penalty · Σ (sⱼ bⱼ)² over a
 * and b, where sⱼ is the standard deviation of column j, so that the unit in which a column is
 * measured does not matter. Weights are taken relative to their mean. A column that never changes
 * gets 0.
 *
 * With R the Cholesky factor of the normal equations (RᵀR = XᵀX, Rᵀz = Xᵀy), the least squares
 * problems (X, y) and (R, z) have the same solution, and so have they with √penalty · I appended to
 * the rows and zeros to the target, which is what makes them ridge regressions. So the library gets
 * a few hundred rows instead of a million.
 */
export function ridgeRegression(equations: NormalEquations, penalty: number): LinearModel {
  const { columns, rows, weight, target, sums, products, targetProducts } = equations
  const scale = new Float64Array(columns)
  for (let j = 0; j < columns; j++) {
    const secondMoment = products[j * columns + j] / weight
    const variance = secondMoment - (sums[j] / weight) ** 2
    scale[j] = variance > LEAST_CHANGE ** 2 ? Math.sqrt(variance) : 0
  }
  const used = Array.from(scale.keys()).filter((column) => scale[column] > 0)
  const coefficients = new Float64Array(columns)
  const mean = weight > 0 ? target / weight : 0
  if (used.length === 0) return { intercept: mean, coefficients }
  const correlations = used.map((j) =>
    used.map((k) => {
      const product = products[Math.min(j, k) * columns + Math.max(j, k)] / weight
      return (rows * (product - (sums[j] / weight) * (sums[k] / weight))) / (scale[j] * scale[k])
    }),
  )
  const withTarget = used.map(
    (j) => (rows * (targetProducts[j] / weight - (sums[j] / weight) * mean)) / scale[j],
  )
  const { factor, image } = cholesky(correlations, withTarget)
  const identity = used.map((_, j) => used.map((_, k) => (j === k ? Math.sqrt(penalty) : 0)))
  const { weights } = new MultivariateLinearRegression(
    [...factor, ...identity],
    [...image, ...used.map(() => 0)].map((value) => [value]),
    { intercept: false, statistics: false },
  )
  let intercept = mean
  used.forEach((column, j) => {
    coefficients[column] = weights[j][0] / scale[column]
    intercept -= coefficients[column] * (sums[column] / weight)
  })
  return { intercept, coefficients }
}

const LEAST_CHANGE = 1e-3

/**
 * R, upper triangular, with RᵀR = `matrix`, and z with Rᵀz = `vector`. A column that the ones
 * before it determine leaves a row of zeros.
 */
function cholesky(matrix: number[][], vector: number[]): { factor: number[][]; image: number[] } {
  const size = matrix.length
  const factor = matrix.map(() => new Array<number>(size).fill(0))
  const image = new Array<number>(size).fill(0)
  for (let i = 0; i < size; i++) {
    let pivot = matrix[i][i]
    for (let k = 0; k < i; k++) pivot -= factor[k][i] ** 2
    if (pivot <= 1e-9 * matrix[i][i]) continue
    const root = Math.sqrt(pivot)
    for (let j = i; j < size; j++) {
      let sum = matrix[i][j]
      for (let k = 0; k < i; k++) sum -= factor[k][i] * factor[k][j]
      factor[i][j] = sum / root
    }
    let sum = vector[i]
    for (let k = 0; k < i; k++) sum -= factor[k][i] * image[k]
    image[i] = sum / root
  }
  return { factor, image }
}
