import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { validate } from '../src/steps/data/validate.ts'
import { writeSalesHistory } from './sales-history.ts'

const contractFile = join(import.meta.dirname, '../data/datapackage.json')
const today = 21_000

/**
 * What validation costs: its time against a bare csv-parse loop over the same file, the best of
 * several rounds, taken in turns. The exit code is 1 where it is more than twice as much.
 */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-benchmark-'))
  try {
    const [path] = await writeSalesHistory(folder, { rows: ROWS, files: 1 })
    const [bare, ours] = await bestOf(5, [
      async () => expectRows(ROWS + 1, await bareLoop(path)),
      async () => expectRows(ROWS, await accepted(folder)),
    ])
    const holds = ours <= MOST_TIMES * bare
    console.log(
      `${ROWS.toLocaleString('en')} rows: ${(ours / bare).toFixed(2)} × a bare csv-parse loop (${seconds(ours)} against ${seconds(bare)}), at most ${MOST_TIMES} × wanted: ${holds}`,
    )
    if (!holds) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true })
  }
}

const ROWS = 300_000
const MOST_TIMES = 2

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
