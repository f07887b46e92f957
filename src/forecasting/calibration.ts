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

/** Forecasts of one origin and what then happened: n × H, `actual` NaN where it is not known. */
export type BacktestErrors = {
  volumeClasses: VolumeClass[]
  /** n: `seriesSpread` at the origin. */
  spread: Float64Array
  mean: Float64Array
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
  const all = classCalibration(errors, horizon, levels, longest, () => true)
  const calibrationOf = (volumeClass: VolumeClass) => {
    const own = classCalibration(errors, horizon, levels, longest, (it) => it === volumeClass)
    return own.scores >= FEWEST_SCORES ? own : all
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
    const scale = periodScale(calibration.growth, spread, means[i], firstHorizon + i)
    total += weights[i] * means[i]
    variance += weights[i] * scale * scale
    length += weights[i]
  }
  const scale = Math.sqrt(variance)
  return scoreQuantiles(calibration.quantiles, length).map((score) =>
    Math.max(0, total + score * scale),
  )
}

/**
 * n: how much each series of the panel varies from period to period lately: the mean absolute
 * deviation from its mean over the last periods known, up to 26.
 */
export function seriesSpread(panel: Panel): Float64Array {
  const spread = new Float64Array(panel.series.length)
  for (let i = 0; i < spread.length; i++) {
    const known: number[] = []
    for (let t = panel.periods - 1; t >= 0 && known.length < 26; t--) {
      const value = panel.units[i * panel.periods + t]
      if (!Number.isNaN(value)) known.push(value)
    }
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length)
    const deviation = known.reduce((sum, value) => sum + Math.abs(value - mean), 0)
    spread[i] = deviation / Math.max(1, known.length)
  }
  return spread
}

/** The calibration that applies to each series of a panel. */
export function calibrationBySeries(calibration: Calibration, panel: Panel): ClassCalibration[] {
  return volumeClasses(panel).map((volumeClass) => calibration.classes[volumeClass])
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

/**
 * The scale of one period's error: the series' own spread, the Poisson noise of a count, and a
 * quarter of the forecast, so that it does not vanish where the series has been quiet so far.
 */
function periodScale(growth: number[], spread: number, mean: number, horizon: number): number {
  const factor = growth[Math.min(horizon, growth.length) - 1]
  return factor * Math.sqrt(spread * spread + mean + (mean * mean) / 16)
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
  errors: BacktestErrors[],
  horizon: number,
  levels: number[],
  longest: number,
  belongs: (volumeClass: VolumeClass) => boolean,
): ClassCalibration {
  const flat = new Array<number>(horizon).fill(1)
  const single = Array.from({ length: horizon }, (_, h) =>
    totalScores(errors, horizon, flat, belongs, 1, h),
  )
  const growth = growthByHorizon(single)
  const quantiles: number[][] = []
  for (let length = 1; length <= longest; length++) {
    const scores = totalScores(errors, horizon, growth, belongs, length)
    // Long totals have few windows; their errors are then taken to be those of shorter ones.
    const previous = quantiles.at(-1)
    if (scores.length >= FEWEST_SCORES || !previous) quantiles.push(quantilesAt(scores, levels))
    else quantiles.push(previous)
  }
  return { scores: single.reduce((sum, scores) => sum + scores.length, 0), growth, quantiles }
}

/** Scores of all windows of `length` periods, or of the one that starts at horizon `only` + 1. */
function totalScores(
  errors: BacktestErrors[],
  horizon: number,
  growth: number[],
  belongs: (volumeClass: VolumeClass) => boolean,
  length: number,
  only?: number,
): number[] {
  const scores: number[] = []
  for (const { volumeClasses, spread, mean, actual } of errors) {
    for (let i = 0; i < volumeClasses.length; i++) {
      if (!belongs(volumeClasses[i])) continue
      const first = only ?? 0
      const last = only ?? horizon - length
      for (let start = first; start <= last; start++) {
        let error = 0
        let variance = 0
        for (let h = start; h < start + length; h++) {
          const scale = periodScale(growth, spread[i], mean[i * horizon + h], h + 1)
          error += actual[i * horizon + h] - mean[i * horizon + h]
          variance += scale * scale
        }
        if (variance > 0 && !Number.isNaN(error)) scores.push(error / Math.sqrt(variance))
      }
    }
  }
  return scores
}

/** Mean absolute score of each horizon against that of all, drawn half-way to 1 and never falling. */
function growthByHorizon(single: number[][]): number[] {
  const meanAbsolute = (scores: number[]) =>
    scores.reduce((sum, score) => sum + Math.abs(score), 0) / scores.length
  const overall = meanAbsolute(single.flat())
  let widest = 0
  return single.map((scores) => {
    const ratio = scores.length > 0 && overall > 0 ? meanAbsolute(scores) / overall : 1
    widest = Math.max(widest, (1 + ratio) / 2)
    return widest
  })
}

/**
 * Empirical quantiles with the finite-sample correction of split conformal prediction: the rank is
 * taken among N + 1, away from the middle.
 */
function quantilesAt(scores: number[], levels: number[]): number[] {
  if (scores.length < 5) return levels.map((level) => NORMAL.get(level) ?? 0)
  const sorted = scores.sort((a, b) => a - b)
  return levels.map((level) => {
    const outward = ((level - 0.5) * 2) / sorted.length
    return quantileSorted(sorted, Math.min(1, Math.max(0, level + outward / 2)))
  })
}
