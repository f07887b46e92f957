import { isUtf8 } from 'node:buffer'
import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Day, dayFromIso, isoFromDay } from '../../base/day.ts'
import { type Place, quoted, UserError } from '../../base/errors.ts'
import type { Layout } from './layout.ts'
import type { Source } from './source.ts'

/** A month, `2026-11`, or a day, `2026-11-26`: what a file of a source holds, and is called by. */
export type FilePeriod = string

/** The rows of a file by day, ascending: all lines of the day with their ends. */
export type Blocks = ReadonlyMap<Day, string>

/** The files of a source in a data folder. */
export class PeriodFiles {
  readonly #pattern: string
  readonly #isDaily: boolean
  readonly #folder: string
  readonly #layout: Layout

  constructor({ resource, files }: Source, dataFolder: string, layout: Layout) {
    this.#pattern = posix.normalize(resource.paths[0])
    this.#isDaily = files === 'day'
    this.#folder = dataFolder
    this.#layout = layout
  }

  periodOf(day: Day): FilePeriod {
    return isoFromDay(day).slice(0, this.#isDaily ? 10 : 7)
  }

  /** Relative to the data folder, with `/`. */
  name(period: FilePeriod): string {
    return this.#pattern.replace('*', period)
  }

  path(period: FilePeriod): string {
    return join(this.#folder, this.name(period))
  }

  /**
   * The periods of which there are files, ascending. Throws a `UserError` where another file stands
   * among them: what it holds could be what the warehouse yields, and count twice.
   */
  async list(): Promise<FilePeriod[]> {
    const folder = posix.dirname(this.#pattern)
    const [start, end] = posix.basename(this.#pattern).split('*')
    const names = await readdir(join(this.#folder, folder)).catch((error) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    const found = names.filter((name) => {
      const isHidden = name.startsWith('.')
      return !isHidden && name.length >= start.length + end.length && isBetween(name, start, end)
    })
    return found
      .map((name) => {
        const period = name.slice(start.length, name.length - end.length)
        if (this.#isPeriod(period) && this.name(period) === posix.join(folder, name)) return period
        throw new UserError(`is not called by a ${this.#isDaily ? 'day' : 'month'}`, {
          file: join(this.#folder, folder, name),
          remedy: `Of ${quoted(this.#pattern)}, all files are the warehouse's, such as ${this.name(this.#isDaily ? '2026-11-26' : '2026-11')}. Move the file, or have it read by a resource of its own.`,
        })
      })
      .sort()
  }

  /** Throws a `UserError` where the file is none that could have been written here. */
  async read(period: FilePeriod): Promise<Blocks> {
    const file = this.path(period)
    const bytes = await readFile(file)
    const text = textIn(this.#isPacked ? unpacked(bytes, file) : bytes, file)
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n')
    return blocksOf(text, file, this.#layout, (day) => this.periodOf(day) === period)
  }

  /** The bytes of a file with these blocks. */
  bytes(blocks: Iterable<string>): Buffer {
    const text = Buffer.from([`${this.#layout.header}\n`, ...blocks].join(''))
    if (!this.#isPacked) return text
    const packed = gzipSync(text)
    // Which system packed it, as byte 9 says by default, is nobody's business.
    packed[9] = 255
    return packed
  }

  get #isPacked(): boolean {
    return this.#pattern.endsWith('.gz')
  }

  #isPeriod(text: string): boolean {
    return this.#isDaily ? dayFromIso(text) !== undefined : dayFromIso(`${text}-01`) !== undefined
  }
}

/** In small letters or capitals, as the contract finds files. */
function isBetween(name: string, start: string, end: string): boolean {
  const lower = name.toLowerCase()
  return lower.startsWith(start.toLowerCase()) && lower.endsWith(end.toLowerCase())
}

function unpacked(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes)
  } catch (cause) {
    throw notOurs('cannot be unpacked', { file }, cause)
  }
}

/** What is not UTF-8 would be other letters when it is written again. */
function textIn(bytes: Buffer, file: string): string {
  if (!isUtf8(bytes)) throw notOurs('is not in UTF-8', { file })
  return bytes.toString('utf8')
}

function notOurs(what: string, place: Place, cause?: unknown): UserError {
  return new UserError(what, {
    ...place,
    remedy:
      'The files of a source are written by cd4ml ingest alone. Move this one out of the folder: its days are asked for again with --from.',
    cause,
  })
}

function blocksOf(
  text: string,
  file: string,
  { header, dayAt, cells }: Layout,
  belongs: (day: Day) => boolean,
): Blocks {
  const refuse = (what: string, line: number) => notOurs(what, { file, line })
  const blocks = new Map<Day, string>()
  let at = text.indexOf('\n') + 1
  if (text.slice(0, Math.max(0, at - 1)) !== header) {
    throw refuse('does not have the columns of the contract', 1)
  }
  let current: { day: Day; from: number } | undefined
  for (let line = 2; at < text.length; line++) {
    const end = text.indexOf('\n', at)
    if (end < 0) throw refuse('its last line is not ended', line)
    const day = dayFromIso(cells(text.slice(at, end))[dayAt] ?? '')
    if (day === undefined || !belongs(day)) throw refuse('a row is of no day of this file', line)
    if (day !== current?.day) {
      if (current !== undefined) {
        blocks.set(current.day, text.slice(current.from, at))
        if (day < current.day) throw refuse('a row is of an earlier day than the one before', line)
      }
      current = { day, from: at }
    }
    at = end + 1
  }
  if (current !== undefined) blocks.set(current.day, text.slice(current.from))
  return blocks
}
