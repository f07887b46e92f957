import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type BreakingSales, breakingSales, OPENING } from '../../benchmarks/gate/breaking-sales.ts'
import { evaluate } from '../../src/evaluation/gate/evaluate.ts'
import type { Evaluation } from '../../src/evaluation/gate/evaluation.ts'
import { readPolicy } from '../../src/evaluation/gate/policy.ts'
import { type History, openHistory } from '../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../src/evaluation/search/search.ts'
import { readOrdering } from '../../src/ordering/buying-terms.ts'
import { totalsAsOf } from '../../src/sales/totals/known-totals.ts'
import { REPOSITORY } from '../project.ts'
import { recipeOf } from '../unit/evaluation/shop.ts'

const HORIZON = 6
const TRAINED = 60
const recipe = recipeOf({
  horizon: HORIZON,
  search: { origins: 3, step: HORIZON },
  families: { ridge: { penalty: 10 } },
})
const policy = await readPolicy(join(REPOSITORY, 'model-registry/policy.yml'))
const ordering = await readOrdering(REPOSITORY)

describe('a model in production is', () => {
  it.each<[string, Partial<BreakingSales>]>([
    ['sales halve', { factor: 0.5 }],
    ['30% of the products are new', { launched: 9 }],
  ])('refreshed within two horizons after %s', async (_, changes) => {
    const breaksIn = TRAINED + 6
    const proposed = await firstProposed({ ...changes, breaksIn }, [
      breaksIn + HORIZON,
      breaksIn + 2 * HORIZON,
    ])
    expect(proposed?.evaluation.challenge?.kind).toBe('refresh')
  })

  it('left alone for half a year in which nothing breaks', async () => {
    expect(await firstProposed({}, [TRAINED + 2, TRAINED + 26], 4)).toBeUndefined()
  })
})

it('a refresh is judged by what was known on its day: later sales change nothing', async () => {
  const breaksIn = TRAINED + 6
  const totals = breakingSales({ products: 20, weeks: breaksIn + 12, seed: 2, breaksIn, factor: 3 })
  const today = OPENING + 7 * (breaksIn + 2)
  const then = totalsAsOf(totals, today)
  expect(await judged(totals, openHistory(totals, { asOf: today }), breaksIn + 2)).toEqual(
    await judged(then, openHistory(then), breaksIn + 2),
  )
})

type Totals = ReturnType<typeof breakingSales>

/** The first of these weeks, counted from the opening, in which the recipe is proposed again. */
async function firstProposed(
  changes: Partial<BreakingSales>,
  [first, last]: [number, number],
  every = 1,
): Promise<{ week: number; evaluation: Evaluation } | undefined> {
  const totals = breakingSales({ products: 20, weeks: last, seed: 1, ...changes })
  const all = openHistory(totals)
  for (let week = first; week <= last; week += every) {
    const today = OPENING + 7 * week
    const panel: History['panel'] = (view, day = today) => all.panel(view, Math.min(day, today))
    const evaluation = await judged(totals, { ...all, fits: 0, panel }, week)
    if (evaluation.decision.decision === 'promote') return { week, evaluation }
  }
  return undefined
}

async function judged(totals: Totals, history: History, week: number): Promise<Evaluation> {
  const trained = async (weeks: number) =>
    (await trainAsOf(history, recipe, OPENING + 7 * weeks)).model
  const [challenger, champion] = [await trained(week), await trained(TRAINED)]
  const contest = { totals, history, policy, ordering, challenger, champion, sameModel: false }
  return await evaluate(contest)
}
