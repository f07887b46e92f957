import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isoFromDay } from '../src/base/day.ts'
import { git } from '../src/base/git.ts'
import { writeWhole } from '../src/base/write-file.ts'
import { openHistory } from '../src/evaluation/search/history.ts'
import { trainAsOf } from '../src/evaluation/search/search.ts'
import type { Model } from '../src/forecasting/model.ts'
import { completeRecipe } from '../src/forecasting/recipe.ts'
import { connect } from '../src/github/client.ts'
import { appendTo } from '../src/github/ledger-branch.ts'
import { openForecaster } from '../src/ordering/forecaster-of-model.ts'
import { aboutArtifact } from '../src/registry/model-parts.ts'
import { noPlan } from '../src/sales/plan/plan.ts'
import { type DailyTotals, lastSaleDay } from '../src/sales/totals/daily-totals.ts'
import { publicationOf } from '../src/steps/forecasts/publication.ts'
import { record } from '../src/steps/monitoring/record.ts'
import { type FakeGitHub, startGitHub } from '../tests/github/server.ts'
import { FIRST_DAY, simulatedChain } from './simulated-chain.ts'

/**
 * What the branch `ledger` comes to in a year of weekly forecasts that are published every day:
 * 10,000 products whose stock and sales are simulated, with the model and the steps that a workflow
 * runs, recorded through an imitation of GitHub that keeps what comes in a real git repository. The
 * exit code is 1 where what was pushed is not under 1 GB. `--products` and `--days` make it smaller.
 */
export async function run(options: string[]): Promise<void> {
  const { values } = parseArgs({
    args: options,
    options: {
      products: { type: 'string', default: '10000' },
      days: { type: 'string', default: '365' },
    },
  })
  const [products, days] = [Number(values.products), Number(values.days)]
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-benchmark-'))
  const server = await startGitHub({ folder: join(folder, 'github') })
  try {
    const totals = simulatedChain(products, HISTORY + days)
    const model = await trained(totals)
    const names = new Set<string>()
    for (let day = 0; day < days; day++) {
      names.add(await publish(join(folder, 'project'), server, { totals, model, day }))
    }
    const pushed = await megabytesIn(join(server.git, 'objects'))
    const kinds = await megabytesByKind(server.git)
    await git(server.git, ['gc', '--quiet', '--prune=now'])
    const packed = await megabytesIn(join(server.git, 'objects'))
    const clone = join(folder, 'clone')
    await git(folder, ['clone', '--quiet', '--branch', 'ledger', server.git, clone])
    await rm(join(clone, '.git'), { recursive: true })
    const files = await megabytesIn(clone)
    console.log(
      `${products} products, ${days} days: forecasts of ${names.size} contents, in ${days} records`,
    )
    console.table({
      'as pushed': { MB: Math.round(pushed) },
      'after git gc': { MB: Math.round(packed) },
      'its files, checked out': { MB: Math.round(files) },
    })
    console.log('as pushed, by what it is:')
    console.table(kinds)
    const holds = pushed < MOST_MEGABYTES
    console.log(`less than ${MOST_MEGABYTES} MB as pushed: ${holds}`)
    if (!holds) process.exitCode = 1
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
}

const MOST_MEGABYTES = 1000
/** Days of sales before the year: what the model learns from. */
const HISTORY = 78 * 7

/** A family whose forecasts differ from week to week, as those of most do. */
async function trained(totals: DailyTotals): Promise<Model> {
  const recipe = completeRecipe(
    { frequency: 'week', horizon: 10, families: { ridge: { penalty: 10 } } },
    'recipe.yml',
  )
  const history = openHistory(totals, { cores: availableParallelism() })
  const { model } = await trainAsOf(history, recipe, FIRST_DAY + HISTORY - 1)
  await history.close()
  return model
}

/** As the workflow `forecast` does it; returns the name of the forecasts. */
async function publish(
  project: string,
  server: FakeGitHub,
  { totals, model, day }: { totals: DailyTotals; model: Model; day: number },
): Promise<string> {
  const asOf = FIRST_DAY + HISTORY - 1 + day
  const at = `${isoFromDay(asOf + 1)}T07:47:00.000Z`
  const workflow = { url: `https://github.com/shop/demand/actions/runs/${day}`, event: 'schedule' }
  const shared = { at, repository: 'https://github.com/shop/demand', language: 'pt-BR' as const }
  await writeWhole(
    join(project, 'ordering.yml'),
    'defaults: { leadTime: 2, reviewPeriod: 7, pack: 6 }\n',
  )
  const forecaster = openForecaster({ model, totals, asOf })
  const known = {
    version: 1,
    model: aboutArtifact({ kind: 'whole', model }),
    totals,
    plan: noPlan,
    forecaster,
    salesThrough: isoFromDay(lastSaleDay(totals, asOf)!),
    partedBy: async () => 'store' as const,
    ahead: forecaster.distributions(),
    basis: {
      version: 1,
      model: 'a'.repeat(64),
      data: 'b'.repeat(40),
      salesThrough: isoFromDay(lastSaleDay(totals, asOf)!),
    },
  }
  const made = await publicationOf(known, { ...shared, project, today: asOf + 1, workflow })
  const forecasts = join(project, '.cd4ml', 'forecasts')
  await rm(forecasts, { recursive: true, force: true })
  for (const [name, content] of made.files) {
    await writeWhole(join(forecasts, made.id, name), content)
  }
  const github = connect({ token: server.token, repository: server.repository, apiUrl: server.url })
  const recorded = await record(appendTo(github), {
    ...shared,
    own: { project, workflow, branch: 'main', at },
    forecasts,
  })
  if (recorded.outcome !== 'appended') throw new Error(JSON.stringify(recorded))
  return made.record.files.json
}

/** What the objects take that were pushed, by the endings of their files. */
async function megabytesByKind(repository: string): Promise<Record<string, { MB: number }>> {
  const objects = await git(repository, ['rev-list', '--objects', 'ledger'])
  const format = '--batch-check=%(objectsize:disk) %(objecttype) %(rest)'
  const listed = await git(repository, ['cat-file', format], { input: objects })
  const bytes = new Map<string, number>()
  for (const line of listed.trim().split('\n')) {
    const [size, type, ...rest] = line.split(' ')
    const name = rest.join(' ').replace(/^content\/.*?\./, 'content/….')
    const kind = type === 'blob' ? name.replace(/^forecasts\/.*\//, 'forecasts/…/') : `${type}s`
    bytes.set(kind, (bytes.get(kind) ?? 0) + Number(size))
  }
  const largestFirst = [...bytes].sort(([, a], [, b]) => b - a)
  return Object.fromEntries(
    largestFirst.map(([kind, size]) => [kind, { MB: Math.round(size / 1e5) / 10 }]),
  )
}

/** Of all files below a folder. */
async function megabytesIn(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  }
  return bytes / 1e6
}
