import { quantileSorted } from 'simple-statistics'
import type { Panel } from '../demand/panel.ts'
import { type VolumeClass, volumeClasses } from '../demand/volume-class.ts'

/**
 * How far off a model was in its own backtest, in units of each series' scale: split conformal
 * prediction with scaled scores (Lei et al. 2018, "Distribution-Free Predictive Inference for
 * Regression"), by volume class.
 */
export type Calibration = { levels: number[]; classes: Record<VolumeClass, ClassCalibration> }

type ClassCalibration = {
  /** How many scores of single periods it rests on. */
  scores: number
  /** H: how the typical error of one period grows with the horizon, about 1 on average. */
  growth: number[]
  /** H × L: for the total of 1, 2, … H periods, the quantile of the scores at each level. */
  quantiles: number[][]
}

/** What the size of each series' errors is told from, n each. */
export type ErrorScales = {
  volumeClasses: VolumeClass[]
  /**
   * How much the series varies from period to period lately: the mean absolute deviation from its
   * mean over the last periods known, up to 26; 0 where none is.
   */
  spread: Float64Array
}

/** Forecasts of one origin and what then happened: n × H, `actual` NaN where it is not known. */
export type BacktestErrors = ErrorScales & { mean: Float64Array; actual: Float64Array }

export function errorScales(panel: Panel): ErrorScales {
  const spread = Float64Array.from(panel.series, (_, i) => spreadOf(panel, i))
  return { volumeClasses: volumeClasses(panel), spread }
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
  const learn = (...classes: VolumeClass[]) =>
    classCalibration(sampleOf(errors, horizon, classes), horizon, levels, longest)
  let all: ClassCalibration | undefined
  const calibrationOf = (volumeClass: VolumeClass) => {
    const own = learn(volumeClass)
    if (own.scores >= FEWEST_SCORES) return own
    all ??= learn('low', 'medium', 'high')
    return all
  }
  return {
    levels,
    classes: {
      low: calibrationOf('low'),
      medium: calibrationOf('medium'),
      high: calibrationOf('high'),
    },
  }
}

/**
 * The quantiles of a total over consecutive periods. `means` and `weights` have one element a
 * period: the expected units of the whole period, and the share of it that counts; `firstHorizon`
 * is the first period's horizon, from 1. Ascending, never negative.
 */
export function quantilesOfTotal(
  calibration: ClassCalibration,
  spread: number,
  means: ArrayLike<number>,
  weights: ArrayLike<number>,
  firstHorizon: number,
): number[] {
  let total = 0
  let variance = 0
  let length = 0
  for (let i = 0; i < means.length; i++) {
    const growth = calibration.growth[Math.min(firstHorizon + i, calibration.growth.length) - 1]
    const scale = growth * periodScale(spread, means[i])
    total += weights[i] * means[i]
    variance += weights[i] * scale * scale
    length += weights[i]
  }
  const scale = Math.sqrt(variance)
  let least = 0
  return scoreQuantiles(calibration.quantiles, length).map((score) => {
    least = Math.max(least, total + score * scale)
    return least
  })
}

/** With fewer scores than this a volume class takes the calibration of all. */
const FEWEST_SCORES = 30

/** Standard normal quantiles, for when there is no backtest at all to learn from. */
const NORMAL = new Map([
  [0.025, -1.96],
  [0.1, -1.2816],
  [0.5, 0],
  [0.9, 1.2816],
  [0.975, 1.96],
])

function spreadOf({ units, periods }: Panel, series: number): number {
  const known: number[] = []
  for (let t = periods - 1; t >= 0 && known.length < SPREAD_PERIODS; t--) {
    const value = units[series * periods + t]
    if (!Number.isNaN(value)) known.push(value)
  }
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)
  const deviation = known.reduce((sum, value) => sum + Math.abs(value - mean), 0)
  return deviation / Math.max(1, known.length)
}

const SPREAD_PERIODS = 26

/** Errors of m forecasts, m × H, and what each is measured in; NaN where the actual is not known. */
type Sample = { error: Float64Array; scale: Float64Array }

function sampleOf(errors: BacktestErrors[], horizon: number, classes: VolumeClass[]): Sample {
  const rows = errors.flatMap((origin) =>
    origin.volumeClasses.flatMap((it, series) =>
      classes.includes(it) ? [{ ...origin, series }] : [],
    ),
  )
  const error = new Float64Array(rows.length * horizon)
  const scale = new Float64Array(rows.length * horizon)
  for (const [row, { series, spread, mean, actual }] of rows.entries()) {
    for (let h = 0; h < horizon; h++) {
      const from = series * horizon + h
      error[row * horizon + h] = actual[from] - mean[from]
      scale[row * horizon + h] = periodScale(spread[series], mean[from])
    }
  }
  return { error, scale }
}

/**
 * The scale of one period's error: the series' own spread, the Poisson noise of a count, and a
 * quarter of the forecast, so that it does not vanish where the series has been quiet so far.
 */
function periodScale(spread: number, mean: number): number {
  return Math.sqrt(spread * spread + mean + (mean * mean) / 16)
}

/** Between the tables of two lengths in proportion; the last table beyond the horizon. */
function scoreQuantiles(tables: number[][], length: number): number[] {
  const position = Math.min(Math.max(length, 1), tables.length) - 1
  const below = Math.floor(position)
  const above = Math.min(below + 1, tables.length - 1)
  const part = position - below
  return tables[below].map((score, level) => score + part * (tables[above][level] - score))
}

function classCalibration(
  sample: Sample,
  horizon: number,
  levels: number[],
  longest: number,
): ClassCalibration {
  const { growth, scores } = growthByHorizon(sample, horizon)
  const quantiles: number[][] = []
  for (const totals of totalScores(sample, growth, longest)) {
    // Long totals have few windows; their errors are then taken to be those of shorter ones.
    const previous = quantiles.at(-1)
    if (totals.length >= FEWEST_SCORES || !previous) quantiles.push(quantilesAt(totals, levels))
    else quantiles.push(previous)
  }
  return { scores, growth, quantiles }
}

/**
 * Mean absolute score of each horizon against that of all, drawn half-way to 1 and never falling;
 * and how many scores there are.
 */
function growthByHorizon(
  { error, scale }: Sample,
  horizon: number,
): { growth: number[]; scores: number } {
  const sums = new Float64Array(horizon)
  const counts = new Float64Array(horizon)
  for (let cell = 0; cell < error.length; cell++) {
    if (Number.isNaN(error[cell]) || scale[cell] === 0) continue
    sums[cell % horizon] += Math.abs(error[cell] / scale[cell])
    counts[cell % horizon]++
  }
  const sum = sums.reduce((all, it) => all + it, 0)
  const scores = counts.reduce((all, it) => all + it, 0)
  let widest = 0
  const growth = Array.from(sums, (_, h) => {
    const ratio = counts[h] > 0 && sum > 0 ? sums[h] / counts[h] / (sum / scores) : 1
    widest = Math.max(widest, (1 + ratio) / 2)
    return widest
  })
  return { growth, scores }
}

/**
 * For lengths 1, 2, … `longest`: the scores of the totals of all windows of so many periods. Each
 * window grows by one period from one length to the next. What is yielded is overwritten then.
 */
function* totalScores({ error, scale }: Sample, growth: number[], longest: number) {
  const horizon = growth.length
  const errors = new Float64Array(error.length)
  const variances = new Float64Array(error.length)
  const scores = new Float64Array(error.length)
  for (let length = 1; length <= longest; length++) {
    let count = 0
    for (let row = 0; row < error.length; row += horizon) {
      for (let start = 0; start + length <= horizon; start++) {
        const window = row + start
        const added = window + length - 1
        const grown = growth[start + length - 1] * scale[added]
        errors[window] += error[added]
        variances[window] += grown * grown
        if (variances[window] === 0 || Number.isNaN(errors[window])) continue
        scores[count++] = errors[window] / Math.sqrt(variances[window])
      }
    }
    yield scores.subarray(0, count)
  }
}

/**
 * Empirical quantiles with the finite-sample correction of split conformal prediction: the rank is
 * taken among N + 1, away from the middle.
 */
function quantilesAt(scores: Float64Array, levels: number[]): number[] {
  if (scores.length < 5) return levels.map((level) => NORMAL.get(level) ?? 0)
  const sorted = Array.from(scores.sort())
  return levels.map((level) => {
    const outward = ((level - 0.5) * 2) / sorted.length
    return quantileSorted(sorted, Math.min(1, Math.max(0, level + outward / 2)))
  })
}
