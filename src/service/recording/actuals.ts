import { type Static, Type } from 'typebox'
import { quoted } from '../../base/errors.ts'
import { examiner, type FieldProblem } from '../../base/schema.ts'
import { object } from '../../base/schema-parts.ts'
import { ActualData, type EventOf, eventId, type RecordedEvent } from '../../ledger/events/event.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import { placeOf } from '../../ledger/events/place.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { Engine } from '../engine/engine.ts'
import { envelope, type Prepared, type Recording } from './prepared.ts'

const { product, store, from, to, units, censoredDays } = ActualData.properties

/** What really sold, as another system reports it. */
export const Sold = object({
  product,
  store,
  from,
  to,
  units,
  censoredDays,
  /** The report on the same days that this one corrects. */
  supersedes: Type.Optional(eventId),
})
export type Sold = Static<typeof Sold>

export type RecordedActual = EventOf<'cd4ml.actual.v1'>

/** Recorded, or what is wrong; `conflict`: these days were reported before, by that event. */
export type ActualOutcome =
  | { outcome: 'recorded'; event: RecordedActual }
  | { outcome: 'refused'; problems: FieldProblem[] }
  | { outcome: 'conflict'; with: string; problems: FieldProblem[] }

/**
 * Checks reports of what sold, and prepares an event for each that can be: of a series that the
 * sales know, on days that are over. Of the same days one report counts: another has to say which
 * it corrects.
 */
export async function prepareActuals(
  { engine, log }: { engine: Engine; log: EventLog },
  reports: readonly unknown[],
  by: Recording,
): Promise<Prepared<ActualOutcome>> {
  const examined = reports.map((report) => examine(report))
  const ids = examined.flatMap((it) => (it.outcome === 'fits' ? (it.value.supersedes ?? []) : []))
  const events = await log.byId(ids)
  const known = new Set(engine.current().series.map(idOf))
  const prepared = examined.map((it): Exclude<ActualOutcome, { outcome: 'conflict' }> => {
    if (it.outcome === 'refused') return it
    const problem = problemOf(it.value, { known, events, today: by.time.slice(0, 10) })
    if (problem) return { outcome: 'refused', problems: [problem] }
    return { outcome: 'recorded', event: actualEvent(it.value, by) }
  })
  const made = prepared.flatMap((it) => (it.outcome === 'recorded' ? [it.event] : []))
  return {
    events: made,
    once: new Map(made.map((event) => [event.id, placeOf(event)])),
    answers: (earlier) =>
      prepared.map((it) => (it.outcome === 'recorded' ? kept(it, earlier) : it)),
  }
}

const examine = examiner(Sold)

function idOf({ product, store }: { product: string; store?: string }): string {
  return seriesId({ productId: product, ...(store !== undefined && { storeId: store }) })
}

function problemOf(
  sold: Sold,
  {
    known,
    events,
    today,
  }: {
    known: ReadonlySet<string>
    events: ReadonlyMap<string, RecordedEvent>
    /** ISO day in UTC. */
    today: string
  },
): FieldProblem | undefined {
  if (!known.has(idOf(sold))) {
    return {
      field: '/product',
      came: quoted(sold.product),
      expected: 'must be a series of /v1/products',
    }
  }
  if (sold.to < sold.from) {
    return { field: '/to', came: quoted(sold.to), expected: `must not be before ${sold.from}` }
  }
  if (sold.to > today) {
    return { field: '/to', came: quoted(sold.to), expected: `must be over; it is ${today}` }
  }
  if (sold.supersedes === undefined) return undefined
  const corrected = events.get(sold.supersedes)
  const isSame =
    corrected?.type === 'cd4ml.actual.v1' &&
    corrected.subject === idOf(sold) &&
    corrected.data.from === sold.from &&
    corrected.data.to === sold.to
  return isSame
    ? undefined
    : {
        field: '/supersedes',
        came: quoted(sold.supersedes),
        expected: 'must be a report on the same series and days',
      }
}

function actualEvent({ supersedes, ...sold }: Sold, by: Recording): RecordedActual {
  return {
    ...envelope(by, sold),
    type: 'cd4ml.actual.v1',
    data: { ...sold, source: { from: 'report' } },
    ...(supersedes !== undefined && { supersedes }),
  }
}

function kept(
  recorded: Extract<ActualOutcome, { outcome: 'recorded' }>,
  known: ReadonlyMap<string, string>,
): ActualOutcome {
  const earlier = known.get(recorded.event.id)
  if (earlier === undefined) return recorded
  const { supersedes } = recorded.event
  const expected = `must be ${earlier} or what corrects it: these days were reported before`
  return {
    outcome: 'conflict',
    with: earlier,
    problems: [{ field: '/supersedes', ...(supersedes && { came: quoted(supersedes) }), expected }],
  }
}
