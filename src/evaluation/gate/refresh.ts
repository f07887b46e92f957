import { counted, integer, percent } from '../../base/wording.ts'
import { biasBreach, coverageBreach } from './breaches.ts'
import type { Challenge } from './challenge.ts'
import type { Check, Interval } from './evaluation.ts'
import type { Evidence } from './evidence.ts'
import { compared, metricLabels } from './wording.ts'

export type Refresh = Extract<Challenge, { kind: 'refresh' }>

/** What is asked of a refresh in place of an improvement: that it is no worse, and that it is due. */
export function refreshChecks(evidence: Evidence, refresh: Refresh): Check[] {
  return [noWorse(evidence), due(evidence, refresh)]
}

/**
 * Why production is to be refreshed, one sentence each; empty where nothing calls for it. That newer
 * sales do no harm is not enough, or there would be a pull request every week.
 */
export function whyDue(evidence: Evidence, refresh: Refresh): string[] {
  const { maxAge, newSeries } = evidence.policy.refresh
  const reasons = isWorthwhile(evidence)
    ? [...betterThanDeployed(evidence), ...limitsBroken(evidence)]
    : []
  if (refresh.newSeries > 0 && refresh.newSeries >= newSeries * refresh.series) {
    reasons.push(`${share(refresh)} are new to production.`)
  }
  if (refresh.days > maxAge) {
    reasons.push(`Production knows nothing of the last ${counted(refresh.days, 'day')}.`)
  }
  return reasons
}

function isWorthwhile({ policy, difference }: Evidence): boolean {
  return difference !== undefined && difference.estimate <= -policy.refresh.gain
}

function betterThanDeployed({ claim, policy }: Evidence): string[] {
  if (!claim.difference || claim.difference.high >= 0) return []
  return [
    `${metricLabels[policy.decidedBy]} is lower than production's by more than chance explains.`,
  ]
}

/**
 * The limits of the policy that production breaks since it was trained by more than chance explains,
 * and the refresh less so.
 */
function limitsBroken({ policy, champion = {}, challenger, deployed = {} }: Evidence): string[] {
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
    .map(
      (name) =>
        `Production breaks the limit on ${name} by more than chance explains, and the refresh less so or not at all.`,
    )
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
  const required = `at most ${percent(policy.refresh.margin)} higher is allowed for a refresh, and not by more than chance explains`
  const label = metricLabels[policy.decidedBy]
  return {
    name: 'no worse',
    passed:
      difference !== undefined &&
      difference.estimate <= policy.refresh.margin &&
      difference.low <= 0,
    detail: difference
      ? `${label} is ${compared(difference.estimate, 'the champion')}; ${required}.`
      : `${label} could not be compared; ${required}.`,
  }
}

function due(evidence: Evidence, refresh: Refresh): Check {
  const reasons = whyDue(evidence, refresh)
  const { refresh: limits } = evidence.policy
  return {
    name: 'due',
    passed: reasons.length > 0,
    detail:
      reasons.length > 0
        ? reasons.join(' ')
        : `Nothing calls for a refresh: its metric is not ${percent(limits.gain)} lower by more than chance explains, or while production surely breaks a limit; ${share(refresh)} are new to production, and ${percent(limits.newSeries)} would have to be; production lacks ${counted(refresh.days, 'day')} of sales, and more than ${limits.maxAge} would have to be.`,
  }
}

function share({ newSeries, series }: Refresh): string {
  return `${integer(newSeries)} of the ${integer(series)} series that sell${series > 0 ? ` (${percent(newSeries / series)})` : ''}`
}
