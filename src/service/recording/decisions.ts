import { type Static, Type } from 'typebox'
import { quoted } from '../../base/errors.ts'
import { examiner, type FieldProblem } from '../../base/schema.ts'
import { number, object } from '../../base/schema-parts.ts'
import { advisedUnits, isAdvised } from '../../ledger/events/advised.ts'
import {
  DecisionData,
  type EventOf,
  eventId,
  type RecordedEvent,
} from '../../ledger/events/event.ts'
import { type EventLog, LONGEST_NOTE } from '../../ledger/events/event-log.ts'
import { placeOf } from '../../ledger/events/place.ts'
import type { DecisionReason } from '../../ordering/decision-reasons.ts'
import { envelope, type Prepared, type Recording } from './prepared.ts'

/** What a buyer did with a forecast or an order, as it is reported. */
export const Decided = object({
  /** The event of the forecast or the order that was decided on. */
  of: eventId,
  decision: DecisionData.properties.decision,
  /** Units: of an order what was ordered, of a forecast what the buyer expects instead. */
  quantity: Type.Optional(number),
  /** One of the chain's reasons, by its id. */
  reason: DecisionData.properties.reason,
  /** In the buyer's own words. It is kept apart from the ledger, and goes with the person. */
  note: Type.Optional(Type.String({ maxLength: LONGEST_NOTE })),
  /** The decision on the same event that this one corrects. */
  supersedes: Type.Optional(eventId),
})
export type Decided = Static<typeof Decided>

export type RecordedDecision = EventOf<'cd4ml.decision.v1'>

/** Recorded, or what is wrong; `conflict`: something else was decided before, by that event. */
export type DecisionOutcome =
  | { outcome: 'recorded'; event: RecordedDecision }
  | { outcome: 'refused'; problems: FieldProblem[] }
  | { outcome: 'conflict'; with: string; problems: FieldProblem[] }

/**
 * Checks decisions against what they are on, and prepares an event for each that can be. On an event
 * one decision counts: another has to say which it corrects, and two at once cannot both be first.
 */
export async function prepareDecisions(
  { log, reasons }: { log: EventLog; reasons: readonly DecisionReason[] },
  decisions: readonly unknown[],
  by: Recording & { person: string },
): Promise<Prepared<DecisionOutcome>> {
  const examined = decisions.map((decision) => examine(decision))
  const ids = examined.flatMap((it) =>
    it.outcome === 'fits' ? [it.value.of, it.value.supersedes ?? []].flat() : [],
  )
  const events = await log.byId([...new Set(ids)])
  const prepared = examined.map((it): MadeDecision | Refused => {
    if (it.outcome === 'refused') return it
    const decided = checked(it.value, events, reasons)
    if (decided.outcome === 'refused') return decided
    return { outcome: 'made', event: decisionEvent(it.value, decided, by), note: it.value.note }
  })
  const made = prepared.flatMap((it) => (it.outcome === 'made' ? [it] : []))
  return {
    events: made.map(({ event }) => event),
    once: new Map(made.map(({ event }) => [event.id, placeOf(event)])),
    notes: new Map(
      made.flatMap(({ event, note }) =>
        note ? [[event.id, { person: by.person, text: note }] as const] : [],
      ),
    ),
    answers: (known) => prepared.map((it) => (it.outcome === 'made' ? kept(it.event, known) : it)),
  }
}

const examine = examiner(Decided)

type MadeDecision = { outcome: 'made'; event: RecordedDecision; note: string | undefined }

type On = EventOf<'cd4ml.forecast.v1'> | EventOf<'cd4ml.order.v1'>

type Checked = { outcome: 'fits'; on: On; quantity?: number } | Refused

type Refused = { outcome: 'refused'; problems: FieldProblem[] }

/** What only the ledger and the chain's reasons can say of a decision. */
function checked(
  asked: Decided,
  events: ReadonlyMap<string, RecordedEvent>,
  reasons: readonly DecisionReason[],
): Checked {
  const on = events.get(asked.of)
  if (on?.type !== 'cd4ml.forecast.v1' && on?.type !== 'cd4ml.order.v1') {
    return refused('/of', asked.of, 'must be the id of a forecast or an order in the ledger')
  }
  if (asked.reason !== undefined && !reasons.some(({ id }) => id === asked.reason)) {
    const ids = reasons.map(({ id }) => id).join(', ')
    return refused('/reason', asked.reason, `must be one of ${ids}`)
  }
  if (asked.supersedes !== undefined) {
    const corrected = events.get(asked.supersedes)
    if (corrected?.type !== 'cd4ml.decision.v1' || corrected.data.of.id !== asked.of) {
      return refused('/supersedes', asked.supersedes, 'must be a decision on the same event')
    }
  }
  return checkedQuantity(asked, on)
}

function checkedQuantity({ decision, quantity, reason }: Decided, on: On): Checked {
  const advised = advisedUnits(on)
  if (quantity !== undefined && quantity < 0) {
    return refused('/quantity', quantity, 'must not be less than 0')
  }
  switch (decision) {
    case 'none':
      return quantity === undefined
        ? { outcome: 'fits', on }
        : refused('/quantity', quantity, 'must be left out: none is decided yet')
    case 'followed':
      if (advised === undefined) {
        return refused('/decision', decision, 'must be changed or none: the order says no quantity')
      }
      return quantity === undefined || isAdvised(quantity, advised)
        ? { outcome: 'fits', on, quantity: advised }
        : refused('/quantity', quantity, `must be ${advised} or left out; another is changed`)
    case 'changed':
      if (quantity === undefined)
        return refused('/quantity', undefined, 'must say how many instead')
      if (isAdvised(quantity, advised)) {
        return refused('/quantity', quantity, 'must differ from what was advised, or be followed')
      }
      return reason === undefined
        ? refused('/reason', undefined, 'must say why it was changed')
        : { outcome: 'fits', on, quantity }
  }
}

function refused(field: string, came: string | number | undefined, expected: string): Refused {
  const problem = { field, ...(came !== undefined && { came: JSON.stringify(came) }), expected }
  return { outcome: 'refused', problems: [problem] }
}

function decisionEvent(
  { of, decision, reason, supersedes }: Decided,
  { on, quantity }: Extract<Checked, { outcome: 'fits' }>,
  by: Recording & { person: string },
): RecordedDecision {
  const { product, store } = on.data
  const series = { product, ...(store !== undefined && { store }) }
  return {
    ...envelope(by, series),
    type: 'cd4ml.decision.v1',
    data: {
      ...series,
      of: { type: on.type === 'cd4ml.forecast.v1' ? 'forecast' : 'order', id: of },
      decision,
      ...(quantity !== undefined && { quantity }),
      ...(reason !== undefined && { reason }),
      by: by.person,
    },
    ...(supersedes !== undefined && { supersedes }),
  }
}

/** What became of a decision that was prepared, once the ledger has said what it had already. */
function kept(event: RecordedDecision, known: ReadonlyMap<string, string>): DecisionOutcome {
  const earlier = known.get(event.id)
  if (earlier === undefined) return { outcome: 'recorded', event }
  const expected = `must be ${earlier} or what corrects it: that was decided before`
  const { supersedes } = event
  return {
    outcome: 'conflict',
    with: earlier,
    problems: [{ field: '/supersedes', ...(supersedes && { came: quoted(supersedes) }), expected }],
  }
}
