import { type Day, isoFromDay } from '../../../../src/base/day.ts'
import type { Json } from '../../../../src/base/schema-parts.ts'
import type { EventOf } from '../../../../src/ledger/events/event.ts'
import { eventIdOf } from '../../../../src/ledger/events/event-id.ts'

/** A pseudonym of a person, to be found in nothing that is reported. */
export const PERSON = 'person-of-the-secret-key'

/** An order of the morning of a day, and the decision on it. */
export function decisionOn(
  product: string,
  {
    day,
    advice,
    decided,
    reason = 'promotion',
  }: { day: Day; advice: Record<string, Json>; decided: number; reason?: string },
): [EventOf<'cd4ml.order.v1'>, EventOf<'cd4ml.decision.v1'>] {
  const time = `${isoFromDay(day)}T08:00:00.000Z`
  const of = eventIdOf(time, `order ${product}`)
  const isFollowed = decided === advice.units
  const envelope = {
    specversion: '1.0' as const,
    source: '/cd4ml/page',
    time,
    subject: product,
    datacontenttype: 'application/json' as const,
  }
  const salesThrough = isoFromDay(day - 1)
  return [
    {
      ...envelope,
      id: of,
      type: 'cd4ml.order.v1',
      data: {
        product,
        day: isoFromDay(day),
        outcome: 'order',
        advice,
        basis: { version: 1, model: 'a'.repeat(64), data: 'b'.repeat(40), salesThrough },
      },
    },
    {
      ...envelope,
      id: eventIdOf(time, `decision ${product}`),
      type: 'cd4ml.decision.v1',
      data: {
        product,
        of: { type: 'order', id: of },
        decision: isFollowed ? 'followed' : 'changed',
        quantity: decided,
        ...(!isFollowed && { reason }),
        by: PERSON,
      },
    },
  ]
}
