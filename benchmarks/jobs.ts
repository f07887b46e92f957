import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Day, isoFromDay } from '../src/base/day.ts'
import { LAST_DAY, writeChainHistory } from './chain-history.ts'
import { inProject } from './project.ts'
import { runCommand } from './run-command.ts'

/**
 * What a job matrix costs, and what it saves: the fits of a chain made by one job, by 3 and by 16,
 * each job a process with nothing but the plan and the sales that it hands over; and how many of them
 * runs on later days make, by week and by day. The exit code is 1 where the last job fits anything, or
 * comes to other bytes than one job alone.
 *
 * `--products 1000` says how large the chain is.
 */
export async function run(argv: string[]): Promise<void> {
  const options = { products: { type: 'string', default: '1000' } } as const
  const { values } = parseArgs({ args: argv, options })
  const products = Number(values.products)
  await inProject((data) => writeChainHistory(data, products), measured)
}

async function measured(folder: string, rows: number): Promise<void> {
  // So that reading costs the same in every job: what was read is kept, and code is compiled.
  await runCommand(folder, ['validate', '--quiet'])
  const alone = await decided(folder, [])
  console.log(`${rows} rows; seconds are of CPU, of all cores together`)
  console.table({
    alone: { 'all jobs': shown(alone.seconds), 'longest job': shown(alone.seconds) },
  })
  for (const jobs of [3, 16]) {
    const { estimates, took, fits } = await sharedBy(folder, jobs)
    const last = await decided(folder, fits)
    const all = [...took, last.seconds]
    const estimated = sum(estimates)
    console.table({
      [`${jobs} jobs and a last one`]: {
        'all jobs': shown(sum(all)),
        'longest of them': shown(Math.max(...took)),
        'last job': shown(last.seconds),
        'fits, by estimate': shown(estimated),
        'fitted by the last job': last.made,
        'bytes are the same': last.left === alone.left,
      },
    })
    if (last.made > 0 || last.left !== alone.left) process.exitCode = 1
  }
  await fittedLater(folder)
}

/** Trains and compares on the fits of these folders. */
async function decided(folder: string, handedOver: string[]) {
  const store = join(folder, FITS)
  await rm(store, { recursive: true, force: true })
  for (const fits of handedOver) await cp(fits, store, { recursive: true })
  const known = await fitsIn(store)
  const train = await runCommand(folder, ['train', '--quiet'])
  const compare = await runCommand(folder, ['compare', '--quiet'])
  const texts = ['model', 'training', 'comparison'].map((name) =>
    readFile(join(folder, '.cd4ml/challenger', `${name}.json`), 'utf8'),
  )
  return {
    seconds: train.cpuSeconds + compare.cpuSeconds,
    made: (await fitsIn(store)) - known,
    left: (await Promise.all(texts)).join('\n'),
  }
}

async function sharedBy(folder: string, jobs: number) {
  const store = join(folder, FITS)
  await rm(store, { recursive: true, force: true })
  const plan = await runCommand(folder, ['plan', '--jobs', String(jobs), '--json', '--quiet'])
  const { shards }: { shards: { seconds: number }[] } = JSON.parse(plan.stdout)
  const took = [plan.cpuSeconds]
  const fits: string[] = []
  for (let shard = 1; shard <= shards.length; shard++) {
    const fit = await runCommand(folder, ['fit', '--shard', String(shard), '--quiet'])
    took.push(fit.cpuSeconds)
    const own = join(folder, `.cd4ml/of-${jobs}-${shard}`)
    await rename(store, own)
    fits.push(own)
  }
  return { estimates: shards.map(({ seconds }) => seconds), took, fits }
}

/** How many fits runs on later days make, each with what those before it have left. */
async function fittedLater(folder: string): Promise<void> {
  const first = LAST_DAY - STEP
  await rm(join(folder, FITS), { recursive: true })
  console.log('fits that a run makes, by week, ten weeks ahead:')
  await fittedOn(folder, first, [
    ['the first run', 0],
    ['the next day, of an unfinished week', 1],
    ['a week later', 7],
    ['a step later', STEP],
  ])
  await writeFile(join(folder, 'recipe.yml'), `frequency: day\nhorizon: ${DAYS_AHEAD}\n`)
  console.log(`by day, ${DAYS_AHEAD} days ahead, from a Sunday on:`)
  await fittedOn(
    folder,
    first,
    Array.from({ length: 9 }, (_, days) => [days === 0 ? 'the first run' : `day ${days}`, days]),
  )
}

async function fittedOn(
  folder: string,
  first: Day,
  runs: [when: string, days: number][],
): Promise<void> {
  for (const [when, days] of runs) {
    const known = await fitsIn(join(folder, FITS))
    const asOf = ['--as-of', isoFromDay(first + days), '--quiet']
    const train = await runCommand(folder, ['train', ...asOf])
    const compare = await runCommand(folder, ['compare', ...asOf])
    const made = (await fitsIn(join(folder, FITS))) - known
    console.log(`${when}: ${made}, ${shown(train.cpuSeconds + compare.cpuSeconds)} CPU s`)
  }
}

const FITS = '.cd4ml/fits'

/** Ten weeks: from one origin of the shipped recipe and policy to the next. */
const STEP = 70
const DAYS_AHEAD = 14

async function fitsIn(store: string): Promise<number> {
  return (await readdir(store).catch(() => [])).length
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function shown(seconds: number): string {
  return seconds.toFixed(1)
}
