import { MILLISECONDS_A_DAY } from '../base/day.ts'
import type { Language } from '../base/language.ts'
import type { Interval } from '../evaluation/gate/interval.ts'
import type { MetricName } from '../evaluation/scoring/metrics.ts'
import { evaluationTexts } from './texts/evaluation.ts'
import { numbersIn } from './texts/numbers.ts'

/** The value of a metric in the unit that people read it in; `–` where it could not be computed. */
export function metricValue(
  name: MetricName,
  value: number | undefined,
  language: Language,
): string {
  const { signedPercent, percent, loss } = numbersIn[language]
  if (value === undefined) return '–'
  if (name === 'bias') return signedPercent(value)
  if (name === 'wape' || name === 'coverage80' || name === 'coverage95') return percent(value)
  return loss(value)
}

/**
 * A difference as `Evaluation.differences` holds it, relative or (bias and coverage) in percentage
 * points, with its interval: `-5.2% (-8.0% to -2.4%)`.
 */
export function differenceText(
  name: MetricName,
  interval: Interval | undefined,
  language: Language,
): string {
  if (interval === undefined) return '–'
  const { signedPercent, signedPoints } = numbersIn[language]
  const shown = isRelative(name) ? signedPercent : signedPoints
  const [estimate, low, high] = [interval.estimate, interval.low, interval.high].map(shown)
  return evaluationTexts[language].estimate(estimate, low, high)
}

/** Whether the difference of this metric is given relative to the reference's value. */
export function isRelative(name: MetricName): boolean {
  return name !== 'bias' && name !== 'coverage80' && name !== 'coverage95'
}

/** Whole days from one moment, ISO 8601 in UTC, to another. */
export function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / MILLISECONDS_A_DAY)
}

/** The first ten characters of a git object id or digest: enough for people to compare. */
export function shortId(id: string): string {
  return id.slice(0, 10)
}

/** As exact as evidence is worth: 3108.26 → 3110, 0.78412 → 0.784. */
export function threeDigits(value: number): number {
  return Number(value.toPrecision(3))
}
