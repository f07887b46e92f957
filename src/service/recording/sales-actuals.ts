import { dayFromIso, isoFromDay } from '../../base/day.ts'
import type { UnitsSold } from '../../demand/units-sold.ts'
import type { EventOf, RecordedEvent } from '../../ledger/events/event.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import { daysOf, isAnswer, type LedgerEntry } from '../../ledger/events/ledger-entries.ts'
import { placeOf } from '../../ledger/events/place.ts'
import type { DaysOfSeries } from '../engine/engine.ts'
import type { OpenedEngine } from '../engine/open-engine.ts'
import { envelope, type Recording } from './prepared.ts'

/** Writes into the ledger what really sold, for forecasts and decided orders whose days are over. */
export type SalesActuals = {
  /**
   * Records, by the sales that the engine has now, what sold on the days of every forecast in the
   * ledger, and of every order that was decided on, once they are over; and what newer sales say otherwise, as a correction. To be called
   * whenever the sales have changed. Returns how many events were added.
   *
   * Rejects with `LedgerUnavailable` where it cannot be recorded: the next call does it.
   */
  record(by: Recording): Promise<number>
}

/**
 * Records what has sold now, and whenever the sales of the engine change. Where that fails, the next
 * change does it.
 */
export function recordSalesOnChange({
  engine,
  log,
  by,
  onProblem,
}: {
  engine: Pick<OpenedEngine, 'sold' | 'onChange'>
  log: Pick<EventLog, 'after' | 'append' | 'byId'>
  by: () => Recording
  onProblem: (error: unknown) => void
}): {
  /** Resolves when nothing is being recorded. */
  idle(): Promise<unknown>
} {
  const actuals = salesActuals(engine, log)
  let underway: Promise<unknown> = Promise.resolve()
  const record = () => {
    underway = actuals.record(by()).catch(onProblem)
  }
  engine.onChange(record)
  record()
  return { idle: () => underway }
}

/** Reads the ledger once from its beginning, and from then on what is new. */
export function salesActuals(
  engine: Pick<OpenedEngine, 'sold'>,
  log: Pick<EventLog, 'after' | 'append' | 'byId'>,
): SalesActuals {
  const awaited = new Map<string, Awaited>()
  let cursor: string | undefined
  const readOn = async () => {
    for (;;) {
      const { events, cursor: next } = await log.after(cursor, PAGE)
      // Of orders there are many, and most of them nobody looks at again.
      const ordered = await log.byId(events.flatMap(decidedOrder))
      for (const event of events) note(awaited, event)
      for (const order of ordered.values()) if (isAnswer(order)) awaitDaysOf(awaited, order)
      cursor = next
      if (events.length < PAGE) return
    }
  }
  const record = async (by: Recording): Promise<number> => {
    await readOn()
    const asked = [...awaited.values()].filter(({ actual }) => actual?.from !== 'report')
    const { basis, sold } = await engine.sold(asked.map(({ span }) => span))
    const changed = asked.flatMap((it, i) => {
      const now = sold[i]
      return now && !isSame(now, it.actual) ? [actualEvent(it, now, basis, by)] : []
    })
    for (let at = 0; at < changed.length; at += PAGE) {
      const events = changed.slice(at, at + PAGE)
      await log.append({ events, once: new Map(events.map((event) => [event.id, placeOf(event)])) })
    }
    await readOn()
    forget(awaited, basis.salesThrough)
    return changed.length
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    // One after the other: both would find the same missing.
    record(by) {
      const done = last.then(() => record(by))
      last = done.catch(() => {})
      return done
    },
  }
}

/** Events that are read or added at once. */
const PAGE = 1000

/** The order that a decision is on, by its id. */
function decidedOrder({ type, data }: RecordedEvent): string[] {
  return type === 'cd4ml.decision.v1' && data.of.type === 'order' ? [data.of.id] : []
}

/** Days of a series that somebody was told a forecast of, or ordered for, with what the ledger knows of them. */
type Awaited = { span: DaysOfSeries; actual?: Known }

/** What the ledger says that sold, by which event, and whose word it is. */
type Known = { id: string; from: 'sales' | 'report' } & UnitsSold

function note(awaited: Map<string, Awaited>, event: RecordedEvent): void {
  if (event.type === 'cd4ml.forecast.v1') {
    awaitDaysOf(awaited, event)
  } else if (event.type === 'cd4ml.actual.v1') {
    const span = spanOf(event.data, event.data)
    const key = keyOf(event.subject, span)
    const { units, censoredDays = 0, source } = event.data
    const before = awaited.get(key)?.actual
    // A report stands beside what the sales say, unless it corrects that.
    if (source.from === 'report' && event.supersedes !== before?.id) return
    const actual: Known = { id: event.id, from: source.from, units, censoredDays }
    awaited.set(key, { span, actual })
  }
}

function awaitDaysOf(awaited: Map<string, Awaited>, event: LedgerEntry['of']): void {
  const days = daysOf(event)
  if (!days) return
  const span = spanOf(event.data, days)
  const key = keyOf(event.subject, span)
  if (!awaited.has(key)) awaited.set(key, { span })
}

type Days = Pick<DaysOfSeries, 'from' | 'to'>

function spanOf(
  { product, store }: Pick<DaysOfSeries, 'product' | 'store'>,
  { from, to }: Days,
): DaysOfSeries {
  return { product, ...(store !== undefined && { store }), from, to }
}

function keyOf(subject: string, { from, to }: Days): string {
  return `${from} ${to} ${subject}`
}

function isSame(now: UnitsSold, known: Known | undefined): boolean {
  return known?.units === now.units && known.censoredDays === now.censoredDays
}

function actualEvent(
  { span, actual }: Awaited,
  { units, censoredDays }: UnitsSold,
  { data, salesThrough }: { data: string; salesThrough: string },
  by: Recording,
): EventOf<'cd4ml.actual.v1'> {
  return {
    ...envelope(by, span),
    type: 'cd4ml.actual.v1',
    data: {
      ...span,
      units,
      ...(censoredDays > 0 && { censoredDays }),
      source: { from: 'sales', data, salesThrough },
    },
    ...(actual && { supersedes: actual.id }),
  }
}

/** Of days long over, late sales are few, and their forecasts would fill the memory. */
function forget(awaited: Map<string, Awaited>, salesThrough: string): void {
  const through = dayFromIso(salesThrough)
  if (through === undefined) return
  const last = isoFromDay(through - KEPT_DAYS)
  for (const [key, { span }] of awaited) if (span.to < last) awaited.delete(key)
}

const KEPT_DAYS = 100
