import { execFile } from 'node:child_process'
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { isoFromDay } from '../src/base/day.ts'
import { LAST_DAY, writeChainHistory } from './chain-history.ts'
import { exponent } from './exponent.ts'
import { secondsByPhase } from './phases.ts'
import { inProject } from './project.ts'
import { runCommand } from './run-command.ts'

/**
 * What the road from raw files to forecasts costs as a chain grows, with the recipe and the policy
 * that the template ships: 250 to 10,000 products over three years, 0.25 to 10 million rows, a process
 * a step. Prints processor time and peak memory of each, the powers of rows and of products by which
 * they grow, and what reading again costs where nothing has changed. The exit code is 1 where a power
 * is above 1, the largest chain takes more than 2.5 GB, or reading it again 2% of reading it.
 *
 * `--products 1000` measures a chain of so many products, and no other, and where its time goes.
 */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({ args: argv, options: { products: { type: 'string' } } })
  if (values.products !== undefined) return await oneChain(Number(values.products))
  const chains = new Map<string, Grown>()
  for (const size of sizes) {
    const grown = await inChain(size, measured)
    chains.set(keyOf(size), grown)
    console.log(grownText(grown))
  }
  const grown = (group: ChainSize[]) => group.map((size) => chains.get(keyOf(size))!)
  console.table(grown(GROWING).map(row))
  const powers = [
    powersOf('rows and products', grown(GROWING), 'rows'),
    powersOf('rows, of 1,000 products', grown(MORE_ROWS), 'rows'),
    powersOf('products, of 1 million rows', grown(MORE_PRODUCTS), 'products'),
  ]
  console.log('grows by the power of: processor time, peak memory')
  console.table(Object.fromEntries(powers.map(({ what, ...of }) => [what, powersText(of)])))
  const largest = grown(GROWING).at(-1)!
  const held = [noSteeper(powers), fits(largest), quickWhereUnchanged(largest)]
  if (held.includes(false)) process.exitCode = 1
}

type ChainSize = { products: number; pace: number }

const GROWING = [250, 1000, 4000, 10_000].map((products) => ({ products, pace: 1 }))
const MORE_ROWS = [0.25, 1, 4].map((pace) => ({ products: 1000, pace }))
const MORE_PRODUCTS = [250, 1000, 4000].map((products) => ({ products, pace: 1000 / products }))

/** Those that stand in several groups once, the smallest first: it compiles the code. */
const sizes = [...GROWING, ...MORE_ROWS, ...MORE_PRODUCTS].filter(
  (size, index, all) => all.findIndex((other) => keyOf(other) === keyOf(size)) === index,
)

function keyOf({ products, pace }: ChainSize): string {
  return `${products} ${pace}`
}

const MOST_MEGABYTES = 2_500
const MOST_UNCHANGED = 0.02
const MOST_POWER = 1

const STEPS = ['reading', 'training and comparing', 'forecasting'] as const
type Step = (typeof STEPS)[number]

type Used = { cpuSeconds: number; megabytes: number }
type Grown = ChainSize & { rows: number; unchanged: Used } & Record<Step, Used>

function inChain<T>(
  { products, pace }: ChainSize,
  measure: (folder: string, chain: ChainSize & { rows: number }) => Promise<T>,
): Promise<T> {
  return inProject(
    (dataFolder) => writeChainHistory(dataFolder, products, pace),
    (folder, rows) => measure(folder, { products, pace, rows }),
  )
}

async function measured(folder: string, chain: ChainSize & { rows: number }): Promise<Grown> {
  return {
    ...chain,
    reading: await reading(folder, chain.rows),
    unchanged: await reading(folder, chain.rows),
    'training and comparing': await trainedAndCompared(folder),
    forecasting: await runCommand(folder, ['forecast', '--all', '--quiet', '--out', CHALLENGER]),
  }
}

const CHALLENGER = '.cd4ml/challenger'

/** Of the step alone, without starting Node. A benchmark of work that was not done would be fast. */
async function reading(folder: string, rows: number): Promise<Used> {
  const script = join(import.meta.dirname, 'validating.ts')
  const contract = join(folder, 'data', 'datapackage.json')
  const args = [script, join(folder, 'data'), contract, isoFromDay(LAST_DAY)]
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...args,
    join(folder, '.cd4ml', 'cache'),
  ])
  const { rowsAccepted, ...used } = JSON.parse(stdout)
  if (rowsAccepted !== rows) throw new Error(`${rowsAccepted} of ${rows} rows were accepted`)
  return used
}

async function trainedAndCompared(folder: string, options: string[] = []): Promise<Used> {
  const used = await runCommand(folder, ['pipeline', '--quiet'], options)
  await access(join(folder, CHALLENGER, 'comparison.json'))
  return used
}

function grownText(grown: Grown): string {
  const steps = STEPS.map((step) => `${step} ${usedText(grown[step])}`)
  return `${grown.products} products, ${grown.rows.toLocaleString('en')} rows: ${steps.join('; ')}`
}

function row(grown: Grown) {
  return {
    products: grown.products,
    'raw rows': grown.rows,
    ...Object.fromEntries([...STEPS, 'unchanged' as const].map((it) => [it, usedText(grown[it])])),
  }
}

function usedText({ cpuSeconds, megabytes }: Used): string {
  return `${cpuSeconds.toFixed(1)} CPU s, ${Math.round(megabytes)} MB`
}

type Powers = Record<Step, { cpuSeconds: number; megabytes: number }>

function powersOf(what: string, grown: Grown[], by: 'rows' | 'products') {
  const of = (step: Step, used: keyof Used) =>
    exponent(
      grown.map((it) => it[by]),
      grown.map((it) => it[step][used]),
    )
  const powers = STEPS.map((step) => [
    step,
    { cpuSeconds: of(step, 'cpuSeconds'), megabytes: of(step, 'megabytes') },
  ])
  return { what, ...(Object.fromEntries(powers) as Powers) }
}

function powersText(powers: Powers) {
  return Object.fromEntries(
    STEPS.map((step) => {
      const { cpuSeconds, megabytes } = powers[step]
      return [step, `${cpuSeconds.toFixed(2)}, ${megabytes.toFixed(2)}`]
    }),
  )
}

function noSteeper(powers: Powers[]): boolean {
  const all = powers.flatMap((of) => STEPS.flatMap((step) => Object.values(of[step])))
  const most = Math.max(...all)
  const holds = most <= MOST_POWER
  console.log(`the largest power: ${most.toFixed(2)}, at most ${MOST_POWER} wanted: ${holds}`)
  return holds
}

function fits({ rows, ...grown }: Grown): boolean {
  const most = Math.max(...STEPS.map((step) => grown[step].megabytes))
  const holds = most < MOST_MEGABYTES
  console.log(
    `${rows.toLocaleString('en')} rows: ${Math.round(most)} MB, less than ${MOST_MEGABYTES} wanted: ${holds}`,
  )
  return holds
}

function quickWhereUnchanged({ rows, unchanged, reading }: Grown): boolean {
  const share = unchanged.cpuSeconds / reading.cpuSeconds
  const holds = share < MOST_UNCHANGED
  console.log(
    `${rows.toLocaleString('en')} rows that have not changed: ${(100 * share).toFixed(1)}% of the processor time of reading them, less than ${100 * MOST_UNCHANGED}% wanted: ${holds}`,
  )
  return holds
}

async function oneChain(products: number): Promise<void> {
  const size = { products, pace: 1 }
  console.log(grownText(await inChain(size, measured)))
  console.log('from raw files to the verdict, processor seconds of all threads:')
  console.table(await inChain(size, profiled))
}

async function profiled(folder: string): Promise<Record<string, string>> {
  const profiles = join(folder, 'profiles')
  await trainedAndCompared(folder, ['--cpu-prof', `--cpu-prof-dir=${profiles}`])
  const texts = (await readdir(profiles)).map((name) => readFile(join(profiles, name), 'utf8'))
  const phases = secondsByPhase((await Promise.all(texts)).map((text) => JSON.parse(text)))
  return Object.fromEntries(phases.map(([phase, seconds]) => [phase, seconds.toFixed(1)]))
}
