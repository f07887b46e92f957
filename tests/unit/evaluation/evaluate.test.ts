import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { breakingSales } from '../../../benchmarks/gate/breaking-sales.ts'
import { UserError } from '../../../src/base/errors.ts'
import { evaluate } from '../../../src/evaluation/gate/evaluate.ts'
import { standingAgainst } from '../../../src/evaluation/gate/pending.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
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
    expect(await standingAgainst({ ...contest, sameModel: false })).toBeUndefined()
    const known = { ...contest, champion: challenger, sameModel: false }
    expect(await standingAgainst(known)).toMatchObject({ verdict: 'not distinguishable' })
  })
})
