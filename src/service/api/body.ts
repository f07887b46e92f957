import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpError } from '../http/problem.ts'
import { untrustedJson } from '../http/untrusted-json.ts'
import { type CsvColumns, type CsvRecords, csvRecords } from './csv-records.ts'

/** What came as the body of a request: read, and not yet understood. */
export type Body = { text: string } & ({ media: 'json'; value: unknown } | { media: 'csv' })

/** The records in a body, with all that its CSV says of them where it is any. */
export type Records = Partial<CsvRecords> & {
  /** One record by itself, which fails as the whole request does, or a list. */
  kind: 'one' | 'list'
  values: unknown[]
}

/** More are sent in several requests. */
export const MOST_RECORDS = 10_000

/** Has bodies read as JSON or CSV, by their Content-Type; others are refused with 415. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  addReader(app, 'application/json', (text) =>
    text.trim() === '' ? undefined : { media: 'json', text, value: untrustedJson(text) },
  )
  addReader(app, 'text/csv', (text) => ({ media: 'csv', text }))
}

function addReader(
  app: FastifyInstance,
  media: string,
  read: (text: string) => Body | undefined,
): void {
  app.addContentTypeParser<Buffer>(
    media,
    { parseAs: 'buffer' },
    async ({ headers }: FastifyRequest, bytes: Buffer) => read(textOf(bytes, headers)),
  )
}

function textOf(bytes: Buffer, headers: IncomingHttpHeaders): string {
  const { 'content-encoding': packed = 'identity', 'content-type': type = '' } = headers
  if (packed.toLowerCase() !== 'identity') {
    throw new HttpError(
      415,
      'The body is compressed: send it as it is, without Content-Encoding.',
      {
        headers: { 'accept-encoding': 'identity' },
      },
    )
  }
  const encoding = encodingOf(type)
  const decode = decoders.get(encoding)
  if (!decode) {
    const known = [...decoders.keys()].join(' and ')
    throw new HttpError(415, `The charset ${encoding} is not read here, but ${known} are.`)
  }
  const text = decode(bytes)
  if (text === undefined) {
    throw new HttpError(400, `The body is not ${encoding}: send it as UTF-8, or name its charset.`)
  }
  return text
}

/**
 * The records in a body. Throws an `HttpError` where there are none or too many, or where the CSV as
 * a whole cannot be understood.
 */
export function recordsIn(body: Body | undefined, columns: CsvColumns): Records {
  if (body === undefined) throw new HttpError(400, 'The body is empty: send a record, or a list.')
  const records: Records =
    body.media === 'csv'
      ? { kind: 'list', ...csvRecords(body.text, columns) }
      : jsonRecords(body.value)
  const { length } = records.values
  if (length > MOST_RECORDS) {
    throw new HttpError(413, `These are ${length} records; send at most ${MOST_RECORDS} at a time.`)
  }
  if (length === 0) throw new HttpError(400, 'The list is empty: send at least one record.')
  return records
}

function jsonRecords(value: unknown): Records {
  return Array.isArray(value) ? { kind: 'list', values: value } : { kind: 'one', values: [value] }
}

/** A function that decodes bytes; undefined where they are something else. */
function decoderOf(charset: string): (bytes: Buffer) => string | undefined {
  const decoder = new TextDecoder(charset, { fatal: true })
  return (bytes) => {
    try {
      return decoder.decode(bytes)
    } catch (error) {
      if (error instanceof TypeError) return undefined
      throw error
    }
  }
}

const decoders = new Map(['utf-8', 'windows-1252'].map((name) => [name, decoderOf(name)]))

/**
 * The encoding by whatever it is called, as https://encoding.spec.whatwg.org has it: Latin-1 is read
 * as what nearly everybody means by it, windows-1252.
 */
function encodingOf(contentType: string): string {
  const label = /;\s*charset="?([\w-]{1,40})/i.exec(contentType)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(label).encoding
  } catch (error) {
    if (error instanceof RangeError) return label
    throw error
  }
}
