import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { backtestRecipe, type MadeForecast, scoredRows } from '../../src/evaluation/backtest.ts'
import type { Policy } from '../../src/evaluation/gate/policy.ts'
import { daysBeyond, simulateOrdering } from '../../src/evaluation/scoring/ordering-simulation.ts'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { type Recipe, readRecipe } from '../../src/forecasting/recipe.ts'
import { readOrdering } from '../../src/ordering/buying-terms.ts'
import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import { readSample } from '../read-sales.ts'
import { share } from './challengers.ts'

/**
 * How often the guardrail of the cost of ordering keeps out boosted trees that are only reseeded, and
 * simpler models, on the sample sales: by the estimate alone, and as the gate does it.
 */
export async function orderingCost(policy: Policy): Promise<void> {
  const project = resolve(import.meta.dirname, '../..')
  const totals = await readSample()
  const shipped = { ...(await readRecipe(`${project}/recipe.yml`)), horizon: HORIZON }
  const ordering = await readOrdering(project)
  const history = openHistory(totals, { cores: availableParallelism() })
  const rows = scoredRows(history, shipped, { origins: policy.origins, step: HORIZON })
  const made = async (changes: Partial<Recipe>) => {
    const recipe = { ...shipped, ...changes }
    return (await backtestRecipe(history, recipe, rows, { beyond: daysBeyond(ordering) })).made
  }
  const trees: MadeForecast[][][] = []
  for (const seed of SEEDS) trees.push(await made({ seed, families: { 'boosted-trees': {} } }))
  const limit = policy.guardrails.ordering?.maxCostIncrease ?? Number.POSITIVE_INFINITY
  const judge = (challenger: MadeForecast[][], champion: MadeForecast[][]) => {
    const { confidence } = policy
    const { frequency } = shipped
    const models = { challenger, champion, baseline: champion }
    const found = simulateOrdering({
      totals,
      history,
      ordering,
      rows,
      frequency,
      confidence,
      ...models,
    })
    if (found.outcome !== 'simulated' || !found.difference) throw new Error('nothing was simulated')
    const { estimate, low } = found.difference
    return { estimate, above: estimate > limit, keptOut: estimate > limit && low > 0 }
  }
  const pairs = trees.flatMap((one) =>
    trees.filter((other) => other !== one).map((other) => judge(one, other)),
  )
  const line = (name: string, all: ReturnType<typeof judge>[]) => [
    name,
    `${(100 * Math.min(...all.map(({ estimate }) => estimate))).toFixed(1)}% to ${(100 * Math.max(...all.map(({ estimate }) => estimate))).toFixed(1)}%`,
    share(all, ({ above }) => above),
    share(all, ({ keptOut }) => keptOut),
  ]
  const lines = [line('reseeded', pairs)]
  for (const family of SIMPLER) {
    const simpler = await made({ families: { [family]: {} } })
    lines.push(
      line(
        family,
        trees.map((champion) => judge(simpler, champion)),
      ),
    )
  }
  await history.close()
  console.log(
    `against boosted trees of ${SEEDS.length} seeds, ${policy.origins} origins of ${HORIZON} weeks:`,
  )
  console.log(
    alignedColumns({
      headers: ['Challenger', 'Costs more by', 'above the limit', 'kept out'],
      rows: lines,
    }),
  )
}

const HORIZON = 4
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]
const SIMPLER = ['theta', 'seasonal-naive', 'moving-average'] as const
