import type { Contract } from '../contract/contract.ts'
import type { Resource } from '../contract/resource.ts'
import { rules } from '../contract/rules.ts'
import { headOf, type SalesFile } from '../guess/sales-file.ts'
import { forEachRow } from './csv-rows.ts'
import { columnsOf } from './header.ts'
import { readColumns } from './table-reading.ts'
import { FileRefused, utf8Chunks } from './text-checks.ts'

/**
 * Why a file is not laid out as a resource of the sales says: by its header and the first rows, or by
 * the columns of a Parquet file and their types. Undefined where it is.
 */
export async function layoutProblem(
  file: SalesFile,
  resource: Resource,
  contract: Contract,
): Promise<string | undefined> {
  try {
    if (resource.format === 'parquet') await checkParquet(file, resource, contract)
    else await checkText(file, resource, contract)
    return undefined
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    const { rule, column } = error
    const { explanation } = rules[rule]
    return column === undefined ? explanation : `${explanation} (${column})`
  }
}

const NEEDED = ['product', 'saleDate'] as const

const SAMPLE_BYTES = 2 ** 18

async function checkText(
  file: SalesFile,
  resource: Resource,
  { columns }: Contract,
): Promise<void> {
  const { dialect, encoding, fields } = resource
  const head = await headOf(file, SAMPLE_BYTES)
  // The last line may be cut.
  const end = head.length < SAMPLE_BYTES ? head.length : head.lastIndexOf(10) + 1
  let isChecked = false
  const check = (header: string[], line: number) => {
    isChecked = true
    columnsOf(header, line, resource, columns, NEEDED)
  }
  const text = utf8Chunks(once(head.subarray(0, end)), { encoding, maxBytes: head.length })
  await forEachRow(text, dialect, 'text', (cells, line) => {
    if (line === dialect.headerRow && dialect.header) check(cells, line)
    if (line > dialect.headerRow && cells.length !== fields.length && !dialect.header) {
      throw new FileRefused('ragged-row')
    }
  })
  if (!isChecked && dialect.header) throw new FileRefused('file-empty')
}

async function checkParquet(
  { path }: SalesFile,
  resource: Resource,
  { columns, timeZone }: Contract,
): Promise<void> {
  const { openParquet } = await import('./parquet-file.ts')
  const { cellText } = await import('./parquet-values.ts')
  const parquet = await openParquet(path)
  try {
    const header = parquet.columns.map(({ name }) => name)
    columnsOf(header, undefined, resource, columns, NEEDED)
    for (const { position, field } of readColumns(header, resource, new Set(columns.values()))) {
      cellText(parquet.columns[position], field, timeZone)
    }
  } finally {
    await parquet.close()
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
