import type { Random } from '../../random.ts'

/**
 * How a row's first and second derivative share one number: both as whole multiples of a unit,
 * value = hessian · `base` + gradient. Histograms then need one addition a row and column, and
 * these are exact, so that neither the order of the rows nor subtraction makes a difference
 * (Shi et al. 2022, "Quantized Training of Gradient Boosting Decision Trees"; there with few bits
 * in an integer, here with the 53 of a float64, which leave some thousands of steps to the mean).
 */
export type Packing = { base: number; gradientUnit: number; hessianUnit: number }

export function hessianOf(packed: number, base: number): number {
  return Math.round(packed / base)
}

export function gradientOf(packed: number, base: number): number {
  return packed - Math.round(packed / base) * base
}

/**
 * Packs the derivatives of these rows. They are rounded up or down at random, so that sums of many
 * are right on average: `dither` holds uniform numbers in [0, 1), from `firstDither` on.
 */
export function packGradients(
  rows: Int32Array,
  gradient: Float64Array,
  hessian: Float64Array,
  constantHessian: boolean,
  dither: Float32Array,
  firstDither: number,
  packed: Float64Array,
): Packing {
  const packing = packingOf(rows, gradient, hessian, constantHessian)
  const { base, gradientUnit, hessianUnit } = packing
  const perGradient = 1 / gradientUnit
  const perHessian = 1 / hessianUnit
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    const up = dither[(row + firstDither) % dither.length]
    const steps = constantHessian ? 1 : Math.floor(hessian[row] * perHessian + 1 - up)
    packed[row] = steps * base + Math.floor(gradient[row] * perGradient + up)
  }
  return packing
}

export function ditherTable(random: Random): Float32Array {
  return Float32Array.from({ length: 65_536 }, random)
}

const BITS = 52

/**
 * The finest units with which the sum of all rows still fits. Rounding adds less than one unit a
 * row to Σ|g| / unit, so `limit − rows` units are left for it.
 */
function packingOf(
  rows: Int32Array,
  gradient: Float64Array,
  hessian: Float64Array,
  constantHessian: boolean,
): Packing {
  let gradients = 0
  let hessians = 0
  for (let i = 0; i < rows.length; i++) {
    gradients += Math.abs(gradient[rows[i]])
    hessians += hessian[rows[i]]
  }
  const bits = constantHessian ? Math.ceil(Math.log2(rows.length + 1)) : BITS / 2
  const base = 2 ** (BITS - bits)
  const hessianUnit = constantHessian
    ? hessians / rows.length
    : hessians / (2 ** bits - rows.length)
  const gradientUnit = gradients / (base / 2 - rows.length - 1)
  return { base, gradientUnit: gradientUnit || 1, hessianUnit: hessianUnit || 1 }
}
