import { backtestChampion, backtestRecipe, scoredRows } from '../evaluation/backtest.ts'
import type { Campaign } from '../evaluation/campaign.ts'
import { compare as compareForecasts } from '../evaluation/comparison.ts'
import type { Evaluation } from '../evaluation/evaluation.ts'
import type { History } from '../evaluation/history.ts'
import { daysBeyond, simulateOrdering } from '../evaluation/ordering-simulation.ts'
import type { Policy } from '../evaluation/policy.ts'
import { smallerQuestions } from '../evaluation/question.ts'
import { LEVELS, modelName } from '../forecasting/model.ts'
import { modelFrom } from '../forecasting/model-file.ts'
import { baselineRecipe } from '../forecasting/recipe.ts'
import type { Ordering } from '../ordering/buying-terms.ts'
import { type Fingerprint, readChallenger, requireFresh } from '../registry/challenger.ts'
import { asParent, type Lineage } from '../registry/manifest.ts'
import { contentOf, type Version } from '../registry/production.ts'
import type { DailyTotals } from '../sales/daily-totals.ts'
import { writeComparison } from './comparison-record.ts'

export type CompareInput = {
  totals: DailyTotals
  /** Of these totals. */
  history: History
  policy: Policy
  /** How the chain buys. */
  ordering: Ordering
  /** What is in production; absent where nothing is. */
  production?: Version
  /** Of what there is now; the challenger must have been trained on it. */
  fingerprint: Fingerprint
  /** Of what there is now; absent where some of it is not committed. */
  lineage?: Lineage
  /** The tries against the champion that this is one of; absent where it is not counted as one. */
  campaign?: Campaign
  /** Folder of the challenger. */
  out: string
}

/** Backtests challenger, champion and baseline on the same rows, and decides by the policy. */
export async function compare(input: CompareInput): Promise<Evaluation> {
  const { totals, history, policy, ordering, production, fingerprint, lineage, campaign, out } =
    input
  const { model, training } = await readChallenger(out)
  requireFresh(training, fingerprint)
  const champion = production && asParent(production.manifest)
  const championModel =
    production && modelFrom(contentOf(production, 'model.json'), 'production/model.json')

  const smaller = championModel ? smallerQuestions(model, championModel) : []

  const { recipe } = model
  const { origins, step = recipe.horizon } = policy
  const rows = scoredRows(history, recipe, { origins, step })
  const options = { beyond: daysBeyond(ordering) }
  const [ofChallenger, ofChampion, baseline] = await Promise.all([
    backtestRecipe(history, recipe, rows, options),
    championModel && backtestChampion(history, championModel, rows, recipe.frequency, options),
    backtestRecipe(history, baselineRecipe(recipe), rows, options),
  ])
  const evaluation = compareForecasts({
    rows,
    challenger: { ...ofChallenger, model: modelName(model) },
    ...(ofChampion && { champion: ofChampion }),
    baseline,
    ordering: simulateOrdering({
      totals,
      history,
      ordering,
      rows,
      frequency: recipe.frequency,
      challenger: ofChallenger.made,
      ...(ofChampion && { champion: ofChampion.made }),
      baseline: baseline.made,
      confidence: policy.confidence,
    }),
    levels: LEVELS,
    frequency: recipe.frequency,
    horizon: recipe.horizon,
    policy,
    ...(smaller.length > 0 && { smaller }),
    sameModel: champion?.model === training.model,
    ...(campaign && { campaign: { ...campaign, ...(champion && { version: champion.version }) } }),
  })
  await writeComparison(out, {
    format: 'cd4ml-comparison/1',
    challenger: training.model,
    ...(champion && { champion }),
    ...(lineage && { lineage }),
    evaluation,
  })
  return evaluation
}
