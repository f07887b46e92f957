import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isoFromDay } from '../src/base/day.ts'
import { git } from '../src/base/git.ts'
import { lastDay, periodOf } from '../src/demand/calendar.ts'
import type { Model } from '../src/forecasting/model.ts'
import { modelFrom } from '../src/forecasting/model-file.ts'
import { appendEvents } from '../src/ledger/append-events.ts'
import { contentFile } from '../src/ledger/content.ts'
import type { MadeForecasts } from '../src/ledger/forecast-record.ts'
import { recordId } from '../src/ledger/ledger.ts'
import { openForecaster } from '../src/ordering/forecaster-of-model.ts'
import { contentOf, readWorkingVersion } from '../src/registry/production.ts'
import type { DailyTotals } from '../src/sales/totals/daily-totals.ts'
import { distributionsText } from '../src/steps/forecasts/distributions-text.ts'
import { appendInClone } from '../src/steps/monitoring/append-in-clone.ts'
import { mergeProposal, newProject, succeed } from '../tests/project.ts'
import { commitAll, put, removeTemporaryFolders } from '../tests/repository.ts'
import { dataFiles, OPENING, recipe, salesOf } from '../tests/shop.ts'
import { readSales } from './read-sales.ts'
import { type Ran, runCommand } from './run-command.ts'

/**
 * What `cd4ml monitor` takes in all, as a process: 10,000 products, three years of weekly totals, a
 * model in production for the last of them, whose forecasts, ten weeks ahead, the branch `ledger` has
 * of each of its weeks. First where nobody has read the sales yet, then where they are known. Against
 * what it took to make and pack these forecasts; the exit code is 1 where it takes more CPU than that.
 * `--products` makes it smaller.
 */
export async function run(options: string[]): Promise<void> {
  const { values } = parseArgs({
    args: options,
    options: { products: { type: 'string', default: '10000' } },
  })
  const products = Number(values.products)
  try {
    const { project, publishing } = await monitoredChain(products)
    const first = await monitored(project)
    const again = await monitored(project)
    console.log(
      `${products} products, ${again.counted} of ${WEEKS - LEARNT} blocks told; to make and to pack their forecasts took ${publishing.toFixed(1)} s of CPU`,
    )
    console.table({ 'sales read': shown(first), 'sales known': shown(again) })
    const ratio = again.cpuSeconds / publishing
    console.log(`${ratio.toFixed(2)} × the CPU time of publishing, at most ${MOST} × wanted`)
    if (ratio > MOST) process.exitCode = 1
  } finally {
    await removeTemporaryFolders()
  }
}

const MOST = 1
const WEEKS = 156
const LEARNT = 104
const HORIZON = 10
/** A Monday of three years ago. */
const BEGIN = OPENING - 52 * 7

/** The project, and the seconds of CPU that making its forecasts took. */
async function monitoredChain(products: number): Promise<{ project: string; publishing: number }> {
  const ids = Array.from({ length: products }, (_, index) => `${100_000 + index}`)
  const sales = salesOf({ products: ids, frequency: 'week', periods: WEEKS }).map((sale) => ({
    ...sale,
    day: sale.day - OPENING + BEGIN,
  }))
  const project = await newProject({
    ...dataFiles(sales.filter(({ day }) => day < mondayAfter(LEARNT))),
    ...recipe('moving-average: { window: 8 }', { horizon: HORIZON }),
    'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7 }\n',
    'project.yml': `timeZone: UTC\ntoday: ${isoFromDay(mondayAfter(WEEKS))}\n`,
  })
  for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(project, command)
  }
  await mergeProposal(project, morningAfter(LEARNT))
  await put(project, dataFiles(sales))
  await commitAll(project, 'Add sales', morningAfter(WEEKS))
  const totals = await readSales(join(project, 'data'), join(project, 'data'))
  return { project, publishing: await publishAll(project, totals) }
}

async function publishAll(project: string, totals: DailyTotals): Promise<number> {
  const version = await readWorkingVersion(project)
  if (!version) throw new Error('nothing is in production')
  const model = modelFrom(contentOf(version, 'model.json'), 'model.json')
  const known = {
    model: version.manifest.files['model.json'],
    data: (await git(project, ['rev-parse', 'HEAD:data'])).trim(),
  }
  let seconds = 0
  for (let week = LEARNT; week < WEEKS; week++) {
    const before = process.cpuUsage()
    const { record, file } = published(model, totals, week, known)
    const { user, system } = process.cpuUsage(before)
    seconds += (user + system) / 1e6
    const id = recordId(record.at, file.path)
    const contents = new Map([[file.path, file.bytes]])
    const event = { kind: 'forecasts' as const, id, record, contents }
    await appendEvents(appendInClone(project), [event], async () => new Map())
  }
  return seconds
}

function published(
  model: Model,
  totals: DailyTotals,
  week: number,
  known: { model: string; data: string },
) {
  const asOf = mondayAfter(week) - 1
  const ahead = openForecaster({ model, totals, asOf }).distributions()
  const file = contentFile(distributionsText(ahead, 'week'), 'ndjson')
  const salesThrough = isoFromDay(mondayAfter(week - 1))
  const record: MadeForecasts = {
    format: 'cd4ml-forecasts/2',
    outcome: 'made',
    at: morningAfter(week),
    version: 1,
    model: 'moving-average',
    salesThrough,
    from: ahead.from[0],
    through: isoFromDay(lastDay('week', periodOf('week', asOf) + HORIZON)),
    basis: { version: 1, ...known, salesThrough },
    series: ahead.series.length,
    files: { json: file.path },
  }
  return { record, file }
}

async function monitored(project: string): Promise<Ran & { counted: number }> {
  const ran = await runCommand(project, ['monitor', '--json', '--quiet'])
  const { blocks } = JSON.parse(ran.stdout)
  const counted = blocks.filter(({ outcome }: { outcome: string }) => outcome === 'counted').length
  return { ...ran, counted }
}

function shown({ seconds, cpuSeconds, megabytes }: Ran) {
  return {
    seconds: seconds.toFixed(1),
    'CPU seconds': cpuSeconds.toFixed(1),
    'peak memory (MB)': Math.round(megabytes),
  }
}

function mondayAfter(weeks: number) {
  return BEGIN + 7 * weeks
}

function morningAfter(weeks: number): string {
  return `${isoFromDay(mondayAfter(weeks))}T09:00:00.000Z`
}
