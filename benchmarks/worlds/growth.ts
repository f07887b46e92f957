import { dayFromCivil } from '../../src/base/day.ts'
import { type Frequency, lastDay, periodOf } from '../../src/demand/calendar.ts'
import { recipeFrom } from '../../src/forecasting/recipe.ts'
import { TotalsBuilder } from '../../src/sales/totals/totals-builder.ts'
import type { Dataset } from '../dataset.ts'
import { draws } from './draws.ts'
import { soldColumns } from './sold-columns.ts'

/** What is known of a chain whose products all grow alike. */
type Growth = {
  frequency: Frequency
  periods: number
  products: number
  /** Of the logarithm of demand per period. */
  growth: number
  /** Standard deviation of the noise of a period, in logarithms. */
  noise: number
  /** Amplitude of a season of a year, 0 to 1. */
  season?: number
  /** Units a period of the product in the middle, halfway through. */
  level?: number
}

/** Growth of 0.4% a week and nothing else: every forecast that is off is off by its method. */
export const growthPure = () =>
  growing({ frequency: 'week', periods: 128, products: 3, growth: 0.004, noise: 0 })

/** The same with noise of a third. */
export const growthNoisy = () =>
  growing({ frequency: 'week', periods: 128, products: 20, growth: 0.004, noise: 0.3 })

/** After a year and a quarter, when season and growth are hard to tell apart. */
export const growthYoung = () =>
  growing({ frequency: 'week', periods: 92, products: 20, growth: 0.004, noise: 0.3 })

/** With a true season. */
export const growthSeason = () =>
  growing({ frequency: 'week', periods: 180, products: 20, growth: 0.004, noise: 0.3, season: 0.3 })

/** Five years of months that shrink by 1% each, with products that sell twice a month. */
export const shrinkingMonths = () =>
  growing({ frequency: 'month', periods: 60, products: 40, growth: -0.01, noise: 0.3, level: 2 })

/** Growth of 0.2% a day over three quarters of a year. */
export const growthDays = () =>
  growing({ frequency: 'day', periods: 270, products: 20, growth: 0.002, noise: 0.3 })

function growing(world: Growth): Promise<Omit<Dataset, 'name'>> {
  const { frequency, periods, products, growth, noise, season = 0, level = 100 } = world
  const { normal, poisson } = draws(5)
  const builder = new TotalsBuilder(soldColumns)
  const first = periodOf(frequency, dayFromCivil(2021, 1, 4)!)
  const year = { day: 365.25, week: 52.18, month: 12 }[frequency]
  for (let product = 0; product < products; product++) {
    const own = level * Math.exp(0.5 * normal())
    for (let period = 0; period < periods; period++) {
      const usual = own * Math.exp(growth * (period - periods / 2))
      const there = 1 + season * Math.cos((2 * Math.PI * period) / year)
      const entry = builder.entry(
        builder.intern(`product ${100 + product}`),
        -1,
        lastDay(frequency, first + period),
      )
      const mean = usual * there * Math.exp(noise * normal() - noise ** 2 / 2)
      builder.measures.offered[entry] = 1
      builder.measures.sold[entry] = noise > 0 ? poisson(mean) : mean
      builder.measures.categoryIndex[entry] = builder.intern(`category ${product % 2}`)
    }
  }
  const horizon = { day: 14, week: 8, month: 3 }[frequency]
  return Promise.resolve({
    totals: builder.finish(),
    recipe: recipeFrom({ frequency, horizon, search: { origins: 2 } }, 'recipe.yml'),
    origins: 3,
  })
}
