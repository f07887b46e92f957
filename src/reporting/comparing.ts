import { percent } from '../base/wording.ts'
import type { MetricName } from '../evaluation/scoring/metrics.ts'

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

/** The model that a challenger is judged against: who forecasts better or worse than it. */
export function referenceName({ champion }: { champion?: object }): string {
  return champion ? 'the champion' : 'seasonal naive'
}

/** The same as a heading says it. */
export function referenceModel({ champion }: { champion?: object }): string {
  return champion ? 'the champion' : 'the seasonal naive model'
}

/** -0.123 → `12.3% lower than the champion's`. */
export function compared(difference: number, reference: string): string {
  return difference === 0
    ? `the same as ${reference}'s`
    : `${change(difference)} than ${reference}'s`
}

/** -0.16, -0.081 → `8.1% to 16.0% lower`; -0.031, 0.022 → `3.1% lower to 2.2% higher`. */
export function span(low: number, high: number): string {
  if (high <= 0) return `${percent(-high)} to ${percent(-low)} lower`
  if (low >= 0) return `${percent(low)} to ${percent(high)} higher`
  return `${change(low)} to ${change(high)}`
}

/** -0.123 → `12.3% lower`. */
export function change(difference: number): string {
  return `${percent(Math.abs(difference))} ${difference < 0 ? 'lower' : 'higher'}`
}

/** A confidence, without hiding how near to 1 it is: 0.95 → `95%`, 0.99821 → `99.82%`. */
export function level(confidence: number): string {
  const nines = confidence < 1 ? Math.ceil(-Math.log10(1 - confidence)) - 1 : 0
  return `${Number((confidence * 100).toFixed(Math.min(Math.max(1, nines), MOST_DIGITS)))}%`
}

const MOST_DIGITS = 12

/** 2 → `2nd`. */
export function ordinal(place: number): string {
  const [tens, ones] = [Math.floor(place / 10) % 10, place % 10]
  return `${place}${tens === 1 ? 'th' : (['th', 'st', 'nd', 'rd'][ones] ?? 'th')}`
}
