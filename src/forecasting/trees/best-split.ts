import { BASE, gradientOf, hessianOf, type Packing } from './packed-gradients.ts'

/** What the children of a split must have, and how much they are shrunk. */
export type SplitLimits = { minimumLeafRows: number; l2: number }

/** The elements that one split has in a list of splits. */
export const SPLIT = 4
export const [GAIN, BIN, MISSING_LEFT, LEFT_SUM] = [0, 1, 2, 3]

/**
 * The best split of a leaf by one column, written into `splits` from `at` on: by how much it lowers
 * the loss (0 where no split does), the last bin that goes left, whether missing values do, and the
 * packed sum of the left child.
 *
 * The gain is G²/(H + l2) of the left child plus that of the right minus that of both, without the
 * ½ (Chen & Guestrin 2016, "XGBoost", equation 7). How many rows a child has is told from its share
 * of the hessian.
 *
 * @param histogram packed sums of the leaf's rows by bin, from `first` on
 * @param bins how many bins the column has, that of the missing values included
 * @param total packed sum of the leaf's rows
 * @param rows how many they are
 */
export function findSplit(
  histogram: Float64Array,
  first: number,
  bins: number,
  total: number,
  rows: number,
  { gradientUnit, hessianUnit }: Packing,
  limits: SplitLimits,
  splits: Float64Array,
  at: number,
): void {
  const l2 = limits.l2 / hessianUnit
  const allHessian = hessianOf(total)
  const allGradient = gradientOf(total)
  const minimum = Math.max(
    1,
    LEAST_HESSIAN / hessianUnit,
    (limits.minimumLeafRows * allHessian) / rows,
  )
  const undivided = (allGradient * allGradient) / (allHessian + l2)
  let best = undivided * (1 + ROUNDING) + (ROUNDED_STEPS * rows) / allHessian
  let bestBin = 0
  let bestLeft = 0
  let bestSide = 0
  const missing = histogram[first]
  // A power of two, so that multiplying by it is exact too.
  const perBase = 1 / BASE
  for (let side = 0; side < (missing === 0 ? 1 : 2); side++) {
    let left = side === 0 ? 0 : missing
    // Where the missing values go right, all others may go left.
    const last = side === 0 && missing !== 0 ? bins - 1 : bins - 2
    for (let bin = 1; bin <= last; bin++) {
      const sum = histogram[first + bin]
      if (sum === 0) continue
      left += sum
      const hessian = Math.round(left * perBase)
      if (hessian < minimum) continue
      const otherHessian = allHessian - hessian
      if (otherHessian < minimum) break
      const gradient = left - hessian * BASE
      const otherGradient = allGradient - gradient
      const a = hessian + l2
      const b = otherHessian + l2
      const score = (gradient * gradient * b + otherGradient * otherGradient * a) / (a * b)
      if (score > best) {
        best = score
        bestBin = bin
        bestLeft = left
        bestSide = side
      }
    }
  }
  // Where no value is missing now, later ones go with the majority.
  if (missing === 0) bestSide = 2 * hessianOf(bestLeft) >= allHessian ? 1 : 0
  const unit = (gradientUnit * gradientUnit) / hessianUnit
  splits[at + GAIN] = bestBin === 0 ? 0 : (best - undivided) * unit
  splits[at + BIN] = bestBin
  splits[at + MISSING_LEFT] = bestSide
  splits[at + LEFT_SUM] = bestLeft
}

/** Of a child: below it a step goes anywhere. */
const LEAST_HESSIAN = 1e-3
/** A gain must be more than what float64 makes of none, */
const ROUNDING = 1e-12
/**
 * and than what the rounding of gradients to steps does: about one step² over the hessian of a row,
 * where each row has thousands of steps.
 */
const ROUNDED_STEPS = 16
