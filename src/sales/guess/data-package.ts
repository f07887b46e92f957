import { numberParser } from '../contract/number-format.ts'
import { isTakenAsText } from './column-questions.ts'
import type { MeantColumn } from './guess-columns.ts'
import type { FileLayout } from './guess-layout.ts'

/** What `datapackage.json` is to hold of sales whose files are laid out so, with these columns. */
export function dataPackage(
  layout: FileLayout,
  columns: MeantColumn[],
  { name, paths, timeZone }: Named,
): { $schema: string; name: string; resources: object[]; cd4ml: object } {
  const { encoding, delimiter, headerRow, kinds } = layout
  // What stands for nothing among dates and numbers may be a text of its own elsewhere.
  const typed = columns.filter((column) => fieldOf(column).type !== 'string')
  const sentinels = typed.filter((column) => column.role !== 'saleDate').flatMap(sentinelsOf)
  const absent = typed.flatMap(({ profile }) => [...profile.absent])
  const saleDate = columns.find(({ role }) => role === 'saleDate')
  const dated = saleDate ? sentinelsOf(saleDate).filter((cell) => !sentinels.includes(cell)) : []
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name,
    resources: [
      {
        name: 'sales',
        path: paths,
        ...(kinds
          ? { format: 'parquet' }
          : {
              encoding,
              dialect: { delimiter, ...(headerRow > 1 && { headerRows: [headerRow] }) },
            }),
        schema: {
          fields: columns.map((column, index) =>
            kinds && column.role === undefined && kinds[index]?.kind !== 'text'
              ? { name: column.name, type: 'any' }
              : fieldOf(column),
          ),
          missingValues: [...new Set(['', ...absent, ...sentinels, ...zeroPrices(typed)])],
        },
      },
    ],
    cd4ml: {
      columns: Object.fromEntries(
        columns.flatMap(({ role, name }) => (role === undefined ? [] : [[role, name]])),
      ),
      ...(timeZone !== undefined && instantsIn(layout, columns).length > 0 && { timeZone }),
      ...(dated.length > 0 && { sentinels: { saleDate: dated } }),
    },
  }
}

/** `paths`: where the files will lie in the data folder. */
type Named = { name: string; paths: string[]; timeZone?: string }

/** The used columns that hold moments, whose day depends on the place. */
export function instantsIn({ kinds }: FileLayout, columns: MeantColumn[]): string[] {
  return columns.flatMap(({ name, role }, index) => {
    const kind = kinds?.[index]
    const isInstant = kind?.kind === 'timestamp' && kind.isInstant
    return isInstant && role !== undefined ? [name] : []
  })
}

/**
 * What is given away has no price, and counts as demand: a price of 0 is no more than an empty cell,
 * where the same text means nothing in another column.
 */
function zeroPrices(typed: MeantColumn[]): string[] {
  const price = typed.find(({ role }) => role === 'price')
  if (price?.reading.type !== 'number') return []
  const parse = numberParser({ ...price.reading, integer: false })
  const zeros = [...price.profile.cells.keys()].filter((cell) => parse(cell) === 0)
  const others = typed.filter((column) => column !== price)
  return zeros.filter((cell) => !others.some(({ profile }) => profile.cells.has(cell)))
}

/** Days such as 31/12/9999: in a column that may be empty they are no more than an empty cell. */
function sentinelsOf({ reading }: MeantColumn): string[] {
  return reading.type === 'date' || reading.type === 'datetime' ? reading.sentinels : []
}

/** Only what has a role is held to its type: a note that is a number nearly always is none. */
function fieldOf(column: MeantColumn): { [key: string]: unknown } {
  const { name, role, reading } = column
  if (isTakenAsText(column) || reading.type === 'string') return { name, type: 'string' }
  if (reading.type !== 'number') return { name, type: reading.type, format: reading.format }
  const { decimalChar, groupChar, bareNumber, isWhole } = reading
  const affixed = bareNumber ? {} : { bareNumber }
  const plain = decimalChar === '.' && groupChar === undefined
  // Where no fraction was seen, 1.196 is nothing that has been agreed upon.
  if (plain && isWhole && (role === 'quantity' || role === 'stock')) {
    return { name, type: 'integer', ...affixed }
  }
  return { name, type: 'number', ...(!plain && { decimalChar, groupChar }), ...affixed }
}
