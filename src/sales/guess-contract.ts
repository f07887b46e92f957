import { UserError } from '../errors.ts'
import { type ColumnGuess, guessColumns } from './guess-columns.ts'
import { type FileLayout, readLayout, type SalesFile } from './guess-layout.ts'
import { guessRoles } from './guess-roles.ts'
import type { Role } from './roles.ts'

/** A contract that fits the sales files as far as their first rows tell. */
export type ContractGuess = {
  /** What `datapackage.json` is to hold. */
  dataPackage: object
  encoding: FileLayout['encoding']
  delimiter: string
  /** How many rows of the files were looked at. */
  rows: number
  /** In the order of the file. */
  columns: (ColumnGuess & { role: Role | undefined })[]
}

/**
 * Guesses the contract of sales files that are laid out alike: encoding, delimiter, how dates and
 * numbers are written, and what each column means. `columns` are the headers of roles that are known
 * and need no guess; `paths` says where the files will lie in the data folder.
 *
 * Throws a `UserError` where the files are no CSV with a header, differ in their headers, or hold no
 * column that can be the product or the day of the sale.
 */
export async function guessContract(
  files: SalesFile[],
  options: { name: string; paths: string[]; columns: ReadonlyMap<Role, string> },
): Promise<ContractGuess> {
  const layout = await readLayout(files)
  const guessed = guessColumns(layout)
  const roles = guessRoles(guessed, layout.rows, options.columns)
  for (const role of ['product', 'saleDate'] as const) {
    if (!roles.has(role)) throw notFound(role, files[0].name, layout.header)
  }
  const columns = guessed.map((column) => ({
    ...column,
    role: [...roles].find(([, header]) => header === column.name)?.[0],
  }))
  return {
    dataPackage: dataPackage(layout, columns, options),
    encoding: layout.encoding,
    delimiter: layout.delimiter,
    rows: layout.rows.length,
    columns,
  }
}

type Column = ContractGuess['columns'][number]

function notFound(role: 'product' | 'saleDate', file: string, header: string[]): UserError {
  const what = { product: 'the product', saleDate: 'the day of the sale' }[role]
  const columns = header.map((name) => JSON.stringify(name)).join(', ')
  return new UserError(`no column looks like ${what}: there are ${columns}`, {
    file,
    remedy: `Say which one it is, such as --column ${role}=${JSON.stringify(header[0])}.`,
  })
}

function dataPackage(
  { encoding, delimiter }: FileLayout,
  columns: Column[],
  { name, paths }: { name: string; paths: string[] },
): object {
  const missing = new Set(['', ...columns.flatMap((column) => column.missingValues)])
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name,
    resources: [
      {
        name: 'sales',
        path: paths,
        encoding,
        dialect: { delimiter },
        schema: { fields: columns.map(fieldOf), missingValues: [...missing] },
      },
    ],
    cd4ml: {
      columns: Object.fromEntries(byRole(columns, ({ name }) => name)),
      ...(columns.some(({ sentinels }) => sentinels.length > 0) && {
        sentinels: Object.fromEntries(
          byRole(
            columns.filter(({ sentinels }) => sentinels.length > 0),
            ({ sentinels }) => sentinels,
          ),
        ),
      }),
    },
  }
}

/** Ids stay text, whatever they look like: 007 is not 7. */
function fieldOf({ name, role, reading }: Column): object {
  if (role === 'product' || role === 'store' || reading.type === 'string') {
    return { name, type: 'string' }
  }
  if (reading.type === 'number') {
    const { decimalChar, groupChar } = reading
    const plain = decimalChar === '.' && groupChar === undefined
    return { name, type: 'number', ...(!plain && { decimalChar, groupChar }) }
  }
  return { name, type: reading.type, format: reading.format }
}

function byRole<T>(columns: Column[], value: (column: Column) => T): [Role, T][] {
  return columns.flatMap((column): [Role, T][] =>
    column.role === undefined ? [] : [[column.role, value(column)]],
  )
}
