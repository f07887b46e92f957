import type { Basis, EventOf } from '../../ledger/events/event.ts'
import type { Answered, Engine, OrderAnswered } from '../engine/engine.ts'
import { dataDigest, envelope, type Prepared, type Recording } from './prepared.ts'

/** An order with the event by which the ledger has it. */
export type RecordedOrder = OrderAnswered & { id: string; day: string; basis: Basis }

/**
 * Asks what to order of the products asked for, without any of every series, and prepares an event
 * for every order that the ledger does not have: what was advised before, on the same sales and by
 * the same version, stays one event, however often it is looked at.
 */
export async function prepareOrders(
  engine: Engine,
  questions: readonly unknown[] | undefined,
  by: Recording,
): Promise<Prepared<Answered<RecordedOrder[]>>> {
  const { basis, day, answers } = await engine.orders(questions)
  const events: EventOf<'cd4ml.order.v1'>[] = []
  const once = new Map<string, string>()
  const withEvents = answers.map((answered): Answered<RecordedOrder[]> => {
    if (answered.outcome === 'refused') return answered
    const answer = answered.answer.map((ordered) => {
      const event = orderEvent(ordered, { day, basis }, by)
      events.push(event)
      once.set(event.id, `order ${dataDigest(event)}`)
      return { ...ordered, id: event.id, day, basis }
    })
    return { outcome: 'answered', answer }
  })
  return {
    events,
    once,
    answers: (known) => (known.size === 0 ? withEvents : withEvents.map(withIdsOf(known))),
  }
}

function orderEvent(
  { order }: OrderAnswered,
  { day, basis }: { day: string; basis: Basis },
  by: Recording,
): EventOf<'cd4ml.order.v1'> {
  // Names change; the event says which series it is by its ids.
  const { productId: product, storeId: store, name: _name, category: _category, ...said } = order
  const { outcome, ...advice } = said
  const series = { product, ...(store !== undefined && { store }) }
  return {
    ...envelope(by, series),
    type: 'cd4ml.order.v1',
    data: { ...series, day, outcome, advice, basis },
  }
}

function withIdsOf(known: ReadonlyMap<string, string>) {
  return (answered: Answered<RecordedOrder[]>): Answered<RecordedOrder[]> =>
    answered.outcome === 'refused'
      ? answered
      : {
          outcome: 'answered',
          answer: answered.answer.map((order) => ({
            ...order,
            id: known.get(order.id) ?? order.id,
          })),
        }
}
