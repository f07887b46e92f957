import type { Static } from 'typebox'
import type { DecisionData } from '../events/event.ts'

/** What a table says: each row of it one thing of one kind. */
export type ReplyKind = 'decision' | 'receipt' | 'sold'

/** What people or systems answer to forecasts and orders, as a row of a table says it. */
export type Reply =
  | {
      kind: 'decision'
      of: DecidedOn
      decision: Static<typeof DecisionData>['decision']
      quantity?: number
      reason?: string
      note?: string
      /** A pseudonym. */
      by?: string
    }
  /** What of an order arrived on a day, all of it. */
  | { kind: 'receipt'; series: RepliedSeries; day: string; units: number; order?: string }
  /** What sold on a day, all of it. */
  | { kind: 'sold'; series: RepliedSeries; day: string; units: number }

/** By the id of the event, beside which the series may stand; or the order of a series and ISO day. */
export type DecidedOn =
  | { by: 'event'; id: string; product?: string; store?: string }
  | ({ by: 'order day'; day: string } & RepliedSeries)

export type RepliedSeries = { product: string; store?: string }

/** A row, the line on which it begins, and what it says. */
export type ReplyLine = {
  line: number
  /** What it is about, as it is written there. */
  about: { event?: string; product?: string; store?: string }
} & RowSaid

export type RowSaid =
  | { outcome: 'said'; reply: Reply }
  /** Nothing is decided or reported: the row of a form that was not filled in. */
  | { outcome: 'blank' }
  | { outcome: 'refused'; problems: ReplyProblem[] }

/** Why a row, or a whole table, is not taken: what came, and what the rule expects. */
export type ReplyProblem = {
  rule: ReplyRule
  /** The column as the table calls it. */
  column?: string
  came: string
  /** What the rule says of this case: the words that there are, another line, two readings. */
  about: string
}

/** Of a table as a whole. */
export type TableRule =
  | 'no-file'
  | 'no-csv-name'
  | 'too-large'
  | 'no-csv'
  | 'encoding'
  | 'quotes'
  | 'empty'
  | 'column-twice'
  | 'kind'
  | 'no-target'
  | 'contract'

/** Of a row. */
export type RowRule =
  | 'ragged'
  | 'constraint'
  | 'event-id'
  | 'event-unknown'
  | 'event-of-other'
  | 'event-no-order'
  | 'product-missing'
  | 'product-unknown'
  | 'store-missing'
  | 'store-unknown'
  | 'day-missing'
  | 'day-unreadable'
  | 'day-two'
  | 'day-to-come'
  | 'order-unknown'
  | 'decision-unknown'
  | 'quantity-missing'
  | 'quantity-unreadable'
  | 'quantity-two'
  | 'quantity-negative'
  | 'quantity-not-advised'
  | 'quantity-as-advised'
  | 'nothing-advised'
  | 'quantity-for-none'
  | 'reason-missing'
  | 'reason-unknown'
  | 'note-too-long'
  | 'by-no-pseudonym'
  | 'said-twice'

export type ReplyRule = TableRule | RowRule

/** A table that cannot be trusted: nothing of it is taken. */
export class TableRefused extends Error {
  readonly problem: ReplyProblem
  readonly line: number | undefined

  constructor(rule: TableRule, { came = '', about = '', column, line }: RefusedAt = {}) {
    super(rule)
    this.problem = { rule, came, about, ...(column !== undefined && { column }) }
    this.line = line
  }
}

type RefusedAt = { came?: string; about?: string; column?: string; line?: number }
