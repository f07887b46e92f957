import { type Metrics, metricNames } from '../scoring/metrics.ts'
import { type Breach, biasBreach, coverageBreach, isNoFurther } from './breaches.ts'
import type { Check } from './check.ts'
import type { Segment } from './evaluation.ts'
import type { Evidence } from './evidence.ts'
import type { Interval } from './interval.ts'
import type { LossName, Policy } from './policy.ts'
import type { SmallerQuestion } from './question.ts'
import { refreshChecks } from './refresh.ts'

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
    ...(segments?.part && evidence.segments.some(({ by }) => by === 'part')
      ? [segmentsWithin('part', { ...limits, ...segments.part }, evidence)]
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
  return { name: 'every metric', passed: missing.length === 0, missing }
}

function sameQuestion(smaller: SmallerQuestion[], { allow }: Policy): Check {
  const refused = smaller.filter(({ by }) => !allow?.includes(by))
  const passed = refused.length === 0
  return { name: 'same question', passed, smaller: passed ? smaller : refused }
}

function minimumImprovement({ policy, difference }: Evidence): Check {
  const required = policy.minimumImprovement
  return {
    name: 'minimum improvement',
    passed: difference !== undefined && difference.estimate <= -required,
    ...(difference && { difference: difference.estimate }),
    required,
  }
}

/**
 * Of a refresh it is not asked where production does not do it either: that it is no worse than that
 * is asked of it anyway. Of an experiment it is, or this would ask nothing beside being better.
 */
function seasonalNaiveBeaten(evidence: Evidence): Check {
  const { policy, challenge, challenger, champion, baseline } = evidence
  const [own, kept, naive] = [challenger, champion, baseline].map((it) => it?.[policy.decidedBy])
  const known = own !== undefined && naive !== undefined
  const isBroken = known && kept !== undefined && kept >= naive && challenge?.kind === 'refresh'
  return {
    name: 'seasonal naive beaten',
    passed: known && (own < naive || (isBroken && own <= kept)),
    ...(known && { own, naive }),
    ...(isBroken && { kept }),
  }
}

function biasWithin(limit: { max: number }, evidence: Evidence): Check {
  const { bias } = evidence.challenger
  const kept = Math.abs((evidence.champion ?? evidence.baseline).bias ?? 0)
  return {
    name: 'bias',
    passed: isNoFurther(...breaches(evidence, (metrics) => biasBreach(metrics, limit))),
    ...(bias !== undefined && { bias }),
    allowed: limit.max,
    ...(kept > limit.max && { kept }),
  }
}

function coverageWithin(limits: { min: number; max: number }, evidence: Evidence): Check {
  const { coverage80 } = evidence.challenger
  const [own, kept] = breaches(evidence, (metrics) => coverageBreach(metrics, limits))
  return {
    name: 'coverage of the 80% interval',
    passed: isNoFurther(own, kept),
    ...(coverage80 !== undefined && { coverage: coverage80 }),
    least: limits.min,
    most: limits.max,
    ...(kept && { kept }),
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
  by: 'category' | 'volume class' | 'part',
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
  const passed = failed.length === 0
  const shown = passed ? judged.slice(0, 1) : failed
  return {
    name: `no ${by} worse`,
    passed,
    shown: shown.map(({ name, worse }) => ({ name, ...(Number.isFinite(worse) && { worse }) })),
    minimumRows,
    allowed: maxWorse,
    byChance: passed && judged.some(({ worse }) => worse > maxWorse),
  }
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

function orderingCostWithin(allowed: number, { ordering }: Evidence): Check {
  const name = 'cost of ordering'
  if (ordering?.outcome !== 'simulated') {
    return { name, passed: isNoFault(ordering), allowed, byChance: false }
  }
  const { challenger, champion, baseline, difference } = ordering
  const reference = champion ?? baseline
  const isWithin = challenger.cost <= (1 + allowed) * reference.cost
  const passed = isWithin || mayBeChance(difference)
  return {
    name,
    passed,
    found: {
      challenger: challenger.cost,
      reference: reference.cost,
      ...(difference && { interval: difference }),
    },
    allowed,
    byChance: passed && !isWithin,
  }
}

/**
 * Whether an increase beyond a limit may be none at all. Half of all equals are higher by chance, and
 * where there is much of it many of them by more than any limit: a guardrail is for what is higher
 * with the confidence of the policy. What has no interval is not excused.
 */
function mayBeChance(difference: Interval | undefined): boolean {
  return difference !== undefined && difference.low <= 0
}

function serviceLevelOf(required: number, { ordering }: Evidence): Check {
  const name = 'service level of ordering'
  if (ordering?.outcome !== 'simulated') {
    return { name, passed: isNoFault(ordering), isSimulated: false, required }
  }
  const level = ordering.challenger.serviceLevel
  const kept = (ordering.champion ?? ordering.baseline).serviceLevel
  const isBroken = kept !== undefined && kept < required
  return {
    name,
    passed: level !== undefined && level >= (isBroken ? kept : required),
    isSimulated: true,
    ...(level !== undefined && { level }),
    required,
    ...(isBroken && { kept }),
  }
}

/** What the data cannot say is no fault of any model; a simulation that was left out is. */
function isNoFault(ordering: Evidence['ordering']): boolean {
  return ordering?.outcome === 'not simulated'
}
