import { canonicalJson } from '../../base/canonical-json.ts'
import { MILLISECONDS_A_DAY } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import { turns } from '../../base/turns.ts'
import { shortened } from '../../base/wording.ts'
import { advisedUnits, isAdvised } from '../events/advised.ts'
import type { EventOf, RecordedEvent, RecordedType } from '../events/event.ts'
import type { EventLog } from '../events/event-log.ts'
import { subjectOf } from '../events/subject.ts'
import type { RepliedSeries, Reply, ReplyLine, ReplyProblem, RowRule } from './reply.ts'
import type { ReplyColumn } from './reply-header.ts'
import type { ReplyTable } from './reply-table.ts'

/** What became of a row. */
export type SettledLine = Pick<ReplyLine, 'line' | 'about'> &
  (
    | { outcome: 'new'; event: ReplyEvent; note?: string }
    /** What stands in the ledger says the same. */
    | { outcome: 'known'; id: string }
    /** A line above says the same of the same thing. */
    | { outcome: 'repeated'; first: number }
    | { outcome: 'blank' }
    | { outcome: 'refused'; problems: ReplyProblem[] }
  )

export type ReplyEvent = EventOf<'cd4ml.decision.v1' | 'cd4ml.actual.v1' | 'cd4ml.receipt.v1'>

export type SettleOptions = {
  log: Pick<EventLog, 'byId' | 'find'>
  /** Whether there is such a series, or what is missing to tell which it is. */
  seriesOf(series: RepliedSeries): 'known' | RowRule
  /** Who writes it down. */
  source: string
  /** Who decided, where a row does not say: a pseudonym. */
  by: string
  /** The moment at which it is recorded, ISO 8601 in UTC. */
  at: string
  /** UUIDv7 of an event that says this. */
  newId(said: string): string
}

/**
 * Turns what rows say into events. What a row says of an order, or of a day, replaces what stands in
 * the ledger, and adds nothing where that is the same; rows of one table that contradict each other
 * are refused, all of them.
 */
export async function settleReplies(
  table: ReplyTable,
  options: SettleOptions,
): Promise<SettledLine[]> {
  const found = await lookedUp(table, options)
  const turn = turns(500)
  const drafts: DraftedLine[] = []
  const alike = new Map<string, Alike>()
  for (const it of table.lines) {
    await turn()
    const drafted = draftedLine(it, table, found, options)
    drafts.push(drafted)
    if (drafted.outcome !== 'drafted') continue
    const others = remembered(alike, drafted.key, () => ({ lines: [], said: new Set<string>() }))
    others.lines.push(it.line)
    others.said.add(drafted.said)
  }
  const settled: SettledLine[] = []
  for (const it of drafts) {
    await turn()
    settled.push(it.outcome === 'drafted' ? settledLine(it, alike.get(it.key), options) : it)
  }
  return settled
}

type DraftedLine =
  | Exclude<ReplyLine, { outcome: 'said' }>
  | (Pick<ReplyLine, 'line' | 'about'> & Drafted & { outcome: 'drafted'; said: string })

/** The lines about one thing, and all that they say of it. */
type Alike = { lines: number[]; said: Set<string> }

function draftedLine(
  it: ReplyLine,
  { columns }: ReplyTable,
  found: Found,
  options: SettleOptions,
): DraftedLine {
  if (it.outcome !== 'said') return it
  const { line, about } = it
  const drafted = draftOf(it.reply, found, options)
  if ('rule' in drafted) {
    const column = columns.get(drafted.column) ?? drafted.column
    return { line, about, outcome: 'refused', problems: [{ ...drafted, column }] }
  }
  const said = canonicalJson([drafted.draft.data, drafted.note ?? null])
  return { line, about, outcome: 'drafted', ...drafted, said }
}

function settledLine(
  it: Extract<DraftedLine, { outcome: 'drafted' }>,
  { lines, said }: Alike = { lines: [it.line], said: new Set() },
  { newId }: SettleOptions,
): SettledLine {
  const { line, about, key, draft, standing, note } = it
  if (said.size > 1) {
    const others = lines.slice(0, 5).join(', ')
    const problem = { rule: 'said-twice', came: '', about: others } as const
    return { line, about, outcome: 'refused', problems: [problem] }
  }
  if (lines[0] !== line) return { line, about, outcome: 'repeated', first: lines[0] }
  if (standing !== undefined && saysTheSame(standing, it)) {
    return { line, about, outcome: 'known', id: standing.id }
  }
  const supersedes = standing?.id
  const event = {
    ...draft,
    id: newId(canonicalJson([key, it.said, supersedes ?? null])),
    ...(supersedes !== undefined && { supersedes }),
  }
  return { line, about, outcome: 'new', event, ...(note !== undefined && { note }) }
}

type Draft = ReplyEvent extends infer E ? (E extends ReplyEvent ? Omit<E, 'id'> : never) : never

type Found = {
  events: Map<string, RecordedEvent>
  /** The orders of a series and day, the newest first. */
  orders: Map<string, EventOf<'cd4ml.order.v1'>[]>
  /** What stands: decisions by what they are of, what happened by series and day. */
  standing: Map<string, ReplyEvent>
}

async function lookedUp({ kind, lines }: ReplyTable, { log }: SettleOptions): Promise<Found> {
  const replies = lines.flatMap((it) => (it.outcome === 'said' ? [it.reply] : []))
  const ids = replies.flatMap((reply) =>
    reply.kind === 'decision'
      ? reply.of.by === 'event'
        ? [reply.of.id]
        : []
      : reply.kind === 'receipt' && reply.order !== undefined
        ? [reply.order]
        : [],
  )
  const found: Found = { events: await eventsOf(log, ids), orders: new Map(), standing: new Map() }
  const ofSeries = replies.flatMap((reply) =>
    reply.kind === 'decision'
      ? reply.of.by === 'order day'
        ? [reply.of]
        : []
      : [{ ...reply.series, day: reply.day }],
  )
  if (kind === 'decision') {
    for (const event of await allOf(log, 'cd4ml.order.v1', ofSeries)) {
      remembered(found.orders, keyOf(event.subject, event.data.day), () => []).push(event)
    }
  } else if (kind === 'receipt') {
    for (const event of (await allOf(log, 'cd4ml.receipt.v1', ofSeries)).reverse()) {
      found.standing.set(keyOf(event.subject, event.data.day), event)
    }
  } else {
    for (const event of (await allOf(log, 'cd4ml.actual.v1', ofSeries)).reverse()) {
      const { from, to, source } = event.data
      if (from === to && source.from === 'report') {
        found.standing.set(keyOf(event.subject, from), event)
      }
    }
  }
  if (kind === 'decision') {
    const decidedOn = [
      ...new Set([...ids, ...[...found.orders.values()].flat().map(({ id }) => id)]),
    ]
    const turn = turns(1)
    for (const of of parts(decidedOn, 500)) {
      await turn()
      const query = { type: 'cd4ml.decision.v1', of, limit: MOST } as const
      for (const event of (await log.find(query)).reverse()) {
        found.standing.set(event.data.of.id, event)
      }
    }
  }
  return found
}

/** What was recorded of these series since the first of these days, of each the newest first. */
async function allOf<T extends RecordedType>(
  log: SettleOptions['log'],
  type: T,
  asked: readonly (RepliedSeries & { day: string })[],
): Promise<EventOf<T>[]> {
  const turn = turns(1)
  const found: EventOf<T>[] = []
  const first = asked.map(({ day }) => day).reduce((a, b) => (a < b ? a : b), '9999-12-31')
  // Nothing of a day is recorded before that day begins anywhere on earth.
  const since = new Date(Date.parse(first) - MILLISECONDS_A_DAY).toISOString()
  const search = async (subjects: string[]): Promise<void> => {
    await turn()
    const events = await log.find({ type, subjects, since, limit: MOST })
    if (events.length < MOST || subjects.length === 1) {
      for (const event of events) found.push(event)
      return
    }
    const half = subjects.length >> 1
    await search(subjects.slice(0, half))
    await search(subjects.slice(half))
  }
  for (const subjects of parts([...new Set(asked.map(subjectOf))], 100)) await search(subjects)
  return found
}

/** Events that are looked at at once; of one series there are not more that could matter. */
const MOST = 10_000

async function eventsOf(log: SettleOptions['log'], ids: string[]) {
  const found = new Map<string, RecordedEvent>()
  const turn = turns(1)
  for (const part of parts([...new Set(ids)], 500)) {
    await turn()
    for (const [id, event] of await log.byId(part)) found.set(id, event)
  }
  return found
}

/** A database takes so many values in a query. */
function parts<T>(values: readonly T[], size: number): T[][] {
  const count = Math.ceil(values.length / size)
  return Array.from({ length: count }, (_, i) => values.slice(i * size, (i + 1) * size))
}

type Drafted = {
  /** What it is about: it can say one thing of that. */
  key: string
  draft: Draft
  standing: ReplyEvent | undefined
  /** Whether the row says who decided. */
  isSigned?: boolean
  note?: string
}

type Refused = Omit<ReplyProblem, 'column'> & { column: ReplyColumn }

function draftOf(reply: Reply, found: Found, options: SettleOptions): Drafted | Refused {
  if (reply.kind === 'decision') return decisionDraft(reply, found, options)
  const { series, day, units } = reply
  const known = options.seriesOf(series)
  if (known !== 'known') {
    return refused(known, known.startsWith('store') ? 'store' : 'product', series)
  }
  const subject = subjectOf(series)
  const key = keyOf(subject, day)
  const standing = found.standing.get(key)
  if (reply.kind === 'sold') {
    const data = { ...series, from: day, to: day, units, source: { from: 'report' } } as const
    return {
      key,
      standing,
      draft: { ...envelope(subject, options), type: 'cd4ml.actual.v1', data },
    }
  }
  const { order } = reply
  if (order !== undefined) {
    const event = found.events.get(order)
    if (event === undefined) return refused('event-unknown', 'event', { event: order })
    if (event.type !== 'cd4ml.order.v1') return refused('event-no-order', 'event', { event: order })
    if (event.subject !== subject) {
      return refused('event-of-other', 'event', { event: order }, event.subject)
    }
  }
  const data = { ...series, day, units, ...(order !== undefined && { order }) }
  return { key, standing, draft: { ...envelope(subject, options), type: 'cd4ml.receipt.v1', data } }
}

function decisionDraft(
  { of, decision, quantity, reason, note, by = '' }: Extract<Reply, { kind: 'decision' }>,
  found: Found,
  options: SettleOptions,
): Drafted | Refused {
  const decidedOn = of.by === 'event' ? found.events.get(of.id) : orderOfDay(of, found)
  if (decidedOn === undefined) {
    if (of.by === 'event') return refused('event-unknown', 'event', { event: of.id })
    const known = options.seriesOf(of)
    if (known !== 'known')
      return refused(known, known.startsWith('store') ? 'store' : 'product', of)
    return refused('order-unknown', 'day', { product: of.day })
  }
  if (decidedOn.type !== 'cd4ml.order.v1' && decidedOn.type !== 'cd4ml.forecast.v1') {
    return refused('event-unknown', 'event', { event: decidedOn.id })
  }
  const { product, store } = decidedOn.data
  if (of.by === 'event' && (isOther(of.product, product) || isOther(of.store, store))) {
    return refused('event-of-other', 'event', { event: of.id }, decidedOn.subject)
  }
  const advised = advisedUnits(decidedOn)
  const came = { product: String(quantity ?? '') }
  if (decision === 'followed' && advised === undefined) {
    return refused('nothing-advised', 'decision', { product: decision })
  }
  const asAdvised = quantity !== undefined && isAdvised(quantity, advised)
  if (decision === 'followed' && quantity !== undefined && !asAdvised) {
    return refused('quantity-not-advised', 'quantity', came, String(advised))
  }
  if (decision === 'changed' && asAdvised) {
    return refused('quantity-as-advised', 'quantity', came)
  }
  const decided = decision === 'followed' ? advised : quantity
  const data = {
    product,
    ...(store !== undefined && { store }),
    of: {
      type: decidedOn.type === 'cd4ml.order.v1' ? ('order' as const) : ('forecast' as const),
      id: decidedOn.id,
    },
    decision,
    ...(decided !== undefined && { quantity: decided }),
    ...(reason !== undefined && { reason }),
    by: by || options.by,
  }
  return {
    key: decidedOn.id,
    isSigned: by !== '',
    standing: found.standing.get(decidedOn.id),
    draft: { ...envelope(decidedOn.subject, options), type: 'cd4ml.decision.v1', data },
    ...(note !== undefined && { note }),
  }
}

/** Of several of the same day the one that was decided on, otherwise what people saw last. */
function orderOfDay(of: RepliedSeries & { day: string }, { orders, standing }: Found) {
  const ofDay = orders.get(keyOf(subjectOf(of), of.day)) ?? []
  return ofDay.find(({ id }) => standing.has(id)) ?? ofDay.at(0)
}

/** Whether a cell names something else, whatever a spreadsheet has made of a number in it. */
function isOther(cell: string | undefined, id: string | undefined): boolean {
  if (cell === undefined || cell === id) return false
  const bare = (text: string) => text.replace(/^0+(?=.)/, '')
  const isRounded = /^\d([.,]\d+)?E\+\d+$/i.test(cell)
  return !isRounded && bare(cell) !== bare(id ?? '')
}

/** Whether what stands is what a row says, whoever said it where the row names nobody. */
function saysTheSame(standing: ReplyEvent, { draft, isSigned }: Drafted): boolean {
  const by = isSigned || !('by' in standing.data) ? {} : { by: standing.data.by }
  return canonicalJson(standing.data) === canonicalJson({ ...draft.data, ...by })
}

function envelope(subject: string, { source, at }: SettleOptions) {
  return {
    specversion: '1.0',
    source,
    time: at,
    subject,
    datacontenttype: 'application/json',
  } as const
}

function keyOf(subject: string, day: string): string {
  return `${day} ${subject}`
}

function refused(
  rule: RowRule,
  column: ReplyColumn,
  { event, product, store }: ReplyLine['about'],
  about = '',
): Refused {
  const came = column === 'store' ? (store ?? '') : (event ?? product ?? '')
  return { rule, column, came: shortened(came, 200), about }
}
