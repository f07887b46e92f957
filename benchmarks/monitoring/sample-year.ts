import { join, resolve } from 'node:path'
import { isoFromDay } from '../../src/base/day.ts'
import { endOf } from '../../src/demand/panel.ts'
import { backtestChampion, backtestRecipe } from '../../src/evaluation/backtest.ts'
import { evaluate } from '../../src/evaluation/gate/evaluate.ts'
import { readPolicy } from '../../src/evaluation/gate/policy.ts'
import { originRows } from '../../src/evaluation/scoring/origin-rows.ts'
import { metricsOfCells, scoreOrigins } from '../../src/evaluation/scoring/origin-scores.ts'
import type { OriginForecast } from '../../src/evaluation/scoring/rows.ts'
import { openHistory, panelsAt } from '../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../src/evaluation/search/search.ts'
import { LEVELS } from '../../src/forecasting/levels.ts'
import { baselineRecipe, readRecipe } from '../../src/forecasting/recipe.ts'
import { promiseFrom } from '../../src/monitoring/evidence/backtest-promise.ts'
import { blockStandings } from '../../src/monitoring/evidence/degradation.ts'
import { readOrdering } from '../../src/ordering/buying-terms.ts'
import { alignedColumns } from '../../src/reporting/aligned-columns.ts'
import { readSample } from '../read-sales.ts'
import { breakIn, WEEKLY } from './chains.ts'
import type { Promised } from './figures.ts'

/**
 * The sample sales without their last year: the shipped recipe makes a promise from them, and forecasts
 * every week of that year as it was trained, without ever being trained again.
 */
export async function sampleYear(): Promise<Promised[]> {
  const { promise, logRatios } = await sampleLogRatios()
  const { mean, spread, limit, origins, searched } = promise
  console.log(
    `promised from ${origins} origins, ${searched} of the search: mean ${mean.toFixed(2)}, spread ${spread.toFixed(2)}, limit ${limit.toFixed(2)}`,
  )
  console.log(`the year: ${described(logRatios)}`)
  const { monitoring } = await policyOf()
  const stood = (worse: number) => {
    const seen = logRatios.map((it, week) => it + (week >= breakIn(WEEKLY) ? worse : 0))
    return blockStandings(seen, promise, WEEKLY.blocksInYear, monitoring)
  }
  console.log(
    alignedColumns({
      headers: ['From week 20 on', 'Largest R', 'Largest E', 'Watch in week', 'Degraded in week'],
      rows: [1, 1.25, 1.5].map((factor) => {
        const all = stood(Math.log(factor))
        const weekOf = (level: string) => all.findIndex((it) => it.level === level) + 1 || 'none'
        return [
          factor === 1 ? 'as it was' : `${100 * (factor - 1)}% more lost`,
          Math.max(...all.map(({ evidence }) => evidence.r)).toFixed(1),
          Math.max(...all.map(({ evidence }) => evidence.e)).toFixed(1),
          `${weekOf('watch')}`,
          `${weekOf('degraded')}`,
        ]
      }),
    }),
  )
  return [
    {
      what: 'the sample chain has a year as promised',
      holds: stood(0).every(({ level }) => level === 'as promised'),
    },
  ]
}

const project = resolve(import.meta.dirname, '../..')

function policyOf() {
  return readPolicy(join(project, 'model-registry/policy.yml'))
}

async function sampleLogRatios() {
  const totals = await readSample()
  const recipe = await readRecipe(join(project, 'recipe.yml'))
  const [policy, ordering] = [await policyOf(), await readOrdering(project)]
  const whole = openHistory(totals)
  const view = { frequency: 'week' as const, censoring: true }
  const later = whole.panel(view)
  const asOf = endOf(later) - 7 * WEEKLY.blocksInYear
  const history = openHistory(totals, { asOf })
  const { model } = await trainAsOf(history, recipe)
  const evaluation = await evaluate({
    totals,
    history,
    policy,
    ordering,
    challenger: model,
    sameModel: false,
  })
  const block = { periods: 1, inYear: WEEKLY.blocksInYear }
  const promised = promiseFrom(evaluation, block, policy.monitoring)
  if (promised.outcome === 'cannot tell') throw new Error(promised.reason)
  const days = Array.from({ length: WEEKLY.blocksInYear }, (_, week) => asOf + 7 * week)
  const rows = panelsAt(whole, view, days).map((known) => originRows(known, later, 1))
  const own = await backtestChampion(whole, model, rows, view.frequency)
  const naive = await backtestRecipe(whole, baselineRecipe(recipe), rows)
  const loss = (forecast: OriginForecast, week: number) =>
    metricsOfCells(scoreOrigins([rows[week]], [forecast], LEVELS))[policy.decidedBy] ?? Number.NaN
  const logRatios = rows.map((_, week) =>
    Math.log(loss(own.forecasts[week], week) / loss(naive.forecasts[week], week)),
  )
  console.log(`trained through ${isoFromDay(asOf)}`)
  return { promise: promised.promise, logRatios }
}

/** Mean, standard deviation, and the correlation of each with the one before. */
function described(values: number[]): string {
  const mean = values.reduce((sum, it) => sum + it, 0) / values.length
  const off = values.map((it) => it - mean)
  const squares = off.reduce((sum, it) => sum + it * it, 0)
  const lasting = off.slice(1).reduce((sum, it, k) => sum + it * off[k], 0) / squares
  const deviation = Math.sqrt(squares / (values.length - 1))
  return `mean ${mean.toFixed(2)}, spread ${deviation.toFixed(2)}, lasting ${lasting.toFixed(2)}`
}
