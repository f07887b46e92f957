import { stringify } from 'csv-stringify/sync'

export type CsvStyle = {
  delimiter?: string
  quoted?: boolean
  /** What parts decimals; a point. */
  decimal?: '.' | ','
  /** Whether it begins with the byte order mark by which Excel knows UTF-8. */
  bom?: boolean
}

/** What Excel in Brazil opens as columns, numbers and accents when a file is clicked on. */
export const EXCEL_IN_BRAZIL: CsvStyle = { delimiter: ';', decimal: ',', bom: true }

/**
 * Records as CSV (RFC 4180, lines end in LF) that no spreadsheet executes: a text that one would
 * take for a formula begins with an apostrophe, also where quotes, white space or other apostrophes
 * hide the formula, so that taking one apostrophe away from such a text gives it back exactly.
 * Numbers stand without group signs, with at most four decimals, and stay numbers.
 *
 * Throws on a number that is not finite: an empty cell would be read as none.
 */
export function csvText(records: (string | number)[][], style: CsvStyle = {}): string {
  const { delimiter = ',', quoted = false, decimal = '.', bom = false } = style
  return stringify(records, {
    delimiter,
    quoted,
    bom,
    quoted_match: /^\s|\s$/,
    escape_formulas: true,
    cast: {
      number: (value) => plainDecimal(value).replace('.', decimal),
      string: (text) => (HIDDEN.test(text) ? `'${text}` : text),
    },
  })
}

/** The text that `csvText` has written as this cell. */
export function unguarded(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell
}

/** The apostrophe, and all that gets one. */
const GUARDED = /^'['"\s]*[=+\-@\t\r\n＝＋－＠]/

/** What the library lets pass: it looks at the first character alone. */
const HIDDEN = /^(?:\n|['"\s]+[=+\-@\t\r\n＝＋－＠])/

function plainDecimal(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be a cell of CSV`)
  return decimals.format(value)
}

const decimals = new Intl.NumberFormat('en-US', {
  useGrouping: false,
  maximumFractionDigits: 4,
  signDisplay: 'negative',
})
