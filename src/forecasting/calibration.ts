import { type Static, Type } from 'typebox'
import { object } from '../base/schema-parts.ts'
import { ErrorScale, expectedError } from './error-scale.ts'
import type { Outlook } from './families/family.ts'
import { LEVELS } from './levels.ts'
import type { Spread } from './new-series.ts'
import { addPeriod, centreOf, excessOf, gapOf, noPeriods, sizeOf } from './period-sums.ts'
import { MOST_TIMES } from './plausible.ts'

/** The quantile of some scores at each level. */
const ScoreQuantiles = Type.Array(Type.Number(), {
  minItems: LEVELS.length,
  maxItems: LEVELS.length,
})

const ClassCalibration = object({
  /** How many scores of single periods it rests on. */
  scores: Type.Integer({ minimum: 0 }),
  /** For the total of 1, 2, … H periods. */
  quantiles: Type.Array(ScoreQuantiles, { minItems: 1 }),
  /** For the total of a part of a period, one for each of `parts`. */
  ofParts: Type.Optional(Type.Array(ScoreQuantiles)),
  /** Which share of a period's variance at the horizon 1 is chance on each day; 1 where it is not said. */
  chance: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
})

/**
 * How far off a model was in its own backtest, in units of the error that was to be expected, by
 * classes of how much is forecast, since what sells once a month errs in another shape than what sells
 * a hundred times. The scaled scores are those of split conformal prediction (Lei et al. 2018,
 * "Distribution-Free Predictive Inference for Regression"), its guarantee does not hold here: the
 * scores are of a few origins, which hit all series alike, and expected errors, classes and the
 * weights of the blend are learnt on the same ones. What few origins leave open is reckoned with, see
 * `scoreTables`; how often intervals hold is measured, `npm run benchmark calibration`.
 */
export const Calibration = object({
  levels: Type.Array(Type.Number(), { const: LEVELS }),
  scale: ErrorScale,
  /** To which power of its `surprise` the error of a series is larger; 0 where it is not said. */
  surprise: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
  /** H: how the typical error of one period grows with the horizon, about 1 on average. */
  growth: Type.Array(Type.Number({ minimum: 0 }), { minItems: 1 }),
  /** Ascending: the mean forecast, in units per period, up to which each class but the last goes. */
  limits: Type.Array(Type.Number({ minimum: 0 })),
  /** Ascending: of how long parts of a period the errors were looked at, where sales are of days. */
  parts: Type.Optional(Type.Array(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }))),
  /** One more than there are limits. */
  classes: Type.Array(ClassCalibration),
})
export type Calibration = Static<typeof Calibration>

/**
 * The quantiles of a total over consecutive periods. `outlook` and `weights` have one element a
 * period: what is expected of the whole period, and the share of it that counts; `firstHorizon`
 * is the first period's horizon, from 1. Ascending, never negative, and as means are never more than
 * `MOST_TIMES` what was sold.
 */
export function quantilesOfTotal(
  { scale, surprise, growth, limits, parts = [], classes }: Calibration,
  spread: Spread,
  outlook: Outlook,
  weights: ArrayLike<number>,
  firstHorizon: number,
): number[] {
  // Artifacts that know of no surprise take all errors for independent ones.
  const isOld = surprise === undefined
  const sum = noPeriods()
  for (let i = 0; i < outlook.mean.length; i++) {
    const error = errorOf(scale, spread, outlook, i)
    const size = growth[Math.min(firstHorizon + i, growth.length) - 1] * error
    const { chance = 1 } = classes[classOf(limits, outlook.mean[i])]
    const ofDays = isOld ? size : growth[0] * error * Math.sqrt(chance)
    addPeriod(sum, outlook.mean[i], gapOf(outlook, i), ofDays, size, weights[i])
  }
  const { total, length } = sum
  const centre = centreOf(sum)
  const wider = spread.widening * spread.surprise ** (surprise ?? 0)
  const usual = (isOld ? wider : 1) * sizeOf(sum)
  const excess = isOld ? 0 : excessOf(sum, wider)
  const [below, above, part] = classesAround(limits, length > 0 ? total / length : 0)
  const ofTotal = betweenClasses(classes, below, above, part, ({ quantiles, ofParts }) =>
    scoreQuantiles(parts, quantiles, ofParts, length),
  )
  const ofPeriod = betweenClasses(classes, below, above, part, ({ quantiles }) => quantiles[0])
  const most = Math.max(total, length * MOST_TIMES * spread.most)
  let least = 0
  return ofTotal.map((score, level) => {
    // Scores of totals hold what errors of periods have in common, which all of the excess is already.
    const off = signedSquare(score * usual) + signedSquare(ofPeriod[level] * excess)
    least = Math.min(most, Math.max(least, centre + signedRoot(off)))
    return least
  })
}

/** As `quantilesOfTotal` of the whole period `cell`, written into `result` from `at` on. */
export function quantilesOfPeriod(
  { scale, surprise = 0, growth, limits, classes }: Calibration,
  spread: Spread,
  outlook: Outlook,
  cell: number,
  horizon: number,
  result: Float64Array,
  at: number,
): void {
  const mean = outlook.mean[cell]
  const grown = growth[Math.min(horizon, growth.length) - 1]
  const wider = spread.widening * spread.surprise ** surprise
  const size = grown * wider * errorOf(scale, spread, outlook, cell)
  const centre = mean + gapOf(outlook, cell)
  const [below, above, part] = classesAround(limits, mean)
  const from = classes[below].quantiles[0]
  const to = classes[above].quantiles[0]
  const most = Math.max(mean, MOST_TIMES * spread.most)
  let least = 0
  for (let level = 0; level < from.length; level++) {
    const score = from[level] + part * (to[level] - from[level])
    least = Math.min(most, Math.max(least, centre + score * size))
    result[at + level] = least
  }
}

/** The typical error of a period, in units, of a series that is not wider than others. */
function errorOf(
  scale: ErrorScale,
  { deviation }: Spread,
  { mean, shape }: Outlook,
  cell: number,
): number {
  return expectedError(scale, mean[cell], deviation, shape?.width[cell])
}

/** Which class a mean forecast, in units per period, belongs to. */
export function classOf(limits: number[], mean: number): number {
  let index = 0
  while (index < limits.length && mean > limits[index]) index++
  return index
}

/**
 * The two classes that a mean forecast, in units per period, lies between, and how far from the one to
 * the other, so that what is said of a little more is never of another kind: halfway at the limit of
 * both, from there by the logarithm, and beyond the outer limits as between those next to them.
 */
function classesAround(limits: number[], mean: number): [number, number, number] {
  const index = classOf(limits, mean)
  const last = limits.length
  if (last === 0 || limits[0] === 0 || !(mean > 0)) return [index, index, 0]
  const inner = Math.min(Math.max(index, 1), last - 1)
  const width = last > 1 ? Math.log(limits[inner] / limits[inner - 1]) : USUAL_CLASS
  const limit = Math.max(0, index - 1)
  const at = limit + 0.5 + Math.log(mean / limits[limit]) / width
  const below = Math.min(last, Math.max(0, Math.floor(at)))
  const above = Math.min(last, below + 1)
  return [below, above, Math.min(1, Math.max(0, at - below))]
}

/** From one class to the next where there are but two: the logarithm of four times as much. */
const USUAL_CLASS = Math.log(4)

function betweenClasses(
  classes: Calibration['classes'],
  below: number,
  above: number,
  part: number,
  scoresOf: (ofClass: Calibration['classes'][number]) => number[],
): number[] {
  const from = scoresOf(classes[below])
  return part === 0 ? from : between(from, scoresOf(classes[above]), part)
}

/** Between the tables of two lengths in proportion; the first one below, the last one beyond all. */
function scoreQuantiles(
  parts: number[],
  quantiles: number[][],
  ofParts: number[][] = [],
  length: number,
): number[] {
  const whole = Math.min(Math.floor(length), quantiles.length)
  const below = parts.findLastIndex((part) => part <= length)
  if (whole >= 1) {
    const next = quantiles[Math.min(whole, quantiles.length - 1)]
    return between(quantiles[whole - 1], next, Math.min(1, length - whole))
  }
  if (below < 0) return ofParts[0] ?? quantiles[0]
  const [from, to] = [parts[below], parts[below + 1] ?? 1]
  return between(ofParts[below], ofParts[below + 1] ?? quantiles[0], (length - from) / (to - from))
}

function signedSquare(value: number): number {
  return value * Math.abs(value)
}

function signedRoot(square: number): number {
  return Math.sign(square) * Math.sqrt(Math.abs(square))
}

function between(from: number[], to: number[], part: number): number[] {
  return from.map((score, level) => score + part * (to[level] - score))
}
