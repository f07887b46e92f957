import { type Static, Type } from 'typebox'
import { dayFromIso } from '../../base/day.ts'
import { count, number, object } from '../../base/schema-parts.ts'
import { periodOf } from '../../demand/calendar.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import type { MonitoringLimits } from '../../evaluation/gate/policy.ts'
import { Expectation, expectationFrom } from './expectation.ts'
import { wreckLimit } from './wreck-limit.ts'

/** What the backtest of a version promises of a block of production, and what that rests on. */
export const BacktestPromise = object({
  ...Expectation.properties,
  /** How many of the origins its settings were chosen on: they flatter it. */
  searched: count,
  /** The log-ratio beyond which two blocks in a row are a wreck. */
  wreck: number,
})
export type BacktestPromise = Static<typeof BacktestPromise>

/** Why a version promises nothing that production could be held to. */
export const NoPromise = Type.Enum([
  /** It was compared before these were told. */
  'the backtest of the version has no losses by origin',
  'the backtest has too few origins',
  /** What production is measured by is what it does. */
  'seasonal naive is in production',
])
export type NoPromise = Static<typeof NoPromise>

/**
 * What the version that this evaluation is of promises, of blocks of so many periods.
 *
 * All origins count at which the whole block was over and both lost something, those of the search too,
 * as far as their blocks do not overlap: the newest first. Of an experiment these are the origins of the
 * policy, a horizon apart, of a refresh those since production was trained, which are closer together;
 * in both cases with those of the search before the first of them.
 */
export function promiseFrom(
  { losses, frequency }: Pick<Evaluation, 'losses' | 'frequency'>,
  block: { periods: number; inYear: number },
  { allowance, wreckYears }: Pick<MonitoringLimits, 'allowance' | 'wreckYears'>,
):
  | { outcome: 'promised'; promise: BacktestPromise }
  | { outcome: 'cannot tell'; reason: NoPromise } {
  if (!losses) return cannotTell('the backtest of the version has no losses by origin')
  const found = losses.flatMap(({ day, kind, periods, challenger, baseline }) => {
    const at = periods.indexOf(block.periods)
    const logRatio = Math.log(challenger[at] / baseline[at])
    const period = periodOf(frequency, dayFromIso(day)!)
    return Number.isFinite(logRatio) ? [{ period, kind, logRatio }] : []
  })
  const apart = withoutOverlap(found, block.periods)
  const logRatios = apart.map(({ logRatio }) => logRatio)
  if (logRatios.length > 0 && logRatios.every((it) => it === 0)) {
    return cannotTell('seasonal naive is in production')
  }
  const expected = expectationFrom(logRatios, allowance)
  if (!expected) return cannotTell('the backtest has too few origins')
  const searched = apart.filter(({ kind }) => kind === 'searched').length
  const years = { blocksInYear: block.inYear, years: wreckYears }
  const wreck = wreckLimit(logRatios, expected, years)
  return { outcome: 'promised', promise: { ...expected, searched, wreck } }
}

function cannotTell(reason: NoPromise): { outcome: 'cannot tell'; reason: NoPromise } {
  return { outcome: 'cannot tell', reason }
}

/** Of these, ascending in time, each begins when the one before it is over; the last one stays. */
function withoutOverlap<Origin extends { period: number }>(
  origins: readonly Origin[],
  periods: number,
): Origin[] {
  const kept: Origin[] = []
  for (const origin of origins.toReversed()) {
    if (kept.length === 0 || kept[0].period - origin.period >= periods) kept.unshift(origin)
  }
  return kept
}
