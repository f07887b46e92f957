import type { EventOf } from '../../../../src/ledger/events/event.ts'
import { eventIdOf } from '../../../../src/ledger/events/event-id.ts'

/** What another system says that sold on the days of an order. */
export function actualOf(
  { subject, time, data: { advice } }: EventOf<'cd4ml.order.v1'>,
  sold: { units: number; censoredDays?: number },
  supersedes?: string,
): EventOf<'cd4ml.actual.v1'> {
  return {
    specversion: '1.0',
    id: eventIdOf(time, `actual ${subject} ${advice.from} ${JSON.stringify(sold)}`),
    source: '/cd4ml/service',
    time,
    subject,
    datacontenttype: 'application/json',
    type: 'cd4ml.actual.v1',
    data: {
      product: subject,
      from: String(advice.from),
      to: String(advice.through),
      ...sold,
      source: { from: 'report' },
    },
    ...(supersedes !== undefined && { supersedes }),
  }
}
