import { canonicalJson } from '../../base/canonical-json.ts'
import { dayFromIso } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
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
  rowsSince,
  scoredRows,
} from '../backtest.ts'
import { daysBeyond, simulateShelves } from '../scoring/ordering-simulation.ts'
import type { OriginRows } from '../scoring/rows.ts'
import type { History } from '../search/history.ts'
import { type Challenge, challengeOf } from './challenge.ts'
import { type Comparison, evaluationOf } from './comparison.ts'
import type { Evaluation } from './evaluation.ts'
import type { Policy } from './policy.ts'
import { smallerQuestions } from './question.ts'

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

/** Backtests challenger, champion and baseline on the same rows, and decides by the policy. */
export async function evaluate(contest: Contest): Promise<Evaluation> {
  return evaluationOf(await backtest(contest))
}

/**
 * Backtests challenger, champion and baseline on the same rows, and orders by each of them. A refresh is
 * judged on origins since the champion was trained: on those before, it is the champion. A champion that
 * is the baseline, as the first one of most projects, is not backtested twice.
 */
export async function backtest(contest: Contest): Promise<Comparison> {
  const { totals, history, policy, ordering, challenger, champion, ...rest } = contest
  const { recipe } = challenger
  const { frequency, horizon } = recipe
  const challenge = challengeOf(history, challenger, champion)
  const smaller = champion ? smallerQuestions(challenger, champion) : []
  const rows = rowsOf(history, recipe, policy, challenge)
  const options = { beyond: daysBeyond(ordering) }
  const isBaseline = champion !== undefined && forecastsAsBaseline(champion, recipe, rows)
  const [ofChallenger, other, baseline] = await Promise.all([
    backtestRecipe(history, recipe, rows, options),
    champion && !isBaseline ? backtestProduction(contest, champion, rows, options) : undefined,
    backtestRecipe(history, baselineRecipe(recipe), rows, options),
  ])
  const ofChampion = isBaseline ? { ...baseline, model: modelName(champion) } : other
  // Ordering looks at every day of every series, and fits nothing.
  await history.rest()
  return {
    rows,
    challenger: { ...ofChallenger, model: modelName(challenger) },
    ...(ofChampion && { champion: ofChampion }),
    baseline,
    earlier: earlierRows(history, recipe, ofChallenger.earlier, baseline.earlier),
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
    ...rest,
  }
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
  { origins, step = recipe.horizon }: Pick<Policy, 'origins' | 'step'>,
  challenge: Challenge,
): OriginRows[] {
  return challenge.kind === 'refresh'
    ? rowsSince(history, recipe, dayFromIso(challenge.since)!, origins)
    : scoredRows(history, recipe, { origins, step })
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
    if (!(error instanceof UserError)) throw error
    throw new UserError(
      `the model that the challenger is compared with cannot forecast these sales: ${error.what}`,
      {
        remedy: 'Keep sales as that model was trained on, or roll back to one that can.',
        cause: error,
      },
    )
  }
}
