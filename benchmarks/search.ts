import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { git } from '../src/base/git.ts'
import { writeChainHistory } from './chain-history.ts'
import { secondsByPhase } from './phases.ts'
import { type Ran, runCommand } from './run-command.ts'

/**
 * The road from raw files to the verdict: `cd4ml pipeline` in a fresh project, with the recipe and
 * the policy that the template ships, for chains of 500, 1,000 and 2,000 products over three years.
 * Prints how long it takes, how much memory, and where the time of 1,000 products goes. The exit
 * code is 1 where twice the products take much more than twice the time. `--products 4000` measures
 * a chain of so many products, and no other.
 */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({ args: argv, options: { products: { type: 'string' } } })
  const roads: Road[] = []
  for (const products of values.products ? [Number(values.products)] : [500, 1000, 2000]) {
    roads.push(await inProject(products, timed))
  }
  console.table(
    roads.map(({ products, rows, seconds, cpuSeconds, megabytes }) => ({
      products,
      'raw rows': rows,
      seconds: seconds.toFixed(1),
      'CPU seconds': cpuSeconds.toFixed(1),
      'peak memory (MB)': Math.round(megabytes),
    })),
  )
  if (values.products) return
  console.log(`of 1,000 products, seconds of all threads on ${availableParallelism()} cores:`)
  console.table(await inProject(1000, profiled))
  const growth = roads[2].cpuSeconds / roads[1].cpuSeconds
  const holds = growth < MOST_GROWTH
  console.log(
    `2,000 products against 1,000: ${growth.toFixed(2)} × the CPU time, less than ${MOST_GROWTH} × wanted: ${holds}`,
  )
  if (!holds) process.exitCode = 1
}

const MOST_GROWTH = 2.4

type Road = Ran & { products: number; rows: number }

type Project = { folder: string; products: number; rows: number }

const repository = join(import.meta.dirname, '..')
const COPIED = [
  'src',
  'package.json',
  'package-lock.json',
  'recipe.yml',
  'model-registry/policy.yml',
]

/** A repository with the code, recipe and policy of this one, and the sales of a chain. */
async function inProject<T>(
  products: number,
  measure: (project: Project) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-benchmark-'))
  try {
    for (const path of COPIED) {
      await cp(join(repository, path), join(folder, path), { recursive: true })
    }
    const rows = await writeChainHistory(join(folder, 'data'), products)
    await writeFile(join(folder, 'data/datapackage.json'), await contract())
    await git(folder, ['init', '--quiet', '--initial-branch=main'])
    await git(folder, ['add', '.'])
    const author = ['-c', 'user.name=benchmark', '-c', 'user.email=benchmark@localhost']
    await git(folder, [...author, 'commit', '--quiet', '--message=Begin'])
    return await measure({ folder, products, rows })
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** That of the sample data, for a chain of other categories. */
async function contract(): Promise<string> {
  const file = JSON.parse(await readFile(join(repository, 'data/datapackage.json'), 'utf8'))
  const { sample, categories, ...own } = file.cd4ml
  return JSON.stringify({ ...file, cd4ml: own })
}

const PIPELINE = ['pipeline', '--quiet']

async function timed({ folder, products, rows }: Project): Promise<Road> {
  return { products, rows, ...(await runCommand(folder, PIPELINE)) }
}

async function profiled({ folder }: Project): Promise<Record<string, string>> {
  const profiles = join(folder, 'profiles')
  await runCommand(folder, PIPELINE, ['--cpu-prof', `--cpu-prof-dir=${profiles}`])
  const texts = (await readdir(profiles)).map((name) => readFile(join(profiles, name), 'utf8'))
  const phases = secondsByPhase((await Promise.all(texts)).map((text) => JSON.parse(text)))
  return Object.fromEntries(phases.map(([phase, seconds]) => [phase, seconds.toFixed(1)]))
}
