import { execFile, execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { exponent } from './exponent.ts'
import { inProject } from './project.ts'
import { type Ran, runCommand } from './run-command.ts'
import {
  type StoreFiles,
  type StoresSize,
  storesContract,
  storesRecipe,
  storesSize,
  writeStore,
} from './worlds/grocery-stores.ts'

/**
 * A chain as large as that of the M5 competition, 3,049 items in ten stores over 1,941 days, a store
 * at a time: from its sales files to the verdict, with the recipe and the policy that the template
 * ships, by day and 28 days ahead. Prints what each part took, all of them, and what that comes to
 * over 20 jobs at once; beside the first part mlforecast with LightGBM on the same rows, where the
 * Python that the environment variable PYTHON names has it. The exit code is 1 where a part takes more
 * than half an hour or 7 GB, or twice the parts more than twice the processor time.
 *
 * `--stores 2 --items 100 --days 500` measures a smaller chain.
 */
export async function run(argv: string[]): Promise<void> {
  const size = storesSize(argv)
  const hasPeer = canImportMlforecast()
  const parts: Part[] = []
  for (let store = 0; store < size.stores; store++) {
    const part = await measured(store, size, hasPeer && store === 0)
    parts.push(part)
    console.log(partText(part))
    if (part.peer) console.table(besidePeer(part, part.peer))
  }
  if (!hasPeer) console.log(HOW_TO_INSTALL)
  const held = [within(parts), linear(parts)]
  console.log(overJobs(parts))
  if (held.includes(false)) process.exitCode = 1
}

const MOST_SECONDS = 30 * 60
const MOST_MEGABYTES = 7_000
/** What chance leaves of 1, as parts are not equally large. */
const MOST_EXPONENT = 1.05
/** Jobs that GitHub runs at once on its free plan. */
const JOBS = 20

type Part = Ran & StoreFiles & { peer?: Peer }

type Accuracy = { wape: number; weightedQuantileLoss: number }
type Peer = Pick<Ran, 'seconds' | 'cpuSeconds' | 'megabytes'> & {
  rows: number
  cd4ml: Accuracy
  mlforecast: Accuracy
}

function measured(store: number, size: StoresSize, withPeer: boolean): Promise<Part> {
  return inProject(
    async (dataFolder) => {
      const written = await writeStore(dataFolder, store, size)
      await writeFile(join(dataFolder, 'datapackage.json'), storesContract(written.paths))
      return written
    },
    async (folder, written) => {
      const ran = await runCommand(folder, ['pipeline', '--quiet', '--json', '--rows', 'rows.csv'])
      // Sales that are refused would cost little.
      if (!('evaluation' in JSON.parse(ran.stdout))) throw new Error(ran.stdout)
      const part = { ...written, ...ran }
      return withPeer ? { ...part, peer: await peer(folder, written.paths) } : part
    },
    { 'recipe.yml': storesRecipe() },
  )
}

function partText({ store, rows, units, seconds, cpuSeconds, megabytes }: Part): string {
  const million = (count: number) => `${(count / 1e6).toFixed(2)}M`
  return `${store}: ${million(rows)} rows, ${million(units)} units; ${Math.round(seconds)} s, ${Math.round(cpuSeconds)} CPU seconds, ${Math.round(megabytes)} MB`
}

function within(parts: Part[]): boolean {
  const slowest = Math.max(...parts.map(({ seconds }) => seconds))
  const largest = Math.max(...parts.map(({ megabytes }) => megabytes))
  const holds = slowest <= MOST_SECONDS && largest <= MOST_MEGABYTES
  console.log(
    `the longest part: ${Math.round(slowest)} s, at most ${MOST_SECONDS} wanted; the largest: ${Math.round(largest)} MB, at most ${MOST_MEGABYTES} wanted: ${holds}`,
  )
  return holds
}

/** Of one part nothing can be said. */
function linear(parts: Part[]): boolean {
  if (parts.length < 2) return true
  let cpuSeconds = 0
  const after = parts.map((part) => {
    cpuSeconds += part.cpuSeconds
    return cpuSeconds
  })
  const grows = exponent(
    parts.map((_, index) => index + 1),
    after,
  )
  const holds = grows <= MOST_EXPONENT
  console.log(
    `all ${parts.length} parts: ${Math.round(cpuSeconds)} CPU seconds, which grow as the number of parts to the power of ${grows.toFixed(2)}, at most ${MOST_EXPONENT} wanted: ${holds}`,
  )
  return holds
}

function overJobs(parts: Part[]): string {
  const minutes = parts.map(({ seconds }) => Math.ceil(seconds / 60))
  const billed = minutes.reduce((sum, of) => sum + of, 0)
  const rounds = Math.ceil(parts.length / JOBS)
  return `one part a job, ${JOBS} jobs at once: ${rounds * Math.max(...minutes)} minutes until all are done, ${billed} minutes billed, beside what starting a job takes`
}

const PYTHON = process.env.PYTHON ?? 'python3'
const HOW_TO_INSTALL = `To compare with mlforecast: python3 -m venv peer && peer/bin/pip install mlforecast==1.1.0 lightgbm==4.7.0,
then PYTHON=peer/bin/python npm run benchmark parts`

function canImportMlforecast(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import lightgbm, mlforecast'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** As many threads as cd4ml has. */
async function peer(folder: string, paths: string[]): Promise<Peer> {
  const script = join(import.meta.dirname, 'parts-mlforecast.py')
  const files = paths.map((path) => join(folder, 'data', path))
  const { stdout } = await promisify(execFile)(PYTHON, [script, join(folder, 'rows.csv'), ...files])
  return JSON.parse(stdout)
}

function besidePeer(ours: Part, peer: Peer) {
  const row = (used: Pick<Ran, 'seconds' | 'cpuSeconds' | 'megabytes'>, reached: Accuracy) => ({
    seconds: Math.round(used.seconds),
    'CPU seconds': Math.round(used.cpuSeconds),
    'peak memory (MB)': Math.round(used.megabytes),
    'WAPE (%)': (100 * reached.wape).toFixed(1),
    'quantile loss (%)': (100 * reached.weightedQuantileLoss).toFixed(1),
  })
  return { cd4ml: row(ours, peer.cd4ml), mlforecast: row(peer, peer.mlforecast) }
}
