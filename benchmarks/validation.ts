import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse'
import { validate } from '../src/steps/data/validate.ts'
import { writeSalesHistory } from './sales-history.ts'

const contractFile = join(import.meta.dirname, '../data/datapackage.json')
const today = 21_000

type Measurement = { what: string; measured: string; target: string; holds: boolean }

/**
 * What validation costs: time against a bare csv-parse loop over the same file, peak memory at one
 * and at five million rows, and an unchanged history against a cold one. Times are the best of
 * several rounds, taken in turns. Prints a table; the exit code is 1 where a target is missed.
 */
export async function run(): Promise<void> {
  const measurements = [
    await inFolder(timeAgainstBareLoop),
    await inFolder(unchangedAgainstCold),
    await inFolder(memoryByRows),
  ]
  console.table(measurements)
  if (measurements.some(({ holds }) => !holds)) process.exitCode = 1
}

async function inFolder(measure: (folder: string) => Promise<Measurement>): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-benchmark-'))
  try {
    return await measure(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function timeAgainstBareLoop(folder: string): Promise<Measurement> {
  const rows = 300_000
  const [path] = await writeSalesHistory(folder, { rows, files: 1 })
  const [bare, ours] = await bestOf(5, [
    async () => expectRows(rows + 1, await bareLoop(path)),
    async () => expectRows(rows, await accepted(folder)),
  ])
  return {
    what: `validation against a bare csv-parse loop, ${rows.toLocaleString('en')} rows`,
    measured: `${(ours / bare).toFixed(2)} × (${seconds(ours)} against ${seconds(bare)})`,
    target: 'at most 2 ×',
    holds: ours <= 2 * bare,
  }
}

async function bareLoop(path: string): Promise<number> {
  let rows = 0
  const records = createReadStream(path, { highWaterMark: 1024 ** 2 }).pipe(
    parse({ delimiter: ';' }),
  )
  for await (const _ of records) rows++
  return rows
}

async function accepted(dataFolder: string): Promise<number> {
  const { report } = await validate({ dataFolder, contractFile, today, cores: 1 })
  return report.totals.rowsAccepted
}

async function unchangedAgainstCold(folder: string): Promise<Measurement> {
  const rows = 1_000_000
  await writeSalesHistory(folder, { rows, files: 36 })
  const cacheFolder = join(folder, 'cache')
  const read = async () => {
    const result = await validate({ dataFolder: folder, contractFile, today, cacheFolder })
    expectRows(rows, result.report.totals.rowsAccepted)
  }
  const [cold, unchanged] = await bestOf(3, [
    async () => {
      await rm(cacheFolder, { recursive: true, force: true })
      await read()
    },
    read,
  ])
  return {
    what: `an unchanged history against a cold read, ${rows.toLocaleString('en')} rows in 36 files`,
    measured: `${((unchanged / cold) * 100).toFixed(1)}% (${seconds(unchanged)} against ${seconds(cold)})`,
    target: 'under 5%',
    holds: unchanged < 0.05 * cold,
  }
}

async function memoryByRows(folder: string): Promise<Measurement> {
  const small = await peakMemory(join(folder, 'small'), 1_000_000)
  const large = await peakMemory(join(folder, 'large'), 5_000_000)
  return {
    what: 'peak memory at 5,000,000 rows against 1,000,000',
    measured: `${(large / small).toFixed(2)} × (${megabytes(large)} against ${megabytes(small)})`,
    target: 'at most 1.2 ×',
    holds: large <= 1.2 * small,
  }
}

async function peakMemory(folder: string, rows: number): Promise<number> {
  await writeSalesHistory(folder, { rows, files: 1 })
  const script = join(import.meta.dirname, 'peak-memory.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    folder,
    contractFile,
    String(today),
  ])
  const { rowsAccepted, bytes } = JSON.parse(stdout)
  expectRows(rows, rowsAccepted)
  return bytes
}

/** Milliseconds of each action: the shortest of `rounds`, in which all take turns. */
async function bestOf(rounds: number, actions: (() => Promise<void>)[]): Promise<number[]> {
  const best = actions.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++) {
    for (const [index, action] of actions.entries()) {
      const start = performance.now()
      await action()
      best[index] = Math.min(best[index], performance.now() - start)
    }
  }
  return best
}

/** A benchmark of work that was not done would be fast. */
function expectRows(expected: number, rows: number): void {
  if (rows !== expected) throw new Error(`${rows} rows were read instead of ${expected}`)
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}
