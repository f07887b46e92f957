import { integer, percent } from '../../base/wording.ts'
import type { Metrics } from '../scoring/metrics.ts'
import { metricNames } from '../scoring/metrics.ts'
import { type Breach, biasBreach, coverageBreach, isNoFurther } from './breaches.ts'
import type { Check, Interval, OrderingComparison, Segment } from './evaluation.ts'
import type { Evidence } from './evidence.ts'
import type { LossName, Policy } from './policy.ts'
import type { SmallerQuestion } from './question.ts'
import { refreshChecks } from './refresh.ts'
import { change, compared, level, metricLabels, referenceName, span } from './wording.ts'

/**
 * What the policy asks of a challenger besides being better, and whether it holds. What cannot be
 * computed does not hold.
 */
export function checksOf(evidence: Evidence): Check[] {
  const { policy, challenge } = evidence
  const { beatsSeasonalNaive, bias, coverage80, segments, ordering } = policy.guardrails
  const limits = { minimumRows: segments?.minimumRows ?? 0 }
  return [
    everyMetric(evidence),
    ...(evidence.smaller ? [sameQuestion(evidence.smaller, policy)] : []),
    ...(challenge?.kind === 'refresh'
      ? refreshChecks(evidence, challenge)
      : [minimumImprovement(evidence)]),
    ...(beatsSeasonalNaive ? [seasonalNaiveBeaten(evidence)] : []),
    ...(bias ? [biasWithin(bias, evidence)] : []),
    ...(coverage80 ? [coverageWithin(coverage80, evidence)] : []),
    ...(segments?.category
      ? [segmentsWithin('category', { ...limits, ...segments.category }, evidence)]
      : []),
    ...(segments?.volumeClass
      ? [segmentsWithin('volume class', { ...limits, ...segments.volumeClass }, evidence)]
      : []),
    ...(ordering?.maxCostIncrease !== undefined
      ? [orderingCostWithin(ordering.maxCostIncrease, evidence)]
      : []),
    ...(ordering?.minServiceLevel !== undefined
      ? [serviceLevelOf(ordering.minServiceLevel, evidence)]
      : []),
  ]
}

function everyMetric({ challenger, champion, baseline }: Evidence): Check {
  const reference = champion ?? baseline
  const missing = metricNames.filter(
    (name) => challenger[name] === undefined && reference[name] !== undefined,
  )
  const detail =
    missing.length === 0
      ? 'The challenger has every metric that the model it is judged against has.'
      : `The challenger has no ${missing.join(', ')}: a forecast is missing or not a finite number.`
  return { name: 'every metric', passed: missing.length === 0, detail }
}

function sameQuestion(smaller: SmallerQuestion[], { allow }: Policy): Check {
  const refused = smaller.filter(({ by }) => !allow?.includes(by))
  const [about, asked] =
    refused.length > 0
      ? ([refused, 'the policy does not allow that; where it is wanted, it says'] as const)
      : ([smaller, 'the policy allows that by'] as const)
  const sentences = about.map(({ detail }) => detail).join(' ')
  return {
    name: 'same question',
    passed: refused.length === 0,
    detail: `${sentences.slice(0, -1)}; ${asked} allow: [${about.map(({ by }) => by).join(', ')}].`,
  }
}

function minimumImprovement(evidence: Evidence): Check {
  const { policy, difference } = evidence
  const label = metricLabels[policy.decidedBy]
  const required = `at least ${percent(policy.minimumImprovement)} lower is required`
  return {
    name: 'minimum improvement',
    passed: difference !== undefined && difference.estimate <= -policy.minimumImprovement,
    detail: difference
      ? `${label} is ${compared(difference.estimate, referenceName(evidence))}; ${required}.`
      : `${label} could not be compared; ${required}.`,
  }
}

/**
 * Of a refresh it is not asked where production does not do it either: that it is no worse than that
 * is asked of it anyway. Of an experiment it is, or this would ask nothing beside being better.
 */
function seasonalNaiveBeaten(evidence: Evidence): Check {
  const { policy, challenge, challenger, champion, baseline } = evidence
  const [own, kept, naive] = [challenger, champion, baseline].map((it) => it?.[policy.decidedBy])
  const label = metricLabels[policy.decidedBy]
  const known = own !== undefined && naive !== undefined
  const isBroken = known && kept !== undefined && kept >= naive && challenge?.kind === 'refresh'
  const orKept = isBroken ? `, or at most the ${kept.toFixed(4)} of the champion,` : ''
  return {
    name: 'seasonal naive beaten',
    passed: known && (own < naive || (isBroken && own <= kept)),
    detail: known
      ? `${label} is ${own.toFixed(4)}; below the ${naive.toFixed(4)} of seasonal naive${orKept} is required.`
      : `${label} could not be compared with that of seasonal naive; below it is required.`,
  }
}

function biasWithin(limit: { max: number }, evidence: Evidence): Check {
  const { bias } = evidence.challenger
  const kept = Math.abs((evidence.champion ?? evidence.baseline).bias ?? 0)
  const orKept = kept > limit.max ? `, or the ${percent(kept)} of ${referenceName(evidence)}` : ''
  const required = `at most ${percent(limit.max)} either way${orKept} is allowed`
  return {
    name: 'bias',
    passed: isNoFurther(...breaches(evidence, (metrics) => biasBreach(metrics, limit))),
    detail:
      bias === undefined
        ? `The bias could not be computed; ${required}.`
        : `The forecasts add up to ${percent(Math.abs(bias))} ${bias < 0 ? 'less' : 'more'} than was sold; ${required}.`,
  }
}

function coverageWithin(limits: { min: number; max: number }, evidence: Evidence): Check {
  const { coverage80 } = evidence.challenger
  const [own, kept] = breaches(evidence, (metrics) => coverageBreach(metrics, limits))
  const orKept = kept
    ? `, or no further from it than ${referenceName(evidence)}, by ${percent(kept)},`
    : ''
  const required = `${percent(limits.min)} to ${percent(limits.max)}${orKept} is required`
  return {
    name: 'coverage of the 80% interval',
    passed: isNoFurther(own, kept),
    detail:
      coverage80 === undefined
        ? `The coverage of the 80% interval could not be computed; ${required}.`
        : `${percent(coverage80)} of the rows lie within the 80% interval; ${required}.`,
  }
}

/** How far the challenger breaks a limit, and how far the model that would stay. */
function breaches(
  { challenger, champion, baseline }: Evidence,
  breach: (metrics: Metrics) => Breach,
): [own: Breach, kept: Breach] {
  return [breach(challenger), breach(champion ?? baseline)]
}

function segmentsWithin(
  by: Segment['by'],
  { minimumRows, maxWorse }: { minimumRows: number; maxWorse: number },
  { policy, segments }: Evidence,
): Check {
  const judged = segments
    .filter((segment) => segment.by === by && segment.rows >= minimumRows)
    .map(({ name, difference, ...segment }) => {
      const worse = increase(segment, policy.decidedBy)
      return { name, worse, failed: worse > maxWorse && !mayBeChance(difference) }
    })
    .sort((a, b) => b.worse - a.worse)
  const failed = judged.filter((segment) => segment.failed)
  const [worst] = judged
  const shown = (failed.length > 0 ? failed : judged.slice(0, 1))
    .map(({ name, worse }) =>
      Number.isFinite(worse) ? `${name} (${change(worse)})` : `${name} (cannot be compared)`,
    )
    .join(', ')
  const required = `at most ${percent(maxWorse)} higher is allowed`
  const detail = worst
    ? `${metricLabels[policy.decidedBy]} by ${by}, ${failed.length > 0 ? 'too high' : 'the worst'}: ${shown}; ${required}${failed.length === 0 && worst.worse > maxWorse ? BY_CHANCE : ''}.`
    : `No ${by} has the ${minimumRows} rows that it takes to judge one; ${required}.`
  return { name: `no ${by} worse`, passed: failed.length === 0, detail }
}

/**
 * How much higher the metric is than that of the reference, relative to the latter; infinite where
 * that cannot be said. Where no model has the metric nothing was sold, and nothing is worse.
 */
function increase(
  { challenger, champion, baseline }: Pick<Segment, 'challenger' | 'champion' | 'baseline'>,
  metric: LossName,
): number {
  const own = challenger[metric]
  const other = (champion ?? baseline)[metric]
  if (own === other) return 0
  if (own === undefined || other === undefined) return Number.POSITIVE_INFINITY
  return own / other - 1
}

function orderingCostWithin(limit: number, evidence: Evidence): Check {
  const name = 'cost of ordering'
  const { ordering, policy } = evidence
  if (ordering?.outcome !== 'simulated') return notSimulated(name, ordering)
  const { challenger, champion, baseline, difference } = ordering
  const reference = champion ?? baseline
  const isWithin = challenger.cost <= (1 + limit) * reference.cost
  const passed = isWithin || mayBeChance(difference)
  const interval = difference
    ? `, ${level(policy.confidence)} interval ${span(difference.low, difference.high)}`
    : ''
  const found = `Ordering by the challenger costs ${integer(challenger.cost)} in the simulation, by ${referenceName(evidence)} ${integer(reference.cost)} (${change(challenger.cost / reference.cost - 1)}${interval})`
  const required = `at most ${percent(limit)} higher is allowed`
  return { name, passed, detail: `${found}; ${required}${isWithin || !passed ? '' : BY_CHANCE}.` }
}

/**
 * Whether an increase beyond a limit may be none at all. Half of all equals are higher by chance, and
 * where there is much of it many of them by more than any limit: a guardrail is for what is higher
 * with the confidence of the policy. What has no interval is not excused.
 */
function mayBeChance(difference: Interval | undefined): boolean {
  return difference !== undefined && difference.low <= 0
}

const BY_CHANCE = ', and more only where chance may explain it, as here'

function serviceLevelOf(least: number, evidence: Evidence): Check {
  const name = 'service level of ordering'
  const { ordering } = evidence
  if (ordering?.outcome !== 'simulated') return notSimulated(name, ordering)
  const { serviceLevel } = ordering.challenger
  const kept = (ordering.champion ?? ordering.baseline).serviceLevel
  const isBroken = kept !== undefined && kept < least
  const orKept = isBroken ? `, or the ${percent(kept)} by ${referenceName(evidence)},` : ''
  const required = `at least ${percent(least)}${orKept} is required`
  return {
    name,
    passed: serviceLevel !== undefined && serviceLevel >= (isBroken ? kept : least),
    detail:
      serviceLevel === undefined
        ? `The service level of ordering could not be computed; ${required}.`
        : `Ordering by the challenger meets ${percent(serviceLevel)} of the demand in the simulation; ${required}.`,
  }
}

/** What the data cannot say is no fault of any model. */
function notSimulated(
  name: string,
  ordering: Extract<OrderingComparison, { outcome: 'not simulated' }> | undefined,
): Check {
  return ordering
    ? { name, passed: true, detail: `${ordering.reason} Nothing is asked of it then.` }
    : { name, passed: false, detail: 'Ordering was not simulated.' }
}
