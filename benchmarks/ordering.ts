import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { backtestRecipe, scoredRows } from '../src/evaluation/backtest.ts'
import { readPolicy } from '../src/evaluation/gate/policy.ts'
import { daysBeyond, simulateOrdering } from '../src/evaluation/scoring/ordering-simulation.ts'
import { openHistory } from '../src/evaluation/search/history.ts'
import { baselineRecipe, type Recipe, readRecipe } from '../src/forecasting/recipe.ts'
import { readOrdering } from '../src/ordering/buying-terms.ts'
import { alignedColumns } from '../src/reporting/aligned-columns.ts'
import { orderingSentence, orderingTable } from '../src/reporting/ordering-table.ts'
import { policy } from './ordering/policy.ts'
import { readSample } from './read-sales.ts'

/**
 * What orders cost: by known distributions of the demand, against the best rules in hindsight, and by
 * the shipped recipe on the sample data. `-- --only policy` runs one of them.
 */
export async function run(options: string[]): Promise<void> {
  const only = options.includes('--only') ? options[options.indexOf('--only') + 1] : undefined
  for (const [name, part] of Object.entries({ policy, sample })) {
    if (only !== undefined && name !== only) continue
    console.log(`\n${name}`)
    await part()
  }
}

/**
 * What ordering by the shipped recipe comes to on the sample data, against what sold last period and
 * against the buyer of that chain: money, waste and service level over the origins of the policy. And
 * what the simulation costs, as a share of the backtest that it follows.
 */
async function sample(): Promise<void> {
  const project = resolve(import.meta.dirname, '..')
  const totals = await readSample()
  const recipe = await readRecipe(join(project, 'recipe.yml'))
  const {
    origins,
    step = recipe.horizon,
    confidence,
  } = await readPolicy(join(project, 'model-registry/policy.yml'))
  const ordering = await readOrdering(project)
  const history = openHistory(totals, { cores: availableParallelism() })
  const rows = scoredRows(history, recipe, { origins, step })
  const options = { beyond: daysBeyond(ordering) }
  const made = async (it: Recipe) => (await backtestRecipe(history, it, rows, options)).made
  const start = performance.now()
  const [challenger, baseline] = [await made(recipe), await made(baselineRecipe(recipe))]
  const backtested = performance.now()
  const { frequency } = recipe
  const input = { totals, history, ordering, rows, frequency, challenger, baseline, confidence }
  const result = simulateOrdering(input)
  const share = (performance.now() - backtested) / (backtested - start)
  console.log(orderingSentence(result, 'en'))
  console.log(alignedColumns(orderingTable({ ordering: result }, 'en')))
  await history.close()
  console.log(`The simulation took ${(100 * share).toFixed(0)}% of the time of the backtest.`)
}
