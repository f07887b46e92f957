import { type Day, dayFromIso, weekday } from '../../src/base/day.ts'
import { type Random, seededRandom } from '../../src/base/random.ts'
import type { DailyTotals } from '../../src/sales/totals/daily-totals.ts'
import { TotalsBuilder } from '../../src/sales/totals/totals-builder.ts'
import { soldColumns } from './sold-columns.ts'

/** What drives the demand of a simulated chain; what is left out is not there. */
export type Traits = {
  series: number
  weeks: number
  /** Units a day of the product in the middle, and the standard deviation of their logarithms. */
  level: number
  spread: number
  /** How far the weekdays of a product lie apart: the standard deviation of their logarithms. */
  weekdays?: number
  /** Amplitude of a season of a year, 0 to 1, that peaks at another time in every category. */
  season?: number
  /** Standard deviation of the steps of each product's own level from week to week, in logarithms. */
  wandering?: number
  /** The same of what hits all products alike, of which 0.8 is left a week later. */
  common?: number
  /** Chance a week that a product's level is halved or doubled from then on. */
  shifts?: number
  /** The week in which all of them are. */
  shiftOfAll?: number
  /** Variance of a day beside that of Poisson's distribution, relative to the squared mean. */
  overdispersion?: number
  /** Chance that somebody buys ten times the day's demand at once. */
  orders?: number
  /** Share of the products that are launched on some day of the last year. */
  launched?: number
}

export type SimulatedDemand = {
  totals: DailyTotals
  /** By product: the days on which its level moved, or all of its life began. */
  shifts: Map<string, Day[]>
  launches: Map<string, Day>
}

/** Sales of such a chain by day, from Monday 2022-01-03 on; there is always stock. */
export function dailyDemand(traits: Traits, seed = 1): SimulatedDemand {
  const { series, weeks, level, spread, season = 0, wandering = 0, common = 0 } = traits
  const { shifts: chance = 0, overdispersion = 0, orders = 0, launched = 0 } = traits
  const random = seededRandom(seed)
  const builder = new TotalsBuilder(soldColumns)
  const commonPath = shocks(weeks, common, random)
  const shifts = new Map<string, Day[]>()
  const launches = new Map<string, Day>()
  for (let product = 0; product < series; product++) {
    const id = `product ${product}`
    const category = `category ${product % CATEGORIES}`
    const interned = builder.intern(id)
    const profile = weekdayProfile(traits.weekdays ?? 0, random)
    let mean = level * Math.exp(spread * normal(random))
    const start = random() < launched ? 7 * (weeks - 52) + Math.floor(300 * random()) : 0
    if (start > 0) launches.set(id, OPENING + start)
    const moves: Day[] = []
    for (let day = 0; day < 7 * weeks; day++) {
      const week = Math.floor(day / 7)
      if (day % 7 === 0) {
        mean *= Math.exp(wandering * normal(random))
        const isMoved = random() < chance || week === traits.shiftOfAll
        if (isMoved) {
          mean *= random() < 0.5 ? 2 : 0.5
          moves.push(OPENING + day)
        }
      }
      const peak = (365 * (product % CATEGORIES)) / CATEGORIES
      const ofYear = 1 + season * Math.cos((2 * Math.PI * (day - peak)) / 365.25)
      const expected = mean * ofYear * profile[weekday(OPENING + day)] * Math.exp(commonPath[week])
      const large = random() < orders ? poisson(10 * expected, random) : 0
      const units = large + poisson(expected * multiplier(overdispersion, random), random)
      if (day < start) continue
      const entry = builder.entry(interned, -1, OPENING + day)
      const { measures } = builder
      measures.offered[entry] = 1
      measures.sold[entry] = units
      measures.categoryIndex[entry] = builder.intern(category)
    }
    shifts.set(id, moves)
  }
  return { totals: builder.finish(), shifts, launches }
}

const OPENING = dayFromIso('2022-01-03')!
const CATEGORIES = 4

function shocks(weeks: number, deviation: number, random: Random): Float64Array {
  let now = 0
  return Float64Array.from({ length: weeks }, () => {
    now = 0.8 * now + deviation * normal(random)
    return now
  })
}

/** Mean 1 over the week. */
function weekdayProfile(deviation: number, random: Random): number[] {
  const weights = Array.from({ length: 7 }, () => Math.exp(deviation * normal(random)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => (7 * weight) / sum)
}

/** Log-normal, with mean 1 and this variance. */
function multiplier(variance: number, random: Random): number {
  const sigma = Math.sqrt(Math.log1p(variance))
  return sigma === 0 ? 1 : Math.exp(sigma * normal(random) - sigma ** 2 / 2)
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** By the product of uniform draws (Knuth 1969); where that would be long, by a normal distribution. */
function poisson(expected: number, random: Random): number {
  if (expected > 60) {
    return Math.max(0, Math.round(expected + Math.sqrt(expected) * normal(random)))
  }
  const limit = Math.exp(-expected)
  let events = -1
  for (let product = 1; product > limit; product *= random()) events++
  return events
}
