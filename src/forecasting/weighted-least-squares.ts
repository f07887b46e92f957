import { CholeskyDecomposition, Matrix } from 'ml-matrix'

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
  /** Scratch: the columns of the row being added that are not 0, and their values. */
  nonZero: Int32Array
  values: Float64Array
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
    values: new Float64Array(columns),
  }
}

/** Adds one row. Zeros cost nothing, and most indicators of a row are 0. */
export function addRow(
  equations: NormalEquations,
  row: Float64Array,
  target: number,
  weight: number,
): void {
  const { columns, sums, products, targetProducts, nonZero, values } = equations
  let filled = 0
  for (let column = 0; column < columns; column++) {
    if (row[column] === 0) continue
    nonZero[filled] = column
    values[filled++] = row[column]
  }
  equations.rows++
  equations.weight += weight
  equations.target += weight * target
  for (let i = 0; i < filled; i++) {
    const column = nonZero[i]
    const weighted = weight * values[i]
    const offset = column * columns
    sums[column] += weighted
    targetProducts[column] += weighted * target
    for (let j = i; j < filled; j++) products[offset + nonZero[j]] += weighted * values[j]
  }
}

/** Takes out what a column explains with a coefficient that is known: the others explain what is left. */
export function holdColumn(equations: NormalEquations, column: number, coefficient: number): void {
  const { columns, sums, products, targetProducts } = equations
  equations.target -= coefficient * sums[column]
  for (let other = 0; other < columns; other++) {
    const at = Math.min(column, other) * columns + Math.max(column, other)
    targetProducts[other] -= coefficient * products[at]
    products[at] = 0
  }
  sums[column] = 0
  targetProducts[column] = 0
}

/** A linear function of the columns. */
export type LinearModel = { intercept: number; coefficients: Float64Array }

/**
 * Ridge regression (Hoerl & Kennard 1970): minimises Σ w (y − a − x·b)² + penalty · Σ (sⱼ bⱼ)² over a
 * and b, where sⱼ is the standard deviation of column j, so that the unit in which a column is
 * measured does not matter. Weights are taken relative to their mean. A column that never changes
 * gets 0.
 *
 * With z the columns in standard deviations from their means, it is (ZᵀZ + penalty · I) c = Zᵀy. The
 * penalty makes the matrix positive definite, also where columns say the same, so it has a Cholesky
 * decomposition.
 *
 * @param penalty in rows; below a hundred-thousandth of them it counts as that, which keeps the
 *   coefficients of like columns in bounds
 */
export function ridgeRegression(equations: NormalEquations, penalty: number): LinearModel {
  const { columns, rows, weight, target, sums, products, targetProducts } = equations
  const coefficients = new Float64Array(columns)
  if (weight === 0) return { intercept: 0, coefficients }
  const means = sums.map((sum) => sum / weight)
  const mean = target / weight
  const covariance = (j: number, k: number) =>
    products[Math.min(j, k) * columns + Math.max(j, k)] / weight - means[j] * means[k]
  const used: { column: number; deviation: number }[] = []
  for (let column = 0; column < columns; column++) {
    const variance = covariance(column, column)
    if (variance > LEAST_CHANGE ** 2) used.push({ column, deviation: Math.sqrt(variance) })
  }
  if (used.length === 0) return { intercept: mean, coefficients }
  const left = used.map((one) =>
    used.map(
      (other) =>
        (rows * covariance(one.column, other.column)) / (one.deviation * other.deviation) +
        (one === other ? Math.max(penalty, LEAST_PENALTY * rows) : 0),
    ),
  )
  const right = used.map(
    ({ column, deviation }) =>
      (rows * (targetProducts[column] / weight - means[column] * mean)) / deviation,
  )
  const solution = new CholeskyDecomposition(left).solve(Matrix.columnVector(right))
  let intercept = mean
  used.forEach(({ column, deviation }, index) => {
    coefficients[column] = solution.get(index, 0) / deviation
    intercept -= coefficients[column] * means[column]
  })
  return { intercept, coefficients }
}

/** A column whose standard deviation is not above this is taken for constant. */
const LEAST_CHANGE = 1e-3
const LEAST_PENALTY = 1e-5
