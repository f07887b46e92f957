import { quickselect } from 'simple-statistics'
import { sum } from '../base/sum.ts'
import { type BacktestErrors, type Measured, measuredErrors } from './backtest-errors.ts'
import { partScores, totalScores } from './backtest-scores.ts'
import { believed } from './believed.ts'
import type { Calibration } from './calibration.ts'
import { chancesOfDays } from './chances-of-days.ts'
import { expectedError, learnErrorScale, type MeasuredErrors } from './error-scale.ts'
import { type Scores, scoreTables } from './score-tables.ts'
import { significant } from './significant.ts'

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
  const ofEach = { ...measured, error, sizes, wider, growth, limits }
  const chances = errors.some(({ days }) => days) ? chancesOfDays(ofEach, errors, shock) : []
  const sized = { ...ofEach, chances }
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
      chance: chances[index],
    })),
  }
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
    const mean = sum(sums) / sum(counts)
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
  // Beyond the largest one nothing is known.
  const largest = known.reduce((most, units) => Math.max(most, units), 0)
  return [...new Set(limits)].filter((limit) => limit < largest)
}

/** How many scores of single periods a class should have, and how many classes there are at most. */
const SCORES_PER_CLASS = 100
const MOST_CLASSES = 6

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
  return shocks.length > 0 ? sum(shocks) / shocks.length - believed(shocks, USUAL_SHOCK) : 0
}

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

/**
 * Which share of what is left between outcomes and the medians that a model has told is its bias, by
 * the `medians` of the origins: as far as they agree, and the newest one, which knew most, does.
 */
function believedBias(medians: number[]): number {
  const mean = sum(medians) / medians.length
  if (medians.length === 0 || mean === 0) return 0
  const shares = [believed(medians, USUAL_BIAS) / mean, medians[medians.length - 1] / mean]
  return Math.max(0, Math.min(...shares))
}

/** By how much an origin usually differs from others: in growth, shock and bias, all shares. */
const USUAL_GROWTH = 0.3
const USUAL_SHOCK = 0.15
const USUAL_BIAS = 0.3
