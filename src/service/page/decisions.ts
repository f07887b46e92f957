import { createHash, randomUUID } from 'node:crypto'
import type { Language } from '../../base/language.ts'
import { examiner } from '../../base/schema.ts'
import { advisedUnits, isAdvised } from '../../ledger/events/advised.ts'
import { type EventOf, eventId } from '../../ledger/events/event.ts'
import { type EventLog, LONGEST_NOTE } from '../../ledger/events/event-log.ts'
import type { DecisionReason } from '../../ordering/decision-reasons.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import { type Decided, prepareDecisions } from '../recording/decisions.ts'
import {
  type Decidable,
  decisionText,
  type Entry,
  type EntryProblems,
  type ForecastRow,
} from './decision-form.ts'
import { type OrderRow, pastDecision, SOURCE } from './orders-of-day.ts'
import { typedQuantity } from './quantity.ts'
import { pageTexts } from './texts.ts'

/** A form of decisions as it was sent. */
export type SentForm = {
  key: string
  back: string
  /** Whether all orders that are open and have no entry are accepted. */
  acceptsAll: boolean
  entries: Entry[]
}

/** What came of it. */
export type SavedForm =
  | { outcome: 'saved'; count: number }
  /** Nothing, or not these: somebody has to look again. */
  | { outcome: 'look again'; saved: number; items: Decidable[]; said?: string }
  | { outcome: 'nothing chosen' }
  /** What was decided on is in no ledger. */
  | { outcome: 'too old' }

const examineId = examiner(eventId)

/** More than a page shows. */
const MOST_ENTRIES = 100

/** Reads what a browser sends of a form; what is missing is empty. */
export function sentForm(body: unknown): SentForm {
  const fields = new Map(Object.entries(typeof body === 'object' && body !== null ? body : {}))
  const text = (name: string) => {
    const value: unknown = fields.get(name)
    // No line is longer than a line, and no store keeps what is no character.
    return typeof value === 'string' ? value.toWellFormed().replace(/\p{Cc}/gu, ' ') : ''
  }
  const entries: Entry[] = []
  for (let i = 0; i < MOST_ENTRIES && text(`of.${i}`) !== ''; i++) {
    const of = (field: keyof Entry) => text(`${field}.${i}`)
    entries.push({
      of: of('of'),
      series: of('series'),
      seen: of('seen'),
      choice: of('choice'),
      quantity: of('quantity').trim(),
      reason: of('reason'),
      note: of('note').trim(),
    })
  }
  const key = /^[\w-]{1,100}$/.test(text('key')) ? text('key') : randomUUID()
  return { key, back: text('back'), acceptsAll: text('all') === 'accept', entries }
}

/**
 * Saves the decisions of a form, all or none; sent twice, it is saved once. Of what was decided by
 * somebody else in between, and of advice that has changed since, the person is asked again.
 */
export async function saveDecisions(
  form: SentForm,
  {
    log,
    reasons,
    person,
    now,
    language,
    current,
  }: {
    log: EventLog
    reasons: readonly DecisionReason[]
    /** A pseudonym. */
    person: string
    now: () => Date
    language: Language
    /** The orders of these series as they are now, recorded. */
    current: Current
  },
): Promise<SavedForm> {
  const ids = new Set(
    form.entries.map(({ of }) => of).filter((id) => examineId(id).outcome === 'fits'),
  )
  const events = await log.byId([...ids])
  const chosen: { entry: Entry; on: On }[] = []
  for (const entry of form.entries) {
    const on = events.get(entry.of)
    if (on?.type !== 'cd4ml.order.v1' && on?.type !== 'cd4ml.forecast.v1') {
      return { outcome: 'too old' }
    }
    const made = form.acceptsAll ? accepted(entry, on) : entry
    if (made.choice !== '' || made.quantity !== '') chosen.push({ entry: made, on })
  }
  if (chosen.length === 0) return { outcome: 'nothing chosen' }

  const ordersOn = chosen.filter(({ on }) => on.type === 'cd4ml.order.v1')
  const rows = await current(ordersOn.map(({ on }) => on.subject))
  const items = chosen.flatMap(({ entry, on }) => {
    const row = on.type === 'cd4ml.order.v1' ? rows.get(on.subject) : forecastRow(on)
    return row ? [checkedItem(row, entry, on, { reasons, language })] : []
  })
  if (items.length < chosen.length) return { outcome: 'too old' }
  if (items.some(({ problems }) => problems)) return { outcome: 'look again', saved: 0, items }

  const by = { source: SOURCE, time: now().toISOString(), person }
  const asked = items.flatMap(({ decision }) => decision ?? [])
  const { answers, ...append } = await prepareDecisions({ log, reasons }, asked, by)
  const refused = answers(new Map()).some(({ outcome }) => outcome === 'refused')
  if (refused) return { outcome: 'too old' }
  const conflicts = (known: ReadonlyMap<string, string>) =>
    answers(known).flatMap(({ outcome }, i) => (outcome === 'conflict' ? [i] : []))
  const appended = await log.append({
    ...append,
    request: {
      owner: person,
      key: form.key,
      digest: createHash('sha256').update(JSON.stringify(asked)).digest('hex'),
      answer: (known) => conflicts(known).join(' '),
    },
  })
  if (appended.outcome === 'other request') {
    return { outcome: 'look again', saved: 0, items, said: pageTexts[language].problems.used }
  }
  const again =
    appended.outcome === 'repeated'
      ? appended.answer.split(' ').filter(Boolean).map(Number)
      : conflicts(appended.known)
  if (again.length === 0) return { outcome: 'saved', count: asked.length }
  return {
    outcome: 'look again',
    saved: asked.length - again.length,
    items: await decidedMeanwhile(
      again.map((i) => items[i]),
      { log, current, language },
    ),
  }
}

/** A forecast that can be decided on. */
export function forecastRow({ id, subject, data }: EventOf<'cd4ml.forecast.v1'>): ForecastRow {
  return { forecast: data, subject, event: id }
}

type On = EventOf<'cd4ml.order.v1'> | EventOf<'cd4ml.forecast.v1'>

type Current = (subjects: readonly string[]) => Promise<Map<string, OrderRow>>

function checkedItem(
  row: Decidable['row'],
  entry: Entry,
  on: On,
  { reasons, language }: { reasons: readonly DecisionReason[]; language: Language },
): Decidable & { decision?: Decided } {
  const { problems, decision } = readEntry(entry, on, reasons, language)
  const stale = changedAdvice(row, on, language)
  const found = stale === undefined ? problems : { choice: stale, ...problems }
  return {
    row,
    entry,
    ...(Object.keys(found).length > 0 && { problems: found }),
    ...(decision && { decision }),
  }
}

/** What somebody else has decided since the page was shown, with what was entered there. */
async function decidedMeanwhile(
  items: readonly Decidable[],
  { log, current, language }: { log: EventLog; current: Current; language: Language },
): Promise<Decidable[]> {
  const say = pageTexts[language].problems
  const orders = await current(items.map(({ row }) => row.subject))
  const of = items.flatMap(({ row }) => row.event ?? [])
  const found = await log.find({ type: 'cd4ml.decision.v1', of, limit: of.length })
  return items.map(({ row, entry }) => {
    const event = found.find(({ data }) => data.of.id === row.event)
    const advised = 'forecast' in row ? row.forecast.mean : undefined
    const decided = event && pastDecision(event, advised)
    const now = 'order' in row ? (orders.get(row.subject) ?? row) : row
    const what = decided ? decisionText(decided, language) : ''
    return {
      row: { ...now, ...(decided && { decided }) },
      ...(entry && { entry }),
      problems: { choice: say.meanwhile(what) },
    }
  })
}

type ReadEntry = { problems: EntryProblems; decision?: Decided }

/** Of an order that nobody has decided on, and that says how many: accepted. */
function accepted(entry: Entry, on: On): Entry {
  if (on.type !== 'cd4ml.order.v1') return entry
  const isOpen = entry.choice === '' && entry.quantity === '' && entry.seen === ''
  return isOpen && advisedUnits(on) !== undefined ? { ...entry, choice: 'accept' } : entry
}

function readEntry(
  entry: Entry,
  on: On,
  reasons: readonly DecisionReason[],
  language: Language,
): ReadEntry {
  const say = pageTexts[language].problems
  const { integer } = numbersIn[language]
  const advised = advisedUnits(on)
  const noteIsLong = [...entry.note].length > LONGEST_NOTE
  const note = noteIsLong ? { note: say.note(integer(LONGEST_NOTE)) } : {}
  const common = {
    of: entry.of,
    ...(entry.note !== '' && { note: entry.note }),
    ...(entry.seen !== '' && { supersedes: entry.seen }),
  }
  const decided = (decision: Omit<Decided, 'of'>): ReadEntry =>
    noteIsLong ? { problems: note } : { problems: {}, decision: { ...common, ...decision } }
  switch (entry.choice) {
    case 'later':
      return decided({ decision: 'none' })
    case 'accept':
      if (advised === undefined) return { problems: { choice: say.unknown, ...note } }
      return decided({ decision: 'followed' })
    // A quantity without a choice says it all.
    case 'change':
    case '': {
      const typed = typedQuantity(entry.quantity)
      const isReason = reasons.some(({ id }) => id === entry.reason)
      if (typed.outcome === 'read' && isReason) {
        const { reason } = entry
        if (isAdvised(typed.quantity, advised)) return decided({ decision: 'followed', reason })
        return decided({ decision: 'changed', quantity: typed.quantity, reason })
      }
      return {
        problems: {
          ...(typed.outcome !== 'read' && { quantity: quantityProblem(typed, language) }),
          ...(!isReason && { reason: say.reason }),
          ...note,
        },
      }
    }
    default:
      return { problems: { choice: say.choice, ...note } }
  }
}

function quantityProblem(
  typed: Exclude<ReturnType<typeof typedQuantity>, { outcome: 'read' }>,
  language: Language,
): string {
  const say = pageTexts[language].problems
  if (typed.outcome !== 'ambiguous') return say[typed.outcome]
  // As they are typed: a sign for groups would be what is doubted.
  const decimal = String(typed.decimal)
  return say.ambiguous(String(typed.whole), language === 'en' ? decimal : decimal.replace('.', ','))
}

/** That the advice is another than the one decided on; undefined where it is the same. */
function changedAdvice(row: Decidable['row'], on: On, language: Language): string | undefined {
  if (!('order' in row)) return undefined
  const { order } = row
  const say = pageTexts[language]
  const { amount } = numbersIn[language]
  const [then, now] = [advisedUnits(on), order.outcome === 'unknown' ? undefined : order.units]
  if (then === now) return undefined
  const units = (of: number | undefined) => (of === undefined ? say.unknown : amount(of))
  return say.problems.stale(units(then), units(now))
}
