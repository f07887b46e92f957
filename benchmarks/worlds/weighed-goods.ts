import { civilFromDay, type Day, dayFromCivil, weekday } from '../../src/base/day.ts'
import { nameOfHoliday } from '../../src/demand/holidays.ts'
import { recipeFrom } from '../../src/forecasting/recipe.ts'
import { TotalsBuilder } from '../../src/sales/totals/totals-builder.ts'
import type { Dataset } from '../dataset.ts'
import { draws } from './draws.ts'
import { soldColumns } from './sold-columns.ts'

/** Two years of them. */
export const weighedGoods = () => weighed(730)

/** Nine months, when no season of a year can be told. */
export const weighedGoodsYoung = () => weighed(273)

/**
 * 60 products of a Brazilian greengrocer by day, by the kilogram. Sundays and holidays are closed, and
 * the day before sells more. Every customer weighs out some of it; how many come depends on the
 * product's weekdays, on paydays, on a price that moves and on weather that hits all alike. Levels
 * wander, and some products are not in season now.
 */
async function weighed(days: number): Promise<Omit<Dataset, 'name'>> {
  const { normal, uniform, poisson } = draws(11)
  const builder = new TotalsBuilder({ ...soldColumns, price: true })
  const first = dayFromCivil(2025, 6, 30)! - days
  const weather = Array.from({ length: days }, () => 0.12 * normal())
  for (let product = 0; product < 60; product++) {
    const basket = 0.15 * Math.exp(0.5 * normal())
    const usualPrice = 8 * Math.exp(0.5 * normal())
    const week = WEEK.map((share) => share * Math.exp(0.15 * normal()))
    const peak = 365 * uniform()
    const season = product % 3 === 0 ? 1 : 0.3
    const wages = 0.2 * uniform()
    let level = Math.exp(2 + 1.2 * normal()) / basket
    let moved = 0
    for (let day = first; day < first + days; day++) {
      if (weekday(day) === 0) level *= Math.exp(0.07 * normal())
      if (uniform() < 0.1) moved = 0.9 * moved + 0.12 * normal()
      const customers =
        level *
        week[weekday(day)] *
        Math.exp(season * Math.cos((2 * Math.PI * (day - peak)) / 365.25) - 1.2 * moved) *
        (1 + wages * afterWages(day)) *
        open(day) *
        Math.exp(weather[day - first] + 0.2 * normal())
      let kilograms = 0
      for (let left = poisson(customers); left > 0; left--) {
        kilograms += -basket * Math.log(uniform() * uniform()) * 0.5
      }
      if (kilograms === 0) continue
      const price = Math.round(100 * usualPrice * Math.exp(moved)) / 100
      const sold = Math.max(0.005, Math.round(200 * kilograms) / 200)
      const entry = builder.entry(builder.intern(`product ${100 + product}`), -1, day)
      const { measures } = builder
      measures.offered[entry] = 1
      measures.sold[entry] = sold
      measures.revenue[entry] = sold * price
      measures.pricedUnits[entry] = sold
      measures.categoryIndex[entry] = builder.intern(`category ${product % 5}`)
    }
  }
  return {
    totals: builder.finish(),
    recipe: recipeFrom({ frequency: 'day', horizon: 7, holidays: 'BR' }, 'weighed goods'),
    origins: 4,
  }
}

/** Monday to Sunday. */
const WEEK = [0.7, 0.8, 1, 0.9, 1.2, 1.6, 0]

/** Wages are paid by the fifth of the month. */
function afterWages(day: Day): number {
  let since = 0
  while (since < 6 && !isFifth(day - since)) since++
  return [1, 1, 0.8, 0.6, 0.4, 0.2, 0][since]
}

function isFifth(day: Day): boolean {
  return civilFromDay(day).dayOfMonth === 5
}

function open(day: Day): number {
  const isClosed = (date: Day) => nameOfHoliday('BR', date) !== undefined
  if (isClosed(day)) return 0
  return isClosed(day + 1) ? 1.4 : 1
}
