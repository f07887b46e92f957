import type { Day } from '../../base/day.ts'
import { type Difference, intervalOf, pairedDifference } from '../../evaluation/gate/bootstrap.ts'
import type { Interval } from '../../evaluation/gate/interval.ts'
import type { DecidedCase } from './decided-cases.ts'

/** Decisions on which two are compared; all arrays have one element a decision. */
export type ComparedDecisions = {
  /** The series, and the days that it was decided for. */
  subject: readonly string[]
  from: readonly Day[]
  to: readonly Day[]
  /** What the difference is relative to: the units sold, or 1 for a mean over decisions. */
  base: Float64Array
}

/**
 * A function that gives Σ values / Σ base with its confidence interval; undefined where the decisions
 * are too much alike to tell how far chance reaches: all of one stretch of days.
 *
 * Decisions are no independent observations. Those of the same days share a holiday and the weather,
 * those of one product its habits and whoever knows it; so days and products are clusters, both at
 * once, as origins and series are in a backtest (`pairedDifference`, which says by what right, and why
 * few clusters widen the interval instead of breaking it). An order has to last for days that the next
 * one covers too, so a cluster is as many days as nearly all decisions reach, and neighbours are drawn
 * together. The interval is for whoever looks today: it is no test that may be watched until it is
 * crossed.
 */
export function meanOverDecisions(
  { subject, from, to, base }: ComparedDecisions,
  confidence: number,
): (values: Float64Array) => Interval | undefined {
  const lengths = Int32Array.from(from, (day, i) => to[i] - day + 1).sort()
  const length = lengths[Math.ceil(NEARLY_ALL * lengths.length) - 1]
  const first = from.reduce((least, day) => Math.min(least, day), Number.POSITIVE_INFINITY)
  const origin = Int32Array.from(from, (day) => Math.floor((day - first) / length))
  const numbers = new Map([...new Set(subject)].map((name, number) => [name, number]))
  const series = Int32Array.from(subject, (name) => numbers.get(name) ?? 0)
  return (change) => {
    const found = pairedDifference({ origin, series, change, base }, NEIGHBOURS)
    if (!found) return
    const degrees = bothDegrees(found.degrees, numbers.size - 1)
    return shown({ ...found, degrees }, confidence)
  }
}

const NEARLY_ALL = 0.9
/** A decision of one stretch reaches into the next one, at most. */
const NEIGHBOURS = 2

/**
 * Degrees of freedom of a variance that days and products have about the same part in, and whose common
 * part is taken off (Satterthwaite 1946): each of the two is known from few clusters.
 */
function bothDegrees(days: number, products: number): number {
  return products > 0 ? Math.max(1, 1 / (1 / days + 1 / products)) : days
}

/** Undefined where it is too large to be shown, added up and sorted by everybody. */
function shown(found: Difference, confidence: number): Interval | undefined {
  const interval = intervalOf(found, confidence)
  return Object.values(interval).every((it) => Math.abs(it) <= LARGEST) ? interval : undefined
}

const LARGEST = 1e15

/** With how many decisions something is said, and the confidence of its intervals. */
export type Telling = { needed: number; confidence: number }

/** The same of cases, each with what it is relative to. */
export function meanOfCases<Case extends { decided: DecidedCase; base: number }>(
  cases: readonly Case[],
  confidence: number,
): (amountOf: (one: Case) => number) => Interval | undefined {
  const mean = meanOverDecisions(
    {
      subject: cases.map(({ decided }) => decided.on.subject),
      from: cases.map(({ decided }) => decided.from),
      to: cases.map(({ decided }) => decided.to),
      base: Float64Array.from(cases, ({ base }) => base),
    },
    confidence,
  )
  return (amountOf) => mean(Float64Array.from(cases, amountOf))
}
