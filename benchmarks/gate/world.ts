import { type Random, seededRandom } from '../../src/base/random.ts'
import type { Series } from '../../src/demand/panel.ts'
import { metrics } from '../../src/evaluation/scoring/origin-scores.ts'
import type { OriginForecast, OriginRows } from '../../src/evaluation/scoring/rows.ts'

export const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975]
export const HORIZON = 4
export const CATEGORIES = 8

/**
 * Standard deviations, all on the logarithmic scale. Sales of a series are its volume times shocks
 * that no model foresees: one for each period, which hits all series, and one for each row, of which
 * one in ten is much larger than the others. A model adds errors of its own: for a series, for an
 * origin, for both and for a row.
 */
const WORLD = {
  volume: 0.9,
  periodShock: 0.15,
  rowShock: { usual: 0.38, large: 1, shareOfLarge: 0.1 },
  modelError: { series: 0.2, origin: 0.08, cell: 0.15, row: 0.2 },
  /** Correlation of the periods' shocks and the origins' errors with those one horizon before. */
  persistence: 0.3,
}

/** Origins × series: what happened, and how much each series sells. */
export type World = { rows: OriginRows[]; volumes: number[]; step: number }

/** Origins × series × horizons: the logarithm of what a model forecasts too much. */
export type Errors = Float64Array

/** Sales of as many series, forecast from origins that are `step` periods apart. */
export function simulateSales(
  { origins, series, step }: { origins: number; series: number; step: number },
  draw: Draws,
): World {
  const volumes = Array.from({ length: series }, () => Math.exp(WORLD.volume * draw.normal()))
  const periods = (origins - 1) * step + HORIZON
  const shocks = persistent(periods, WORLD.periodShock, WORLD.persistence ** (1 / HORIZON), draw)
  const sold = volumes.map((volume) =>
    shocks.map((shock) => volume * Math.exp(shock + rowShock(draw))),
  )
  const products = volumes.map(
    (_, product): Series => ({
      productId: `${product}`,
      storeId: undefined,
      name: undefined,
      category: `${product % CATEGORIES}`,
    }),
  )
  const rows = Array.from(
    { length: origins },
    (_, origin): OriginRows => ({
      day: HORIZON * 7 - 4 + origin * step * 7,
      horizon: HORIZON,
      series: products,
      volumeClasses: volumes.map((volume) => (volume < 1 ? 'low' : 'high')),
      actual: Float64Array.from(
        { length: series * HORIZON },
        (_, row) => sold[Math.floor(row / HORIZON)][origin * step + (row % HORIZON)],
      ),
      naiveAbsoluteError: Float64Array.from(volumes),
      naiveSquaredError: Float64Array.from(volumes, (volume) => volume ** 2),
    }),
  )
  return { rows, volumes, step }
}

/** The errors of one model. Origins that overlap forecast the same periods, and err alike. */
export function simulateErrors({ rows, volumes, step }: World, draw: Draws): Errors {
  const { modelError, persistence } = WORLD
  const origins = rows.length
  const errors = new Float64Array(origins * volumes.length * HORIZON)
  const byOrigin = persistent(origins, modelError.origin, persistence ** (step / HORIZON), draw)
  volumes.forEach((_, i) => {
    const bySeries = modelError.series * draw.normal()
    const byCell = persistent(origins, modelError.cell, 1 - step / HORIZON, draw)
    const byPeriod = Array.from({ length: (origins - 1) * step + HORIZON }, draw.normal)
    byOrigin.forEach((ofOrigin, origin) => {
      for (let h = 0; h < HORIZON; h++) {
        const ofRow = Math.SQRT1_2 * (byPeriod[origin * step + h] + draw.normal())
        errors[(origin * volumes.length + i) * HORIZON + h] =
          bySeries + ofOrigin + byCell[origin] + modelError.row * ofRow
      }
    })
  })
  return errors
}

/** Errors of which the share `common` of the variance is that of `shared`. */
export function related(shared: Errors, own: Errors, common: number): Errors {
  return own.map((error, at) => Math.sqrt(common) * shared[at] + Math.sqrt(1 - common) * error)
}

/** What a model forecasts that makes these errors, times `scale`. */
export function forecastsOf(
  { rows, volumes }: World,
  errors: Errors,
  scale: number | ((series: number) => number),
): OriginForecast[] {
  const scaleOf = typeof scale === 'number' ? () => scale : scale
  return rows.map((_, origin) => {
    const median = Float64Array.from({ length: volumes.length * HORIZON }, (_, row) => {
      const series = Math.floor(row / HORIZON)
      return (
        volumes[series] *
        Math.exp(scaleOf(series) * errors[origin * volumes.length * HORIZON + row])
      )
    })
    const quantiles = Float64Array.from(
      { length: median.length * LEVELS.length },
      (_, at) => median[Math.floor(at / LEVELS.length)] * SPREAD[at % LEVELS.length],
    )
    return { mean: median.map((value) => value * MEAN), quantiles }
  })
}

/** How much of the champion's errors a challenger makes whose expected loss is `ratio` of its. */
export function errorScaleFor(ratio: number): number {
  const draw = drawsFrom(seededRandom(0))
  const world = simulateSales({ origins: 50, series: 300, step: HORIZON }, draw)
  const errors = simulateErrors(world, draw)
  const loss = (scale: number) =>
    metrics(world.rows, forecastsOf(world, errors, scale), LEVELS).weightedQuantileLoss!
  const target = ratio * loss(1)
  let [low, high] = [0, 4]
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2
    if (loss(middle) < target) low = middle
    else high = middle
  }
  return high
}

export type Draws = { normal: () => number; uniform: Random }

/** Uniform and standard normal draws (Box & Muller 1958). */
export function drawsFrom(random: Random): Draws {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return { normal, uniform: random }
}

function rowShock({ normal, uniform }: Draws): number {
  const { usual, large, shareOfLarge } = WORLD.rowShock
  return normal() * (uniform() < shareOfLarge ? large : usual)
}

/** A stationary autoregression of order 1. */
function persistent(length: number, deviation: number, correlation: number, draw: Draws): number[] {
  const values = [deviation * draw.normal()]
  while (values.length < length) {
    const innovation = deviation * Math.sqrt(1 - correlation ** 2) * draw.normal()
    values.push(correlation * values[values.length - 1] + innovation)
  }
  return values
}

// By what a forecast is multiplied to be right on average, and at each level: its model errs too.
const { mean: MEAN, quantiles: SPREAD } = factors(100_000)

function factors(count: number): { mean: number; quantiles: number[] } {
  const draw = drawsFrom(seededRandom(1))
  const ofModel = Math.hypot(...Object.values(WORLD.modelError))
  const shocks = Float64Array.from(
    { length: count },
    () => WORLD.periodShock * draw.normal() + rowShock(draw),
  )
  const errors = shocks.map((shock) => shock + ofModel * draw.normal()).sort()
  return {
    mean:
      (shocks.reduce((sum, shock) => sum + Math.exp(shock), 0) / count) *
      Math.exp(-(ofModel ** 2) / 2),
    quantiles: LEVELS.map((level) => Math.exp(errors[Math.floor(level * count)])),
  }
}
