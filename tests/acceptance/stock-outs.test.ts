import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Day, dayFromIso } from '../../src/base/day.ts'
import { firstDay } from '../../src/demand/calendar.ts'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../src/evaluation/search/search.ts'
import { forecast } from '../../src/forecasting/model.ts'
import type { Recipe } from '../../src/forecasting/recipe.ts'
import type { DailyTotals } from '../../src/sales/totals/daily-totals.ts'
import { salesFiles } from '../../src/simulation/sales-files.ts'
import { SAMPLE_SEED } from '../../src/simulation/sample-data.ts'
import { type Simulation, simulate } from '../../src/simulation/simulate.ts'
import { validate } from '../../src/steps/data/validate.ts'
import { SAMPLE } from '../project.ts'
import { put, temporaryFolder } from '../repository.ts'

const HORIZON = 4

it('forecasts what customers wanted of empty shelves better than one who takes them for lack of interest', async () => {
  const simulation = simulate({
    seed: SAMPLE_SEED,
    firstDay: dayFromIso('2024-05-06')!,
    lastDay: dayFromIso('2026-05-03')!,
  })
  const totals = await totalsOf(simulation)
  const knowing = await errorInStockOutWeeks(simulation, totals, true)
  const blind = await errorInStockOutWeeks(simulation, totals, false)
  expect(knowing.weeks).toBeGreaterThan(300)
  expect(blind.weeks).toBe(knowing.weeks)
  expect(knowing.error).toBeLessThan(blind.error)
})

/** The sales as the pipeline reads them: it does not see the demand, only the files. */
async function totalsOf(simulation: Simulation): Promise<DailyTotals> {
  const folder = await temporaryFolder()
  const files = salesFiles(simulation, SAMPLE_SEED).map(({ name, text }) => [`sales/${name}`, text])
  await put(folder, Object.fromEntries(files))
  const result = await validate({
    dataFolder: folder,
    contractFile: join(SAMPLE, 'datapackage.json'),
    today: dayFromIso('2026-05-04')!,
  })
  if (result.outcome === 'invalid') throw new Error(JSON.stringify(result.report))
  return result.totals
}

/**
 * Mean absolute difference, in units, between forecast and true demand in the weeks in which
 * customers went away with nothing, over origins a horizon apart in the last year.
 */
async function errorInStockOutWeeks(
  simulation: Simulation,
  totals: DailyTotals,
  censoring: boolean,
) {
  const recipe: Recipe = {
    frequency: 'week',
    horizon: HORIZON,
    holidays: 'BR',
    censoring,
    seed: 1,
    search: { origins: 2, step: HORIZON },
    families: { 'exponential-smoothing': {}, 'moving-average': { window: [4, 8] } },
  }
  const history = openHistory(totals)
  const last = simulation.firstDay + simulation.days - 1
  let weeks = 0
  let error = 0
  for (let k = 12; k >= 1; k--) {
    const origin = last - 7 * HORIZON * k
    const { model } = await trainAsOf(history, recipe, origin)
    const made = forecast(model, history.panel(recipe, origin))
    made.series.forEach(({ productId }, i) => {
      for (let h = 0; h < HORIZON; h++) {
        const monday = firstDay('week', made.firstPeriod + h)
        const { wanted, missed } = weekOf(simulation, productId, monday)
        if (missed === 0) continue
        weeks += 1
        error += Math.abs(made.mean[i * HORIZON + h] - wanted)
      }
    })
  }
  return { weeks, error: error / weeks }
}

/** Units that customers wanted of a product in the week from a Monday on, and did not get. */
function weekOf(
  { products, firstDay, days, trueDemand, lostSales }: Simulation,
  id: string,
  monday: Day,
) {
  const row = products.findIndex((product) => String(product.id) === id)
  const from = row * days + monday - firstDay
  const sum = (values: Float64Array) =>
    values.subarray(from, from + 7).reduce((total, value) => total + value, 0)
  return { wanted: sum(trueDemand), missed: sum(lostSales) }
}
