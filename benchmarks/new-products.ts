import { availableParallelism } from 'node:os'
import { type Day, dayFromIso, weekday } from '../src/base/day.ts'
import { type Random, seededRandom } from '../src/base/random.ts'
import type { Panel } from '../src/demand/panel.ts'
import { originRows } from '../src/evaluation/scoring/origin-rows.ts'
import {
  metricsOfCells,
  type OriginScores,
  scoreOrigins,
} from '../src/evaluation/scoring/origin-scores.ts'
import type { OriginForecast, OriginRows } from '../src/evaluation/scoring/rows.ts'
import { type History, openHistory } from '../src/evaluation/search/history.ts'
import { trainAsOf } from '../src/evaluation/search/search.ts'
import { LEVELS } from '../src/forecasting/levels.ts'
import { forecast, type Model } from '../src/forecasting/model.ts'
import { type Recipe, recipeFrom } from '../src/forecasting/recipe.ts'
import { alignedColumns } from '../src/reporting/aligned-columns.ts'
import type { DailyTotals } from '../src/sales/totals/daily-totals.ts'
import { TotalsBuilder } from '../src/sales/totals/totals-builder.ts'

/**
 * How well products are forecast that were launched after the training, once 1, 4 and 12 weeks of
 * theirs are known: by the model as deployed, by one that was trained again, and from their category
 * alone, as without sales of their own. On simulated chains of 120 products and 40 new ones; scored
 * are the new ones, 4 weeks ahead, forecast by a blend of exponential smoothing and ridge.
 */
export async function run(): Promise<void> {
  const scores = new Map<string, OriginScores[]>()
  for (let seed = 1; seed <= WORLDS; seed++) {
    for (const [name, found] of await scoreWorld(seed)) {
      scores.set(name, [...(scores.get(name) ?? []), found])
    }
  }
  const rows = [...scores].map(([name, ofWorlds]) => [name, ...cells(ofWorlds)])
  console.log(alignedColumns({ headers: HEADERS, rows }))
}

const WORLDS = 6
const ESTABLISHED = 120
const LAUNCHED = 40
const CATEGORIES = 4
const WEEKS_BEFORE = 80
const AGES = [1, 4, 12]
const HORIZON = 4
const OPENING = dayFromIso('2024-01-01')!
const SHOPPING_WEEK = [0.85, 0.85, 0.9, 0.95, 1.2, 1.4, 0.85]
const HEADERS = ['', 'WAPE', 'bias', 'quantile loss', 'coverage 80%', 'coverage 95%']

const RECIPE: Recipe = recipeFrom(
  {
    frequency: 'week',
    horizon: HORIZON,
    families: { 'exponential-smoothing': {}, ridge: {} },
  },
  'recipe.yml',
)

/** By what is scored, in the order of the table. */
async function scoreWorld(seed: number): Promise<Map<string, OriginScores>> {
  const history = openHistory(worldOf(seededRandom(seed)), { cores: availableParallelism() })
  const deployed = await trainedAfter(history, WEEKS_BEFORE)
  const scores = new Map<string, OriginScores>()
  for (const age of AGES) {
    const origin = lastDayOf(WEEKS_BEFORE + age)
    const panel = history.panel(RECIPE, origin)
    const rows = rowsOfLaunched(originRows(panel, history.panel(RECIPE), HORIZON))
    const scored = (model: Model, of: Panel) =>
      scoreOrigins([rows], [forecastOf(model, of)], LEVELS)
    const weeks = age === 1 ? '1 week' : `${age} weeks`
    scores.set(`${weeks}: from the category`, scored(deployed, withoutLaunched(panel)))
    scores.set(`${weeks}: as deployed`, scored(deployed, panel))
    const refit = await trainedAfter(history, WEEKS_BEFORE + age)
    scores.set(`${weeks}: trained again`, scored(refit, panel))
  }
  await history.close()
  return scores
}

function cells(scores: OriginScores[]): string[] {
  const { wape, bias, weightedQuantileLoss, coverage80, coverage95 } = metricsOfCells({
    cells: scores.flatMap((it) => it.cells),
    numerators: Float64Array.from(scores.flatMap((it) => [...it.numerators])),
    denominators: Float64Array.from(scores.flatMap((it) => [...it.denominators])),
  })
  return [wape, bias, weightedQuantileLoss, coverage80, coverage95].map((value) =>
    value === undefined ? '–' : (value * 100).toFixed(1),
  )
}

async function trainedAfter(history: History, weeks: number): Promise<Model> {
  return (await trainAsOf(history, RECIPE, lastDayOf(weeks))).model
}

function lastDayOf(weeks: number): Day {
  return OPENING + 7 * weeks - 1
}

function forecastOf(model: Model, panel: Panel): OriginForecast {
  const { mean, quantiles } = forecast(model, panel)
  return { mean, quantiles }
}

const isLaunched = ({ productId }: { productId: string }) => productId.startsWith('new')

function rowsOfLaunched(rows: OriginRows): OriginRows {
  const actual = rows.actual.map((units, cell) =>
    isLaunched(rows.series[Math.floor(cell / HORIZON)]) ? units : Number.NaN,
  )
  return { ...rows, actual }
}

/** The panel as if the launched products were still to come. */
function withoutLaunched(panel: Panel): Panel {
  const units = panel.units.map((sold, cell) =>
    isLaunched(panel.series[Math.floor(cell / panel.periods)]) ? Number.NaN : sold,
  )
  return { ...panel, units }
}

/**
 * Sales by day. What products of a category sell differs by a factor of e in either direction in a
 * third of the cases; each wanders from week to week, and follows the season of its category. The
 * new ones are launched on some day of the first week after `WEEKS_BEFORE`.
 */
function worldOf(random: Random): DailyTotals {
  const builder = new TotalsBuilder({
    purchaseDate: false,
    expiryDate: false,
    stock: false,
    cost: false,
    price: true,
    category: true,
  })
  const days = 7 * (WEEKS_BEFORE + Math.max(...AGES) + HORIZON)
  const peaks = Array.from({ length: CATEGORIES }, () => 365 * random())
  for (let product = 0; product < ESTABLISHED + LAUNCHED; product++) {
    const isNew = product >= ESTABLISHED
    const category = product % CATEGORIES
    const id = builder.intern(`${isNew ? 'new' : 'old'} ${product}`)
    const price = 4 * Math.exp(0.6 * normal(random))
    let level = (6 * (1 + category) * Math.exp(0.9 * normal(random))) / Math.sqrt(price)
    const start = isNew ? 7 * WEEKS_BEFORE + Math.floor(7 * random()) : 0
    for (let day = start; day < days; day++) {
      if (day % 7 === 0) level *= Math.exp(0.08 * normal(random))
      const season = 1 + 0.4 * Math.cos((2 * Math.PI * (day - peaks[category])) / 365.25)
      const share = SHOPPING_WEEK[weekday(OPENING + day)] / 7
      const units = poisson(level * season * share, random)
      const entry = builder.entry(id, -1, OPENING + day)
      const { measures } = builder
      measures.offered[entry] = 1
      measures.sold[entry] = units
      measures.revenue[entry] = units * price
      measures.pricedUnits[entry] = units
      measures.categoryIndex[entry] = builder.intern(`category ${category}`)
    }
  }
  return builder.finish()
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** By the product of uniform draws (Knuth 1969), in parts where one product would vanish. */
function poisson(expected: number, random: Random): number {
  if (expected > 100) return poisson(expected / 2, random) + poisson(expected / 2, random)
  const limit = Math.exp(-expected)
  let events = -1
  for (let product = 1; product > limit; product *= random()) events++
  return events
}
