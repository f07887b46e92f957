import { stringify } from 'csv-stringify/sync'

export type CsvStyle = { delimiter?: string; quoted?: boolean }

/**
 * Records as CSV (RFC 4180, lines end in LF) that no spreadsheet executes: a text that one would
 * take for a formula begins with an apostrophe, also where quotes, white space or other apostrophes
 * hide the formula, so that taking one apostrophe away from such a text gives it back exactly.
 * Numbers stand in plain decimal with at most four decimals, and stay numbers.
 *
 * Throws on a number that is not finite: an empty cell would be read as none.
 */
export function csvText(records: (string | number)[][], style: CsvStyle = {}): string {
  const { delimiter = ',', quoted = false } = style
  return stringify(records, {
    delimiter,
    quoted,
    quoted_match: /^\s|\s$/,
    escape_formulas: true,
    cast: { number: plainDecimal, string: (text) => (HIDDEN.test(text) ? `'${text}` : text) },
  })
}

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
