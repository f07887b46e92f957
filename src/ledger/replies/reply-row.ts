import { unguarded } from '../../base/csv-text.ts'
import { type Day, isoFromDay } from '../../base/day.ts'
import type { Language } from '../../base/language.ts'
import { examiner } from '../../base/schema.ts'
import { shortened } from '../../base/wording.ts'
import type { DecisionReason } from '../../ordering/decision-reasons.ts'
import { DecisionData, eventId } from '../events/event.ts'
import { LONGEST_NOTE } from '../events/event-log.ts'
import type { Reply, ReplyProblem, RowRule, RowSaid } from './reply.ts'
import { plainWord, type ReplyColumn, type ReplyHeader } from './reply-header.ts'

export type RowReading = {
  header: ReplyHeader
  names: readonly string[]
  /** All that a cell can mean: nothing where it cannot be read, two where that is open. */
  days(text: string): readonly Day[]
  units(text: string): readonly number[]
  /** Whether a cell says that there is nothing, though it is not empty. */
  isMissing?(text: string): boolean
  /** What else is wrong with a cell that is not empty, by the place of its column. */
  cellProblem?(text: string, column: number): RowRule | undefined
  reasons: readonly DecisionReason[]
  /** Of the names of the reasons that could be given. */
  language: Language
  /** What happened cannot have happened later. */
  today: Day
}

/** What a row says, or all that is wrong with it. Of a row too short or too long, nothing is believed. */
export function readReplyRow(cells: readonly string[], reading: RowReading): RowSaid {
  const { header, names } = reading
  const isWhole = cells.length >= names.length && cells.slice(names.length).every(isBlank)
  if (!isWhole) {
    const came = cells.join(' | ')
    const problem = { rule: 'ragged', came: shown(came), about: String(names.length) } as const
    return { outcome: 'refused', problems: [problem] }
  }
  const row = new RowCells(cells, reading)
  row.checkCells()
  const reply = header.kind === 'decision' ? decisionIn(row, reading) : reportIn(row, header.kind)
  if (reply === 'blank' && row.problems.length === 0) return { outcome: 'blank' }
  return reply === undefined || reply === 'blank'
    ? { outcome: 'refused', problems: row.problems }
    : { outcome: 'said', reply }
}

/** The cell as it was meant, whoever wrote it. */
export function meantCell(cell: string): string {
  return unguarded(cell.trim())
}

const DECISIONS = new Map<string, 'followed' | 'changed' | 'none'>([
  ...['followed', 'accepted', 'seguido', 'seguida', 'aceito', 'aceita'].map(
    (word) => [word, 'followed'] as const,
  ),
  ...['changed', 'alterado', 'alterada', 'mudado', 'mudada'].map(
    (word) => [word, 'changed'] as const,
  ),
  ...['none', 'not now', 'later', 'nenhum', 'nenhuma', 'agora nao', 'depois'].map(
    (word) => [word, 'none'] as const,
  ),
])

const examineId = examiner(eventId)
const examinePseudonym = examiner(DecisionData.properties.by)

/** The cells of a row by what they mean, and what is wrong with them. */
class RowCells {
  readonly problems: ReplyProblem[] = []
  readonly #cells: readonly string[]
  readonly #reading: RowReading

  constructor(cells: readonly string[], reading: RowReading) {
    this.#cells = cells
    this.#reading = reading
  }

  checkCells(): void {
    for (const [column, name] of this.#reading.names.entries()) {
      const text = meantCell(this.#cells[column])
      const isEmpty = text === '' || this.#reading.isMissing?.(text)
      const rule = isEmpty ? undefined : this.#reading.cellProblem?.(text, column)
      if (rule) this.problems.push({ rule, column: name, came: shown(text), about: '' })
    }
  }

  /** Undefined where the cell is empty, or there is no such column. */
  text(column: ReplyColumn): string | undefined {
    const at = this.#reading.header.at.get(column)
    const text = at === undefined ? '' : meantCell(this.#cells[at])
    return text === '' || this.#reading.isMissing?.(text) ? undefined : text
  }

  refuse(rule: RowRule, column: ReplyColumn, about = ''): undefined {
    const at = this.#reading.header.at.get(column)
    const came = at === undefined ? '' : this.#cells[at]
    const name = at === undefined ? column : this.#reading.names[at]
    this.problems.push({ rule, column: name, came: shown(came), about })
  }

  /** ISO day; undefined where the cell is empty, or refused. */
  day(): string | undefined {
    const text = this.text('day')
    if (text === undefined) return undefined
    const days = this.#reading.days(text)
    if (days.length === 0) return this.refuse('day-unreadable', 'day')
    if (days.length > 1) return this.refuse('day-two', 'day', days.map(isoFromDay).join(' / '))
    return isoFromDay(days[0])
  }

  /** Undefined where the cell is empty, or refused. */
  units(column: ReplyColumn): number | undefined {
    const text = this.text(column)
    if (text === undefined) return undefined
    const values = [...new Set(this.#reading.units(text))]
    if (values.length === 0) return this.refuse('quantity-unreadable', column)
    if (values.length > 1) return this.refuse('quantity-two', column, values.join(' / '))
    return values[0] < 0 ? this.refuse('quantity-negative', column) : values[0]
  }

  event(): string | undefined {
    const id = this.text('event')?.toLowerCase()
    if (id === undefined || examineId(id).outcome === 'fits') return id
    return this.refuse('event-id', 'event')
  }

  series() {
    const [product, store] = [this.text('product'), this.text('store')]
    return { ...(product !== undefined && { product }), ...(store !== undefined && { store }) }
  }

  /** What happened on a day that must have come. */
  pastDay(): string | undefined {
    const before = this.problems.length
    const day = this.day()
    if (day !== undefined && day > isoFromDay(this.#reading.today)) {
      return this.refuse('day-to-come', 'day', isoFromDay(this.#reading.today))
    }
    if (day === undefined && this.problems.length === before) this.refuse('day-missing', 'day')
    return day
  }
}

function decisionIn(row: RowCells, reading: RowReading): Reply | 'blank' | undefined {
  const written = row.text('decision')
  const others = (['quantity', 'reason', 'note'] as const).map((column) => row.text(column))
  if (written === undefined && others.every((text) => text === undefined)) return 'blank'
  const of = decidedOn(row)
  const decision = DECISIONS.get(plainWord(written ?? ''))
  if (decision === undefined) row.refuse('decision-unknown', 'decision')
  const before = row.problems.length
  const quantity = row.units('quantity')
  const isRead = row.problems.length === before
  if (decision === 'changed' && quantity === undefined && isRead) {
    row.refuse('quantity-missing', 'quantity')
  }
  if (decision === 'none' && quantity !== undefined) row.refuse('quantity-for-none', 'quantity')
  const reason = reasonIn(row, reading)
  if (decision === 'changed' && row.text('reason') === undefined) {
    row.refuse('reason-missing', 'reason', reasonNames(reading))
  }
  const note = row.text('note')
  if (note !== undefined && [...note].length > LONGEST_NOTE) {
    row.refuse('note-too-long', 'note', String(LONGEST_NOTE))
  }
  const by = row.text('by')
  if (by !== undefined && examinePseudonym(by).outcome !== 'fits')
    row.refuse('by-no-pseudonym', 'by')
  if (row.problems.length > 0 || decision === undefined || of === undefined) return undefined
  return {
    kind: 'decision',
    of,
    decision,
    ...(quantity !== undefined && { quantity }),
    ...(reason !== undefined && { reason }),
    ...(note !== undefined && { note }),
    ...(by !== undefined && { by }),
  }
}

function decidedOn(row: RowCells): Extract<Reply, { kind: 'decision' }>['of'] | undefined {
  const { product, store } = row.series()
  if (row.text('event') !== undefined) {
    const id = row.event()
    return id === undefined ? undefined : { by: 'event', id, ...row.series() }
  }
  const before = row.problems.length
  const day = row.day()
  if (day === undefined && row.problems.length === before) row.refuse('day-missing', 'day')
  if (product === undefined) row.refuse('product-missing', 'product')
  if (day === undefined || product === undefined) return undefined
  return { by: 'order day', day, product, ...(store !== undefined && { store }) }
}

function reasonIn(row: RowCells, reading: RowReading): string | undefined {
  const written = row.text('reason')
  if (written === undefined) return undefined
  const word = plainWord(written)
  const found = reading.reasons.find((reason) =>
    Object.values(reason).some((it) => plainWord(it) === word),
  )
  return found?.id ?? row.refuse('reason-unknown', 'reason', reasonNames(reading))
}

function reasonNames({ reasons, language }: RowReading): string {
  return reasons.map((reason) => reason[language]).join(', ')
}

function reportIn(row: RowCells, kind: 'receipt' | 'sold'): Reply | 'blank' | undefined {
  const column = kind === 'receipt' ? 'received' : 'sold'
  if (row.text(column) === undefined) return 'blank'
  const units = row.units(column)
  const day = row.pastDay()
  const order = kind === 'receipt' ? row.event() : undefined
  const { product, store } = row.series()
  if (product === undefined) row.refuse('product-missing', 'product')
  if (row.problems.length > 0 || product === undefined) return undefined
  if (day === undefined || units === undefined) return undefined
  const series = { product, ...(store !== undefined && { store }) }
  if (kind === 'sold') return { kind, series, day, units }
  return { kind, series, day, units, ...(order !== undefined && { order }) }
}

function isBlank(cell: string): boolean {
  return cell.trim() === ''
}

function shown(text: string): string {
  return shortened(text, 200)
}
