import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { breakingSales } from '../../../benchmarks/gate/breaking-sales.ts'
import { dayFromIso } from '../../../src/base/day.ts'
import { UserError } from '../../../src/base/errors.ts'
import { backtest, evaluate } from '../../../src/evaluation/gate/evaluate.ts'
import { standingBy } from '../../../src/evaluation/gate/pending.ts'
import { type History, openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { baselineRecipe } from '../../../src/forecasting/recipe.ts'
import { readOrdering } from '../../../src/ordering/buying-terms.ts'
import { totalsOf } from '../demand/totals.ts'
import { barePolicy } from './examples.ts'
import { recipeOf, shopSales } from './shop.ts'

describe('a model of days, where the sales have become totals of weeks,', async () => {
  const daily = openHistory(totalsOf(shopSales(20)))
  const { model: champion } = await trainAsOf(daily, recipeOf({ frequency: 'day', horizon: 7 }))
  const totals = breakingSales({ products: 4, weeks: 60, seed: 1 })
  const history = openHistory(totals)
  const { model: challenger } = await trainAsOf(history, recipeOf())
  const ordering = await readOrdering(join(import.meta.dirname, '../../..'))
  const contest = { totals, history, policy: barePolicy, ordering, challenger, champion }

  test('in production is what is named, since the recipe is right', async () => {
    const judged = evaluate({ ...contest, sameModel: false })
    await expect(judged).rejects.toThrow(UserError)
    await expect(judged).rejects.toThrow(
      /^the model that the challenger is compared with cannot forecast these sales: .*the frequency is day\n {2}Keep sales as /,
    )
  })

  test('waiting for review does not keep the challenger from being judged', async () => {
    expect(await standingBy(() => evaluate({ ...contest, sameModel: false }))).toBeUndefined()
    const known = { ...contest, champion: challenger, sameModel: false }
    const standing = await standingBy(() => evaluate(known))
    expect(standing).toMatchObject({ verdict: 'not distinguishable' })
  })
})

describe('a champion whose recipe is the baseline', async () => {
  const totals = totalsOf(shopSales(40))
  const history = openHistory(totals)
  const asked: string[] = []
  const watched: History = {
    ...history,
    fit: (recipe, candidate, day) => {
      asked.push(candidate.name)
      return history.fit(recipe, candidate, day)
    },
  }
  const { model: challenger } = await trainAsOf(history, recipeOf())
  const { model: champion } = await trainAsOf(history, baselineRecipe(recipeOf()))
  const ordering = await readOrdering(join(import.meta.dirname, '../../..'))
  const contest = { totals, policy: barePolicy, ordering, challenger, sameModel: false }

  test('is judged as the baseline is, without being fitted and backtested once more', async () => {
    await backtest({ ...contest, history: watched })
    const without = asked.splice(0).sort()
    const judged = await backtest({ ...contest, history: watched, champion })
    expect(asked.sort()).toEqual(without)
    expect(judged.champion).toMatchObject({ model: 'seasonal-naive' })
    expect(judged.champion?.forecasts).toEqual(judged.baseline.forecasts)
  })

  test('is judged as deployed on the origins since it was trained', async () => {
    const { model: older } = await trainAsOf(
      history,
      baselineRecipe(recipeOf()),
      dayFromIso(champion.trainedThrough)! - 140,
    )
    const judged = await backtest({ ...contest, history, champion: older })
    expect(judged.champion?.chosen).toContain('as deployed')
  })
})
