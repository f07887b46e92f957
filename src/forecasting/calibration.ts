import { quickselect } from 'simple-statistics'
import { type Static, Type } from 'typebox'
import { object } from '../base/schema-parts.ts'
import { ErrorScale, expectedError, learnErrorScale, type MeasuredErrors } from './error-scale.ts'
import { LEVELS } from './levels.ts'
import type { Spread } from './new-series.ts'
import { MOST_TIMES } from './plausible.ts'
import { Scores, scoreTables } from './score-tables.ts'

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
})

/**
 * How far off a model was in its own backtest, in units of the error that was to be expected: split
 * conformal prediction with scaled scores (Lei et al. 2018, "Distribution-Free Predictive Inference
 * for Regression"), by classes of how much is forecast, since what sells once a month errs in
 * another shape than what sells a hundred times.
 */
export const Calibration = object({
  levels: Type.Array(Type.Number(), { const: LEVELS }),
  scale: ErrorScale,
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

/** Forecasts of one origin and what then happened. */
export type BacktestErrors = {
  /** n. */
  spread: Spread[]
  /** n × H. */
  mean: Float64Array
  /** n × H, NaN where it is not known. */
  actual: Float64Array
  /** What is known by day, where a period is longer than that. */
  days?: DaysOfHorizon | undefined
}

/** The D days of a horizon, of m of the n series of an origin. */
export type DaysOfHorizon = {
  /** m: which of the n. */
  rows: number[]
  /** D: the period, counted from 0, that each day is of. */
  period: Int32Array
  /** m × D: which share of the period's demand was expected on the day. */
  share: Float64Array
  /** m × D: units, NaN where it is not known. */
  actual: Float64Array
}

/**
 * Learns the calibration from backtest forecasts; with few or none it falls back, never fails.
 * `longest` is the length in periods of the longest total that will be asked for.
 */
export function calibrate(
  errors: BacktestErrors[],
  horizon: number,
  levels: number[],
  longest: number = horizon,
): Calibration {
  const measured = measuredErrors(errors, horizon)
  const { mean, spread, widening } = measured
  const narrow = measured.error.map((error, cell) => error / widening[cell])
  const scale = learnErrorScale({ error: narrow, mean, spread })
  const sizes = mean.map(
    (units, cell) => widening[cell] * expectedError(scale, units, spread[cell]),
  )
  const growth = growthByHorizon(measured.error, sizes, horizon, errors.length)
  const limits = classLimits(measured)
  const shock = commonShock(measured, sizes, horizon)
  // Zeros stay zeros: demand is hit in proportion.
  const error = measured.error.map((it, cell) => (it + mean[cell]) / (1 + shock) - mean[cell])
  const sized = { ...measured, error, sizes, growth, limits }
  const ofPeriods = tablesOf(totalScores(sized, longest), levels, shock)
  const ofParts = tablesOf(partScores(sized, errors, shock), levels, shock)
  const classes = limits.concat(0).map((_, index) => ({
    scores: ofPeriods[0].counts[index],
    quantiles: ofPeriods.map(({ tables }) => tables[index]),
  }))
  if (ofParts.length === 0) return { levels, scale, growth, limits, classes }
  return {
    levels,
    scale,
    growth,
    limits,
    parts: ofParts.map(({ length }) => length),
    classes: classes.map((it, index) => ({
      ...it,
      ofParts: ofParts.map(({ tables }) => tables[index]),
    })),
  }
}

/**
 * The quantiles of a total over consecutive periods. `means` and `weights` have one element a
 * period: the expected units of the whole period, and the share of it that counts; `firstHorizon`
 * is the first period's horizon, from 1. Ascending, never negative, and as means are never more than
 * `MOST_TIMES` what was sold.
 */
export function quantilesOfTotal(
  { scale, growth, limits, parts = [], classes }: Calibration,
  spread: Spread,
  means: ArrayLike<number>,
  weights: ArrayLike<number>,
  firstHorizon: number,
): number[] {
  let total = 0
  let variance = 0
  let length = 0
  for (let i = 0; i < means.length; i++) {
    const grown = growth[Math.min(firstHorizon + i, growth.length) - 1]
    const size = grown * sizeOf(scale, means[i], spread)
    total += weights[i] * means[i]
    variance += weights[i] * size * size
    length += weights[i]
  }
  const size = Math.sqrt(variance)
  const ofClass = classes[classOf(limits, length > 0 ? total / length : 0)]
  const most = Math.max(total, length * MOST_TIMES * spread.most)
  let least = 0
  return scoreQuantiles(parts, ofClass, length).map((score) => {
    least = Math.min(most, Math.max(least, total + score * size))
    return least
  })
}

/** As `quantilesOfTotal` of one whole period, written into `result` from `at` on. */
export function quantilesOfPeriod(
  { scale, growth, limits, classes }: Calibration,
  spread: Spread,
  mean: number,
  horizon: number,
  result: Float64Array,
  at: number,
): void {
  const size = growth[Math.min(horizon, growth.length) - 1] * sizeOf(scale, mean, spread)
  const [scores] = classes[classOf(limits, mean)].quantiles
  const most = Math.max(mean, MOST_TIMES * spread.most)
  let least = 0
  for (let level = 0; level < scores.length; level++) {
    least = Math.min(most, Math.max(least, mean + scores[level] * size))
    result[at + level] = least
  }
}

/** How many scores of single periods a class should have, and how many classes there are at most. */
const SCORES_PER_CLASS = 100
const MOST_CLASSES = 6

/** See `growthByHorizon`. */
const PRIOR_ORIGINS = 8

/** The typical error of a period, in units. */
function sizeOf(scale: ErrorScale, mean: number, { deviation, widening }: Spread): number {
  return widening * expectedError(scale, mean, deviation)
}

/** Rows of H cells, one for each series at each origin; `firstRow` is that of each origin. */
type Measured = MeasuredErrors & { widening: Float64Array; firstRow: number[] }

/** With the size of the error that was expected of each cell at the horizon 1. */
type Sized = Measured & { sizes: Float64Array; growth: number[]; limits: number[] }

/**
 * All errors, m series at an origin × H. What sold more than any interval may reach counts as that
 * much: a quantity with three zeros too many would make the intervals of all others as wide.
 */
function measuredErrors(errors: BacktestErrors[], horizon: number): Measured {
  const cells = errors.reduce((sum, { mean }) => sum + mean.length, 0)
  const measured = {
    error: new Float64Array(cells),
    mean: new Float64Array(cells),
    spread: new Float64Array(cells),
    widening: new Float64Array(cells),
    firstRow: [] as number[],
  }
  let from = 0
  for (const { spread, mean, actual } of errors) {
    measured.firstRow.push(from / horizon)
    for (let cell = 0; cell < mean.length; cell++) {
      const { deviation, widening, most } = spread[Math.floor(cell / horizon)]
      const reached = Math.min(actual[cell], Math.max(mean[cell], MOST_TIMES * most))
      measured.error[from + cell] = reached - mean[cell]
      measured.mean[from + cell] = mean[cell]
      measured.spread[from + cell] = deviation
      measured.widening[from + cell] = widening
    }
    from += mean.length
  }
  return measured
}

/**
 * By how much more was sold than forecast at all origins, relative to it, as far as that is taken for
 * chance. What hit all series at once at a few origins will not come again; what was the same at each
 * of them may. By empirical Bayes (Efron & Morris 1975, "Data Analysis Using Stein's Estimator"): the
 * mean m of the origins' shocks counts m² / (m² + s²), with s² its variance, told from how the
 * origins differ and, as they are few, from how much origins usually do.
 */
function commonShock({ error, mean, firstRow }: Measured, sizes: Float64Array, horizon: number) {
  const shocks = firstRow.map((first, origin) => {
    let [made, expected] = [0, 0]
    const end = horizon * (firstRow[origin + 1] ?? error.length / horizon)
    for (let cell = first * horizon; cell < end; cell++) {
      if (Number.isNaN(error[cell])) continue
      made += error[cell] / sizes[cell]
      expected += mean[cell] / sizes[cell]
    }
    return expected > 0 ? made / expected : 0
  })
  const common = shocks.reduce((sum, shock) => sum + shock, 0) / Math.max(1, shocks.length)
  const squares = shocks.reduce((sum, shock) => sum + (shock - common) ** 2, 0)
  const ofOne = (squares + USUAL_SHOCKS * USUAL_SHOCK ** 2) / (shocks.length - 1 + USUAL_SHOCKS)
  const variance = ofOne / Math.max(1, shocks.length)
  return common * (variance / (variance + common ** 2))
}

/** How much of all demand an origin usually gets wrong, and how many origins that is worth. */
const USUAL_SHOCK = 0.15
const USUAL_SHOCKS = 2

/** Forecasts that part those of single periods into classes of about equally many. */
function classLimits({ error, mean }: MeasuredErrors): number[] {
  const known: number[] = []
  for (let cell = 0; cell < mean.length; cell++)
    if (!Number.isNaN(error[cell])) known.push(mean[cell])
  const classes = Math.min(MOST_CLASSES, Math.max(1, Math.floor(known.length / SCORES_PER_CLASS)))
  const limits = Array.from({ length: classes - 1 }, (_, index) => {
    const rank = Math.floor(((index + 1) * known.length) / classes)
    quickselect(known, rank, 0, known.length - 1)
    return known[rank]
  })
  return [...new Set(limits)]
}

function classOf(limits: number[], mean: number): number {
  let index = 0
  while (index < limits.length && mean > limits[index]) index++
  return index
}

/** Between the tables of two lengths in proportion; the first one below, the last one beyond all. */
function scoreQuantiles(
  parts: number[],
  { quantiles, ofParts = [] }: Calibration['classes'][number],
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

function between(from: number[], to: number[], part: number): number[] {
  return from.map((score, level) => score + part * (to[level] - score))
}

/**
 * Mean absolute score of each horizon against that of all, never falling. What happened at one
 * origin hit all series alike, so that few origins say little of it: it is drawn towards 1 as by so
 * many more of them.
 */
function growthByHorizon(
  error: Float64Array,
  sizes: Float64Array,
  horizon: number,
  origins: number,
): number[] {
  const sums = new Float64Array(horizon)
  const counts = new Float64Array(horizon)
  for (let cell = 0; cell < error.length; cell++) {
    if (Number.isNaN(error[cell])) continue
    sums[cell % horizon] += Math.abs(error[cell] / sizes[cell])
    counts[cell % horizon]++
  }
  const sum = sums.reduce((all, it) => all + it, 0)
  const scores = counts.reduce((all, it) => all + it, 0)
  let widest = 0
  return Array.from(sums, (_, h) => {
    const ratio = counts[h] > 0 && sum > 0 ? sums[h] / counts[h] / (sum / scores) : 1
    widest = Math.max(widest, (PRIOR_ORIGINS + origins * ratio) / (PRIOR_ORIGINS + origins))
    return widest
  })
}

/** For lengths 1, 2, … `longest`: the scores of the totals of all windows of so many periods. */
function* totalScores({ error, mean, sizes, growth, limits, firstRow }: Sized, longest: number) {
  const horizon = growth.length
  const errors = new Float64Array(error.length)
  const means = new Float64Array(error.length)
  const variances = new Float64Array(error.length)
  for (let length = 1; length <= longest; length++) {
    const scores = new Scores(limits.length + 1, firstRow.length)
    let origin = -1
    for (let row = 0; row < error.length / horizon; row++) {
      while (row >= firstRow[origin + 1]) origin++
      for (let start = 0; start + length <= horizon; start++) {
        const window = row * horizon + start
        const added = window + length - 1
        const grown = growth[start + length - 1] * sizes[added]
        errors[window] += error[added]
        means[window] += mean[added]
        variances[window] += grown * grown
        if (Number.isNaN(errors[window])) continue
        const index = classOf(limits, means[window] / length)
        const size = Math.sqrt(variances[window])
        scores.add(errors[window] / size, means[window] / size, index, origin)
      }
    }
    yield { length, scores }
  }
}

/** For 1, 2, 4, … days: the scores of the totals of as long a part of a period, or nearly. */
function partScores(
  { sizes, growth, limits, firstRow, mean }: Sized,
  errors: BacktestErrors[],
  shock: number,
) {
  const horizon = growth.length
  const all: { length: number; scores: Scores }[] = []
  const days = errors.find((it) => it.days)?.days?.period.length ?? 0
  const daysOfPeriod = days / horizon
  for (let length = 1; length < daysOfPeriod; length *= 2) {
    const scores = new Scores(limits.length + 1, firstRow.length)
    all.push({ length: length / daysOfPeriod, scores })
  }
  const windows = errors.reduce((sum, it) => sum + (it.days?.actual.length ?? 0), 0)
  const step = EVERY.find((every) => windows / every <= MOST_WINDOWS) ?? EVERY[EVERY.length - 1]
  errors.forEach(({ days: of }, origin) => {
    of?.rows.forEach((row, index) => {
      const first = index * of.period.length
      const cells = (firstRow[origin] + row) * horizon
      for (let start = 0; start < of.period.length; start += step) {
        let [total, variance, length, actual] = [0, 0, 0, 0]
        for (let d = start; d < of.period.length; d++) {
          const share = of.share[first + d]
          const h = of.period[d]
          const size = growth[h] * sizes[cells + h]
          total += share * mean[cells + h]
          variance += share * size * size
          length += share
          actual += of.actual[first + d]
          const count = d - start + 1
          if (Number.isNaN(actual) || length >= 1 || count >= daysOfPeriod) break
          if ((count & (count - 1)) !== 0 || length === 0) continue
          const knot = Math.max(0, Math.round(Math.log2(length * daysOfPeriod)))
          if (knot >= all.length) continue
          const ofSpan = Math.sqrt(variance)
          const score = (actual / (1 + shock) - total) / ofSpan
          all[knot].scores.add(score, total / ofSpan, classOf(limits, total / length), origin)
        }
      }
    })
  })
  return all
}

/** Every so many-th day begins a window: by steps that meet every weekday. */
const EVERY = [1, 3, 5, 11, 23]
const MOST_WINDOWS = 20_000

function tablesOf(
  all: Iterable<{ length: number; scores: Scores }>,
  levels: number[],
  shock: number,
) {
  let spread = 1
  return Array.from(all, ({ length, scores }) => {
    spread = scores.spread(spread)
    const counts = scores.ofClass.map((ofClass) => ofClass.length)
    return { length, counts, tables: scoreTables(scores, levels, spread, shock) }
  })
}
