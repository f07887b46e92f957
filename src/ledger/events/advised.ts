import type { RecordedEvent } from './event.ts'

/** What it was to order, or the mean that was forecast; undefined where nothing was advised. */
export function advisedUnits(event: RecordedEvent | undefined): number | undefined {
  if (event?.type === 'cd4ml.forecast.v1') return event.data.mean
  if (event?.type !== 'cd4ml.order.v1') return undefined
  const { units } = event.data.advice
  return typeof units === 'number' ? units : undefined
}

/** Whether a quantity is what was advised, as CSV has it that is given out: with four decimals. */
export function isAdvised(quantity: number, advised: number | undefined): boolean {
  return advised !== undefined && quantity.toFixed(4) === advised.toFixed(4)
}
