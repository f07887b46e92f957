import { type FileHandle, open } from 'node:fs/promises'
import type { ColumnMetaData, FileMetaData, SchemaElement } from 'hyparquet'
import { parquetMetadata, parquetSchema } from 'hyparquet'
import { damaged, damagedUnless, stated, unsupported } from './parquet-refusals.ts'
import { budgetOf, endOfStruct } from './parquet-thrift.ts'
import { FileRefused } from './text-checks.ts'

/** What stands in the footer of a Parquet file: columns by their names, and where their values are. */
export type ParquetFile = {
  /** Every column of the table, whether it is used or not, in the order of the file. */
  columns: ParquetColumn[]
  rowGroups: ParquetRowGroup[]
  bytes: RandomAccess
  /** Throws `FileRefused` where the file is no longer what it was when it was opened. */
  checkUnchanged(): Promise<void>
  close(): Promise<void>
}

/** `element` is undefined of a column that holds lists or records. */
export type ParquetColumn = { name: string; element: SchemaElement | undefined }

/** `chunk` finds the values of a column; undefined where the footer has none, or they are encrypted. */
export type ParquetRowGroup = {
  rows: number
  chunk(column: ParquetColumn): ColumnChunk | undefined
}

/** Where the pages of a column stand: from a first byte to one behind the last. */
export type ColumnChunk = { from: number; to: number; meta: ColumnMetaData }

export type RandomAccess = (from: number, length: number) => Promise<Uint8Array<ArrayBuffer>>

/**
 * Opens a Parquet file and reads its footer, no more. Nothing that the footer claims is allocated:
 * it is held to the size of the file first. Throws `FileRefused` where it is none, is cut off, is
 * encrypted, or contradicts itself.
 */
export async function openParquet(path: string): Promise<ParquetFile> {
  const handle = await open(path)
  try {
    const opened = await handle.stat({ bigint: true })
    const size = Number(opened.size)
    const bytes = bytesOf(handle, size)
    const footer = await readFooter(bytes, size)
    return {
      ...damagedUnless(footer, () => tableOf(footer, size)),
      bytes,
      async checkUnchanged() {
        const { size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true })
        if (size === opened.size && mtimeNs === opened.mtimeNs && ctimeNs === opened.ctimeNs) return
        throw new FileRefused('file-unreadable', 'the file changed while it was read')
      },
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

const MAGIC = 4
/** Length of the metadata, and the magic number. */
const FOOTER_END = 8
/** More are no columns and row groups of sales. */
const MOST_FOOTER_BYTES = 64 * 1024 ** 2

function bytesOf(handle: FileHandle, size: number): RandomAccess {
  return async (from, length) => {
    if (from < 0 || length < 0 || from + length > size) throw damaged('it points beyond its end')
    const bytes = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await handle.read(bytes, filled, length - filled, from + filled)
      if (bytesRead === 0) throw damaged('it ends before it should')
      filled += bytesRead
    }
    return bytes
  }
}

async function readFooter(bytes: RandomAccess, size: number): Promise<Uint8Array> {
  if (size === 0) throw new FileRefused('file-empty')
  if (size < MAGIC + FOOTER_END) throw damaged('it is too short')
  const first = text(await bytes(0, MAGIC))
  const end = await bytes(size - FOOTER_END, FOOTER_END)
  const last = text(end.subarray(MAGIC))
  if (first === 'PARE' || last === 'PARE') throw unsupported('the file is encrypted')
  if (first !== 'PAR1') throw damaged('it does not begin as Parquet does, with PAR1')
  if (last !== 'PAR1') throw damaged('it does not end as Parquet does, with PAR1: it is cut off')
  const length = new DataView(end.buffer).getUint32(0, true)
  const most = Math.min(MOST_FOOTER_BYTES, size - MAGIC - FOOTER_END)
  stated(length, most, 'bytes of footer')
  return bytes(size - FOOTER_END - length, length + FOOTER_END)
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

function tableOf(footer: Uint8Array, size: number): Pick<ParquetFile, 'columns' | 'rowGroups'> {
  endOfStruct(footer, budgetOf(footer.length))
  const metadata = parquetMetadata(footer, { geoparquet: false })
  const { children, count } = parquetSchema(metadata)
  if (count !== metadata.schema.length) throw damaged('it has more columns than it says')
  const columns = children.map(({ element, children }): ParquetColumn => {
    if (element.name === undefined) throw damaged('a column has no name')
    const isFlat = children.length === 0 && element.repetition_type !== 'REPEATED'
    return { name: element.name, element: isFlat && element.type ? element : undefined }
  })
  return { columns, rowGroups: rowGroupsOf(metadata, size) }
}

function rowGroupsOf({ row_groups, num_rows }: FileMetaData, size: number): ParquetRowGroup[] {
  const groups = row_groups.map(({ num_rows, columns }): ParquetRowGroup => {
    const rows = stated(num_rows, Number.MAX_SAFE_INTEGER, 'rows in a row group')
    return {
      rows,
      chunk({ name, element }) {
        const column = columns.find(
          ({ meta_data }) =>
            meta_data?.path_in_schema?.length === 1 && meta_data.path_in_schema[0] === name,
        )
        const meta = column?.meta_data
        if (meta === undefined || column?.crypto_metadata) return undefined
        if (column?.file_path) throw unsupported('its values stand in another file', name)
        if (meta.type !== element?.type) throw damaged('it says of a column that it has two types')
        return { ...spanOf(meta, size), meta }
      },
    }
  })
  const rows = groups.reduce((sum, group) => sum + group.rows, 0)
  if (rows !== stated(num_rows, Number.MAX_SAFE_INTEGER, 'rows')) {
    throw damaged('its row groups do not have as many rows as it says')
  }
  return groups
}

function spanOf(meta: ColumnMetaData, size: number): { from: number; to: number } {
  const data = stated(meta.data_page_offset, size, 'as the place of a page')
  // Some writers state 0 where there is no dictionary.
  const dictionary = stated(meta.dictionary_page_offset ?? 0, size, 'as the place of a page')
  const from = dictionary > 0 ? Math.min(dictionary, data) : data
  const length = stated(meta.total_compressed_size, size, 'bytes of a column')
  if (from < MAGIC || from + length > size - FOOTER_END) throw damaged('it points beyond its end')
  return { from, to: from + length }
}
