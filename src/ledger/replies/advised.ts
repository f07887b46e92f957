import type { EventOf } from '../events/event.ts'

/** What it was to order, or the mean that was forecast; undefined for an order that is not known. */
export function advisedUnits(
  event: EventOf<'cd4ml.forecast.v1' | 'cd4ml.order.v1'>,
): number | undefined {
  if (event.type === 'cd4ml.forecast.v1') return event.data.mean
  const { units } = event.data.advice
  return typeof units === 'number' ? units : undefined
}

/** Whether a quantity is what was advised, as CSV has it that is given out: with four decimals. */
export function isAdvised(quantity: number, advised: number | undefined): boolean {
  return advised !== undefined && quantity.toFixed(4) === advised.toFixed(4)
}
