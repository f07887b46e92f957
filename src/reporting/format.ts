import { percent } from '../base/wording.ts'
import type { Interval } from '../evaluation/gate/interval.ts'
import type { MetricName } from '../evaluation/scoring/metrics.ts'
import { metricLabels } from './comparing.ts'

/** -0.052 → `-5.2%`, 0.052 → `+5.2%`, 0 → `0.0%`. */
export function signedPercent(value: number): string {
  return signedPercentFormat.format(value)
}

/** Units of a product: whole from 10 on, one decimal below. 312.4 → `312`, 0.26 → `0.3`. */
export function units(value: number): string {
  return (Math.abs(value) < 9.95 ? tenthFormat : wholeFormat).format(value)
}

/** The value of a metric in the unit that people read it in; `–` where it could not be computed. */
export function metricValue(name: MetricName, value: number | undefined): string {
  if (value === undefined) return '–'
  if (name === 'bias') return signedPercent(value)
  if (name === 'wape' || name === 'coverage80' || name === 'coverage95') return percent(value)
  return lossFormat.format(value)
}

/**
 * A difference as `Evaluation.differences` holds it, relative or (bias and coverage) in percentage
 * points, with its interval: `-5.2% (-8.0% to -2.4%)`.
 */
export function differenceText(name: MetricName, interval: Interval | undefined): string {
  if (interval === undefined) return '–'
  const shown = isRelative(name) ? signedPercent : signedPoints
  const [estimate, low, high] = [interval.estimate, interval.low, interval.high].map(shown)
  return `${estimate} (${low} to ${high})`
}

/** Whether the difference of this metric is given relative to the reference's value. */
export function isRelative(name: MetricName): boolean {
  return name !== 'bias' && name !== 'coverage80' && name !== 'coverage95'
}

/** The first ten characters of a git object id or digest: enough for people to compare. */
export function shortId(id: string): string {
  return id.slice(0, 10)
}

/** The label within a sentence: `weighted quantile loss`, but `WAPE`. */
export function metricInSentence(name: MetricName): string {
  return metricLabels[name].replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())
}

/** What each metric means, and which way is good. */
export const metricMeanings: Record<MetricName, string> = {
  weightedQuantileLoss:
    'Pinball loss of the 10%, 50% and 90% quantiles, relative to the units sold: what stocking too much or too little costs. Lower is better.',
  wape: 'Sum of the absolute errors, relative to the units sold. Lower is better.',
  mase: 'Mean absolute error, relative to that of the seasonal naive forecast within the history. Lower is better.',
  rmsse:
    'Root mean squared error, relative to that of the seasonal naive forecast within the history. Lower is better.',
  bias: 'Forecast minus sold, relative to the units sold: above zero is too much. Nearer to zero is better.',
  coverage80: 'How often sales fell within the 80% interval. Nearer to 80% is better.',
  coverage95: 'How often sales fell within the 95% interval. Nearer to 95% is better.',
}

function signedPoints(value: number): string {
  return `${signedTenthFormat.format(value * 100)} pp`
}

// A fixed locale: a report must not depend on the machine that writes it.
function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return new Intl.NumberFormat('en-US', { signDisplay: 'negative', ...options })
}

const oneDecimal = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
const signed = { signDisplay: 'exceptZero' } as const

const wholeFormat = numberFormat({ maximumFractionDigits: 0 })
const tenthFormat = numberFormat({ maximumFractionDigits: 1 })
const lossFormat = numberFormat({ minimumFractionDigits: 4, maximumFractionDigits: 4 })
const signedTenthFormat = numberFormat({ ...oneDecimal, ...signed })
const signedPercentFormat = numberFormat({ style: 'percent', ...oneDecimal, ...signed })
