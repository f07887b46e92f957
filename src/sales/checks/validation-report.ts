import { type Static, Type } from 'typebox'
import { checker, parseJson } from '../../base/schema.ts'
import { count, isoDay, keyOf, number, object } from '../../base/schema-parts.ts'
import { rules } from '../contract/rules.ts'

// Comments of a job that may write are made of this, whatever code has made it.
const text = Type.String()

/** Accepted and quarantined rows are all rows read. */
export type RowCounts = Pick<FileSummary, keyof typeof rowCounts>
const rowCounts = { rowsRead: count, rowsAccepted: count, rowsQuarantined: count }

const span = { firstSaleDay: Type.Optional(isoDay), lastSaleDay: Type.Optional(isoDay) }

export type FileSummary = Static<typeof FileSummary>
const FileSummary = object({ ...rowCounts, file: text, unitsSold: number, ...span })

/** A file of the plan. Days are those that it plans. */
export type PlanFileSummary = Static<typeof PlanFileSummary>
const PlanFileSummary = object({
  ...rowCounts,
  file: text,
  firstDay: Type.Optional(isoDay),
  lastDay: Type.Optional(isoDay),
})

/** What breaks one rule in one column of one file, or in all files together. */
export type Finding = Static<typeof Finding>
const Finding = object({
  rule: keyOf(rules),
  level: Type.Enum(['file', 'row', 'warning']),
  file: Type.Optional(text),
  column: Type.Optional(text),
  /** How often; `examples` may hold fewer: by their line, or, in Parquet, by the number of their row. */
  count,
  /** Values are printable and may be shortened. */
  examples: Type.Array(
    object({ line: Type.Optional(count), row: Type.Optional(count), value: text }),
  ),
  explanation: text,
  remedy: text,
})

/** What validation found; can be written as JSON as it is. Days are `YYYY-MM-DD`. */
export type ValidationReport = Static<typeof ValidationReport>
const ValidationReport = object({
  outcome: Type.Enum(['valid', 'invalid']),
  /** Set where only what was known on that day is counted. */
  asOf: Type.Optional(isoDay),
  totals: object({
    ...rowCounts,
    files: count,
    unitsSold: number,
    unitsReturned: number,
    products: count,
    /** 0 where the data knows no stores. */
    stores: count,
    /** Days with sales. */
    days: count,
    ...span,
  }),
  files: Type.Array(FileSummary),
  /** Of what is planned ahead, where the contract has it: rows of its own, which `totals` do not count. */
  plan: Type.Optional(object({ ...rowCounts, files: Type.Array(PlanFileSummary) })),
  /** Columns that the contract does not map, and what does not work without them. */
  switchedOff: Type.Array(object({ column: text, consequence: text })),
  /** By level: what refuses a file first, warnings last. */
  findings: Type.Array(Finding),
})

/** The report in the text of `file`. Throws a `UserError` where it is none. */
export function reportFrom(text: string, file: string): ValidationReport {
  return checkReport(parseJson(text, file), file)
}

const checkReport = checker(ValidationReport, 'Validate the data again.')
