import { expect, it } from 'vitest'
import type { Frequency } from '../../../src/demand/calendar.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { familyNames } from '../../../src/forecasting/families/family.ts'
import { forecast, forecastSpan } from '../../../src/forecasting/model.ts'
import { totalsOf } from '../demand/totals.ts'
import { OPENING, recipeOf, shopSales } from './shop.ts'

const families = {
  ...Object.fromEntries(familyNames.map((name) => [name, {}])),
  'moving-average': { window: [4, 8] },
  'boosted-trees': { trees: 10 },
}

/** What a model says of the weeks to come, of a part of them, and of what it would have blended. */
async function said(frequency: Frequency, times: number) {
  const weeks = frequency === 'day' ? 10 : 30
  // One is launched two weeks before the end, and what is bought is gone by the evening now and then.
  const known = shopSales(weeks).filter(
    ({ product, day }) => product !== 'f' || Number(day) >= OPENING + 7 * (weeks - 2),
  )
  const entries = known.map((entry, index) => ({
    ...entry,
    sold: (entry.sold ?? 0) * times,
    bought: ((entry.sold ?? 0) + (index % 3)) * times,
    expired: (index % 3) * times,
    // What is paid for a tonne is not what is paid for a gram.
    price: (5 + ((index * 7919) % 997) / 9970) / times,
  }))
  const recipe = recipeOf({ frequency, horizon: 3, search: { origins: 3, step: 3 }, families })
  const history = openHistory(totalsOf(entries, { purchaseDate: true }))
  const { model, search } = await trainAsOf(history, recipe)
  const panel = history.panel(recipe)
  const found = forecast(model, panel)
  const next = OPENING + 7 * weeks
  const spans = forecastSpan(model, panel, found, next, next + 1)
  return {
    units: [
      ...found.mean,
      ...found.quantiles,
      ...spans.flatMap(({ mean, quantiles }) => [mean, ...quantiles]),
    ].map((units) => units / times),
    shares: search.candidates.flatMap(({ loss, weight }) => [loss, weight]),
  }
}

it.each<[Frequency, number]>([
  ['week', 1e-4],
  ['week', 1e6],
  ['day', 1e-4],
  ['day', 1e6],
])(
  'forecasts by the %s are the same in units of %d: tonnes for grams change nothing but the unit',
  async (frequency, times) => {
    const once = await said(frequency, 1)
    const scaled = await said(frequency, times)
    expect(once.units.some((units) => units > 1)).toBe(true)
    once.units.forEach((units, cell) => {
      expect(Math.abs(scaled.units[cell] - units)).toBeLessThanOrEqual(1e-6 * Math.max(1, units))
    })
    once.shares.forEach((share, index) => {
      expect(scaled.shares[index] ?? 0).toBeCloseTo(share ?? 0, 6)
    })
  },
)
