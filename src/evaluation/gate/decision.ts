import { checksOf } from './checks.ts'
import type { Decision, Doubt } from './evaluation.ts'
import type { Evidence } from './evidence.ts'
import { whyDue } from './refresh.ts'

/**
 * Turns what was measured into a decision. Promoted is only a challenger that passes every check and
 * whose deciding metric is lower with confidence; of a refresh, whose checks ask that it is no worse
 * and due, one whose metric is not higher with confidence. Whatever is missing speaks against it.
 */
export function decide(evidence: Evidence): Decision {
  const { challenge } = evidence
  const { verdict, doubts, isJudged } = judge(evidence)
  const checks = checksOf(evidence)
  if (checks.every(({ passed }) => passed)) {
    if (challenge?.kind === 'refresh' && isJudged && verdict !== 'worse') {
      return { decision: 'promote', verdict, because: whyDue(evidence, challenge), checks }
    }
    if (verdict === 'better') {
      return { decision: 'promote', verdict, checks }
    }
  }
  return { decision: 'keep', verdict, doubts, checks }
}

type Judgement = { verdict: Decision['verdict']; doubts: Doubt[]; isJudged: boolean }

function judge(evidence: Evidence): Judgement {
  const { difference, claim } = evidence
  const obstacles = obstaclesTo(evidence)
  if (!difference || !claim.difference || obstacles.length > 0) {
    return { verdict: 'not distinguishable', doubts: obstacles, isJudged: false }
  }
  if (claim.difference.high < 0) return { verdict: 'better', doubts: [], isJudged: true }
  if (difference.low > 0) {
    return { verdict: 'worse', doubts: [{ doubt: 'surely higher' }], isJudged: true }
  }
  return { verdict: 'not distinguishable', doubts: [whyUnclear(evidence)], isJudged: true }
}

function whyUnclear({ difference, claim }: Evidence): Doubt {
  if (difference?.low === 0 && difference.high === 0) return { doubt: 'the same everywhere' }
  if (difference && difference.high < 0 && claim.difference) {
    const { tries, confidence, difference: interval } = claim
    return { doubt: 'looked at often', tries, confidence, interval }
  }
  return { doubt: 'chance' }
}

/** Why the difference says nothing; empty where it does. */
function obstaclesTo(evidence: Evidence): Doubt[] {
  const { policy, sameModel, origins, challenger, champion, baseline } = evidence
  const { difference, claim } = evidence
  const obstacles: Doubt[] = []
  if (sameModel) obstacles.push({ doubt: 'the champion itself' })
  if (origins < policy.minimumOrigins) {
    obstacles.push({ doubt: 'too few origins', origins, required: policy.minimumOrigins })
  }
  if (challenger[policy.decidedBy] === undefined) {
    obstacles.push({ doubt: 'no metric', of: 'challenger' })
  }
  if ((champion ?? baseline)[policy.decidedBy] === undefined) {
    obstacles.push({ doubt: 'no metric', of: 'reference' })
  }
  if ((!difference || !claim.difference) && obstacles.length === 0) {
    obstacles.push({ doubt: 'no interval' })
  }
  return obstacles
}
