import { cp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inProject } from './project.ts'
import { type Ran, runCommand } from './run-command.ts'
import {
  type StoresSize,
  storesContract,
  storesRecipe,
  storesSize,
  writeStore,
} from './worlds/grocery-stores.ts'

/**
 * All stores of the chain of `parts` in one project, with a model for each: what the job that plans
 * takes, each job that fits a store, which has no sales but those that it is handed, and the last job,
 * which trains and compares on their fits; each job as the workflows run it, with nothing kept from
 * another. The exit code is 1 where the last job fits anything, or a job takes more than 7 GB.
 *
 * `--stores 2 --items 100 --days 500` measures a smaller chain.
 */
export async function run(argv: string[]): Promise<void> {
  const size = storesSize(argv)
  await inProject(
    (dataFolder) => writeStores(dataFolder, size),
    (folder, rows) => measured(folder, rows, size),
    { 'recipe.yml': storesRecipe('store') },
  )
}

const MOST_MEGABYTES = 7_000

async function writeStores(dataFolder: string, size: StoresSize): Promise<number> {
  const paths: string[] = []
  let rows = 0
  for (let store = 0; store < size.stores; store++) {
    const written = await writeStore(dataFolder, store, size)
    paths.push(...written.paths)
    rows += written.rows
  }
  await writeFile(join(dataFolder, 'datapackage.json'), storesContract(paths))
  return rows
}

async function measured(folder: string, rows: number, { stores }: StoresSize): Promise<void> {
  console.log(`${rows} rows of ${stores} stores in one project; seconds are of CPU`)
  const at = (path: string) => join(folder, '.cd4ml', path)
  const all: Job[] = []
  const report = (job: Job) => {
    console.log(jobText(job))
    all.push(job)
  }
  report({ name: 'plan', ...(await took(folder, [['validate'], ['plan', '--jobs', `${stores}`]])) })
  await rename(at('jobs'), join(folder, 'jobs'))
  const shards = (await readdir(join(folder, 'jobs'))).filter((name) => name.startsWith('sales-'))
  for (let shard = 1; shard <= shards.length; shard++) {
    await rm(at(''), { recursive: true, force: true })
    await cp(join(folder, 'jobs/plan.json'), at('jobs/plan.json'))
    await cp(join(folder, `jobs/sales-${shard}`), at(`jobs/sales-${shard}`), { recursive: true })
    const handed = await bytesIn(at(`jobs/sales-${shard}`))
    await rename(join(folder, 'data'), join(folder, 'elsewhere'))
    const ran = await took(folder, [['fit', '--shard', `${shard}`]])
    await rename(join(folder, 'elsewhere'), join(folder, 'data'))
    await cp(at('fits'), join(folder, 'fits'), { recursive: true })
    report({ name: `fit ${shard}, handed ${(handed / 1e6).toFixed(1)} MB`, ...ran })
  }
  await rm(at(''), { recursive: true })
  await cp(join(folder, 'fits'), at('fits'), { recursive: true })
  const known = (await readdir(at('fits'))).length
  const last = await took(folder, [['validate'], ['train'], ['compare']])
  const made = (await readdir(at('fits'))).length - known
  report({ name: `last, on ${known} fits`, ...last })
  const cpuSeconds = all.reduce((sum, job) => sum + job.cpuSeconds, 0)
  const largest = Math.max(...all.map(({ megabytes }) => megabytes))
  console.log(
    `all jobs: ${Math.round(cpuSeconds)} CPU seconds; the largest ${Math.round(largest)} MB, at most ${MOST_MEGABYTES} wanted; fitted by the last job: ${made}, none wanted`,
  )
  if (made > 0 || largest > MOST_MEGABYTES) process.exitCode = 1
}

type Job = Pick<Ran, 'cpuSeconds' | 'megabytes'> & { name: string }

/** Of the commands of a job, one after the other. */
async function took(folder: string, commands: string[][]): Promise<Omit<Job, 'name'>> {
  const job = { cpuSeconds: 0, megabytes: 0 }
  for (const command of commands) {
    const { cpuSeconds, megabytes } = await runCommand(folder, [...command, '--quiet'])
    job.cpuSeconds += cpuSeconds
    job.megabytes = Math.max(job.megabytes, megabytes)
  }
  return job
}

function jobText({ name, cpuSeconds, megabytes }: Job): string {
  return `${name}: ${cpuSeconds.toFixed(1)} CPU seconds, ${Math.round(megabytes)} MB`
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder)
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
