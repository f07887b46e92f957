import { periodOf } from '../demand/calendar.ts'
import type { Panel } from '../demand/panel.ts'
import { type BacktestErrors, calibrate } from '../forecasting/calibration.ts'
import { spreads } from '../forecasting/error-scale.ts'
import { periodQuantiles } from '../forecasting/model.ts'
import { type Candidate, candidates, type Recipe } from '../forecasting/recipe.ts'
import { fitSeconds } from './fit-task.ts'
import { betterHalf, canHalve, rounds } from './halving.ts'
import { type History, panelsAt, rollingOrigins } from './history.ts'
import { metrics } from './metrics.ts'
import { originRows } from './origin-rows.ts'
import type { OriginRows } from './rows.ts'
import { searchSeconds, withinBudget } from './search-budget.ts'

/** A candidate with its errors at the origins that it was judged on, in the order of time. */
export type Judged = {
  candidate: Candidate
  errors: BacktestErrors[]
  /** Weighted quantile loss over these origins; undefined without any. */
  loss: number | undefined
}

export type Judgement = {
  /** Judged on all origins, in the order of the recipe: what may be chosen. Never empty. */
  finalists: Judged[]
  /** Judged on some origins, and no further: half of their family was better there. */
  dropped: Judged[]
  /** Not judged, to stay within the budget of the recipe. */
  leftOut: Candidate[]
  /** In the order of time. */
  origins: OriginRows[]
}

/**
 * Judges the candidates of a recipe as on the last day of the panel `known`, on origins whose
 * horizons were over by then: by successive halving where a family has many candidates.
 */
export async function judgeCandidates(
  history: History,
  recipe: Recipe,
  known: Panel,
): Promise<Judgement> {
  const origins = searchedOrigins(history, recipe, known)
  const periods = origins.map(({ rows }) => periodOf(recipe.frequency, rows.day))
  const left = rounds(periods).map((round) => round.map((k) => origins[k]))
  const panels = left.map((round) => round.map(({ panel }) => panel))
  const { kept, leftOut } = withinBudget(candidates(recipe), recipe, panels)
  const work = history.expect(searchSeconds(kept, recipe, panels))
  const fit = async (candidate: Candidate, { panel, rows }: SearchedOrigin) => {
    await history.fit(recipe, candidate, rows.day)
    work.did(fitSeconds(panel, recipe, candidate))
  }
  const dropped: Judged[] = []
  let finalists = kept.map((candidate): Judged => ({ candidate, errors: [], loss: undefined }))
  let judgedOn: SearchedOrigin[] = []
  while (left.length > 0) {
    const alive = finalists.map((it) => it.candidate)
    // Where nothing can be halved any more, all that is left is one round.
    const round = canHalve(alive) ? left.splice(0, 1).flat() : left.splice(0).flat()
    judgedOn = origins.filter((it) => judgedOn.includes(it) || round.includes(it))
    // Origin by origin: the fits on one panel are asked for together.
    const asked = round.map((origin) => alive.map((candidate) => fit(candidate, origin)))
    const judged = await Promise.all(
      alive.map(async (candidate, index) => {
        await Promise.all(asked.map((fits) => fits[index]))
        return judge(history, recipe, candidate, judgedOn)
      }),
    )
    finalists = left.length > 0 ? betterHalf(judged) : judged
    dropped.push(...judged.filter((it) => !finalists.includes(it)))
  }
  work.end()
  return { finalists, dropped, leftOut, origins: origins.map(({ rows }) => rows) }
}

/** An origin of the search: what was known there, and what happened after it. */
type SearchedOrigin = { panel: Panel; rows: OriginRows; spread: Float64Array }

function searchedOrigins(history: History, recipe: Recipe, known: Panel): SearchedOrigin[] {
  const { origins, step } = recipe.search
  const days = rollingOrigins(known, recipe.horizon, origins, step)
  return panelsAt(history, recipe, days).map((panel) => ({
    panel,
    rows: originRows(panel, known, recipe.horizon),
    spread: spreads(panel),
  }))
}

async function judge(
  history: History,
  recipe: Recipe,
  candidate: Candidate,
  origins: SearchedOrigin[],
): Promise<Judged> {
  const errors = await Promise.all(
    origins.map(async ({ rows: { day, actual }, spread }) => {
      const { mean } = await history.fit(recipe, candidate, day)
      return { spread, mean, actual }
    }),
  )
  // Each origin's quantiles come from the errors at the others, so that no error calibrates itself.
  const forecasts = errors.map((own) => {
    const others = errors.length > 1 ? errors.filter((it) => it !== own) : errors
    const calibration = calibrate(others, recipe.horizon, SCORED, 1)
    return {
      mean: own.mean,
      quantiles: periodQuantiles(calibration, own.spread, own.mean, recipe.horizon),
    }
  })
  const rows = origins.map((it) => it.rows)
  return { candidate, errors, loss: metrics(rows, forecasts, SCORED).weightedQuantileLoss }
}

/** The levels that the weighted quantile loss looks at. */
const SCORED = [0.1, 0.5, 0.9]
