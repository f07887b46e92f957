import { probit, quantileSorted, quickselect } from 'simple-statistics'
import { type Static, Type } from 'typebox'
import { object } from '../base/schema-parts.ts'
import { ErrorScale, expectedError, learnErrorScale, type MeasuredErrors } from './error-scale.ts'
import { LEVELS } from './levels.ts'
import type { Spread } from './new-series.ts'
import { MOST_TIMES } from './plausible.ts'

const ClassCalibration = object({
  /** How many scores of single periods it rests on. */
  scores: Type.Integer({ minimum: 0 }),
  /** For the total of 1, 2, … H periods, the quantile of the scores at each level. */
  quantiles: Type.Array(
    Type.Array(Type.Number(), { minItems: LEVELS.length, maxItems: LEVELS.length }),
    { minItems: 1 },
  ),
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
  const scores = limits.map(() => 0).concat(0)
  const quantiles: number[][][] = scores.map(() => [])
  for (const byClass of totalScores(measured, sizes, growth, limits, longest)) {
    byClass.forEach((totals, index) => {
      // Long totals have few windows; their errors are then taken to be those of shorter ones.
      const previous = quantiles[index].at(-1)
      if (!previous) scores[index] = totals.length
      const enough = totals.length >= FEWEST_SCORES || !previous
      quantiles[index].push(enough ? quantilesAt(totals, levels) : previous)
    })
  }
  const classes = scores.map((count, index) => ({ scores: count, quantiles: quantiles[index] }))
  return { levels, scale, growth, limits, classes }
}

/**
 * The quantiles of a total over consecutive periods. `means` and `weights` have one element a
 * period: the expected units of the whole period, and the share of it that counts; `firstHorizon`
 * is the first period's horizon, from 1. Ascending, never negative, and as means are never more than
 * `MOST_TIMES` what was sold.
 */
export function quantilesOfTotal(
  { scale, growth, limits, classes }: Calibration,
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
  const { quantiles } = classes[classOf(limits, length > 0 ? total / length : 0)]
  const most = Math.max(total, length * MOST_TIMES * spread.most)
  let least = 0
  return scoreQuantiles(quantiles, length).map((score) => {
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

/** With fewer scores than this a long total takes the quantiles of a shorter one. */
const FEWEST_SCORES = 30
/** How many scores of single periods a class should have, and how many classes there are at most. */
const SCORES_PER_CLASS = 100
const MOST_CLASSES = 6

/** A normal distribution's standard deviation over its mean absolute deviation, √(π / 2). */
const DEVIATION_OVER_ERROR = 1.2533
/** What the scores would be if errors were normal: evenly spread over its quantiles. */
const PRIOR_SCORES = Array.from(
  { length: 20 },
  (_, index) => DEVIATION_OVER_ERROR * probit((index + 0.5) / 20),
)

/** See `growthByHorizon`. */
const PRIOR_ORIGINS = 8

/** The typical error of a period, in units. */
function sizeOf(scale: ErrorScale, mean: number, { deviation, widening }: Spread): number {
  return widening * expectedError(scale, mean, deviation)
}

/**
 * All errors, m series at an origin × H. What sold more than any interval may reach counts as that
 * much: a quantity with three zeros too many would make the intervals of all others as wide.
 */
function measuredErrors(
  errors: BacktestErrors[],
  horizon: number,
): MeasuredErrors & { widening: Float64Array } {
  const cells = errors.reduce((sum, { mean }) => sum + mean.length, 0)
  const measured = {
    error: new Float64Array(cells),
    mean: new Float64Array(cells),
    spread: new Float64Array(cells),
    widening: new Float64Array(cells),
  }
  let from = 0
  for (const { spread, mean, actual } of errors) {
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

/** Between the tables of two lengths in proportion; the last table beyond the horizon. */
function scoreQuantiles(tables: number[][], length: number): number[] {
  const position = Math.min(Math.max(length, 1), tables.length) - 1
  const below = Math.floor(position)
  const above = Math.min(below + 1, tables.length - 1)
  const part = position - below
  return tables[below].map((score, level) => score + part * (tables[above][level] - score))
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

/**
 * For lengths 1, 2, … `longest`: the scores of the totals of all windows of so many periods, by
 * class. Each window grows by one period from one length to the next. What is yielded is
 * overwritten then.
 */
function* totalScores(
  { error, mean }: MeasuredErrors,
  sizes: Float64Array,
  growth: number[],
  limits: number[],
  longest: number,
) {
  const horizon = growth.length
  const errors = new Float64Array(error.length)
  const means = new Float64Array(error.length)
  const variances = new Float64Array(error.length)
  const scores = Array.from({ length: limits.length + 1 }, () => new Float64Array(error.length))
  for (let length = 1; length <= longest; length++) {
    const counts = scores.map(() => 0)
    for (let row = 0; row < error.length; row += horizon) {
      for (let start = 0; start + length <= horizon; start++) {
        const window = row + start
        const added = window + length - 1
        const grown = growth[start + length - 1] * sizes[added]
        errors[window] += error[added]
        means[window] += mean[added]
        variances[window] += grown * grown
        if (Number.isNaN(errors[window])) continue
        const index = classOf(limits, means[window] / length)
        scores[index][counts[index]++] = errors[window] / Math.sqrt(variances[window])
      }
    }
    yield scores.map((ofClass, index) => ofClass.subarray(0, counts[index]))
  }
}

/**
 * Empirical quantiles with the finite-sample correction of split conformal prediction: the rank is
 * taken among N + 1, away from the middle. Few scores, of which most may come from one bad month,
 * are drawn towards a normal distribution, which is all there is where nothing could be learnt.
 */
function quantilesAt(scores: Float64Array, levels: number[]): number[] {
  const all = new Float64Array(scores.length + PRIOR_SCORES.length)
  all.set(scores)
  all.set(PRIOR_SCORES, scores.length)
  const sorted = Array.from(all.sort())
  return levels.map((level) => {
    const outward = ((level - 0.5) * 2) / sorted.length
    return quantileSorted(sorted, Math.min(1, Math.max(0, level + outward / 2)))
  })
}
