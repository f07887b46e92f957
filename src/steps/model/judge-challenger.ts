import { unlessMistaken } from '../../base/errors.ts'
import type { Campaign } from '../../evaluation/gate/campaign.ts'
import { challengeOf } from '../../evaluation/gate/challenge.ts'
import { type Coming, comingChanges } from '../../evaluation/gate/coming.ts'
import { type Comparison, evaluationOf } from '../../evaluation/gate/comparison.ts'
import {
  backtest,
  backtestOn,
  type Contest,
  judgedOrigins,
} from '../../evaluation/gate/evaluate.ts'
import type { Evaluation, SalesRows } from '../../evaluation/gate/evaluation.ts'
import { standingBy } from '../../evaluation/gate/pending.ts'
import type { Policy } from '../../evaluation/gate/policy.ts'
import { smallerQuestions } from '../../evaluation/gate/question.ts'
import type { TriedShadow } from '../../evaluation/gate/tried-shadow.ts'
import type { History } from '../../evaluation/search/history.ts'
import type { Ordering } from '../../ordering/buying-terms.ts'
import type { Challenger, ChallengerInParts } from '../../registry/challenger.ts'
import { asParent } from '../../registry/manifest.ts'
import { artifactOf, type OpenedArtifact } from '../../registry/model-parts.ts'
import type { PendingComparison } from '../../registry/pending.ts'
import type { Version } from '../../registry/production.ts'
import { PROMOTION_BRANCH } from '../../registry/proposal.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import type { Plan } from '../../sales/plan/plan.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { championBefore, championForecasts } from './champion-forecasts.ts'
import type { ComparisonRecord } from './comparison-record.ts'
import { evaluateParts, type PartsContest } from './judge-parts.ts'
import type { Histories } from './with-history.ts'

export type JudgeInput = Judging & {
  challenger: Challenger
  totals: DailyTotals
  plan?: Plan
  /** Of these totals, and this plan. */
  history: History
  /** Of the same, for a champion in parts. */
  histories: Histories
}

/** As `JudgeInput`, of a challenger in parts. */
export type JudgePartsInput = Judging & {
  challenger: ChallengerInParts
  /** What was planned, of all parts. */
  plan?: Plan
} & Pick<PartsContest, 'sales' | 'histories' | 'onPart'>

type Judging = {
  policy: Policy
  /** How the chain buys. */
  ordering: Ordering
  /** What is in production; absent where nothing is. */
  production?: Version
  /** What waits to follow it, if anything does: the challenger is compared with it too. */
  pending?: Version
  /** The rows of the sales files. */
  rows?: SalesRows
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
  const {
    challenger,
    production,
    pending: waiting,
    campaign,
    rows,
    shadow,
    histories,
    ...rest
  } = input
  const { model, training } = challenger
  const champion = production && asParent(production.manifest)
  const opened = production && artifactOf(production)

  const contest = { ...rest, challenger: model }
  const tried = {
    ...contest,
    sameModel: champion?.model === training.model,
    ...(campaign && { campaign: { ...campaign, ...(champion && { version: champion.version }) } }),
  }
  const backtested = await backtestAgainst(tried, opened, histories)
  const coming =
    opened?.kind === 'whole' ? comingChanges({ ...contest, champion: opened.model }) : undefined
  const evaluation = toldWith(evaluationOf(backtested), coming, input)
  const pending =
    waiting &&
    (await pendingComparison(waiting, training.model, async (champion) =>
      evaluationOf(await backtestAgainst({ ...contest, sameModel: false }, champion, histories)),
    ))
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

/** As `judgeChallenger`, part by part, of one verdict over all. */
export async function judgeParts(input: JudgePartsInput): Promise<JudgedChallenger['record']> {
  const { challenger, production, pending: waiting, campaign } = input
  const { parts, training } = challenger
  const champion = production && asParent(production.manifest)
  const { sales, histories, policy, ordering, onPart } = input
  const contest = { challenger: parts, sales, histories, policy, ordering }
  const { evaluation, coming } = await evaluateParts({
    ...contest,
    ...(production && { champion: artifactOf(production) }),
    sameModel: champion?.model === training.model,
    ...(campaign && { campaign: { ...campaign, ...(champion && { version: champion.version }) } }),
    ...(onPart && { onPart }),
  })
  const pending =
    waiting &&
    (await pendingComparison(
      waiting,
      training.model,
      async (champion) =>
        (
          await evaluateParts({ ...contest, champion, sameModel: false })
        ).evaluation,
    ))
  return {
    format: 'cd4ml-comparison/1',
    challenger: training.model,
    ...(champion && { champion }),
    evaluation: toldWith(evaluation, coming, input),
    ...(pending && { pending }),
  }
}

/** With what is told beside the verdict. */
function toldWith(
  evaluation: Evaluation,
  coming: Coming | undefined,
  { rows, shadow, plan }: Judging & { plan?: Plan },
): Evaluation {
  return {
    ...evaluation,
    ...(coming && { coming }),
    ...(rows && { sales: rows }),
    ...(shadow && { shadow }),
    ...(plan?.prices === 'actual' && { plannedPrices: 'actual' as const }),
  }
}

/** A champion in parts forecasts part by part, and is scored on the rows of all series. */
async function backtestAgainst(
  contest: Contest,
  champion: OpenedArtifact | undefined,
  histories: Histories,
): Promise<Comparison> {
  if (!champion) return await backtest(contest)
  if (champion.kind === 'whole') return await backtest({ ...contest, champion: champion.model })
  const { history, challenger, ordering, policy } = contest
  const { recipe } = challenger
  const before = await championBefore(champion)
  const challenge = challengeOf(history, challenger, before)
  const all = history.panel({ frequency: recipe.frequency, censoring: true })
  const origins = judgedOrigins(all, recipe, challenge, policy)
  const reference = await championForecasts(before, { histories, ordering, recipe, origins })
  const smaller = smallerQuestions(challenger, before)
  return await backtestOn(contest, { challenge, smaller, origins }, reference)
}

/** The rows of the files that were read, as the evaluation tells of them. */
export function salesRows({ totals }: ValidationReport): SalesRows {
  return { read: totals.rowsRead, quarantined: totals.rowsQuarantined }
}

/**
 * How the challenger stands against what waits, judged with that as its champion. Undefined where the
 * challenger is what waits, or where this code can make nothing of that.
 */
async function pendingComparison(
  pending: Version,
  challenger: string,
  judgeAgainst: (champion: OpenedArtifact) => Promise<Evaluation>,
): Promise<PendingComparison | undefined> {
  const waiting = asParent(pending.manifest)
  const champion = readablePending(pending)
  if (!champion || waiting.model === challenger) return undefined
  const standing = await standingBy(() => judgeAgainst(champion))
  return standing && { ...waiting, ...standing }
}

/** Undefined where this code can make nothing of what waits. */
export function readablePending(pending: Version): OpenedArtifact | undefined {
  return unlessMistaken(() => artifactOf(pending, `${PROMOTION_BRANCH}:`))
}
