import { quickselect } from 'simple-statistics'
import { type Static, Type } from 'typebox'
import { object } from '../base/schema-parts.ts'
import { ErrorScale, expectedError, learnErrorScale, type MeasuredErrors } from './error-scale.ts'
import type { Outlook } from './families/family.ts'
import { LEVELS } from './levels.ts'
import type { Spread } from './new-series.ts'
import { MOST_TIMES } from './plausible.ts'
import { Scores, scoreTables } from './score-tables.ts'
import { significant } from './significant.ts'

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

/** Forecasts of one origin and what then happened. */
export type BacktestErrors = Outlook & {
  /** n. */
  spread: Spread[]
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
  const { mean, gap, spread, width, widening, surprise } = measured
  const narrow = measured.error.map((error, cell) => (error - gap[cell]) / widening[cell])
  const scale = learnErrorScale({ error: narrow, mean, spread, width })
  const sizes = mean.map((units, cell) => expectedError(scale, units, spread[cell], width?.[cell]))
  const power = surprisePower(narrow, sizes, surprise)
  const wider = widening.map((factor, cell) => factor * surprise[cell] ** power)
  const whole = sizes.map((size, cell) => size * wider[cell])
  const growth = growthByHorizon(measured, whole, horizon)
  const limits = classLimits(measured)
  const shock = commonShock(measured, whole, horizon)
  // Zeros stay zeros: demand is hit in proportion.
  const error = measured.error.map((it, cell) => (it + mean[cell]) / (1 + shock) - mean[cell])
  const sized = { ...measured, error, sizes, wider, growth, limits }
  // The few origins of a backtest know less of the median than a model that has learnt it.
  const centred = width !== undefined
  const ofPeriods = tablesOf(totalScores(sized, longest), levels, shock, centred)
  const ofParts = tablesOf(partScores(sized, errors, shock), levels, shock, false)
  const classes = limits.concat(0).map((_, index) => ({
    scores: ofPeriods[0].counts[index],
    quantiles: ofPeriods.map(({ tables }) => tables[index]),
  }))
  const learnt = { levels, scale, surprise: power, growth, limits }
  if (ofParts.length === 0) return { ...learnt, classes }
  return {
    ...learnt,
    parts: ofParts.map(({ length }) => length),
    classes: classes.map((it, index) => ({
      ...it,
      ofParts: ofParts.map(({ tables }) => tables[index]),
    })),
  }
}

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
    const near = isOld ? size : growth[0] * error
    addPeriod(sum, outlook.mean[i], gapOf(outlook, i), near, size, weights[i])
  }
  const { total, length } = sum
  const centre = centreOf(sum)
  const wider = spread.widening * spread.surprise ** (surprise ?? 0)
  const size = isOld ? wider * Math.sqrt(sum.variance) : sizeOf(sum, wider)
  const ofClass = classes[classOf(limits, length > 0 ? total / length : 0)]
  const most = Math.max(total, length * MOST_TIMES * spread.most)
  let least = 0
  return scoreQuantiles(parts, ofClass, length).map((score) => {
    least = Math.min(most, Math.max(least, centre + score * size))
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
  const [scores] = classes[classOf(limits, mean)].quantiles
  const most = Math.max(mean, MOST_TIMES * spread.most)
  let least = 0
  for (let level = 0; level < scores.length; level++) {
    least = Math.min(most, Math.max(least, centre + scores[level] * size))
    result[at + level] = least
  }
}

/** How many scores of single periods a class should have, and how many classes there are at most. */
const SCORES_PER_CLASS = 100
const MOST_CLASSES = 6

/** What is known of some periods together, or parts of them. */
type Sum = {
  total: number
  gaps: number
  length: number
  variance: number
  drift: number
  deviation: number
}

const noPeriods = (): Sum => ({
  total: 0,
  gaps: 0,
  length: 0,
  variance: 0,
  drift: 0,
  deviation: 0,
})

/**
 * Adds the share `weight` of a period: `mean` units, of which `size` is the error to be expected, and
 * would be `near` at the horizon 1; the median lies `gap` above them.
 */
function addPeriod(
  sum: Sum,
  mean: number,
  gap: number,
  near: number,
  size: number,
  weight: number,
): void {
  sum.total += weight * mean
  sum.gaps += weight * gap
  sum.length += weight
  sum.variance += weight * near ** 2
  sum.drift += weight * Math.sqrt(size ** 2 - near ** 2)
  sum.deviation += weight * size
}

/**
 * The error to be expected of the sum, in units. Those at the horizon 1 add up as independent ones do:
 * what they have in common is in the scores. By what they are larger further ahead, levels drift; and
 * that a series is `wider` than others is the error of its level as well: which is the same on all days
 * of a period, and nearly so in the next ones.
 */
function sizeOf({ variance, drift, deviation }: Sum, wider: number): number {
  return Math.sqrt(variance + drift ** 2 + (wider ** 2 - 1) * deviation ** 2)
}

/**
 * About the median of the sum. One of n like and independent periods has √n times their deviation and
 * 1/√n of their skewness, and its median lies a sixth of the product of both from its mean (Cornish &
 * Fisher 1938): as far as that of one of them.
 */
function centreOf({ total, gaps, length }: Sum): number {
  return length > 0 ? Math.max(0, total + gaps / length) : 0
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

/** By how much the median is expected to be above the mean, in units. */
function gapOf({ mean, shape }: Outlook, cell: number): number {
  return shape ? mean[cell] * (shape.median[cell] - 1) : 0
}

/** Rows of H cells, one for each series at each origin; `firstRow` is that of each origin. */
type Measured = MeasuredErrors & {
  /** By how much the median was expected to be above the mean, in units. */
  gap: Float64Array
  widening: Float64Array
  surprise: Float64Array
  firstRow: number[]
}

/**
 * With the error that was expected of each cell at the horizon 1, were its level as well known as that
 * of others, and by how much it is `wider`.
 */
type Sized = Measured & {
  sizes: Float64Array
  wider: Float64Array
  growth: number[]
  limits: number[]
}

/**
 * All errors, m series at an origin × H. What sold more than any interval may reach counts as that
 * much: a quantity with three zeros too many would make the intervals of all others as wide.
 */
function measuredErrors(errors: BacktestErrors[], horizon: number): Measured {
  const cells = errors.reduce((sum, { mean }) => sum + mean.length, 0)
  const width = errors.some(({ shape }) => shape) ? new Float64Array(cells).fill(1) : undefined
  const measured = {
    error: new Float64Array(cells),
    mean: new Float64Array(cells),
    gap: new Float64Array(cells),
    width,
    spread: new Float64Array(cells),
    widening: new Float64Array(cells),
    surprise: new Float64Array(cells),
    firstRow: [] as number[],
  }
  let from = 0
  for (const it of errors) {
    const { spread, mean, shape, actual } = it
    measured.firstRow.push(from / horizon)
    for (let cell = 0; cell < mean.length; cell++) {
      const { deviation, widening, surprise, most } = spread[Math.floor(cell / horizon)]
      const reached = Math.min(actual[cell], Math.max(mean[cell], MOST_TIMES * most))
      measured.error[from + cell] = reached - mean[cell]
      measured.mean[from + cell] = mean[cell]
      measured.gap[from + cell] = gapOf(it, cell)
      if (width && shape) width[from + cell] = shape.width[cell]
      measured.spread[from + cell] = deviation
      measured.widening[from + cell] = widening
      measured.surprise[from + cell] = surprise
    }
    from += mean.length
  }
  return measured
}

/**
 * β of the series whose latest periods are a surprise s > 1: their errors are s^β times as large. By
 * the estimating equation of a gamma regression, Σ ln s · (|error| / (size · s^β) − 1) = 0 (McCullagh
 * & Nelder 1989, chapter 8), with a few rows more that say `USUAL_POWER`, since levels move too rarely
 * for most backtests to tell.
 */
function surprisePower(error: Float64Array, sizes: Float64Array, surprise: Float64Array): number {
  const logs = [PRIOR_SURPRISES * Math.LN2]
  const ratios = [2 ** USUAL_POWER]
  const each = [Math.LN2]
  for (let cell = 0; cell < error.length; cell++) {
    if (Number.isNaN(error[cell]) || surprise[cell] === 1) continue
    logs.push(Math.log(surprise[cell]))
    each.push(Math.log(surprise[cell]))
    ratios.push(Math.abs(error[cell]) / sizes[cell])
  }
  let [low, high] = [0, MOST_POWER]
  for (let step = 0; step < 20; step++) {
    const power = (low + high) / 2
    const left = logs.reduce(
      (sum, log, row) => sum + log * (ratios[row] * Math.exp(-power * each[row]) - 1),
      0,
    )
    if (left > 0) low = power
    else high = power
  }
  return significant([(low + high) / 2])[0]
}

const USUAL_POWER = 0.8
const PRIOR_SURPRISES = 30
const MOST_POWER = 1.5

/**
 * By how much more was sold than forecast at all origins, relative to it, as far as it is chance: what
 * hit all series at once at a few origins will not come again, what was the same at each of them may.
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
  return shocks.length > 0 ? sumOf(shocks) / shocks.length - believed(shocks, USUAL_SHOCK) : 0
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
 * Mean absolute score of each horizon against that of all, never falling, as far as the origins agree
 * on it.
 */
function growthByHorizon(
  { error, firstRow }: Measured,
  sizes: Float64Array,
  horizon: number,
): number[] {
  const ratios = firstRow.flatMap((first, origin) => {
    const sums = new Float64Array(horizon)
    const counts = new Float64Array(horizon)
    const end = horizon * (firstRow[origin + 1] ?? error.length / horizon)
    for (let cell = first * horizon; cell < end; cell++) {
      if (Number.isNaN(error[cell])) continue
      sums[cell % horizon] += Math.abs(error[cell] / sizes[cell])
      counts[cell % horizon]++
    }
    const mean = sumOf(sums) / sumOf(counts)
    if (!(mean > 0)) return []
    return [sums.map((sum, h) => (counts[h] > 0 ? sum / counts[h] / mean - 1 : 0))]
  })
  let widest = 0
  return Array.from({ length: horizon }, (_, h) => {
    widest = Math.max(
      widest,
      1 +
        believed(
          ratios.map((ofOrigin) => ofOrigin[h]),
          USUAL_GROWTH,
        ),
    )
    return widest
  })
}

/**
 * The mean m of what a few origins say, drawn towards 0 by empirical Bayes (Efron & Morris 1975, "Data
 * Analysis Using Stein's Estimator"): it counts 1 − s² / m², at least 0, with s² its variance, told from
 * how the origins differ and, as they are few, from how much origins usually do.
 */
function believed(ofOrigins: number[], usual: number): number {
  const count = ofOrigins.length
  const mean = sumOf(ofOrigins) / count
  if (count === 0 || mean === 0) return 0
  const squares = ofOrigins.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const variance = (squares + USUAL_ORIGINS * usual ** 2) / (count - 1 + USUAL_ORIGINS)
  return mean * Math.max(0, 1 - variance / count / mean ** 2)
}

/**
 * Which share of what is left between outcomes and the medians that a model has told is its bias, by
 * the `medians` of the origins: as far as they agree, and the newest one, which knew most, does.
 */
function believedBias(medians: number[]): number {
  const mean = sumOf(medians) / medians.length
  if (medians.length === 0 || mean === 0) return 0
  const shares = [believed(medians, USUAL_BIAS) / mean, medians[medians.length - 1] / mean]
  return Math.max(0, Math.min(...shares))
}

/** By how much an origin usually differs from others, and how many origins that is worth. */
const USUAL_SHOCK = 0.15
const USUAL_GROWTH = 0.3
const USUAL_BIAS = 0.3
const USUAL_ORIGINS = 2

function sumOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let k = 0; k < values.length; k++) sum += values[k]
  return sum
}

/** For lengths 1, 2, … `longest`: the scores of the totals of all windows of so many periods. */
function* totalScores(sized: Sized, longest: number) {
  const { error, mean, gap, sizes, wider, growth, limits, firstRow } = sized
  const horizon = growth.length
  const errors = new Float64Array(error.length)
  const sums = Array.from({ length: error.length }, noPeriods)
  for (let length = 1; length <= longest; length++) {
    const scores = new Scores(limits.length + 1, firstRow.length)
    let origin = -1
    for (let row = 0; row < error.length / horizon; row++) {
      while (row >= firstRow[origin + 1]) origin++
      for (let start = 0; start + length <= horizon; start++) {
        const window = row * horizon + start
        const added = window + length - 1
        const sum = sums[window]
        errors[window] += error[added]
        const near = growth[0] * sizes[added]
        const far = growth[start + length - 1] * sizes[added]
        addPeriod(sum, mean[added], gap[added], near, far, 1)
        if (Number.isNaN(errors[window])) continue
        const size = sizeOf(sum, wider[added])
        const index = classOf(limits, sum.total / length)
        const score = (errors[window] + sum.total - centreOf(sum)) / size
        scores.add(score, sum.total / size, index, origin)
      }
    }
    yield { length, scores }
  }
}

/** For 1, 2, 4, … days: the scores of the totals of as long a part of a period, or nearly. */
function partScores(sized: Sized, errors: BacktestErrors[], shock: number) {
  const { sizes, wider, growth, limits, firstRow, mean, gap } = sized
  const horizon = growth.length
  const all: { length: number; scores: Scores }[] = []
  const days = errors.find((it) => it.days)?.days?.period.length ?? 0
  const daysOfPeriod = days / horizon
  for (let length = 1; length < daysOfPeriod; length *= 2) {
    const scores = new Scores(limits.length + 1, firstRow.length)
    all.push({ length: length / daysOfPeriod, scores })
  }
  const windows = errors.reduce((count, it) => count + (it.days?.actual.length ?? 0), 0)
  const step = EVERY.find((every) => windows / every <= MOST_WINDOWS) ?? EVERY[EVERY.length - 1]
  errors.forEach(({ days: of, spread }, origin) => {
    of?.rows.forEach((row, index) => {
      const first = index * of.period.length
      const cells = (firstRow[origin] + row) * horizon
      for (let start = 0; start < of.period.length; start += step) {
        const sum = noPeriods()
        let actual = 0
        for (let d = start; d < of.period.length; d++) {
          const h = of.period[d]
          const size = sizes[cells + h]
          const [near, far] = [growth[0] * size, growth[h] * size]
          addPeriod(sum, mean[cells + h], gap[cells + h], near, far, of.share[first + d])
          actual += of.actual[first + d]
          const count = d - start + 1
          const { total, length } = sum
          if (Number.isNaN(actual) || length >= 1 || count >= daysOfPeriod) break
          const isDoubled = (count & (count - 1)) === 0
          // As near to one of the lengths as its share of the demand is, not its days.
          const nearest = Math.max(0, Math.round(Math.log2(length * daysOfPeriod)))
          if (!isDoubled || length === 0 || nearest >= all.length) continue
          const reached = Math.min(actual, Math.max(total, length * MOST_TIMES * spread[row].most))
          const ofSpan = sizeOf(sum, wider[cells])
          const score = (reached / (1 + shock) - centreOf(sum)) / ofSpan
          all[nearest].scores.add(score, total / ofSpan, classOf(limits, total / length), origin)
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
  centred: boolean,
) {
  let spread = 1
  return Array.from(all, ({ length, scores }) => {
    spread = scores.spread(spread)
    const counts = scores.ofClass.map((ofClass) => ofClass.length)
    const bias = centred ? believedBias(scores.medians()) : 1
    return { length, counts, tables: scoreTables(scores, levels, spread, shock, bias) }
  })
}
