import type { Interval, MetricName } from '../evaluation/gate/evaluation.ts'

/** 541909 → `541,909`. */
export function integer(value: number): string {
  return wholeFormat.format(value)
}

/** 0.1234 → `12.3%`. */
export function percent(value: number): string {
  return percentFormat.format(value)
}

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
export function difference(name: MetricName, interval: Interval | undefined): string {
  if (interval === undefined) return '–'
  const shown = isRelative(name) ? signedPercent : signedPoints
  const [estimate, low, high] = [interval.estimate, interval.low, interval.high].map(shown)
  return `${estimate} (${low} to ${high})`
}

/** Whether the difference of this metric is given relative to the reference's value. */
export function isRelative(name: MetricName): boolean {
  return name !== 'bias' && name !== 'coverage80' && name !== 'coverage95'
}

/** 1 → `1 origin`, 12 → `12 origins`. */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${integer(count)} ${count === 1 ? noun : nouns}`
}

/** The first `length` characters, with an ellipsis for the last one where there are more. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text
  // A character is at most two code units: what lies beyond needs no look.
  const characters = [...text.slice(0, 2 * length + 2)]
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text
}

/** The first ten characters of a git object id or digest: enough for people to compare. */
export function shortId(id: string): string {
  return id.slice(0, 10)
}

/** Whole words for a reader who has never met the metric. */
export const metricLabels: Record<MetricName, string> = {
  weightedQuantileLoss: 'Weighted quantile loss',
  wape: 'WAPE',
  mase: 'MASE',
  rmsse: 'RMSSE',
  bias: 'Bias',
  coverage80: 'Coverage of the 80% interval',
  coverage95: 'Coverage of the 95% interval',
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
const percentFormat = numberFormat({ style: 'percent', ...oneDecimal })
const signedPercentFormat = numberFormat({ style: 'percent', ...oneDecimal, ...signed })
