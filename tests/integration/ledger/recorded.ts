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

/** That a buyer expected something else. */
export function decisionEvent(
  of: EventOf<'cd4ml.forecast.v1'>,
  more: Partial<RecordedEvent> = {},
): EventOf<'cd4ml.decision.v1'> {
  const { product, store } = of.data
  const series = { product, ...(store !== undefined && { store }) }
  return {
    ...envelope(series),
    type: 'cd4ml.decision.v1',
    data: {
      ...series,
      of: { type: 'forecast', id: of.id },
      decision: 'changed',
      quantity: 20,
      reason: 'event',
      by: 'buyer-1',
    },
    ...more,
  } as EventOf<'cd4ml.decision.v1'>
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
