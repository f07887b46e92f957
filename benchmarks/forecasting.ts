import { dayFromCivil } from '../src/base/day.ts'
import { type Random, seededRandom } from '../src/base/random.ts'
import { type Frequency, periodOf, season } from '../src/demand/calendar.ts'
import type { Panel } from '../src/demand/panel.ts'
import { families } from '../src/forecasting/families/families.ts'

/**
 * What fitting and forecasting cost, for each family, on 1,000 series × 156 weeks, ten weeks ahead:
 * milliseconds of CPU (the fastest of three runs), as a multiple of the seasonal naive model, and
 * against what the family estimates, which is what a search's budget is spent by.
 */
export function run(): void {
  const panel = simulatedPanel(1000, 156)
  console.log(`forecasting: ${panel.series.length} series × ${panel.periods} weeks`)
  let naive = 0
  for (const family of Object.values(families)) {
    const settings = Object.fromEntries(
      Object.entries(family.settings).map(([key, { default: value }]) => [key, value]),
    )
    const milliseconds = fastest(3, () => {
      // One of which nothing is remembered.
      const own = { ...panel }
      const context = { horizon: HORIZON, season: season(FREQUENCY), holidays: 'BR' }
      const parameters = family.fit(own, settings, { ...context, seed: 1 })
      family.forecast(own, HORIZON, parameters)
    })
    if (family.name === 'seasonal-naive') naive = milliseconds
    const multiple = (milliseconds / naive).toFixed(1)
    const shape = { series: panel.series.length, periods: panel.periods, horizon: HORIZON }
    const estimate = 1000 * family.cost(shape, settings)
    console.log(
      `${family.name}: ${milliseconds.toFixed(0)} ms, ${multiple} × seasonal naive; estimated ${estimate.toFixed(0)} ms`,
    )
  }
}

const FREQUENCY: Frequency = 'week'
const HORIZON = 10

function fastest(times: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY
  for (let time = 0; time < times; time++) {
    const start = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(start)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}

/** Seasonal, noisy sales in eight categories, of sizes from less than one a week to hundreds. */
function simulatedPanel(series: number, periods: number): Panel {
  const random = seededRandom(7)
  const units = new Float64Array(series * periods)
  for (let index = 0; index < series; index++) {
    const size = 500 ** random()
    for (let period = 0; period < periods; period++) {
      const expected = size * (1 + 0.5 * Math.sin((2 * Math.PI * period) / 52))
      units[index * periods + period] = Math.floor(expected * exponential(random) + random())
    }
  }
  return {
    frequency: FREQUENCY,
    series: Array.from({ length: series }, (_, index) => ({
      productId: String(index),
      storeId: undefined,
      name: undefined,
      category: `category ${index % 8}`,
    })),
    firstPeriod: periodOf(FREQUENCY, dayFromCivil(2023, 11, 6)!),
    periods,
    units,
    stockedShare: new Float64Array(series * periods).fill(1),
    firstShare: new Float64Array(series).fill(1),
    price: new Float64Array(series * periods).fill(10),
    weekdayShares: new Float64Array(series * 7).fill(1 / 7),
  }
}

function exponential(random: Random): number {
  return -Math.log(1 - random())
}
