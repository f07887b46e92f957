import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { openHistory } from '../src/evaluation/search/history.ts'
import { trainAsOf } from '../src/evaluation/search/search.ts'
import { modelName } from '../src/forecasting/model.ts'
import { readRecipe } from '../src/forecasting/recipe.ts'
import { readOrdering } from '../src/ordering/buying-terms.ts'
import { openForecaster } from '../src/ordering/forecaster-of-model.ts'
import { lastSaleDay } from '../src/sales/totals/daily-totals.ts'
import { readSample } from './read-sales.ts'

/**
 * What asking a forecaster costs, with the blend that the shipped recipe makes of the sample data:
 * 10,000 questions about a product's days, up to 150 days ahead, and as many about its order, against
 * opening it and forecasting every product once. The first question of each kind is among them, which
 * makes the forecast that the others use.
 */
export async function run(): Promise<void> {
  const project = resolve(import.meta.dirname, '..')
  const totals = await readSample()
  const history = openHistory(totals, { cores: availableParallelism() })
  const { model } = await trainAsOf(history, await readRecipe(join(project, 'recipe.yml')))
  await history.close()
  const ordering = await readOrdering(project)
  const start = performance.now()
  const forecaster = openForecaster({ model, totals })
  const all = forecaster.all()
  const opening = performance.now() - start
  const products = [...new Set(all.map(({ productId }) => productId))]
  console.log(
    `${modelName(model)}: opened, and ${products.length} products forecast, in ${opening.toFixed(0)} ms`,
  )
  const tomorrow = (lastSaleDay(totals) ?? 0) + 1
  const ask = (what: string, question: (productId: string, index: number) => void) => {
    const start = performance.now()
    for (let index = 0; index < QUESTIONS; index++) {
      question(products[index % products.length], index)
    }
    const took = performance.now() - start
    console.log(
      `${QUESTIONS} questions about ${what}: ${took.toFixed(0)} ms, ${(took / opening).toFixed(2)} × that`,
    )
  }
  ask('days', (productId, index) => {
    const from = tomorrow + ((7919 * index) % 120)
    forecaster.span({ productId, from, to: from + (index % 31) })
  })
  ask('an order', (productId) => forecaster.order(ordering, { productId }))
}

const QUESTIONS = 10_000
