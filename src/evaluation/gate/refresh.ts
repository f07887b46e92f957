import { biasBreach, coverageBreach } from './breaches.ts'
import type { Challenge } from './challenge.ts'
import type { Check, DueReason } from './check.ts'
import type { Evidence } from './evidence.ts'
import type { Interval } from './interval.ts'

export type Refresh = Extract<Challenge, { kind: 'refresh' }>

/** What is asked of a refresh in place of an improvement: that it is no worse, and that it is due. */
export function refreshChecks(evidence: Evidence, refresh: Refresh): Check[] {
  return [noWorse(evidence), due(evidence, refresh)]
}

/**
 * Why production is to be refreshed; empty where nothing calls for it. That newer sales do no harm is
 * not enough, or there would be a pull request every week.
 */
export function whyDue(evidence: Evidence, refresh: Refresh): DueReason[] {
  const { maxAge, newSeries } = evidence.policy.refresh
  const reasons = isWorthwhile(evidence)
    ? [...betterThanDeployed(evidence), ...limitsBroken(evidence)]
    : []
  if (refresh.newSeries > 0 && refresh.newSeries >= newSeries * refresh.series) {
    reasons.push({ calledFor: 'by new series' })
  }
  if (refresh.days > maxAge) reasons.push({ calledFor: 'by age' })
  return reasons
}

function isWorthwhile({ policy, difference }: Evidence): boolean {
  return difference !== undefined && difference.estimate <= -policy.refresh.gain
}

function betterThanDeployed({ claim }: Evidence): DueReason[] {
  if (!claim.difference || claim.difference.high >= 0) return []
  return [{ calledFor: 'by a lower loss' }]
}

/**
 * The limits of the policy that production breaks since it was trained by more than chance explains,
 * and the refresh less so.
 */
function limitsBroken({ policy, champion = {}, challenger, deployed = {} }: Evidence): DueReason[] {
  const { bias, coverage80 } = policy.guardrails
  const [before, after] = [champion, challenger].map((metrics) => ({
    bias: bias && biasBreach(metrics, bias),
    'coverage of the 80% interval': coverage80 && coverageBreach(metrics, coverage80),
  }))
  const sure = {
    bias: bias && isBeyond(deployed.bias, { min: -bias.max, max: bias.max }),
    'coverage of the 80% interval': coverage80 && isBeyond(deployed.coverage80, coverage80),
  }
  return (['bias', 'coverage of the 80% interval'] as const)
    .filter((name) => sure[name] && (after[name] ?? Number.POSITIVE_INFINITY) < (before[name] ?? 0))
    .map((limit) => ({ calledFor: 'by a limit that production breaks', limit }))
}

function isBeyond(found: Interval | undefined, { min, max }: { min: number; max: number }) {
  return found !== undefined && (found.high < min || found.low > max)
}

/**
 * With a few origins that overlap, the upper end of an interval lies far above 0 even for equals, so
 * that asking it to be low would keep production as it is for ever: what calls for a refresh speaks
 * for it, and nothing may speak against it.
 */
function noWorse({ policy, difference }: Evidence): Check {
  const allowed = policy.refresh.margin
  return {
    name: 'no worse',
    passed: difference !== undefined && difference.estimate <= allowed && difference.low <= 0,
    ...(difference && { difference: difference.estimate }),
    allowed,
  }
}

function due(evidence: Evidence, refresh: Refresh): Check {
  const because = whyDue(evidence, refresh)
  const { gain, newSeries, maxAge } = evidence.policy.refresh
  return {
    name: 'due',
    passed: because.length > 0,
    because,
    limits: { gain, newSeries, maxAge },
  }
}
