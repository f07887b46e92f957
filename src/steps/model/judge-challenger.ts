import { unlessMistaken } from '../../base/errors.ts'
import type { Campaign } from '../../evaluation/gate/campaign.ts'
import { comingChanges } from '../../evaluation/gate/coming.ts'
import { type Comparison, evaluationOf } from '../../evaluation/gate/comparison.ts'
import { backtest, type Contest } from '../../evaluation/gate/evaluate.ts'
import type { SalesRows } from '../../evaluation/gate/evaluation.ts'
import { standingAgainst } from '../../evaluation/gate/pending.ts'
import type { Policy } from '../../evaluation/gate/policy.ts'
import type { TriedShadow } from '../../evaluation/gate/tried-shadow.ts'
import type { History } from '../../evaluation/search/history.ts'
import type { Model } from '../../forecasting/model.ts'
import { modelFrom } from '../../forecasting/model-file.ts'
import type { Ordering } from '../../ordering/buying-terms.ts'
import type { Challenger } from '../../registry/challenger.ts'
import { asParent } from '../../registry/manifest.ts'
import type { PendingComparison } from '../../registry/pending.ts'
import { contentOf, type Version } from '../../registry/production.ts'
import { PROMOTION_BRANCH } from '../../registry/proposal.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import type { ComparisonRecord } from './comparison-record.ts'

export type JudgeInput = {
  challenger: Challenger
  totals: DailyTotals
  plan?: Plan
  /** Of these totals, and this plan. */
  history: History
  policy: Policy
  /** How the chain buys. */
  ordering: Ordering
  /** What is in production; absent where nothing is. */
  production?: Version
  /** What waits to follow it, if anything does: the challenger is compared with it too. */
  pending?: Version
  /** The rows of the sales files. */
  sales?: SalesRows
  /** How another model did that was tried beside production: told, and decides nothing. */
  shadow?: TriedShadow
  /** The tries against the champion that this is one of; absent where it is not counted as one. */
  campaign?: Campaign
}

/** What goes on record, and the rows and forecasts that it follows from. */
export type JudgedChallenger = { record: Omit<ComparisonRecord, 'lineage'>; backtested: Comparison }

/**
 * Backtests challenger, champion and baseline on the same rows, and decides by the policy. The same
 * input gives the same record: what compares and what makes a version again for its proof both call
 * this.
 */
export async function judgeChallenger(input: JudgeInput): Promise<JudgedChallenger> {
  const { challenger, production, pending: waiting, campaign, sales, shadow, ...rest } = input
  const { model, training } = challenger
  const champion = production && asParent(production.manifest)
  const championModel =
    production && modelFrom(contentOf(production, 'model.json'), 'production/model.json')

  const contest = { ...rest, challenger: model }
  const backtested = await backtest({
    ...contest,
    ...(championModel && { champion: championModel }),
    sameModel: champion?.model === training.model,
    ...(campaign && { campaign: { ...campaign, ...(champion && { version: champion.version }) } }),
  })
  const coming = championModel && comingChanges({ ...contest, champion: championModel })
  const evaluation = {
    ...evaluationOf(backtested),
    ...(coming && { coming }),
    ...(sales && { sales }),
    ...(shadow && { shadow }),
    ...(rest.plan?.prices === 'actual' && { plannedPrices: 'actual' as const }),
  }
  const pending = waiting && (await pendingComparison(contest, waiting, training.model))
  return {
    backtested,
    record: {
      format: 'cd4ml-comparison/1',
      challenger: training.model,
      ...(champion && { champion }),
      evaluation,
      ...(pending && { pending }),
    },
  }
}

/** The rows of the files that were read, as the evaluation tells of them. */
export function salesRows({ totals }: ValidationReport): SalesRows {
  return { read: totals.rowsRead, quarantined: totals.rowsQuarantined }
}

/** Undefined where the challenger is what waits, or where this code can make nothing of that. */
async function pendingComparison(
  contest: Omit<Contest, 'sameModel'>,
  pending: Version,
  challenger: string,
): Promise<PendingComparison | undefined> {
  const waiting = asParent(pending.manifest)
  const champion = readablePending(pending)
  if (!champion || waiting.model === challenger) return undefined
  const standing = await standingAgainst({ ...contest, champion, sameModel: false })
  return standing && { ...waiting, ...standing }
}

/** Undefined where this code can make nothing of what waits. */
export function readablePending(pending: Version): Model | undefined {
  const file = `${PROMOTION_BRANCH}: model.json`
  return unlessMistaken(() => modelFrom(contentOf(pending, 'model.json'), file))
}
