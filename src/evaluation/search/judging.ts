import { periodOf } from '../../demand/calendar.ts'
import { endOf, type Panel } from '../../demand/panel.ts'
import type { BacktestErrors } from '../../forecasting/backtest-errors.ts'
import { calibrate } from '../../forecasting/calibrate.ts'
import type { FamilyName } from '../../forecasting/families/family.ts'
import { periodQuantiles } from '../../forecasting/model.ts'
import type { Spread } from '../../forecasting/new-series.ts'
import { spreads } from '../../forecasting/new-series.ts'
import { type Candidate, candidates, type Recipe } from '../../forecasting/recipe.ts'
import { originRows } from '../scoring/origin-rows.ts'
import { metrics } from '../scoring/origin-scores.ts'
import type { OriginForecast, OriginRows } from '../scoring/rows.ts'
import { fitSeconds } from './fit-task.ts'
import { best, byFamily, rounds, survivors } from './halving.ts'
import { type History, panelsAt, rollingOrigins } from './history.ts'
import { type PanelsByRound, searchSeconds, withinBudget } from './search-budget.ts'

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

/** What a search looks at: which candidates, and on which origins. */
export type SearchScope = {
  /** As known at each origin that a round adds, in the order of the rounds. */
  panels: PanelsByRound
  /** What the budget of the recipe allows, in its order. */
  kept: Candidate[]
  leftOut: Candidate[]
}

/** What a search as on the last day of the panel `known` looks at: told without fitting anything. */
export function searchScope(history: History, recipe: Recipe, known: Panel): SearchScope {
  const { origins, step } = recipe.search
  const days = rollingOrigins(known, recipe.horizon, origins, step)
  const all = panelsAt(history, recipe, days)
  const periods = all.map((panel) => periodOf(recipe.frequency, endOf(panel)))
  const panels = rounds(periods).map((round) => round.map((k) => all[k]))
  return { panels, ...withinBudget(candidates(recipe), recipe, panels) }
}

/**
 * Judges the candidates of a recipe as on the last day of the panel `known`, on origins whose
 * horizons were over by then: by successive halving where a family has many candidates. Of one family
 * alone where that is named, which comes to the same as among the others.
 */
export async function judgeCandidates(
  history: History,
  recipe: Recipe,
  known: Panel,
  only?: FamilyName,
): Promise<Judgement> {
  const { panels, leftOut, ...scope } = searchScope(history, recipe, known)
  const kept = scope.kept.filter(({ family }) => only === undefined || family === only)
  const inRounds = panels.map((round) =>
    round.map((panel) => searchedOrigin(panel, known, recipe.horizon)),
  )
  const origins = inRounds.flat().sort((a, b) => a.rows.day - b.rows.day)
  const work = history.expect(searchSeconds(kept, recipe, panels))
  const judgeOn: JudgeOn = async (candidate, earlier, round) => {
    await Promise.all(
      round.map(async ({ panel, rows }) => {
        await history.fit(recipe, candidate, rows.day)
        work.did(fitSeconds(panel, recipe, candidate))
      }),
    )
    const all = origins.filter((it) => earlier.includes(it) || round.includes(it))
    return judge(history, recipe, candidate, all)
  }
  const families = await Promise.all(
    byFamily(kept).map((family) => judgeFamily(family, inRounds, judgeOn)),
  )
  work.end()
  return {
    finalists: families.flatMap((it) => it.finalists),
    dropped: families.flatMap((it) => it.dropped),
    leftOut,
    origins: origins.map(({ rows }) => rows),
  }
}

/** Judges a candidate on the origins of a round and those of the rounds before it. */
type JudgeOn = (
  candidate: Candidate,
  earlier: SearchedOrigin[],
  round: SearchedOrigin[],
) => Promise<Judged>

/** Each family goes through the rounds by itself; where it cannot be halved, they are one. */
async function judgeFamily(
  family: Candidate[],
  inRounds: SearchedOrigin[][],
  judgeOn: JudgeOn,
): Promise<Pick<Judgement, 'finalists' | 'dropped'>> {
  const left = [...inRounds]
  const dropped: Judged[] = []
  let alive = family
  for (let earlier: SearchedOrigin[] = []; ; ) {
    const next = survivors(alive.length)
    const round = left.splice(0, next < alive.length ? 1 : left.length).flat()
    const judged = await Promise.all(alive.map((candidate) => judgeOn(candidate, earlier, round)))
    if (left.length === 0) return { finalists: judged, dropped }
    const better = best(judged, next)
    dropped.push(...judged.filter((it) => !better.includes(it)))
    alive = better.map(({ candidate }) => candidate)
    earlier = [...earlier, ...round]
  }
}

/** An origin of the search: what was known there, and what happened after it. */
type SearchedOrigin = { panel: Panel; rows: OriginRows; spread: Spread[] }

function searchedOrigin(panel: Panel, known: Panel, horizon: number): SearchedOrigin {
  return { panel, rows: originRows(panel, known, horizon), spread: spreads(panel) }
}

async function judge(
  history: History,
  recipe: Recipe,
  candidate: Candidate,
  origins: SearchedOrigin[],
): Promise<Judged> {
  const errors = await Promise.all(
    origins.map(async ({ rows: { day, actual }, spread }) => {
      const { mean, shape } = await history.fit(recipe, candidate, day)
      return { spread, mean, shape, actual }
    }),
  )
  const forecasts = heldOut(errors, recipe.horizon, SCORED)
  const rows = origins.map((it) => it.rows)
  return { candidate, errors, loss: metrics(rows, forecasts, SCORED).weightedQuantileLoss }
}

/**
 * Forecasts whose errors these are. Each origin's quantiles come from the errors at the others, so that
 * no error calibrates itself, unless it is alone.
 */
export function heldOut(
  errors: BacktestErrors[],
  horizon: number,
  levels: number[],
): OriginForecast[] {
  const learntFrom = errors.map((it) => thinned(it, errors.length))
  return errors.map(({ spread, ...outlook }, k) => {
    const others = errors.length > 1 ? learntFrom.toSpliced(k, 1) : learntFrom
    const calibration = calibrate(others, horizon, levels, 1)
    const quantiles = periodQuantiles(calibration, spread, outlook, horizon)
    return { mean: outlook.mean, quantiles }
  })
}

/**
 * The errors of every so many-th series, where there are more than a calibration gets better by: it
 * is made for every candidate at every origin of every search.
 */
function thinned({ spread, mean, shape, actual }: BacktestErrors, origins: number): BacktestErrors {
  const every = Math.ceil((mean.length * origins) / MOST_CELLS)
  const horizon = mean.length / spread.length
  const isKept = (series: number) => series % every === 0
  const isOfKept = (_: number, cell: number) => isKept(Math.floor(cell / horizon))
  return {
    spread: spread.filter((_, series) => isKept(series)),
    mean: mean.filter(isOfKept),
    shape: shape && { median: shape.median.filter(isOfKept), width: shape.width.filter(isOfKept) },
    actual: actual.filter(isOfKept),
  }
}

const MOST_CELLS = 12_000

/** The levels that the weighted quantile loss looks at. */
const SCORED = [0.1, 0.5, 0.9]
