import { cp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inProject } from './project.ts'
import { type Ran, runCommand } from './run-command.ts'
import { type StoresSize, storesRecipe, storesSize, writeStores } from './worlds/grocery-stores.ts'

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

async function measured(folder: string, rows: number, { stores }: StoresSize): Promise<void> {
  console.log(`${rows} rows of ${stores} stores in one project; seconds are of CPU`)
  const at = (path: string) => join(folder, '.cd4ml', path)
  const all: Step[] = []
  const report = (step: Step) => {
    console.log(stepText(step))
    all.push(step)
  }
  for (const command of [['validate'], ['plan', '--jobs', `${stores}`]]) {
    report({ name: `first job: ${command[0]}`, ...(await ranQuietly(folder, command)) })
  }
  await rename(at('jobs'), join(folder, 'jobs'))
  const shards = (await readdir(join(folder, 'jobs'))).filter((name) => name.startsWith('sales-'))
  for (let shard = 1; shard <= shards.length; shard++) {
    await rm(at(''), { recursive: true, force: true })
    await cp(join(folder, 'jobs/plan.json'), at('jobs/plan.json'))
    await cp(join(folder, `jobs/sales-${shard}`), at(`jobs/sales-${shard}`), { recursive: true })
    const handed = await bytesIn(at(`jobs/sales-${shard}`))
    await rename(join(folder, 'data'), join(folder, 'elsewhere'))
    const ran = await ranQuietly(folder, ['fit', '--shard', `${shard}`])
    await rename(join(folder, 'elsewhere'), join(folder, 'data'))
    await cp(at('fits'), join(folder, 'fits'), { recursive: true })
    report({ name: `job ${shard}, handed ${(handed / 1e6).toFixed(1)} MB`, ...ran })
  }
  await rm(at(''), { recursive: true })
  await cp(join(folder, 'fits'), at('fits'), { recursive: true })
  const known = (await readdir(at('fits'))).length
  for (const command of ['validate', 'train', 'compare']) {
    report({ name: `last job: ${command}`, ...(await ranQuietly(folder, [command])) })
  }
  const made = (await readdir(at('fits'))).length - known
  const cpuSeconds = all.reduce((sum, step) => sum + step.cpuSeconds, 0)
  const largest = Math.max(...all.map(({ megabytes }) => megabytes))
  console.log(
    `all jobs: ${Math.round(cpuSeconds)} CPU seconds; the largest ${Math.round(largest)} MB, at most ${MOST_MEGABYTES} wanted; of ${known + made} fits the last job made ${made}, none wanted`,
  )
  if (made > 0 || largest > MOST_MEGABYTES) process.exitCode = 1
}

type Step = Pick<Ran, 'cpuSeconds' | 'megabytes'> & { name: string }

function ranQuietly(folder: string, command: string[]): Promise<Ran> {
  return runCommand(folder, [...command, '--quiet'])
}

function stepText({ name, cpuSeconds, megabytes }: Step): string {
  return `${name}: ${cpuSeconds.toFixed(1)} CPU seconds, ${Math.round(megabytes)} MB`
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder)
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
