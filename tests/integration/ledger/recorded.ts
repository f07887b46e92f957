import { randomUUIDv7 } from 'node:crypto'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import type { EventOf, RecordedEvent } from '../../../src/ledger/events/event.ts'
import { seriesId } from '../../../src/sales/totals/daily-totals.ts'

type Series = { product: string; store?: string }

/** A forecast of a month, recorded now. */
export function forecastEvent(
  series: Series = { product: 'P1' },
  more: Partial<RecordedEvent> = {},
): EventOf<'cd4ml.forecast.v1'> {
  return {
    ...envelope(series),
    type: 'cd4ml.forecast.v1',
    data: {
      ...series,
      from: '2026-02-01',
      to: '2026-02-28',
      mean: 10.5,
      quantiles: LEVELS.map((level) => 21 * level),
      restsOn: 'series',
      basis: BASIS,
    },
    ...more,
  } as EventOf<'cd4ml.forecast.v1'>
}

/** Advice to order two packs of twelve. */
export function orderEvent(
  series: Series = { product: 'P1' },
  more: Partial<RecordedEvent> = {},
): EventOf<'cd4ml.order.v1'> {
  return {
    ...envelope(series),
    type: 'cd4ml.order.v1',
    data: {
      ...series,
      day: '2026-02-01',
      outcome: 'order',
      advice: { units: 24, packs: 2, pack: 12, from: '2026-02-01', through: '2026-02-07' },
      basis: BASIS,
    },
    ...more,
  } as EventOf<'cd4ml.order.v1'>
}

/** That a buyer wanted another quantity. */
export function decisionEvent(
  of: EventOf<'cd4ml.forecast.v1' | 'cd4ml.order.v1'>,
  more: Partial<RecordedEvent> = {},
): EventOf<'cd4ml.decision.v1'> {
  const series = seriesOf(of)
  return {
    ...envelope(series),
    type: 'cd4ml.decision.v1',
    data: {
      ...series,
      of: { type: of.type === 'cd4ml.order.v1' ? 'order' : 'forecast', id: of.id },
      decision: 'changed',
      quantity: 20,
      reason: 'event',
      by: 'buyer-1',
    },
    ...more,
  } as EventOf<'cd4ml.decision.v1'>
}

/** That 12 of an order arrived. */
export function receiptEvent(
  of: EventOf<'cd4ml.order.v1'>,
  more: Partial<RecordedEvent> = {},
): EventOf<'cd4ml.receipt.v1'> {
  const series = seriesOf(of)
  return {
    ...envelope(series),
    type: 'cd4ml.receipt.v1',
    data: { ...series, day: '2026-02-03', units: 12, order: of.id },
    ...more,
  } as EventOf<'cd4ml.receipt.v1'>
}

/** What sold on some days, as the sales files say or another system reports. */
export function actualEvent(
  series: Series,
  days: { from: string; to: string; units: number; censoredDays?: number },
  from: 'sales' | 'report' = 'sales',
): EventOf<'cd4ml.actual.v1'> {
  const { data, salesThrough } = BASIS
  return {
    ...envelope(series),
    type: 'cd4ml.actual.v1',
    data: {
      ...series,
      ...days,
      source: from === 'sales' ? { from, data, salesThrough } : { from },
    },
  }
}

function seriesOf({ data: { product, store } }: RecordedEvent): Series {
  return { product, ...(store !== undefined && { store }) }
}

function envelope({ product, store }: Series) {
  return {
    specversion: '1.0' as const,
    id: randomUUIDv7(),
    source: '/cd4ml/tests',
    time: new Date().toISOString(),
    subject: seriesId({ productId: product, storeId: store }),
    datacontenttype: 'application/json' as const,
  }
}

const BASIS = {
  version: 1,
  model: 'a'.repeat(64),
  data: 'b'.repeat(40),
  salesThrough: '2026-01-31',
}
