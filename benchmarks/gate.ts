import { fileURLToPath } from 'node:url'
import type { Series } from '../src/demand/panel.ts'
import { compare } from '../src/evaluation/comparison.ts'
import { metrics } from '../src/evaluation/metrics.ts'
import { type Policy, readPolicy } from '../src/evaluation/policy.ts'
import type { OriginForecast, OriginRows } from '../src/evaluation/rows.ts'
import { type Random, seededRandom } from '../src/random.ts'

/**
 * The gate as a classifier: how often the shipped policy calls a challenger "better" that is not
 * (the champion with other noise), and one that is (its true loss is 5% lower). Simulated histories
 * of 100 series; prints the shares.
 */
export async function run(): Promise<void> {
  const policy = await readPolicy(
    fileURLToPath(new URL('../model-registry/policy.yml', import.meta.url)),
  )
  const improved = errorScaleFor(0.95)
  console.log(`gate: challengers called "better" in ${HISTORIES} simulated histories of 100 series`)
  for (const origins of [6, 12]) {
    for (const { name, errorScale } of [
      { name: 'the champion with other noise', errorScale: 1 },
      { name: 'true loss 5% lower', errorScale: improved },
    ]) {
      const share = shareCalledBetter({ origins, errorScale, policy })
      console.log(`${origins} origins, ${name}: ${(share * 100).toFixed(1)}%`)
    }
  }
}

const HISTORIES = 300
const SERIES = 100
const HORIZON = 4
const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975]
const NORMAL_QUANTILES = [-1.96, -1.2816, 0, 1.2816, 1.96]

/**
 * Standard deviations, all on the logarithmic scale. Sales of a series are its volume times shocks
 * that no model foresees: one for each origin, which hits all series, and one for each row, heavy
 * in the tails (Student t with 4 degrees of freedom). A model adds errors of its own.
 */
const WORLD = {
  volume: 0.9,
  originShock: 0.15,
  rowShock: 0.5,
  modelError: { series: 0.15, origin: 0.06, cell: 0.1, row: 0.1 },
  /** Correlation of the origins' shocks and errors with those of the origin before. */
  persistence: 0.3,
}

function shareCalledBetter(options: {
  origins: number
  errorScale: number
  policy: Policy
}): number {
  let better = 0
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const draw = drawsFrom(seededRandom(seed))
    const { rows, volumes } = simulateSales(options.origins, SERIES, draw)
    const forecasts = (errorScale: number) => ({
      model: 'simulated',
      chosen: rows.map(() => 'simulated'),
      forecasts: simulateForecasts(volumes, rows.length, errorScale, draw),
    })
    const { decision } = compare({
      rows,
      champion: forecasts(1),
      challenger: forecasts(options.errorScale),
      baseline: forecasts(3),
      levels: LEVELS,
      frequency: 'week',
      horizon: HORIZON,
      policy: options.policy,
      sameModel: false,
    })
    if (decision.verdict === 'better') better += 1
  }
  return better / HISTORIES
}

/** How much of the champion's errors a challenger makes whose expected loss is `ratio` of its. */
function errorScaleFor(ratio: number): number {
  const { rows, volumes } = simulateSales(200, 2 * SERIES, drawsFrom(seededRandom(0)))
  const loss = (errorScale: number) => {
    const forecasts = simulateForecasts(volumes, 200, errorScale, drawsFrom(seededRandom(1)))
    return metrics(rows, forecasts, LEVELS).weightedQuantileLoss ?? Number.NaN
  }
  const target = ratio * loss(1)
  let low = 0
  let high = 1
  for (let step = 0; step < 8; step++) {
    const middle = (low + high) / 2
    if (loss(middle) < target) low = middle
    else high = middle
  }
  return high
}

type Draws = { normal: () => number; heavyTailed: () => number }

/** Standard normal draws (Box & Muller 1958), and Student t with 4 degrees at variance 1. */
function drawsFrom(random: Random): Draws {
  const uniform = () => 1 - random()
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * random())
  const heavyTailed = () => normal() / Math.sqrt(-Math.log(uniform() * uniform()))
  return { normal, heavyTailed }
}

function simulateSales(origins: number, series: number, draw: Draws) {
  const volumes = Array.from({ length: series }, () => Math.exp(WORLD.volume * draw.normal()))
  const shocks = persistent(origins, WORLD.originShock, draw)
  const products = volumes.map(
    (_, product): Series => ({
      productId: `${product}`,
      storeId: undefined,
      name: undefined,
      category: `${product % 8}`,
    }),
  )
  const rows = shocks.map(
    (shock, origin): OriginRows => ({
      day: (origin + 1) * HORIZON * 7 - 4,
      horizon: HORIZON,
      series: products,
      volumeClasses: volumes.map((volume) => (volume < 1 ? 'low' : 'high')),
      actual: Float64Array.from(
        { length: series * HORIZON },
        (_, row) =>
          volumes[Math.floor(row / HORIZON)] *
          Math.exp(shock + WORLD.rowShock * draw.heavyTailed()),
      ),
      naiveAbsoluteError: Float64Array.from(volumes),
      naiveSquaredError: Float64Array.from(volumes, (volume) => volume ** 2),
    }),
  )
  return { rows, volumes }
}

/** Forecasts of a model whose errors, on the logarithmic scale, are `errorScale` of the world's. */
function simulateForecasts(
  volumes: number[],
  origins: number,
  errorScale: number,
  draw: Draws,
): OriginForecast[] {
  const { modelError } = WORLD
  const spread = Math.hypot(WORLD.originShock, WORLD.rowShock)
  const bySeries = volumes.map(() => modelError.series * draw.normal())
  return persistent(origins, modelError.origin, draw).map((byOrigin) => {
    const mean = new Float64Array(volumes.length * HORIZON)
    volumes.forEach((volume, i) => {
      const ofCell = bySeries[i] + byOrigin + modelError.cell * draw.normal()
      for (let h = 0; h < HORIZON; h++) {
        const error = ofCell + modelError.row * draw.normal()
        mean[i * HORIZON + h] = volume * Math.exp(errorScale * error)
      }
    })
    const quantiles = Float64Array.from(
      { length: mean.length * LEVELS.length },
      (_, at) =>
        mean[Math.floor(at / LEVELS.length)] *
        Math.exp(spread * NORMAL_QUANTILES[at % LEVELS.length]),
    )
    return { mean, quantiles }
  })
}

/** A stationary autoregression of order 1. */
function persistent(length: number, deviation: number, draw: Draws): number[] {
  const values = [deviation * draw.normal()]
  while (values.length < length) {
    const innovation = deviation * Math.sqrt(1 - WORLD.persistence ** 2) * draw.normal()
    values.push(WORLD.persistence * values[values.length - 1] + innovation)
  }
  return values
}
