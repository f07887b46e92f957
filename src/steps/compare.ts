import type { Day } from '../day.ts'
import { backtestChampion, backtestRecipe, scoredRows } from '../evaluation/backtest.ts'
import { compare as compareForecasts } from '../evaluation/comparison.ts'
import type { Evaluation } from '../evaluation/evaluation.ts'
import { openHistory } from '../evaluation/history.ts'
import { daysBeyond, simulateOrdering } from '../evaluation/ordering-simulation.ts'
import type { Policy } from '../evaluation/policy.ts'
import { modelName } from '../forecasting/family.ts'
import { LEVELS } from '../forecasting/model.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import { baselineRecipe } from '../forecasting/recipe.ts'
import type { Ordering } from '../ordering/buying-terms.ts'
import { type Fingerprint, readChallenger, requireFresh } from '../registry/challenger.ts'
import { asParent } from '../registry/manifest.ts'
import { contentOf, type Version } from '../registry/production.ts'
import type { DailyTotals } from '../sales/daily-totals.ts'
import { writeComparison } from './comparison-record.ts'

export type CompareInput = {
  totals: DailyTotals
  policy: Policy
  /** How the chain buys. */
  ordering: Ordering
  /** What is in production; absent where nothing is. */
  production?: Version
  asOf?: Day
  /** Of what there is now; the challenger must have been trained on it. */
  fingerprint: Fingerprint
  /** Folder of the challenger. */
  out: string
  onProgress?: (done: number, total: number) => void
}

/** Backtests challenger, champion and baseline on the same rows, and decides by the policy. */
export async function compare(input: CompareInput): Promise<Evaluation> {
  const {
    totals,
    policy,
    ordering,
    production,
    asOf,
    fingerprint,
    out,
    onProgress = () => {},
  } = input
  const { model, training } = await readChallenger(out)
  requireFresh(training, fingerprint)
  const champion = production && asParent(production.manifest)
  const championModel =
    production && modelFrom(contentOf(production, 'model.json'), 'production/model.json')

  const history = openHistory(totals, asOf)
  const { recipe } = model
  const { origins, step = recipe.horizon } = policy
  const rows = scoredRows(history, recipe, { origins, step })
  const total = rows.length * (championModel ? 3 : 2)
  let done = 0
  const options = { beyond: daysBeyond(ordering), onOrigin: () => onProgress(++done, total) }
  const challenger = backtestRecipe(history, recipe, rows, options)
  const championThen =
    championModel && backtestChampion(history, championModel, rows, recipe.frequency, options)
  const baseline = backtestRecipe(history, baselineRecipe(recipe), rows, options)
  const evaluation = compareForecasts({
    rows,
    challenger: { ...challenger, model: modelName(model) },
    ...(championThen && { champion: championThen }),
    baseline,
    ordering: simulateOrdering({
      totals,
      history,
      ordering,
      rows,
      frequency: recipe.frequency,
      challenger: challenger.made,
      ...(championThen && { champion: championThen.made }),
      baseline: baseline.made,
    }),
    levels: LEVELS,
    frequency: recipe.frequency,
    horizon: recipe.horizon,
    policy,
    sameModel: champion?.model === training.model,
    seed: recipe.seed,
  })
  await writeComparison(out, {
    format: 'cd4ml-comparison/1',
    challenger: training.model,
    ...(champion && { champion }),
    evaluation,
  })
  return evaluation
}
