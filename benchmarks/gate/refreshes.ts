import { join } from 'node:path'
import { backtestChampion, backtestRecipe } from '../../src/evaluation/backtest.ts'
import { evaluate } from '../../src/evaluation/gate/evaluate.ts'
import type { Policy } from '../../src/evaluation/gate/policy.ts'
import { originRows } from '../../src/evaluation/scoring/origin-rows.ts'
import { metrics } from '../../src/evaluation/scoring/origin-scores.ts'
import { type History, openHistory, panelsAt } from '../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../src/evaluation/search/search.ts'
import { LEVELS } from '../../src/forecasting/levels.ts'
import type { Model } from '../../src/forecasting/model.ts'
import type { Recipe } from '../../src/forecasting/recipe.ts'
import { readOrdering } from '../../src/ordering/buying-terms.ts'
import { type BreakingSales, breakingSales, OPENING } from './breaking-sales.ts'

/**
 * When production is refreshed. A model is trained once; from then on, every week, the same recipe is
 * trained on all sales until then and judged by the shipped policy, until it would be proposed: for
 * two horizons after a break, and for a year without one. A refresh is needed where the recipe,
 * trained every week, loses at least `refresh.gain` less in those weeks than the artifact does, by
 * what was sold in the horizon after each of them.
 */
export async function refreshes(policy: Policy): Promise<void> {
  const table: object[] = []
  for (const [recipe, families] of recipes) {
    for (const [scenario, changes] of scenarios) {
      const weeks = scenario === QUIET ? YEAR : 2 * HORIZON
      const found: Refreshed[] = []
      for (let seed = 1; seed <= HISTORIES; seed++) {
        found.push(await refreshed({ policy, families, changes, weeks, seed }))
      }
      const needed = found.filter(({ gain }) => gain >= policy.refresh.gain)
      const others = found.filter(({ gain }) => gain < policy.refresh.gain)
      table.push({
        recipe,
        scenario,
        weeks,
        needed: needed.length,
        'needed, and proposed': needed.filter(({ proposed }) => proposed).length,
        'not needed': others.length,
        'not needed, but proposed': others.filter(({ proposed }) => proposed).length,
      })
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
  ['sales fall by a tenth every week', { perWeek: 0.9 }],
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

type Refreshed = {
  /** How much less the recipe loses than the artifact, as a share. */
  gain: number
  proposed: boolean
}

async function refreshed({ policy, families, changes, weeks, seed }: Case): Promise<Refreshed> {
  const breaksIn = TRAINED_ON + (weeks === YEAR ? 0 : BEFORE_BREAK)
  const looks = Array.from({ length: weeks }, (_, week) => breaksIn + week + 1)
  const known = { products: PRODUCTS, weeks: looks.at(-1)! + HORIZON, seed, breaksIn, ...changes }
  const totals = breakingSales(known)
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
  const isProposed = async (week: number) => {
    const { decision } = await evaluate({
      totals,
      history: knownBy(all, OPENING + 7 * week),
      policy,
      ordering,
      challenger: await trainedIn(week),
      champion,
      sameModel: false,
    })
    return decision.decision === 'promote'
  }
  let proposed = false
  for (const week of looks) proposed ||= await isProposed(week)
  return { gain: await gainOf(all, recipe, champion, looks), proposed }
}

async function gainOf(
  all: History,
  recipe: Recipe,
  champion: Model,
  weeks: number[],
): Promise<number> {
  const view = { frequency: recipe.frequency, censoring: true }
  const days = weeks.map((week) => OPENING + 7 * week)
  const rows = panelsAt(all, view, days).map((then) => originRows(then, all.panel(view), HORIZON))
  const [refit, deployed] = await Promise.all([
    backtestRecipe(all, recipe, rows),
    backtestChampion(all, champion, rows, recipe.frequency),
  ])
  const [before, after] = [deployed, refit].map(
    ({ forecasts }) => metrics(rows, forecasts, LEVELS).weightedQuantileLoss!,
  )
  return 1 - after / before
}

/** The history as it was known on a day. What was fitted for another day serves here too. */
function knownBy(all: History, today: number): History {
  return { ...all, fits: 0, panel: (view, day = today) => all.panel(view, Math.min(day, today)) }
}
