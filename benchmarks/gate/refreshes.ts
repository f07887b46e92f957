import { join } from 'node:path'
import { evaluate } from '../../src/evaluation/evaluate.ts'
import { type History, openHistory } from '../../src/evaluation/history.ts'
import type { Policy } from '../../src/evaluation/policy.ts'
import { trainAsOf } from '../../src/evaluation/search.ts'
import type { Recipe } from '../../src/forecasting/recipe.ts'
import { readOrdering } from '../../src/ordering/buying-terms.ts'
import { type BreakingSales, breakingSales, OPENING } from './breaking-sales.ts'

/**
 * When production is refreshed. A model is trained once; from then on, every week, the same recipe is
 * trained on all sales until then and judged by the shipped policy, until it would be proposed.
 * Prints in how many histories that is within two horizons of a break, and in how many within a year
 * without one.
 */
export async function refreshes(policy: Policy): Promise<void> {
  const table: object[] = []
  for (const [recipe, families] of recipes) {
    for (const [scenario, changes] of scenarios) {
      const weeks = scenario === QUIET ? YEAR : 2 * HORIZON
      let proposed = 0
      for (let seed = 1; seed <= HISTORIES; seed++) {
        if (await isProposed({ policy, families, changes, weeks, seed })) proposed += 1
      }
      table.push({ recipe, scenario, weeks, histories: HISTORIES, proposed })
    }
  }
  console.table(table)
}

const repository = join(import.meta.dirname, '../..')
const PRODUCTS = 20
const TRAINED_ON = 110
/** Weeks from the training to the break. */
const BEFORE_BREAK = 6
const YEAR = 52
const HORIZON = 6
const HISTORIES = 12
const QUIET = 'nothing breaks'

const scenarios: [string, Partial<BreakingSales>][] = [
  ['sales halve', { factor: 0.5 }],
  ['sales rise by half', { factor: 1.5 }],
  ['30% of the products are new', { launched: Math.round((PRODUCTS * 0.3) / 0.7) }],
  [QUIET, {}],
]

const recipes: [string, Recipe['families']][] = [
  ['ridge', { ridge: { penalty: 10 } }],
  ['moving averages', { 'moving-average': { window: [4, 8] } }],
]

type Case = {
  policy: Policy
  families: Recipe['families']
  changes: Partial<BreakingSales>
  /** How many weeks after the break it may be. */
  weeks: number
  seed: number
}

async function isProposed({ policy, families, changes, weeks, seed }: Case): Promise<boolean> {
  const breaksIn = TRAINED_ON + (weeks === YEAR ? 0 : BEFORE_BREAK)
  const last = breaksIn + weeks
  const totals = breakingSales({ products: PRODUCTS, weeks: last, seed, breaksIn, ...changes })
  const all = openHistory(totals)
  const recipe: Recipe = {
    frequency: 'week',
    horizon: HORIZON,
    holidays: 'BR',
    censoring: true,
    seed: 1,
    search: { origins: 3, step: HORIZON },
    families,
  }
  const ordering = await readOrdering(repository)
  const trainedIn = async (week: number) => (await trainAsOf(all, recipe, OPENING + 7 * week)).model
  const champion = await trainedIn(TRAINED_ON)
  for (let week = breaksIn + 1; week <= last; week++) {
    const { decision } = await evaluate({
      totals,
      history: knownBy(all, OPENING + 7 * week),
      policy,
      ordering,
      challenger: await trainedIn(week),
      champion,
      sameModel: false,
    })
    if (decision.decision === 'promote') return true
  }
  return false
}

/** The history as it was known on a day. What was fitted for another day serves here too. */
function knownBy(all: History, today: number): History {
  return { ...all, fits: 0, panel: (view, day = today) => all.panel(view, Math.min(day, today)) }
}
