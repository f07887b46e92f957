import { availableParallelism } from 'node:os'
import { isActive } from '../src/demand/activity.ts'
import { firstDay } from '../src/demand/calendar.ts'
import { uncensoredUnits } from '../src/demand/demand-estimate.ts'
import type { Panel } from '../src/demand/panel.ts'
import { type BacktestedContender, backtestRecipe, scoredRows } from '../src/evaluation/backtest.ts'
import { metrics } from '../src/evaluation/scoring/origin-scores.ts'
import type { OriginRows } from '../src/evaluation/scoring/rows.ts'
import { openHistory } from '../src/evaluation/search/history.ts'
import { LEVELS } from '../src/forecasting/levels.ts'
import type { Recipe } from '../src/forecasting/recipe.ts'
import { alignedColumns } from '../src/reporting/aligned-columns.ts'
import { numbersIn } from '../src/reporting/texts/numbers.ts'
import { seriesId } from '../src/sales/totals/daily-totals.ts'
import { SAMPLE_SEED, sampleData } from '../src/simulation/sample-data.ts'
import type { Simulation } from '../src/simulation/simulate.ts'
import { readSample } from './read-sales.ts'

/**
 * How much of the bias of stock-outs their correction removes, on the sample data, whose simulation
 * knows what customers wanted: in the history that models learn from, in what they forecast with
 * `censoring: true` and `false`, and in what they are scored on.
 */
export async function run(): Promise<void> {
  const { simulation } = sampleData(SAMPLE_SEED)
  const totals = await readSample()
  const history = openHistory(totals, { cores: availableParallelism() })
  const panel = history.panel({ frequency: 'week', censoring: true })
  const demand = trueDemand(simulation, panel)
  console.log(historyText(panel, demand))
  const lines: string[][] = []
  for (const families of FAMILIES) {
    for (const censoring of [false, true]) {
      const recipe: Recipe = { ...RECIPE, families, censoring }
      const rows = scoredRows(history, recipe, { origins: 8, step: RECIPE.horizon })
      const made = await backtestRecipe(history, recipe, rows)
      lines.push([
        Object.keys(families).join(),
        censoring ? 'what could have been sold' : 'sales',
        ...scores(made, withActual(made, rows, panel, demand)),
        ...scores(made, rows),
        ...scores(made, withActual(made, rows, panel, stockedUnits(panel))),
      ])
    }
  }
  await history.close()
  console.log(alignedColumns({ headers: HEADERS, rows: lines }))
}

const RECIPE: Omit<Recipe, 'families' | 'censoring'> = {
  frequency: 'week',
  horizon: 8,
  holidays: 'BR',
  seed: 1,
  search: { origins: 2, step: 8 },
}

const FAMILIES: Recipe['families'][] = [
  { 'moving-average': { window: 8 } },
  { 'exponential-smoothing': {} },
  { ridge: { penalty: 10 } },
]

const HEADERS = [
  'Model',
  'Learnt from',
  'Bias in truth',
  'WAPE',
  'Bias as scored',
  'WAPE',
  'Bias where stocked',
  'WAPE',
]

/** n × T: what customers wanted in each week; NaN where the simulation does not cover it. */
function trueDemand({ products, firstDay: opening, days, trueDemand }: Simulation, panel: Panel) {
  const rowOf = new Map(products.map(({ id }, row) => [String(id), row]))
  return Float64Array.from(panel.units, (_, cell) => {
    const row = rowOf.get(panel.series[Math.floor(cell / panel.periods)].productId)
    const monday = firstDay('week', panel.firstPeriod + (cell % panel.periods)) - opening
    if (row === undefined || monday < 0 || monday + 7 > days) return Number.NaN
    const from = row * days + monday
    return trueDemand.subarray(from, from + 7).reduce((sum, units) => sum + units, 0)
  })
}

/** Units sold in weeks that had stock throughout. */
function stockedUnits({ units, stockedShare }: Panel): Float64Array {
  return units.map((sold, cell) => (stockedShare[cell] === 1 ? sold : Number.NaN))
}

function historyText(panel: Panel, demand: Float64Array): string {
  const corrected = uncensoredUnits(panel)
  const share = (of: Float64Array, keep: (cell: number) => boolean) => {
    const sum = (values: Float64Array) =>
      values.reduce((all, value, cell) => (keep(cell) ? all + value : all), 0)
    return numbersIn.en.signedPercent(sum(of) / sum(demand) - 1)
  }
  const isTrue = (cell: number) => !Number.isNaN(demand[cell] + panel.units[cell])
  const isKnown = (cell: number) => isTrue(cell) && !Number.isNaN(corrected[cell])
  const ranOut = (cell: number) => isKnown(cell) && panel.stockedShare[cell] < 1
  return [
    `Bias of the history against the demand of ${panel.series.length} products in ${panel.periods} weeks:`,
    `  sales, all weeks: ${share(panel.units, isTrue)}`,
    `  sales, weeks of known demand: ${share(panel.units, isKnown)}; corrected: ${share(corrected, isKnown)}`,
    `  sales, those of them in which stock ran out: ${share(panel.units, ranOut)}; corrected: ${share(corrected, ranOut)}\n`,
  ].join('\n')
}

/** The rows with another truth, n × T over the panel, for every series that sold at the origin. */
function withActual(
  { made }: BacktestedContender,
  rows: OriginRows[],
  panel: Panel,
  truth: Float64Array,
): OriginRows[] {
  const rowOf = new Map(panel.series.map((series, row) => [seriesId(series), row]))
  return rows.map((origin, k) => {
    const [{ panel: known, forecast }] = made[k]
    const actual = origin.actual.map((_, cell) => {
      const i = Math.floor(cell / origin.horizon)
      const row = rowOf.get(seriesId(origin.series[i]))
      if (row === undefined || !isActive(known, i)) return Number.NaN
      const period = forecast.firstPeriod + (cell % origin.horizon)
      return truth[row * panel.periods + period - panel.firstPeriod]
    })
    return { ...origin, actual }
  })
}

function scores({ forecasts }: BacktestedContender, rows: OriginRows[]): string[] {
  const { bias = Number.NaN, wape = Number.NaN } = metrics(rows, forecasts, LEVELS)
  return [numbersIn.en.signedPercent(bias), `${(100 * wape).toFixed(1)}%`]
}
