import { type Static, Type } from 'typebox'
import { dayFromIso, isoFromDay } from '../../base/day.ts'
import { quoted } from '../../base/errors.ts'
import { examiner, type FieldProblem } from '../../base/schema.ts'
import { object } from '../../base/schema-parts.ts'
import { dayAt } from '../../base/today.ts'
import { ActualData, type EventOf, eventId, type RecordedEvent } from '../../ledger/events/event.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import { placeOf } from '../../ledger/events/place.ts'
import { subjectOf } from '../../ledger/events/subject.ts'
import { knownSeries } from '../../ledger/replies/known-series.ts'
import type { Engine } from '../engine/engine.ts'
import { envelope, type Prepared, type Recording } from './prepared.ts'

const { product, store, from, to, censoredDays } = ActualData.properties

/** What really sold, as another system reports it. */
export const Sold = object({
  product,
  store,
  from,
  to,
  units: Type.Number({ minimum: 0, maximum: 1e15 }),
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
  { engine, log, timeZone }: { engine: Engine; log: EventLog; timeZone: string },
  reports: readonly unknown[],
  by: Recording,
): Promise<Prepared<ActualOutcome>> {
  const examined = reports.map((report) => examine(report))
  const ids = examined.flatMap((it) => (it.outcome === 'fits' ? (it.value.supersedes ?? []) : []))
  const events = await log.byId(ids)
  const seriesOf = knownSeries(engine.current().series)
  const today = isoFromDay(dayAt(new Date(by.time), timeZone))
  const prepared = examined.map((it): Exclude<ActualOutcome, { outcome: 'conflict' }> => {
    if (it.outcome === 'refused') return it
    const problem = problemOf(it.value, { seriesOf, events, today })
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

function problemOf(
  sold: Sold,
  {
    seriesOf,
    events,
    today,
  }: {
    seriesOf: ReturnType<typeof knownSeries>
    events: ReadonlyMap<string, RecordedEvent>
    /** ISO day, where the chain is. */
    today: string
  },
): FieldProblem | undefined {
  const { product, store, from, to, censoredDays = 0 } = sold
  const known = seriesOf(sold)
  if (known === 'product-unknown') {
    return {
      field: '/product',
      came: quoted(product),
      expected: 'must be a product of /v1/products',
    }
  }
  if (known !== 'known') {
    const came = store === undefined ? {} : { came: quoted(store) }
    return { field: '/store', ...came, expected: 'must be as /v1/products has it of the product' }
  }
  if (to < from) {
    return { field: '/to', came: quoted(to), expected: `must not be before ${from}` }
  }
  if (to > today) {
    return { field: '/to', came: quoted(to), expected: `must not be later than ${today}` }
  }
  const days = dayFromIso(to)! - dayFromIso(from)! + 1
  if (censoredDays > days) {
    const expected = `must not be more than the days, ${days}`
    return { field: '/censoredDays', came: String(censoredDays), expected }
  }
  if (sold.supersedes === undefined) return undefined
  const corrected = events.get(sold.supersedes)
  const isSame =
    corrected?.type === 'cd4ml.actual.v1' &&
    corrected.subject === subjectOf(sold) &&
    corrected.data.from === from &&
    corrected.data.to === to
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
