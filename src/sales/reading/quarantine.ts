import { createHash, randomUUID } from 'node:crypto'
import { closeSync, createReadStream, openSync, writeFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { csvText } from '../../base/csv-text.ts'
import type { Day } from '../../base/day.ts'
import { makeFolder, withPath } from '../../base/write-file.ts'
import { undated } from './finding-log.ts'

/** A row that is kept out. */
export type QuarantinedRow = { day: Day; line: number; reasons: string[]; cells: string[] }

const bufferLength = 64 * 1024
const rowsAtOnce = 1000

/**
 * Writes quarantined rows as they come, one JSON array a line, with the day from which each is
 * known: so the CSV for people can be made as of any day, also when the file is not read again.
 * There is no file until there is a row.
 */
export class QuarantineWriter {
  readonly #path: string
  readonly #hash = createHash('sha256')
  #descriptor: number | undefined
  #buffer = ''

  constructor(path: string) {
    this.#path = path
  }

  add({ day, line, reasons, cells }: QuarantinedRow): void {
    const json = JSON.stringify([day === undated ? null : day, line, reasons, cells])
    // To readline, these two end a line.
    this.#buffer += `${json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`
    if (this.#buffer.length > bufferLength) this.#flush()
  }

  /** Returns the SHA-256 of what was written. */
  close(): string {
    if (this.#buffer !== '') this.#flush()
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    return this.#hash.digest('hex')
  }

  #flush(): void {
    this.#descriptor ??= openSync(this.#path, 'w')
    this.#hash.update(this.#buffer)
    try {
      writeFileSync(this.#descriptor, this.#buffer)
    } catch (error) {
      throw withPath(error, this.#path)
    }
    this.#buffer = ''
  }
}

/**
 * Writes the rows known on `lastVisibleDay` as CSV, as `csvText` writes it, with every cell quoted:
 * reasons and line, then the cells as they were. A reader sees the old file or the new.
 */
export async function writeQuarantineCsv(options: {
  /** What a `QuarantineWriter` wrote. */
  rowsPath: string
  csvPath: string
  header: string[]
  /** What numbers the rows. */
  numbering: 'line' | 'row'
  delimiter: string
  /** The day that undated rows belong to. */
  undatedDay: Day
  lastVisibleDay: Day
}): Promise<void> {
  const { csvPath, delimiter } = options
  const beside = `${csvPath}.${randomUUID()}.partial`
  await makeFolder(dirname(csvPath))
  const file = await open(beside, 'w')
  try {
    const records = [['reasons', options.numbering, ...options.header]]
    const flush = () => file.appendFile(csvText(records.splice(0), { delimiter, quoted: true }))
    for await (const line of createInterface({ input: createReadStream(options.rowsPath) })) {
      const row = parseRow(line)
      if ((row.day ?? options.undatedDay) > options.lastVisibleDay) continue
      records.push([row.reasons.join(', '), String(row.line), ...row.cells])
      if (records.length === rowsAtOnce) await flush()
    }
    await flush()
    await file.close()
    await rename(beside, csvPath)
  } catch (error) {
    await file.close().catch(() => {})
    await rm(beside, { force: true })
    throw withPath(error, csvPath)
  }
}

function parseRow(line: string): Omit<QuarantinedRow, 'day'> & { day: Day | null } {
  const [day, lineNumber, reasons, cells] = JSON.parse(line)
  return { day, line: lineNumber, reasons, cells }
}
