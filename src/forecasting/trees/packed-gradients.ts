/**
 * How a row's first and second derivative share one number: both as whole multiples of a unit,
 * value = hessian · `base` + gradient. Histograms then need one addition a row and column, and
 * these are exact, so that neither the order of the rows nor subtraction makes a difference
 * (Shi et al. 2022, "Quantized Training of Gradient Boosting Decision Trees"; there with few bits
 * in an integer, here with the 53 of a float64, which leave hundreds of steps to the mean of a
 * hundred thousand rows).
 */
export type Packing = { base: number; gradientUnit: number; hessianUnit: number }

/** Sums over the rows of a tree. */
export type Totals = {
  /** Of the absolute first derivatives. */
  gradients: number
  /** Of the second derivatives; missing where each is 1. */
  hessians: number | undefined
}

/** In units of the packing. */
export function hessianOf(packed: number, base: number): number {
  return Math.round(packed / base)
}

/** In units of the packing. */
export function gradientOf(packed: number, base: number): number {
  return packed - Math.round(packed / base) * base
}

/**
 * The finest units with which the sums of all rows still fit. Rounding adds less than one unit a
 * row to what is summed, so that much of the range is left for it.
 */
export function packingOf(rows: number, { gradients, hessians }: Totals): Packing {
  const hessianBits = hessians === undefined ? Math.ceil(Math.log2(rows + 1)) : BITS / 2
  const base = 2 ** (BITS - hessianBits)
  const hessianUnit = hessians === undefined ? 1 : hessians / (2 ** hessianBits - rows)
  const gradientUnit = gradients / (base / 2 - rows - 1)
  return { base, gradientUnit: gradientUnit || 1, hessianUnit: hessianUnit || 1 }
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
  hessian: Float64Array | undefined,
  { base, gradientUnit, hessianUnit }: Packing,
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
    const steps = hessian === undefined ? 1 : Math.floor(hessian[row] * perHessian + 1 - up)
    const value = steps * base + Math.floor(gradient[row] * perGradient + up)
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
