import { quoted, UserError } from '../../base/errors.ts'
import { rules } from '../contract/rules.ts'
import type { ParquetKind } from '../reading/parquet-values.ts'
import { FileRefused } from '../reading/text-checks.ts'
import type { ColumnProfile } from './column-profile.ts'
import type { Reading } from './guess-columns.ts'
import type { FileLayout } from './guess-layout.ts'
import { headOf, type SalesFile } from './sales-file.ts'

/** What the columns of Parquet files hold; undefined where that is nothing that a cell can hold. */
export type ParquetKinds = (ParquetKind | undefined)[]

export async function isParquet(file: SalesFile): Promise<boolean> {
  const magic = (await headOf(file, 4)).toString('latin1', 0, 4)
  return magic === 'PAR1' || magic === 'PARE'
}

/**
 * The columns of Parquet files and what they hold: nothing of it has to be guessed. Throws a
 * `UserError` where one cannot be read, is named as if it were CSV, or has other columns.
 */
export async function parquetLayout(files: SalesFile[]): Promise<FileLayout> {
  const { openParquet } = await import('../reading/parquet-file.ts')
  const { kindOf } = await import('../reading/parquet-values.ts')
  const layouts: { header: string[]; kinds: ParquetKinds }[] = []
  for (const file of files) {
    if (/\.(csv|tsv|txt)$/i.test(file.name)) {
      throw new UserError('is Parquet under the name of CSV', {
        file: file.name,
        remedy: 'Give it a name that ends in .parquet.',
      })
    }
    const parquet = await orUserError(file, () => openParquet(file.path))
    const kinds = parquet.columns.map((column) => {
      try {
        return kindOf(column)
      } catch (error) {
        if (error instanceof FileRefused) return undefined
        throw error
      }
    })
    await parquet.close()
    layouts.push({ header: parquet.columns.map(({ name }) => name), kinds })
  }
  const [first, ...others] = layouts
  const other = others.findIndex(({ header }) => header.join('\n') !== first.header.join('\n'))
  if (other >= 0) {
    throw new UserError(`has other columns than ${files[0].name}`, {
      file: files[other + 1].name,
      remedy: 'Give files of one layout; add a resource to the contract for the others later.',
    })
  }
  const twice = first.header.find((name, index) => first.header.indexOf(name) < index)
  if (twice !== undefined) {
    throw new UserError(`two columns are called ${quoted(twice)}`, {
      file: files[0].name,
      remedy: rules['header-duplicate'].remedy,
    })
  }
  const { header, kinds } = first
  return { encoding: 'utf-8', delimiter: ',', headerRow: 0, header, kinds }
}

/** Calls `onRow` with the rows of Parquet files, their cells written as they will be by the contract. */
export async function eachRowOfParquet(
  files: SalesFile[],
  kinds: ParquetKinds,
  timeZone: string | undefined,
  onRow: (cells: string[], row: number, file: number) => void,
): Promise<void> {
  const { openParquet } = await import('../reading/parquet-file.ts')
  const { forEachParquetRow } = await import('../reading/parquet-rows.ts')
  for (const [index, file] of files.entries()) {
    await orUserError(file, async () => {
      const parquet = await openParquet(file.path)
      try {
        const columns = kinds.flatMap((kind, position) =>
          kind === undefined ? [] : [{ position, field: plainField(kind) }],
        )
        const maxBytes = Number.POSITIVE_INFINITY
        const options = { columns, timeZone: timeZone ?? 'UTC', maxBytes }
        await forEachParquetRow(parquet, options, (cells, row) => onRow(cells, row, index))
      } finally {
        await parquet.close()
      }
    })
  }
}

/** The reading that follows from the type alone; undefined of texts, and of numbers that may be days. */
export function readingOf(kind: ParquetKind, profile: ColumnProfile): Reading | undefined {
  switch (kind.kind) {
    case 'text':
    case 'integer':
      return undefined
    case 'uuid':
    case 'boolean':
      return { type: 'string' }
    case 'decimal':
    case 'float':
      return numberReading([...profile.shapes.keys()].every((shape) => /^-?\d+$/.test(shape)))
    case 'date':
    case 'timestamp': {
      const sentinels = [...profile.dates.values()].flatMap(({ sentinels }) => [...sentinels])
      const type = kind.kind === 'date' ? 'date' : 'datetime'
      const known = { style: undefined, doubt: undefined }
      return { type, format: 'default', sentinels: [...new Set(sentinels)], ...known }
    }
  }
}

/** Of a type that says so itself: no sign of any cell is in doubt. */
export function numberReading(isWhole: boolean): Reading {
  const notation = { decimalChar: '.', groupChar: undefined, bareNumber: true } as const
  return { type: 'number', ...notation, isWhole, affixes: [], doubt: undefined }
}

function plainField({ kind }: ParquetKind) {
  const type = kind === 'date' ? 'date' : kind === 'timestamp' ? 'datetime' : undefined
  return type && { type, format: 'default', decimalChar: '.' }
}

async function orUserError<T>(file: SalesFile, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    const { explanation, remedy } = rules[error.rule]
    const value = error.value === '' ? '' : ` (${error.value})`
    throw new UserError(`${explanation.replace(/\.$/, '')}${value}`, { file: file.name, remedy })
  }
}
