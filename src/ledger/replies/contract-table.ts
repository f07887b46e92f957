import { isUtf8 } from 'node:buffer'
import type { Day } from '../../base/day.ts'
import type { Language } from '../../base/language.ts'
import { daysWritten } from '../../base/written-day.ts'
import type { DecisionReason } from '../../ordering/decision-reasons.ts'
import { constraintCheck, type Field, fieldParser } from '../../sales/contract/field.ts'
import type { Resource } from '../../sales/contract/resource.ts'
import { columnsOf } from '../../sales/reading/header.ts'
import { FileRefused } from '../../sales/reading/text-checks.ts'
import { TableRefused } from './reply.ts'
import { columnNamed } from './reply-header.ts'
import {
  LARGEST_TABLE,
  type ReplyTable,
  readReplyRows,
  readReplyTable,
  refuseOthers,
  unitsWritten,
} from './reply-table.ts'

/**
 * Reads a table as a resource of the contract says that it is written: encoding, delimiter, columns,
 * formats and constraints. Without a resource, as `readReplyTable` does. Throws `TableRefused`.
 */
export async function readContractTable(
  bytes: Buffer,
  resource: Resource | undefined,
  options: { language: Language; reasons: readonly DecisionReason[]; today: Day },
): Promise<ReplyTable> {
  if (resource === undefined) return readReplyTable(bytes, options)
  if (bytes.length > LARGEST_TABLE) {
    throw new TableRefused('too-large', {
      came: String(bytes.length),
      about: String(LARGEST_TABLE),
    })
  }
  refuseOthers(bytes)
  const { encoding, dialect, fields, missingValues } = resource
  if (encoding === 'utf-8' && !isUtf8(bytes)) throw new TableRefused('encoding', { came: encoding })
  const text = new TextDecoder(encoding).decode(bytes)
  const missing = new Set(missingValues)
  const fieldAt = new Map<number, Field>()
  const parsers = parsersOf(fields)
  const allowed = new Map(fields.map((field) => [field, constraintCheck(field)]))
  const reading = {
    ...options,
    days: (cell: string) => parsers.day?.(cell) ?? daysWritten(cell, options.language),
    units: (cell: string) => parsers.units?.(cell) ?? unitsWritten(cell),
    isMissing: (cell: string) => missing.has(cell),
    cellProblem(cell: string, column: number) {
      const field = fieldAt.get(column)
      return field === undefined || allowed.get(field)?.(cell) ? undefined : ('constraint' as const)
    },
  }
  return readReplyRows(Buffer.from(text), dialect, reading, (names, line) => {
    for (const { field, position } of columnsIn(names, line, resource)) fieldAt.set(position, field)
  })
}

type Parser = ((text: string) => number[]) | undefined

/** What days and units are as numbers, where their fields say more than that they are texts. */
function parsersOf(fields: readonly Field[]): { day: Parser; units: Parser } {
  const parserOf = (...columns: string[]): Parser => {
    const field = fields.find(({ name }) => columns.includes(columnNamed(name) ?? ''))
    const parse = field && fieldParser(field)
    return (
      parse &&
      ((text) => {
        const value = parse(text)
        return value === undefined ? [] : [value]
      })
    )
  }
  return { day: parserOf('day'), units: parserOf('quantity', 'received', 'sold') }
}

function columnsIn(names: string[], line: number, resource: Resource) {
  try {
    return columnsOf(names, line, resource, new Map(), [])
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    const about = resource.fields.map(({ name }) => name).join(', ')
    const { column = '', value } = error
    throw new TableRefused('contract', { line, column, came: value, about })
  }
}
