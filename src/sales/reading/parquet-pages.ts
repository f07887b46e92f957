import { brotliDecompressSync, crc32, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { PageHeader, SchemaElement } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { compressors } from 'hyparquet-compressors'
import { decoded, hybridRuns, type Storage } from './parquet-encodings.ts'
import type { ColumnChunk, RandomAccess } from './parquet-file.ts'
import { damaged, damagedUnless, stated, unsupported } from './parquet-refusals.ts'
import { endOfStruct, type ThriftBudget } from './parquet-thrift.ts'
import type { StoredValue } from './parquet-values.ts'

/** More values no writer puts into one page; as many take tens of megabytes. */
const MOST_VALUES_IN_PAGE = 2 ** 22
const MOST_PAGE_BYTES = 128 * 1024 ** 2

/** Of all columns together: with pages of a megabyte, as writers make them, it is a few hundred columns. */
const MOST_OPEN_BYTES = 256 * 1024 ** 2
/** What a cell takes, and what its text does where it is no other cell's. */
const CELL_BYTES = 8
const TEXT_BYTES = 24

/**
 * What the pages take that are open at the same time, one of each column: a page of some bytes may
 * repeat a value a million times, and a file may have thousands of columns of them.
 */
export class OpenPages {
  readonly #held = new Map<symbol, number>()
  #sum = 0

  /** Takes `bytes` for `what`, in place of what it had. Throws `FileRefused` where that is too much. */
  hold(what: symbol, bytes: number): void {
    this.#sum += bytes - (this.#held.get(what) ?? 0)
    this.#held.set(what, bytes)
    if (this.#sum <= MOST_OPEN_BYTES) return
    throw unsupported(
      `pages that take more than ${MOST_OPEN_BYTES} bytes at once: write smaller pages, or smaller row groups, such as of 100,000 rows`,
    )
  }
}

/** What is read at once: most pages have a megabyte. */
const WINDOW_BYTES = 1024 ** 2
const MOST_IN_HEADER: ThriftBudget = { values: 1000 }
/** Of a page: longer ones hold statistics of long texts. */
const MOST_HEADER_BYTES = 16 * 1024 ** 2

export type ColumnOptions = {
  bytes: RandomAccess
  chunk: ColumnChunk
  element: SchemaElement
  /** Of the row group. */
  rows: number
  /** Of the file, which all columns share. */
  open: OpenPages
  /** The text of a value, of which those in dictionaries are asked once. */
  toText: (value: StoredValue) => string
}

/**
 * The cells of a column in a row group, page by page: nothing is held but the page and the dictionary.
 * So this takes the parts that hyparquet exports as `src/*.js`, not its `parquetRead`, which holds all
 * values of a row group and takes memory for what a page claims.
 * A null is an empty text. Throws `FileRefused` where the bytes are not what they claim to be, or
 * where there are fewer or more cells than rows.
 */
export async function* columnPages(options: ColumnOptions): AsyncGenerator<string[]> {
  const { chunk, element, rows, toText, open } = options
  const { codec } = chunk.meta
  const storage: Storage = { type: element.type ?? 'BYTE_ARRAY', length: element.type_length }
  const isOptional = element.repetition_type !== 'REQUIRED'
  const [ofDictionary, ofPage] = [Symbol('dictionary'), Symbol('page')]
  let dictionary: string[] | undefined
  let left = rows
  for await (const { header, body } of pagesOf(options)) {
    if (header.type === 'INDEX_PAGE') continue
    if (header.type === 'DICTIONARY_PAGE') {
      if (dictionary) throw damaged('a column with two dictionaries')
      dictionary = damagedUnless(undefined, () =>
        dictionaryIn(header, body, codec, storage, toText, (bytes) =>
          open.hold(ofDictionary, bytes),
        ),
      )
      continue
    }
    const page = damagedUnless(undefined, () => {
      open.hold(ofPage, cellBytes(header))
      const { count, isPresent, encoding, values } = dataIn(header, body, codec, isOptional)
      if (count > left) throw damaged('a column has more values than there are rows')
      const texts = encoding.endsWith('_DICTIONARY') ? 0 : presentIn(count, isPresent)
      open.hold(ofPage, cellBytes(header) + texts * TEXT_BYTES)
      return cellsIn({ count, isPresent, encoding, values, dictionary, storage, toText })
    })
    left -= page.length
    if (page.length > 0) yield page
    if (left === 0) return
  }
  if (left > 0) throw damaged(`a column has ${rows - left} values, but there are ${rows} rows`)
}

type Page = { header: PageHeader; body: Uint8Array<ArrayBuffer> }

/** What a page states that it takes: what is unpacked of it, and its cells. */
function cellBytes(header: PageHeader): number {
  const { data_page_header, data_page_header_v2, uncompressed_page_size } = header
  const count = fitting(
    (data_page_header ?? data_page_header_v2)?.num_values,
    MOST_VALUES_IN_PAGE,
    'values',
  )
  return fitting(uncompressed_page_size, MOST_PAGE_BYTES, 'bytes') + count * CELL_BYTES
}

async function* pagesOf({ bytes, chunk, open }: ColumnOptions): AsyncGenerator<Page> {
  const ofWindow = Symbol('window')
  let window: Uint8Array<ArrayBuffer> = new Uint8Array()
  let start = chunk.from
  const see = async (from: number, length: number) => {
    if (from < start || from + length > start + window.length) {
      start = from
      const size = Math.min(Math.max(length, WINDOW_BYTES), chunk.to - from)
      open.hold(ofWindow, size)
      window = await bytes(from, size)
    }
    return window.subarray(from - start, from - start + length)
  }
  let at = chunk.from
  while (at < chunk.to) {
    const { header, length } = await headerAt(at, chunk.to, see)
    at += length
    const size = stated(header.compressed_page_size, chunk.to - at, 'bytes of a page')
    const body = await see(at, size)
    // Some writers say it, so that what a disk or a line has changed shows.
    if (header.crc !== undefined && (crc32(body) | 0) !== (Number(header.crc) | 0)) {
      throw damaged('a page is not what was written: its checksum is another one')
    }
    yield { header, body }
    at += size
  }
}

async function headerAt(
  from: number,
  end: number,
  see: (from: number, length: number) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<{ header: PageHeader; length: number }> {
  for (let length = 1024; ; length *= 16) {
    const seen = Math.min(length, end - from)
    const bytes = await see(from, seen)
    try {
      endOfStruct(bytes, { ...MOST_IN_HEADER })
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const reader = { view, offset: 0 }
      const header = parquetHeader(reader)
      return { header, length: reader.offset }
    } catch (error) {
      if (seen === end - from || length >= MOST_HEADER_BYTES) {
        throw damaged(error instanceof Error ? error.message : String(error))
      }
    }
  }
}

/** What a page says that it has, as long as it can be held in memory. */
function fitting(said: unknown, most: number, what: string): number {
  const count = stated(said, Number.MAX_SAFE_INTEGER, `${what} in a page`)
  if (count <= most) return count
  throw unsupported(
    `a page of ${count} ${what}, of which there may be ${most}: write smaller row groups, such as of a million rows`,
  )
}

function dictionaryIn(
  header: PageHeader,
  body: Uint8Array,
  codec: string,
  storage: Storage,
  toText: (value: StoredValue) => string,
  hold: (bytes: number) => void,
): string[] {
  const { num_values, encoding } = header.dictionary_page_header ?? {}
  const count = fitting(num_values, MOST_VALUES_IN_PAGE, 'values')
  if (encoding !== 'PLAIN' && encoding !== 'PLAIN_DICTIONARY') {
    throw unsupported(`the encoding ${encoding}`)
  }
  const size = fitting(header.uncompressed_page_size, MOST_PAGE_BYTES, 'bytes')
  hold(size + count * (CELL_BYTES + TEXT_BYTES))
  return Array.from(decoded(unpacked(body, size, codec), 'PLAIN', count, storage), toText)
}

type PageData = {
  count: number
  /** 1 where a row has a value; undefined where all have. */
  isPresent: Uint32Array | undefined
  encoding: string
  values: Uint8Array
}

function dataIn(
  header: PageHeader,
  body: Uint8Array,
  codec: string,
  isOptional: boolean,
): PageData {
  const size = fitting(header.uncompressed_page_size, MOST_PAGE_BYTES, 'bytes')
  const one = header.data_page_header
  if (header.type === 'DATA_PAGE' && one) {
    const count = fitting(one.num_values, MOST_VALUES_IN_PAGE, 'values')
    const data = unpacked(body, size, codec)
    const { encoding } = one
    if (!isOptional) return { count, isPresent: undefined, encoding, values: data }
    if (one.definition_level_encoding !== 'RLE') {
      throw unsupported(`nulls that are encoded as ${one.definition_level_encoding}`)
    }
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    const length = stated(view.getUint32(0, true), data.length - 4, 'bytes of nulls')
    const isPresent = hybridRuns(data.subarray(4, 4 + length), 1, count)
    return { count, isPresent, encoding, values: data.subarray(4 + length) }
  }
  const two = header.data_page_header_v2
  if (header.type === 'DATA_PAGE_V2' && two) {
    const count = fitting(two.num_values, MOST_VALUES_IN_PAGE, 'values')
    stated(two.repetition_levels_byte_length, 0, 'bytes of repetitions')
    const most = Math.min(body.length, size)
    const length = stated(two.definition_levels_byte_length, most, 'bytes of nulls')
    const isPresent = isOptional ? hybridRuns(body.subarray(0, length), 1, count) : undefined
    const rest = body.subarray(length)
    const isPacked = two.is_compressed !== false && size > length
    const values = isPacked ? unpacked(rest, size - length, codec) : rest
    return { count, isPresent, encoding: two.encoding, values }
  }
  throw unsupported(`a page of type ${header.type}`)
}

function cellsIn({
  count,
  isPresent,
  encoding,
  values,
  dictionary,
  storage,
  toText,
}: PageData & {
  dictionary: string[] | undefined
  storage: Storage
  toText: (value: StoredValue) => string
}): string[] {
  const present = presentIn(count, isPresent)
  const cells: string[] = isPresent ? new Array(count).fill('') : []
  if (present === 0) return cells
  const texts = encoding.endsWith('_DICTIONARY')
    ? looked(values, present, dictionary)
    : Array.from(decoded(values, encoding, present, storage), toText)
  if (isPresent === undefined) return texts
  let next = 0
  for (let row = 0; row < count; row++) if (isPresent[row] === 1) cells[row] = texts[next++]
  return cells
}

function presentIn(count: number, isPresent: Uint32Array | undefined): number {
  return isPresent ? isPresent.reduce((sum, one) => sum + one, 0) : count
}

function looked(values: Uint8Array, count: number, dictionary: string[] | undefined): string[] {
  if (dictionary === undefined) throw damaged('a column lacks its dictionary')
  if (values.length === 0) throw damaged('a page has fewer values than it says')
  const texts = new Array<string>(count)
  const numbers = hybridRuns(values.subarray(1), values[0], count)
  for (let index = 0; index < count; index++) {
    const text = dictionary[numbers[index]]
    if (text === undefined) throw damaged('a value that is not in the dictionary')
    texts[index] = text
  }
  return texts
}

/** Not one byte more than the page states, which is held to what a page may have. */
function unpacked(body: Uint8Array, size: number, codec: string): Uint8Array {
  if (size === 0) return new Uint8Array()
  const page = unpack(body, size, codec)
  if (page.length !== size) throw damaged('a page is of another size than it says')
  return page
}

function unpack(body: Uint8Array, size: number, codec: string): Uint8Array {
  const options = { maxOutputLength: size }
  switch (codec) {
    case 'UNCOMPRESSED':
      return body
    case 'GZIP':
      return gunzipSync(body, options)
    case 'BROTLI':
      return brotliDecompressSync(body, options)
    case 'ZSTD':
      return zstdDecompressSync(body, options)
    case 'SNAPPY':
    case 'LZ4':
    case 'LZ4_RAW':
      return compressors[codec]?.(body, size) ?? new Uint8Array()
    default:
      throw unsupported(`the compression ${codec}`)
  }
}
