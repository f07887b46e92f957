import { canonicalJson } from '../../base/canonical-json.ts'
import { dayFromIso } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { Panel } from '../../demand/panel.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { type Model, modelName } from '../../forecasting/model.ts'
import { baselineRecipe, type Recipe } from '../../forecasting/recipe.ts'
import type { Ordering } from '../../ordering/buying-terms.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import {
  type BacktestedContender,
  type BacktestOptions,
  backtestChampion,
  backtestRecipe,
  earlierRows,
  originsOfRefresh,
  rowsOfOrigins,
  type ScoredOrigin,
  scoredOrigins,
} from '../backtest.ts'
import { daysBeyond, simulateShelves } from '../scoring/ordering-simulation.ts'
import type { OriginRows } from '../scoring/rows.ts'
import type { History } from '../search/history.ts'
import { type Challenge, challengeOf } from './challenge.ts'
import { type Comparison, type ContenderForecasts, evaluationOf } from './comparison.ts'
import type { Evaluation } from './evaluation.ts'
import type { Policy } from './policy.ts'
import { type SmallerQuestion, smallerQuestions } from './question.ts'

export type Contest = {
  totals: DailyTotals
  /** Of these totals. */
  history: History
  policy: Policy
  /** How the chain buys. */
  ordering: Ordering
  challenger: Model
  /** Absent where nothing is in production. */
  champion?: Model
} & Pick<Comparison, 'sameModel' | 'campaign'>

/** What is judged, and on which origins. */
export type Schedule = {
  challenge: Challenge
  smaller: SmallerQuestion[]
  origins: ScoredOrigin[]
}

/** Backtests challenger, champion and baseline on the same rows, and decides by the policy. */
export async function evaluate(contest: Contest): Promise<Evaluation> {
  return evaluationOf(await backtest(contest))
}

/** Backtests challenger, champion and baseline on the same rows, and orders by each of them. */
export function backtest(contest: Contest): Promise<Comparison> {
  const { history, policy, challenger, champion } = contest
  const challenge = challengeOf(history, challenger, champion)
  const all = history.panel({ frequency: challenger.recipe.frequency, censoring: true })
  return backtestOn(contest, {
    challenge,
    smaller: champion ? smallerQuestions(challenger, champion) : [],
    origins: judgedOrigins(all, challenger.recipe, challenge, policy),
  })
}

/**
 * The origins on which a challenger is judged by the policy: those of a refresh since the champion was
 * trained, since on those before it is the champion.
 */
export function judgedOrigins(
  all: Panel,
  { horizon }: Recipe,
  challenge: Challenge,
  { origins, step = horizon }: Pick<Policy, 'origins' | 'step'>,
): ScoredOrigin[] {
  return challenge.kind === 'refresh'
    ? originsOfRefresh(all, horizon, dayFromIso(challenge.since)!, origins)
    : scoredOrigins(all, horizon, { origins, step })
}

/**
 * As `backtest`, on origins that are given: those of a whole chain, of which this may be a part. A
 * champion that is the baseline, as the first one of most projects, is not backtested twice.
 */
export async function backtestOn(
  contest: Contest,
  { challenge, smaller, origins }: Schedule,
  reference: ReferenceForecasts = deployedReference(contest),
): Promise<Comparison> {
  const { totals, history, policy, ordering, challenger, champion, sameModel, campaign } = contest
  const { recipe } = challenger
  const { frequency, horizon } = recipe
  const rows = rowsOfOrigins(history, recipe, origins)
  const options = { beyond: daysBeyond(ordering) }
  const isBaseline = champion !== undefined && forecastsAsBaseline(champion, recipe, rows)
  const [ofChallenger, other, baseline] = await Promise.all([
    backtestRecipe(history, recipe, rows, options),
    isBaseline ? undefined : reference?.(rows, options),
    backtestRecipe(history, baselineRecipe(recipe), rows, options),
  ])
  const ofChampion = isBaseline ? { ...baseline, model: modelName(champion) } : other
  const earlier = earlierRows(history, recipe, ofChallenger.earlier, baseline.earlier)
  // Ordering looks at every day of every series, and fits nothing.
  await history.rest()
  return {
    rows,
    challenger: { ...scored(ofChallenger), model: modelName(challenger) },
    ...(ofChampion && { champion: scored(ofChampion) }),
    baseline: scored(baseline),
    earlier,
    ordering: simulateShelves({
      totals,
      history,
      ordering,
      rows,
      frequency,
      challenger: ofChallenger.made,
      ...(ofChampion && { champion: ofChampion.made }),
      baseline: baseline.made,
    }),
    levels: LEVELS,
    frequency,
    horizon,
    policy,
    challenge,
    ...(smaller.length > 0 && { smaller }),
    sameModel,
    ...(campaign && { campaign }),
  }
}

/** What is scored of it. What orders are decided on holds panels, and nobody looks at it again. */
function scored({ model, chosen, forecasts }: BacktestedContender): ContenderForecasts {
  return { model, chosen, forecasts }
}

/** Whether its recipe is the baseline's, and is trained anew as on each origin. */
function forecastsAsBaseline(champion: Model, recipe: Recipe, rows: OriginRows[]): boolean {
  const trainedThrough = dayFromIso(champion.trainedThrough) ?? Number.POSITIVE_INFINITY
  const isTrainedAnew = rows.every(({ day }) => day < trainedThrough)
  return isTrainedAnew && canonicalJson(champion.recipe) === canonicalJson(baselineRecipe(recipe))
}

/** The rows that a challenger of this recipe is judged on. */
export function rowsOf(
  history: History,
  recipe: Recipe,
  policy: Pick<Policy, 'origins' | 'step'>,
  challenge: Challenge,
): OriginRows[] {
  const all = history.panel({ frequency: recipe.frequency, censoring: true })
  return rowsOfOrigins(history, recipe, judgedOrigins(all, recipe, challenge, policy))
}

/** What production would have forecast of some rows; undefined where nothing is in production. */
export type ReferenceForecasts =
  | ((rows: OriginRows[], options: BacktestOptions) => Promise<BacktestedContender>)
  | undefined

function deployedReference(contest: Contest): ReferenceForecasts {
  const { champion } = contest
  return champion && ((rows, options) => backtestProduction(contest, champion, rows, options))
}

/** The sales of today may be such that production cannot forecast them: no recipe mends that. */
async function backtestProduction(
  { history, challenger }: Contest,
  champion: Model,
  rows: OriginRows[],
  options: BacktestOptions,
): Promise<BacktestedContender> {
  try {
    return await backtestChampion(history, champion, rows, challenger.recipe.frequency, options)
  } catch (error) {
    throw championRefused(error)
  }
}

/** What is thrown where a champion was asked for forecasts, as whoever compares with it has to read it. */
export function championRefused(error: unknown): unknown {
  if (!(error instanceof UserError)) return error
  return new UserError(
    `the model that the challenger is compared with cannot forecast these sales: ${error.what}`,
    {
      remedy: 'Keep sales as that model was trained on, or roll back to one that can.',
      cause: error,
    },
  )
}
