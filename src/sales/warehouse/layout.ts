import { parse } from 'csv-parse/sync'
import { quoted, UserError } from '../../base/errors.ts'
import { shortened } from '../../base/wording.ts'
import type { Contract } from '../contract/contract.ts'
import type { Role } from '../contract/roles.ts'
import type { Source } from './source.ts'

/** How rows stand in the files of a source: one a line, quoted where they have to be. */
export type Layout = {
  /** Headers, in the order of the columns. */
  fields: readonly string[]
  header: string
  /** What stands for NULL. */
  missing: string
  /** Which column is the day. */
  dayAt: number
  /** The column of each role that the sales have. */
  positions: ReadonlyMap<Role, number>
  /** A row as a line. Throws a `UserError` where it would be more than one. */
  line(cells: readonly string[], row: number): string
  /** The cells of a line. */
  cells(line: string): string[]
}

export function layoutOf({ resource }: Source, { columns }: Contract): Layout {
  const { delimiter } = resource.dialect
  const fields = resource.fields.map(({ name }) => name)
  const special = new RegExp(`["\\r\\n${delimiter.replace(/[\\\]^-]/, '\\$&')}]`)
  const positions = new Map([...columns].map(([role, name]) => [role, fields.indexOf(name)]))
  const line: Layout['line'] = (cells, row) => {
    const isPlain = cells.every((cell) => !special.test(cell))
    const written = isPlain
      ? cells
      : cells.map((cell, i) => (special.test(cell) ? inQuotes(cell, fields[i], row) : cell))
    // Joined it is one text: added up piece by piece it would keep all the pieces.
    return written.join(delimiter)
  }
  return {
    fields,
    header: line(fields, 0),
    missing: resource.missingValues.includes('') ? '' : (resource.missingValues[0] ?? ''),
    dayAt: fields.indexOf(columns.get('saleDate') ?? ''),
    positions,
    line,
    cells: (text) =>
      text.includes('"')
        ? parse(text, { delimiter, max_record_size: 0 })[0]
        : text.split(delimiter),
  }
}

function inQuotes(cell: string, field: string, row: number): string {
  if (!/[\r\n]/.test(cell)) return `"${cell.replaceAll('"', '""')}"`
  throw new UserError(
    `${quoted(field)} of row ${row} holds a line end: ${quoted(shortened(cell, 80))}`,
    {
      key: 'the answer to cd4ml.source',
      remedy: `Have the query replace it: translate(${field}, chr(10) || chr(13), '  ').`,
    },
  )
}
