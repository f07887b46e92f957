import { civilFromDay, type Day, dayFromCivil, weekday } from '../../src/base/day.ts'
import { recipeFrom } from '../../src/forecasting/recipe.ts'
import { TotalsBuilder } from '../../src/sales/totals/totals-builder.ts'
import type { Dataset } from '../dataset.ts'
import { draws } from './draws.ts'
import { soldColumns } from './sold-columns.ts'

/**
 * 40 products of a Mexican chain by day, two years of them. Wages come on the 15th and on the last day
 * of the month (the quincena), or on the Friday before a weekend, and people buy more for three days.
 * On Christmas Day and New Year's Day all stores are closed; on the other holidays they are open and
 * sell more, as they do on the day before.
 */
export async function paydays(): Promise<Omit<Dataset, 'name'>> {
  const { normal, uniform, poisson } = draws(2)
  const builder = new TotalsBuilder(soldColumns)
  const first = dayFromCivil(2023, 1, 2)!
  for (let product = 0; product < 40; product++) {
    const level = Math.exp(2 + normal())
    const likesPaydays = 0.3 + 0.5 * uniform()
    const peak = 0.3 + 0.4 * uniform()
    for (let day = first; day < first + DAYS; day++) {
      const mean =
        level *
        (weekday(day) >= 5 ? 1 + peak : 1) *
        (1 + likesPaydays * afterPayday(day)) *
        holiday(day) *
        Math.exp(0.15 * normal())
      const sold = poisson(mean)
      if (sold === 0) continue
      const entry = builder.entry(builder.intern(`product ${100 + product}`), -1, day)
      builder.measures.offered[entry] = 1
      builder.measures.sold[entry] = sold
      builder.measures.categoryIndex[entry] = builder.intern(`category ${product % 4}`)
    }
  }
  return {
    totals: builder.finish(),
    recipe: recipeFrom({ frequency: 'day', horizon: 7, holidays: 'MX' }, 'paydays'),
    origins: 8,
  }
}

/** Until the end of January, so that the origins see Christmas, New Year and three paydays. */
const DAYS = 2 * 365 + 26

/** 1 on a payday, less on the two days after it. */
function afterPayday(day: Day): number {
  for (let since = 0; since < 3; since++) if (isPayday(day - since)) return [1, 0.8, 0.4][since]
  return 0
}

function isPayday(day: Day): boolean {
  if (weekday(day) >= 5) return false
  const isDue = (date: Day) =>
    civilFromDay(date).dayOfMonth === 15 || civilFromDay(date + 1).dayOfMonth === 1
  return isDue(day) || (weekday(day) === 4 && (isDue(day + 1) || isDue(day + 2)))
}

function holiday(day: Day): number {
  const of = (date: Day) => {
    const { month, dayOfMonth } = civilFromDay(date)
    return `${dayOfMonth}.${month}`
  }
  if (CLOSED.includes(of(day))) return 0
  if (OPEN.includes(of(day))) return 1.4
  return [...CLOSED, ...OPEN].includes(of(day + 1)) ? 1.3 : 1
}

const CLOSED = ['25.12', '1.1']
const OPEN = ['1.5', '16.9']
