import { dayFromIso, isoFromDay } from '../src/base/day.ts'
import { git } from '../src/base/git.ts'
import { exponent } from './exponent.ts'
import { inProject } from './project.ts'
import { type Ran, runCommand } from './run-command.ts'
import { storesSize, writeStores } from './worlds/grocery-stores.ts'

/**
 * What looking at a version in parts takes, of chains of one to eight such stores as `parts` has: eight
 * weeks after its promotion, of which nothing was published, so that every block is forecast again.
 * The exit code is 1 where memory grows faster than the number of stores to the power of 0.35.
 *
 * `--items 100 --days 500` measures smaller stores.
 */
export async function run(argv: string[]): Promise<void> {
  const { items, days } = {
    ...storesSize(argv),
    ...(argv.length === 0 && { items: 500, days: 900 }),
  }
  const found: (Ran & { stores: number })[] = []
  for (const stores of [1, 2, 4, 8]) {
    const ran = await measured({ stores, items, days })
    const { cpuSeconds, megabytes } = ran
    console.log(
      `${stores} stores, ${stores * items} series: ${cpuSeconds.toFixed(1)} CPU seconds, ${Math.round(megabytes)} MB`,
    )
    found.push({ stores, ...ran })
  }
  const sizes = found.map(({ stores }) => stores)
  const memory = exponent(
    sizes,
    found.map(({ megabytes }) => megabytes),
  )
  const time = exponent(
    sizes,
    found.map(({ cpuSeconds }) => cpuSeconds),
  )
  console.log(
    `with the stores memory grows by the power of ${memory.toFixed(2)}, at most ${MOST_EXPONENT} wanted, and time by ${time.toFixed(2)}`,
  )
  if (memory > MOST_EXPONENT) process.exitCode = 1
}

const MOST_EXPONENT = 0.35
const RECIPE = `frequency: day
horizon: 28
partition: store
search: { origins: 2 }
families: { moving-average: { window: 28 } }
`

function measured(size: { stores: number; items: number; days: number }): Promise<Ran> {
  return inProject(
    (dataFolder) => writeStores(dataFolder, size),
    async (folder) => {
      const validated = await runCommand(folder, ['validate', '--json', '--quiet'])
      const { lastSaleDay } = JSON.parse(validated.stdout).totals
      const promoted = isoFromDay(dayFromIso(lastSaleDay)! - 56)
      for (const command of ['train', 'compare']) {
        await runCommand(folder, [command, '--quiet', '--as-of', promoted])
      }
      await runCommand(folder, ['promote', '--baseline'])
      const at = `${promoted}T12:00:00.000Z`
      const env = { GIT_COMMITTER_DATE: at, GIT_AUTHOR_DATE: at }
      const author = ['-c', 'user.name=benchmark', '-c', 'user.email=benchmark@localhost']
      const merge = ['merge', '--quiet', '--no-ff', '--message=Merge', 'promotion/demand']
      await git(folder, [...author, ...merge], { env })
      const empty = await git(folder, ['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' })
      const begin = ['commit-tree', empty.trim(), '-m', 'Begin']
      const commit = await git(folder, [...author, ...begin], { env })
      await git(folder, ['update-ref', 'refs/heads/ledger', commit.trim()])
      const ran = await runCommand(folder, ['monitor', '--json', '--as-of', lastSaleDay])
      const blocks = JSON.parse(ran.stdout).blocks.length
      if (blocks < 7) throw new Error(`only ${blocks} blocks were seen`)
      return ran
    },
    { 'recipe.yml': RECIPE },
  )
}
