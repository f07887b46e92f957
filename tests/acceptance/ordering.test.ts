import { join } from 'node:path'
import { expect, it } from 'vitest'
import { dayFromIso } from '../../src/base/day.ts'
import { backtestRecipe, scoredRows } from '../../src/evaluation/backtest.ts'
import { daysBeyond, simulateOrdering } from '../../src/evaluation/scoring/ordering-simulation.ts'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { baselineRecipe, type Recipe } from '../../src/forecasting/recipe.ts'
import { readOrdering } from '../../src/ordering/buying-terms.ts'
import { validate } from '../../src/steps/data/validate.ts'
import { REPOSITORY, SAMPLE, SAMPLE_ORDERING } from '../project.ts'

it('costs at least 15% less to order by the model than by what sold last period, and serves more customers', async () => {
  const contractFile = join(SAMPLE, 'datapackage.json')
  const today = dayFromIso('2026-11-01')!
  const sales = await validate({ dataFolder: SAMPLE, contractFile, today })
  if (sales.outcome === 'invalid') throw new Error(JSON.stringify(sales.report))
  const { totals } = sales
  const ordering = await readOrdering(REPOSITORY, SAMPLE_ORDERING)
  const history = openHistory(totals)
  const rows = scoredRows(history, recipe, { origins: 6, step: recipe.horizon })
  const options = { beyond: daysBeyond(ordering) }
  const made = async (tried: Recipe) => (await backtestRecipe(history, tried, rows, options)).made
  const result = simulateOrdering({
    totals,
    history,
    ordering,
    rows,
    frequency: recipe.frequency,
    challenger: await made(recipe),
    baseline: await made(baselineRecipe(recipe)),
    confidence: 0.95,
  })
  if (result.outcome !== 'simulated') throw new Error(result.reason)
  const { challenger, lastPeriod, buyer } = result
  expect(result.series).toBeGreaterThan(70)
  expect(challenger.cost).toBeLessThan(0.85 * lastPeriod.cost)
  expect(challenger.serviceLevel).toBeGreaterThanOrEqual(lastPeriod.serviceLevel ?? 1)
  expect(challenger.cost).toBeLessThan(buyer?.cost ?? 0)
  expect(challenger.serviceLevel).toBeGreaterThanOrEqual(buyer?.serviceLevel ?? 1)
})

const recipe: Recipe = {
  frequency: 'week',
  horizon: 10,
  holidays: 'BR',
  censoring: true,
  seed: 1,
  search: { origins: 2, step: 10 },
  families: { 'exponential-smoothing': {} },
}
