import { type Static, Type } from 'typebox'
import { UserError } from '../../base/errors.ts'
import { digestOf, packed, unpacked } from '../../base/packed-text.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { object } from '../../base/schema-parts.ts'
import { type LedgerFiles, type LeftOut, problemOf } from '../ledger.ts'
import { checkRecordedEvent, type RecordedEvent } from './event.ts'

/** Most events of a file, which is read at once. */
export const MOST_EVENTS = 5_000

/**
 * Events of one ledger, in the order in which it tells them: those that come after a cursor, up to
 * another. Files of a ledger are numbered, and each goes on where the one before it ended.
 */
export type EventFile = {
  /** Id of the ledger in which they were recorded. */
  ledger: string
  /** Absent in the first one. */
  after?: string | undefined
  cursor: string
  events: readonly RecordedEvent[]
}

/** How far the events of a ledger are there: the number of the last file, and where to go on. */
export type Collected = { files: number; cursor: string | undefined }

/** The file as a store keeps it: lines of JSON, gzipped, named by its number and its content. */
export function writtenEvents(
  { ledger, after, cursor, events }: EventFile,
  number: number,
): { path: string; bytes: Uint8Array } {
  const heading: Static<typeof Heading> = {
    format: 'cd4ml-event-file/1',
    ledger,
    ...(after !== undefined && { after }),
    cursor,
    events: events.length,
  }
  const text = [heading, ...events].map((line) => `${JSON.stringify(line)}\n`).join('')
  const name = `${String(number).padStart(DIGITS, '0')}-${digestOf(text)}.ndjson.gz`
  return { path: `events/${ledger}/${name}`, bytes: packed(text) }
}

/**
 * What `writtenEvents` has written. Throws a `UserError` that says what is wrong where it is anything
 * else, or would cost its reader more than such a file can.
 */
export function eventsIn(path: string, bytes: Uint8Array): EventFile {
  const [, ledger, digest] = PATH.exec(path) ?? []
  const refuse = (what: string): never => {
    throw new UserError(what, { file: path })
  }
  if (digest === undefined) throw notOfEvents(path)
  const text = unpacked(bytes, path, MOST_BYTES)
  if (digestOf(text) !== digest) refuse('does not hold what its name is the digest of')
  const lines = linesOf(text) ?? refuse(`holds more than ${MOST_EVENTS} lines`)
  const parsed = lines.map((line, i) => parseJson(line, `${path}:${i + 1}`))
  const { format: _, events: count, ...heading } = checkHeading(parsed[0], `${path}:1`)
  if (heading.ledger !== ledger) refuse(`is of the ledger ${heading.ledger}`)
  if (count !== lines.length - 1) refuse(`must hold ${count} events, but has ${lines.length - 1}`)
  const events = parsed.slice(1).map((line, i) => checkRecordedEvent(line, `${path}:${i + 2}`))
  if (new Set(events.map(({ id }) => id)).size < events.length) refuse('holds an event twice')
  return { ...heading, events }
}

/** How far the files in a store go, of one ledger. A file that is damaged is not counted on. */
export async function collectedSoFar(files: LedgerFiles, ledger: string): Promise<Collected> {
  for (const { path, number } of await numbered(files, ledger)) {
    const read = await readEventFile(files, path)
    if ('cursor' in read) return { files: number, cursor: read.cursor }
  }
  return { files: 0, cursor: undefined }
}

/**
 * The events in a store, ledger by ledger, file by file, in their order. What is damaged or foreign
 * hides no other, and is told; an event that is there twice counts once. With `only`, those of one
 * ledger.
 */
export async function readEvents(
  files: LedgerFiles,
  only?: string,
): Promise<{ events: RecordedEvent[]; leftOut: LeftOut[] }> {
  const found = new Map<string, RecordedEvent>()
  const leftOut: LeftOut[] = []
  for (const ledger of only ? [only] : (await files.names('events')).sort()) {
    let cursor: string | undefined
    for (const { path } of (await numbered(files, ledger)).reverse()) {
      const read = await readEventFile(files, path)
      if ('problem' in read) {
        leftOut.push(read)
        continue
      }
      if (read.after !== cursor) {
        const problem = 'does not go on where the file before it ended: events are missing'
        leftOut.push({ file: path, problem })
      }
      cursor = read.cursor
      for (const event of read.events) if (!found.has(event.id)) found.set(event.id, event)
    }
  }
  return { events: [...found.values()], leftOut }
}

const Heading = object({
  format: Type.Literal('cd4ml-event-file/1'),
  ledger: Type.String({ maxLength: 100 }),
  after: Type.Optional(Type.String({ maxLength: 200 })),
  cursor: Type.String({ maxLength: 200 }),
  events: Type.Integer({ minimum: 1, maximum: MOST_EVENTS }),
})
const checkHeading = checker(Heading)

const DIGITS = 6
const PATH = /^events\/([0-9a-f-]{36})\/\d{6,9}-([0-9a-f]{64})\.ndjson\.gz$/

/** What stores on GitHub read at once; an event takes one or two kilobytes. */
const MOST_BYTES = 32 * 1024 ** 2

function notOfEvents(path: string): UserError {
  return new UserError('does not carry the name of a file of events', { file: path })
}

/** All but the heading; undefined where there are too many: they are counted before they are made. */
function linesOf(text: Buffer): string[] | undefined {
  let lines = 0
  for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, end + 1)) lines++
  if (lines > MOST_EVENTS + 1) return undefined
  const parted = text.toString().split('\n')
  return parted.at(-1) === '' ? parted.slice(0, -1) : parted
}

/** The files of a ledger, the last one first. */
async function numbered(files: LedgerFiles, ledger: string) {
  const named = (await files.names(`events/${ledger}`)).flatMap((name) => {
    const path = `events/${ledger}/${name}`
    return PATH.test(path) ? [{ path, number: Number.parseInt(name, 10) }] : [{ path, number: 0 }]
  })
  return named.sort((a, b) => b.number - a.number || (a.path < b.path ? 1 : -1))
}

async function readEventFile(files: LedgerFiles, path: string): Promise<EventFile | LeftOut> {
  try {
    if (!PATH.test(path)) throw notOfEvents(path)
    const bytes = await files.read(path)
    if (bytes === undefined) throw new UserError('is no file', { file: path })
    return eventsIn(path, bytes)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { file: error.place.file ?? path, problem: problemOf(error) }
  }
}
