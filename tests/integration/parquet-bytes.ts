/** A field of a Thrift struct in the compact protocol: a whole number, a text, a list of structs or a struct. */
type Value = number | bigint | string | boolean | Value[] | Struct
type Struct = { [field: number]: Value }

/** Where a number is 32 bits wide in the file's own schema; 64 elsewhere. The bytes are the same. */
const I32 = 5
const TYPES = { string: 8, list: 9, struct: 12 }

/** Any struct as Parquet writes it, also one that lies. Bigints are 64 bits wide, numbers 32. */
export function thrift(struct: Struct): Buffer {
  const parts: Buffer[] = []
  let last = 0
  for (const [key, value] of Object.entries(struct)) {
    const field = Number(key)
    parts.push(Buffer.from([((field - last) << 4) | typeOf(value)]), ...bodyOf(value))
    last = field
  }
  return Buffer.concat([...parts, Buffer.from([0])])
}

function typeOf(value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 2
  if (typeof value === 'number') return I32
  if (typeof value === 'bigint') return 6
  if (typeof value === 'string') return TYPES.string
  return Array.isArray(value) ? TYPES.list : TYPES.struct
}

function bodyOf(value: Value): Buffer[] {
  if (typeof value === 'boolean') return []
  if (typeof value === 'number' || typeof value === 'bigint') {
    const whole = BigInt(value)
    return [varint(BigInt.asUintN(64, (whole << 1n) ^ (whole >> 63n)))]
  }
  if (typeof value === 'string')
    return [varint(BigInt(Buffer.byteLength(value))), Buffer.from(value)]
  if (!Array.isArray(value)) return [thrift(value)]
  const items = value.flatMap(bodyOf)
  return [Buffer.from([0xf0 | typeOf(value[0] ?? 0)]), varint(BigInt(value.length)), ...items]
}

export function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = value
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Buffer.from(bytes)
}

/** What a file of two columns, `product` (text) and `day` (date), says of itself; each may be a lie. */
export type Lies = {
  rows?: bigint
  groupRows?: bigint
  offset?: bigint
  columnBytes?: bigint
  codec?: number
  scale?: number
  values?: number
  unpacked?: number
  packed?: number
  encoding?: number
  /** Of the days: a page's bytes. */
  body?: Buffer
  footerLength?: number
  /** In place of the footer's metadata. */
  metadata?: Buffer
  children?: number
  /** Whether the days have no name. */
  isNameless?: boolean
  /** Of the days, beside their values. */
  columnType?: number
  /** Of the page of the days. */
  checksum?: number | bigint
}

/** A Parquet file with one row, but for what it is told to say. */
export function parquetBytes(lies: Lies = {}): Buffer {
  const product = page({}, Buffer.concat([uint32(1), Buffer.from('a')]))
  const day = page(lies, lies.body ?? uint32(20_000))
  const chunk = (name: string, type: number, at: bigint, bytes: number, told: Lies) => ({
    2: at,
    3: {
      1: type,
      2: [0],
      3: [name],
      4: told.codec ?? 0,
      5: told.rows ?? 1n,
      6: BigInt(bytes),
      7: told.columnBytes ?? BigInt(bytes),
      9: told.offset ?? at,
    },
  })
  const told = thrift({
    1: 1,
    2: [
      { 4: 'schema', 5: lies.children ?? 2 },
      { 1: 6, 3: 0, 4: 'product', 6: 0 },
      { 1: 1, 3: 0, ...(!lies.isNameless && { 4: 'day' }), 6: 6 },
    ],
    3: lies.rows ?? 1n,
    4: [
      {
        1: [
          chunk('product', 6, 4n, product.length, { ...(lies.rows && { rows: lies.rows }) }),
          chunk('day', lies.columnType ?? 1, BigInt(4 + product.length), day.length, lies),
        ],
        2: BigInt(product.length + day.length),
        3: lies.groupRows ?? lies.rows ?? 1n,
      },
    ],
  })
  const metadata = lies.metadata ?? told
  const magic = Buffer.from('PAR1')
  const length = uint32(lies.footerLength ?? metadata.length)
  return Buffer.concat([magic, product, day, metadata, length, magic])
}

function page({ values, unpacked, packed, checksum, encoding }: Lies, body: Buffer): Buffer {
  const header = thrift({
    1: 0,
    2: unpacked ?? body.length,
    3: packed ?? body.length,
    ...(checksum !== undefined && { 4: checksum }),
    5: { 1: values ?? 1, 2: encoding ?? 0, 3: 3, 4: 3 },
  })
  return Buffer.concat([header, body])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** A column of a table: what it holds, as Parquet stores it; a null is a missing value. */
export type TableColumn = { name: string } & (
  | { kind: 'text'; values: (string | null)[] }
  /** Days since 1970. */
  | { kind: 'date'; values: (number | null)[] }
  | { kind: 'int64'; values: (bigint | null)[] }
  /** In units of the last digit. */
  | { kind: 'decimal'; scale: number; values: (number | null)[] }
)

/** A Parquet file of a table, uncompressed and unencoded: so many rows a row group, and a page. */
export function parquetTable(
  columns: TableColumn[],
  { groupRows, pageRows }: { groupRows: number; pageRows: number },
): Buffer {
  const rows = columns[0].values.length
  const parts = [Buffer.from('PAR1')]
  let at = 4
  const groups: Struct[] = []
  for (let from = 0; from < rows; from += groupRows) {
    const count = Math.min(groupRows, rows - from)
    const chunks = columns.map((column) => {
      const pages: Buffer[] = []
      for (let page = from; page < from + count; page += pageRows) {
        pages.push(pageOf(column, page, Math.min(page + pageRows, from + count)))
      }
      const bytes = Buffer.concat(pages)
      const size = BigInt(bytes.length)
      const meta = { 1: typesOf[column.kind], 2: [0], 3: [column.name], 4: 0, 5: BigInt(count) }
      const chunk = { 2: BigInt(at), 3: { ...meta, 6: size, 7: size, 9: BigInt(at) } }
      parts.push(bytes)
      at += bytes.length
      return chunk
    })
    groups.push({ 1: chunks, 2: 0n, 3: BigInt(count) })
  }
  const elements = columns.map(({ name, kind, ...rest }) => ({
    ...{ 1: typesOf[kind], 3: 1, 4: name },
    ...(kind === 'text' && { 6: 0 }),
    ...(kind === 'date' && { 6: 6 }),
    ...(kind === 'decimal' && { 6: 5, 7: 'scale' in rest ? rest.scale : 0, 8: 9 }),
  }))
  const schema: Struct[] = [{ 4: 'schema', 5: columns.length }, ...elements]
  const metadata = thrift({ 1: 1, 2: schema, 3: BigInt(rows), 4: groups })
  return Buffer.concat([...parts, metadata, uint32(metadata.length), Buffer.from('PAR1')])
}

/**
 * A file of as many columns as `names`, of which each has all of its rows in one page: the same text a
 * row, written as one number of a dictionary.
 */
export function repeatedBytes(names: string[], rows: number): Buffer {
  const text = Buffer.concat([uint32(3), Buffer.from('abc')])
  const dictionary = Buffer.concat([
    thrift({ 1: 2, 2: text.length, 3: text.length, 7: { 1: 1, 2: 0 } }),
    text,
  ])
  const run = Buffer.concat([Buffer.from([1]), varint(BigInt(rows) << 1n), Buffer.from([0])])
  const bytes = Buffer.concat([dictionary, page({ values: rows, encoding: 8 }, run)])
  const size = BigInt(bytes.length)
  // All columns stand at the same place.
  const chunk = (name: string) => ({
    2: 4n,
    3: {
      1: 6,
      2: [0],
      3: [name],
      4: 0,
      5: BigInt(rows),
      6: size,
      7: size,
      9: 4n + BigInt(dictionary.length),
      11: 4n,
    },
  })
  const metadata = thrift({
    1: 1,
    2: [{ 4: 'schema', 5: names.length }, ...names.map((name) => ({ 1: 6, 3: 0, 4: name, 6: 0 }))],
    3: BigInt(rows),
    4: [{ 1: names.map(chunk), 2: 0n, 3: BigInt(rows) }],
  })
  return Buffer.concat([
    Buffer.from('PAR1'),
    bytes,
    metadata,
    uint32(metadata.length),
    Buffer.from('PAR1'),
  ])
}

/** A footer that says nothing but that it has so many row groups, of which each is empty. */
export function emptyGroups(count: number): Buffer {
  const list = Buffer.concat([
    Buffer.from([0x49, 0xfc]),
    varint(BigInt(count)),
    Buffer.alloc(count),
  ])
  return Buffer.concat([list, Buffer.from([0])])
}

const typesOf = { text: 6, date: 1, int64: 2, decimal: 1 }

function pageOf(column: TableColumn, from: number, to: number): Buffer {
  const values = column.values.slice(from, to)
  const levels = Buffer.concat(
    values.flatMap((value) => [varint(2n), Buffer.from([Number(value !== null)])]),
  )
  const bodies = values.flatMap((value) => (value === null ? [] : [plain(value, column.kind)]))
  return page({ values: values.length }, Buffer.concat([uint32(levels.length), levels, ...bodies]))
}

function plain(value: string | number | bigint, kind: TableColumn['kind']): Buffer {
  if (kind === 'text')
    return Buffer.concat([uint32(Buffer.byteLength(String(value))), Buffer.from(String(value))])
  const bytes = Buffer.alloc(kind === 'int64' ? 8 : 4)
  if (kind === 'int64') bytes.writeBigInt64LE(BigInt(value))
  else bytes.writeInt32LE(Number(value))
  return bytes
}
