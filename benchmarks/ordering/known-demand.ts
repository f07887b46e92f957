import { probit } from 'simple-statistics'
import { type Day, weekday } from '../../src/base/day.ts'
import type { Random } from '../../src/base/random.ts'
import { LEVELS } from '../../src/forecasting/levels.ts'
import type { Demand } from '../../src/ordering/demand-quantiles.ts'
import { negativeBinomial, poisson } from '../../src/simulation/draws.ts'

/** Demand whose distribution is known: independent days, each with a variance of `spread` × its mean. */
export type KnownDemand = {
  /** Units a day, of the mean week. */
  rate: number
  /** Variance over mean: 1 is Poisson, more a negative binomial. */
  spread: number
}

/** Units on so many days from day 0 on. */
export function drawDays({ rate, spread }: KnownDemand, days: number, random: Random) {
  return Float64Array.from({ length: days }, (_, day) => {
    const mean = rate * WEEK[weekday(day)]
    return spread > 1 ? negativeBinomial(random, mean, mean / (spread - 1)) : poisson(random, mean)
  })
}

/** A function that forecasts as a model does that knows the distribution: by quantiles at `LEVELS`. */
export function trueForecast(demand: KnownDemand): (from: Day, to: Day) => Demand {
  const known = new Map<number, Demand>()
  return (from, to) => {
    const key = weekday(from) + 7 * (to - from + 1)
    const found = known.get(key) ?? distribution(demand, expected(demand, from, to))
    known.set(key, found)
    return found
  }
}

/** Means of the days of a week, from Monday to Sunday, relative to their mean. */
const WEEK = [0.8, 0.8, 0.9, 1, 1.2, 1.5, 0.8]

function expected({ rate }: KnownDemand, from: Day, to: Day): number {
  let sum = 0
  for (let day = from; day <= to; day++) sum += rate * WEEK[weekday(day)]
  return sum
}

/** Of a total of such days, which is of the same kind; a normal one with its skewness where it is large. */
function distribution({ spread }: KnownDemand, mean: number): Demand {
  const quantiles = mean < LARGE ? countQuantiles(mean, spread) : largeQuantiles(mean, spread)
  return { mean, levels: LEVELS, quantiles }
}

const LARGE = 300

/** Between counts lines, as orders take them: fewer than n are asked for where it is below n − ½. */
function countQuantiles(mean: number, spread: number): number[] {
  const size = mean / (spread - 1)
  let probability = spread > 1 ? spread ** -size : Math.exp(-mean)
  let [count, below] = [0, probability]
  return LEVELS.map((level) => {
    while (below < level) {
      count++
      probability *= spread > 1 ? ((size + count - 1) / count) * (1 - 1 / spread) : mean / count
      below += probability
    }
    return Math.max(0, count + 0.5 - (below - level) / probability)
  })
}

function largeQuantiles(mean: number, spread: number): number[] {
  const deviation = Math.sqrt(mean * spread)
  const skewness = (2 * spread - 1) / deviation
  return LEVELS.map((level) => {
    const z = probit(level)
    return Math.max(0, mean + deviation * (z + (skewness * (z * z - 1)) / 6))
  })
}
