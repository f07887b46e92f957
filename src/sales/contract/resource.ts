import { quoted, UserError } from '../../base/errors.ts'
import type { FieldsMatch, WrittenResource } from './contract-schema.ts'
import { checkSigns, type Dialect, type Field } from './field.ts'
import { isRemote, type RemoteFile, remoteFrom } from './remote-path.ts'

/** Files of one layout. */
export type Resource = {
  name: string
  /** Which of the contract's resources it is, from 0. */
  position: number
  /** Relative to the data folder; the last segment may hold `*`. */
  paths: string[]
  format: 'csv' | 'parquet'
  /** The files that `path` lists for other tools, where they are found by patterns. */
  listed: string[] | undefined
  encoding: 'utf-8' | 'windows-1252'
  dialect: Dialect
  fields: Field[]
  fieldsMatch: FieldsMatch
  missingValues: string[]
  bytes: number | undefined
  /** `sha256:…`; without an algorithm it is MD5, as the standard says. */
  hash: string | undefined
  /** The file, where it lies on another machine. */
  remote: RemoteFile | undefined
}

/**
 * A resource as plain data, defaults filled in. `patterns` find the files of each resource in place
 * of those that it lists. Throws `UserError` for what would be ignored, or could not be read.
 */
export function resourceFrom(
  raw: WrittenResource,
  patterns: { [resource: string]: string[] } = {},
  position: number,
  file: string,
): Resource {
  const key = `resources.${position}`
  const { dialect = {}, schema } = raw
  const written = typeof raw.path === 'string' ? [raw.path] : raw.path
  const found = Object.hasOwn(patterns, raw.name) ? patterns[raw.name] : undefined
  const paths = found ?? written
  for (const path of new Set([...written, ...paths])) {
    if (!isRemote(path)) checkPath(path, `${key}.path`, file)
    else if (paths.length > 1) throw oneOfSeveral(`${key}.path`, file)
  }
  if (
    (raw.bytes !== undefined || raw.hash !== undefined) &&
    (paths.length > 1 || (!isRemote(paths[0]) && isGlob(paths[0])))
  ) {
    throw new UserError('bytes and hash describe one file, but path names several', {
      file,
      key: `${key}.path`,
    })
  }
  const format = formatOf(raw, [...new Set([...written, ...paths])], key, file)
  const read: Dialect = {
    delimiter: dialect.delimiter ?? ',',
    quoteChar: dialect.quoteChar === null ? undefined : (dialect.quoteChar ?? '"'),
    doubleQuote: dialect.doubleQuote ?? true,
    header: dialect.header ?? true,
    headerRow: dialect.headerRows?.[0] ?? 1,
  }
  checkDialect(read, `${key}.dialect`, file)
  return {
    name: raw.name,
    position,
    paths,
    format,
    listed: found && written,
    encoding: encodingOf(raw.encoding ?? 'utf-8', `${key}.encoding`, file),
    dialect: read,
    fields: schema.fields.map((field, index) => {
      checkSigns(field, read, { file, key: `${key}.schema.fields.${index}` })
      return {
        name: field.name,
        type: field.type ?? 'any',
        format: field.format ?? 'default',
        decimalChar: field.decimalChar ?? '.',
        groupChar: field.groupChar,
        bareNumber: field.bareNumber ?? true,
        constraints: field.constraints ?? {},
      }
    }),
    fieldsMatch: schema.fieldsMatch ?? 'exact',
    // Of Parquet, a null is an empty cell.
    missingValues: [...(schema.missingValues ?? ['']), ...(format === 'parquet' ? [''] : [])],
    bytes: raw.bytes,
    hash: raw.hash,
    remote: isRemote(paths[0]) ? remoteFrom(paths[0], raw, { file, key }) : undefined,
  }
}

/**
 * By `format` or `mediatype`, or by the names of the files. Throws `UserError` where these contradict
 * each other, or where something is said that holds for text alone.
 */
function formatOf(
  raw: WrittenResource,
  paths: string[],
  key: string,
  file: string,
): Resource['format'] {
  const refuse = (what: string, part: string, remedy: string) =>
    new UserError(what, { file, key: `${key}.${part}`, remedy })
  const names = paths.map((path) => (isRemote(path) ? (URL.parse(path)?.pathname ?? '') : path))
  const packed = names.find((path) => /\.parquet\.(gz|zip|zst)$/i.test(path))
  if (packed !== undefined) {
    throw refuse(
      `${quoted(packed)} is packed twice`,
      'path',
      'Unpack it: Parquet is packed in itself.',
    )
  }
  const named = names.filter((path) => /\.parquet$/i.test(path))
  const isStated =
    raw.format?.toLowerCase() === 'parquet' || raw.mediatype === 'application/vnd.apache.parquet'
  const isText = raw.format !== undefined && !isStated
  const [other] = names.filter((path) =>
    isStated ? /\.(csv|tsv|txt)(\.gz)?$/i.test(path) : named.length > 0 && !named.includes(path),
  )
  if (other !== undefined) {
    throw refuse(
      `${quoted(other)} is no Parquet file, but others of its resource are`,
      'path',
      'Make it a resource of its own: one describes files of one layout.',
    )
  }
  if (named.length > 0 && isText) {
    throw refuse(
      `is ${quoted(raw.format ?? '')}, but ${quoted(named[0])} is Parquet`,
      'format',
      'Write "parquet", or leave it out.',
    )
  }
  if (named.length === 0 && !isStated) return 'csv'
  if (raw.dialect !== undefined) {
    throw refuse('is about text, but the files are Parquet', 'dialect', 'Remove it.')
  }
  if (encodingOf(raw.encoding ?? 'utf-8', `${key}.encoding`, file) !== 'utf-8') {
    throw refuse('must be utf-8, as texts in Parquet are', 'encoding', 'Remove it.')
  }
  return 'parquet'
}

function checkDialect({ delimiter, quoteChar }: Dialect, key: string, file: string): void {
  const isUnusable = (char: string | undefined) =>
    char !== undefined && /[\p{L}\p{N}\r\n]/u.test(char)
  if (delimiter !== quoteChar && !isUnusable(delimiter) && !isUnusable(quoteChar)) return
  throw new UserError('delimiter and quoteChar must differ, and be no letter, digit or line end', {
    file,
    key,
    remedy: 'Write the delimiter that parts the cells, such as ";".',
  })
}

function oneOfSeveral(key: string, file: string): UserError {
  return new UserError('a file on another machine must be a resource of its own', {
    file,
    key,
    remedy: 'Its bytes and hash describe one file: npx cd4ml data add URL writes such a resource.',
  })
}

function checkPath(path: string, key: string, file: string): void {
  const [last, ...folders] = path.split('/').reverse()
  const remedy = 'Write a path relative to the data folder, such as sales/*.csv.'
  if (path.includes('\\') || path.startsWith('/') || folders.includes('..') || last === '..') {
    throw new UserError(`${quoted(path)} leads out of the data folder`, { file, key, remedy })
  }
  if (folders.some(isGlob)) {
    throw new UserError(`${quoted(path)} has a * in a folder's name`, { file, key, remedy })
  }
}

export function isGlob(segment: string): boolean {
  return segment.includes('*')
}

// Latin-1 is read as its superset windows-1252, as browsers do: what differs are control characters.
function encodingOf(label: string, key: string, file: string): Resource['encoding'] {
  const name = label.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (name === 'utf8') return 'utf-8'
  if (['iso88591', 'latin1', 'windows1252', 'cp1252'].includes(name)) return 'windows-1252'
  throw new UserError(`the encoding ${quoted(label)} is not known`, {
    file,
    key,
    remedy: 'Use utf-8, iso-8859-1 or windows-1252.',
  })
}
