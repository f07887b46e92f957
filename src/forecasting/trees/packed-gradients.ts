/**
 * How a row's first and second derivative share one number: both as whole multiples of a unit,
 * value = hessian · `BASE` + gradient. Histograms then need one addition a row and column, and
 * these are exact, so that neither the order of the rows nor subtraction makes a difference
 * (Shi et al. 2022, "Quantized Training of Gradient Boosting Decision Trees"; there with few bits
 * in an integer, here with half of the 52 of a float64 each, which leave hundreds of steps to the
 * mean of a hundred thousand rows).
 */
export type Packing = { gradientUnit: number; hessianUnit: number }

export const BASE = 2 ** 26

/** Sums over the rows of a tree, of the absolute first and of the second derivatives. */
export type Totals = { gradients: number; hessians: number }

/** In units of the packing. */
export function hessianOf(packed: number): number {
  return Math.round(packed / BASE)
}

/** In units of the packing. */
export function gradientOf(packed: number): number {
  return packed - Math.round(packed / BASE) * BASE
}

/**
 * The finest units with which the sums of all rows still fit. Rounding adds less than one unit a
 * row to what is summed, so that much of the range is left for it.
 */
export function packingOf(rows: number, { gradients, hessians }: Totals): Packing {
  const hessianUnit = hessians / (BASE - rows)
  const gradientUnit = gradients / (BASE / 2 - rows - 1)
  return { gradientUnit: gradientUnit || 1, hessianUnit: hessianUnit || 1 }
}

/**
 * Packs the derivatives of the rows `rows[from … to − 1]` and returns the sum. They are rounded up
 * or down at random, so that sums of many are right on average. `dither` holds uniform numbers, a
 * power of two of them, from `firstDither` on by row.
 */
export function packGradients(
  rows: Int32Array,
  from: number,
  to: number,
  gradient: Float64Array,
  hessian: Float64Array,
  { gradientUnit, hessianUnit }: Packing,
  dither: Float64Array,
  firstDither: number,
  packed: Float64Array,
): number {
  const perGradient = 1 / gradientUnit
  const perHessian = 1 / hessianUnit
  const last = dither.length - 1
  let sum = 0
  for (let i = from; i < to; i++) {
    const row = rows[i]
    const up = dither[(row + firstDither) & last]
    const steps = Math.floor(hessian[row] * perHessian + 1 - up)
    const value = steps * BASE + Math.floor(gradient[row] * perGradient + up)
    packed[row] = value
    sum += value
  }
  return sum
}

/**
 * The sum of the values of some of the rows of a tree, as a whole number of the units that
 * `fixedPointUnit` gives: exact, so that it can be taken in parts.
 */
export function fixedPointSum(
  rows: Int32Array,
  from: number,
  to: number,
  values: Float64Array,
  unit: number,
): number {
  const perUnit = 1 / unit
  let sum = 0
  for (let i = from; i < to; i++) sum += Math.round(values[rows[i]] * perUnit)
  return sum
}

/** @param total of the absolute values of all rows of the tree */
export function fixedPointUnit(total: number): number {
  return total / 2 ** BITS || 1
}

const BITS = 52
