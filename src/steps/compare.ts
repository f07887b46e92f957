import type { Campaign } from '../evaluation/campaign.ts'
import { evaluate } from '../evaluation/evaluate.ts'
import type { Evaluation } from '../evaluation/evaluation.ts'
import type { History } from '../evaluation/history.ts'
import type { Policy } from '../evaluation/policy.ts'
import { modelFrom } from '../forecasting/model-file.ts'
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

  const evaluation = await evaluate({
    totals,
    history,
    policy,
    ordering,
    challenger: model,
    ...(championModel && { champion: championModel }),
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
