import { percent } from '../../base/wording.ts'
import { checksOf } from './checks.ts'
import type { Decision } from './evaluation.ts'
import type { Evidence } from './evidence.ts'
import { whyDue } from './refresh.ts'
import { compared, level, metricLabels, ordinal, referenceName, span } from './wording.ts'

/**
 * Turns what was measured into a decision. Promoted is only a challenger that passes every check and
 * whose deciding metric is lower with confidence; of a refresh, whose checks ask that it is no worse
 * and due, one whose metric is not higher with confidence. Whatever is missing speaks against it.
 */
export function decide(evidence: Evidence): Decision {
  const { challenge } = evidence
  const { verdict, summary, reasons, isJudged } = judge(evidence)
  const checks = checksOf(evidence)
  const failed = checks.filter(({ passed }) => !passed).map(({ detail }) => detail)
  if (failed.length === 0) {
    if (challenge?.kind === 'refresh' && isJudged && verdict !== 'worse') {
      const because = whyDue(evidence, challenge)
      return { decision: 'promote', verdict, summary, because, checks }
    }
    if (verdict === 'better') {
      return { decision: 'promote', verdict, summary, checks }
    }
  }
  return { decision: 'keep', verdict, summary, reasons: [...reasons, ...failed], checks }
}

type Judgement = {
  verdict: Decision['verdict']
  summary: string
  reasons: string[]
  isJudged: boolean
}

function judge(evidence: Evidence): Judgement {
  const { policy, difference, claim } = evidence
  const obstacles = obstaclesTo(evidence)
  if (!difference || !claim.difference || obstacles.length > 0) {
    const summary = `The challenger could not be judged against ${referenceName(evidence)}.`
    return { verdict: 'not distinguishable', summary, reasons: obstacles, isJudged: false }
  }
  const { estimate, low, high } = difference
  const label = metricLabels[policy.decidedBy]
  const interval = `${level(policy.confidence)} interval ${span(low, high)}`
  const sure = low === 0 && high === 0 ? '' : ` (${interval})`
  const summary = `${label} is ${compared(estimate, referenceName(evidence))}${sure}.`
  if (claim.difference.high < 0) return { verdict: 'better', summary, reasons: [], isJudged: true }
  if (low > 0) {
    const reason = `${label} is higher by more than chance explains: at least ${percent(low)}.`
    return { verdict: 'worse', summary, reasons: [reason], isJudged: true }
  }
  return {
    verdict: 'not distinguishable',
    summary,
    reasons: [whyUnclear(evidence, interval)],
    isJudged: true,
  }
}

function whyUnclear({ policy, challenge, difference, claim }: Evidence, interval: string): string {
  if (difference?.low === 0 && difference.high === 0) {
    return `${metricLabels[policy.decidedBy]} is the same for every series at every origin.`
  }
  if (difference && difference.high < 0 && claim.difference) {
    const { low, high } = claim.difference
    const often =
      challenge?.kind === 'refresh'
        ? `Production is looked at in the ${ordinal(claim.tries)} horizon since it was trained, and who looks often sees what is not there`
        : `It is the ${ordinal(claim.tries)} challenger that was tried, and who tries often finds one that looks better`
    return `${often}: the ${level(claim.confidence)} interval, ${span(low, high)}, includes 0.`
  }
  return `The ${interval} includes 0, so that chance may explain the difference.`
}

/** Why the difference says nothing; empty where it does. */
function obstaclesTo(evidence: Evidence): string[] {
  const { policy, sameModel, origins, challenger, champion, baseline } = evidence
  const { difference, claim } = evidence
  const label = metricLabels[policy.decidedBy]
  const reference = champion ?? baseline
  const obstacles: string[] = []
  if (sameModel) {
    obstacles.push('The challenger is the champion itself: the same recipe, code and data.')
  }
  if (origins < policy.minimumOrigins) {
    obstacles.push(
      `Too few origins could be scored: ${origins}, but the policy requires ${policy.minimumOrigins}.`,
    )
  }
  if (challenger[policy.decidedBy] === undefined) {
    obstacles.push(`${label} of the challenger could not be computed.`)
  }
  if (reference[policy.decidedBy] === undefined) {
    obstacles.push(`${label} of ${referenceName(evidence)} could not be computed.`)
  }
  if ((!difference || !claim.difference) && obstacles.length === 0) {
    obstacles.push(`The confidence interval of the difference could not be computed.`)
  }
  return obstacles
}
