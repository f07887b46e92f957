import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Frequency } from '../src/demand/calendar.ts'
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
import { type LaunchTraits, lastDayBefore, launchesOf } from './worlds/launches.ts'

/**
 * How well products are forecast that were launched after the training, once 1, 4, 12 and 24 weeks of
 * theirs are known: without the first week, by the model as deployed, and by one that was trained
 * again; and beside them the established products, by the model that was trained again. On
 * simulated chains (`worlds/launches.ts`) of several kinds, by a blend of exponential smoothing and
 * ridge; `--only NAME,…` takes some of the kinds.
 */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({ args: argv, options: { only: { type: 'string' } } })
  const only = values.only?.split(',') ?? Object.keys(KINDS)
  for (const name of only) {
    const kind = KINDS[name]
    if (!kind) throw new RangeError(`--only must be some of ${Object.keys(KINDS).join(', ')}`)
    const scores = new Map<string, OriginScores[]>()
    for (let seed = 1; seed <= kind.worlds; seed++) {
      for (const [row, found] of await scoreWorld(kind, seed)) {
        scores.set(row, [...(scores.get(row) ?? []), found])
      }
    }
    const rows = [...scores].map(([row, ofWorlds]) => [row, ...cells(ofWorlds)])
    console.log(`\n${name}\n${alignedColumns({ headers: HEADERS, rows })}`)
  }
}

type Kind = Omit<LaunchTraits, 'seed'> & {
  frequency: Frequency
  horizon: number
  worlds: number
}

const weekly = { frequency: 'week', horizon: 4, worlds: 4 } as const
const NOTHING = { opening: 1, settling: 28, isTold: false }

const KINDS: Record<string, Kind> = {
  plain: { ...weekly, ...NOTHING },
  told: { ...weekly, ...NOTHING, isTold: true },
  novelty: { ...weekly, ...NOTHING, opening: 2.5 },
  slow: { ...weekly, ...NOTHING, opening: 0.3 },
  days: { ...NOTHING, opening: 2.5, frequency: 'day', horizon: 7, worlds: 1 },
  months: { ...NOTHING, opening: 2.5, frequency: 'month', horizon: 1, worlds: 4 },
}
const AGES = [1, 4, 12, 24]
const HEADERS = ['', 'WAPE', 'bias', 'quantile loss', 'coverage 80%', 'coverage 95%']

/** By what is scored, in the order of the table. */
async function scoreWorld(kind: Kind, seed: number): Promise<Map<string, OriginScores>> {
  const { frequency, horizon } = kind
  const recipe = recipeFrom(
    { frequency, horizon, families: { 'exponential-smoothing': {}, ridge: {} } },
    'recipe.yml',
  )
  const history = openHistory(launchesOf({ ...kind, seed }), { cores: availableParallelism() })
  const deployed = await trainedAfter(history, recipe, 0)
  const scores = new Map<string, OriginScores>()
  for (const age of AGES) {
    const panel = history.panel(recipe, lastDayBefore + 7 * age)
    const all = originRows(panel, history.panel(recipe), horizon)
    const [launched, established] = [true, false].map((isNew) => rowsOf(all, isNew))
    if (!launched.actual.some((units) => units >= 0)) continue
    const refit = await trainedAfter(history, recipe, age)
    const add = (name: string, rows: OriginRows, model: Model, of: Panel) =>
      scores.set(
        `${age} ${age === 1 ? 'week' : 'weeks'}: ${name}`,
        scoreOrigins([rows], [forecastOf(model, of)], LEVELS),
      )
    if (age === AGES[0]) add('without it', launched, deployed, withoutLaunched(panel))
    add('as deployed', launched, deployed, panel)
    add('trained again', launched, refit, panel)
    add('established', established, refit, panel)
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

async function trainedAfter(history: History, recipe: Recipe, weeks: number): Promise<Model> {
  return (await trainAsOf(history, recipe, lastDayBefore + 7 * weeks)).model
}

function forecastOf(model: Model, panel: Panel): OriginForecast {
  const { mean, quantiles } = forecast(model, panel)
  return { mean, quantiles }
}

const isLaunched = ({ productId }: { productId: string }) => productId.startsWith('new')

function rowsOf(rows: OriginRows, isNew: boolean): OriginRows {
  const actual = rows.actual.map((units, cell) =>
    isLaunched(rows.series[Math.floor(cell / rows.horizon)]) === isNew ? units : Number.NaN,
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
