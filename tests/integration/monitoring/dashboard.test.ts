import { cp, mkdir, readdir, readFile, readlink, rm, symlink, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseHTML } from 'linkedom'
import { beforeAll, describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { git, gitBytes } from '../../../src/base/git.ts'
import { numbersIn } from '../../../src/reporting/texts/numbers.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import { appendInClone } from '../../../src/steps/monitoring/append-in-clone.ts'
import { type DashboardWritten, dashboard } from '../../../src/steps/monitoring/dashboard.ts'
import { monitor } from '../../../src/steps/monitoring/monitor.ts'
import { recordHealth } from '../../../src/steps/monitoring/record-health.ts'
import { cd4ml, newProject, succeed } from '../../project.ts'
import { copyOf, put, temporaryFolder } from '../../repository.ts'
import {
  LEARNT,
  mondayAfter,
  monitoredShop,
  morningAfter,
  publishEveryWeek,
  SALES,
} from './monitored-shop.ts'

const WEEKS = 4
const { units, percent, day, integer } = numbersIn.en

let project: string
/** Of the publications, week by week. */
let ids: string[]

beforeAll(async () => {
  project = await monitoredShop()
  ids = await publishEveryWeek(project, WEEKS)
})

describe('the dashboard says of a shop of six products in two stores', () => {
  it('by how much each product was off, block after block, as its sales and the ledger say', async () => {
    const { out } = await made()
    const published = await publishedWeeks()
    const rows = await tableOf(out, 'products.html')
    expect(rows.length).toBe(12)
    const expected = [...new Set(SALES.map(({ product, store }) => `${product} ${store}`))].map(
      (series) => {
        const [product, store] = series.split(' ')
        const weeks = published.map(({ from, forecasts }) => ({
          actual: soldIn(product, store, from),
          mean: forecasts.get(series)!,
        }))
        const actual = weeks.reduce((sum, week) => sum + week.actual, 0)
        const off = weeks.reduce((sum, week) => sum + Math.abs(week.mean - week.actual), 0)
        return [`${product} in store ${store}`, units(actual), units(off), percent(off / actual)]
      },
    )
    const shown = rows.map(([name, , actual, off, , wape]) => [name, actual, off, wape])
    expect(shown.toSorted()).toEqual(expected.toSorted())
    const offs = rows.map((row) => Number(row[3].replaceAll(',', '')))
    expect(offs).toEqual(offs.toSorted((a, b) => b - a))
  })

  it('how accurate the forecasts of one week ahead were, by the same sums', async () => {
    const { document } = await pageOf((await made()).out, 'accuracy.html')
    const table = [...document.querySelectorAll('table')].find((it) =>
      it.querySelector('thead').textContent.startsWith('Periods ahead'),
    )
    const [nearest] = rowsOf(table)
    const published = await publishedWeeks()
    const weeks = published.map(({ quantiles, from }) => quantileLoss(quantiles, from))
    const loss = weeks.reduce((sum, week) => sum + week.loss, 0)
    const sold = weeks.reduce((sum, week) => sum + week.sold, 0)
    expect(nearest.slice(0, 3)).toEqual(['1', integer(12 * WEEKS), (loss / sold).toFixed(4)])
  })

  it('every block that is over, with the loss that its published forecasts had', async () => {
    const { out } = await made()
    const rows = await tableOf(out, 'evidence.html')
    const published = await publishedWeeks()
    expect(rows.map(([block]) => block)).toEqual(
      published
        .map(({ from }) => `${day(isoFromDay(from))} to ${day(isoFromDay(from + 6))}`)
        .reverse(),
    )
    expect(rows.map((row) => row.slice(-3))).toEqual(
      published.map(() => [percent(1), integer(12), '1']),
    )
    const losses = published.map(({ quantiles, from }) => {
      const { loss, sold } = quantileLoss(quantiles, from)
      return loss / sold
    })
    expect(rows.map((row) => row[5])).toEqual(losses.map((loss) => loss.toFixed(4)).reverse())
  })

  it('the version in production, since when, and that it is the first', async () => {
    const [row] = await tableOf((await made()).out, 'versions.html')
    expect(row.slice(0, 3)).toEqual(['v1', isoFromDay(mondayAfter(LEARNT)), 'now'])
    expect(row[5]).toBe('the first version')
  })
})

it('is the same folder where nothing is new, also when health was recorded meanwhile', async () => {
  const copy = await copyOf(project)
  const out = join(copy, '.cd4ml', 'another')
  const first = await dashboardOf(copy, out)
  expect(first.outcome).toBe('written')
  const before = await filesIn(out)
  const seen = await monitor(inputOf(copy))
  if (seen.outcome !== 'monitored') throw new Error(seen.outcome)
  const now = morningAfter(LEARNT + WEEKS)
  await recordHealth(appendInClone(copy), { record: seen.health, now })
  expect((await dashboardOf(copy, out)).outcome).toBe('unchanged')
  expect(await filesIn(out)).toEqual(before)
  expect(await readdir(join(copy, '.cd4ml'))).not.toContainEqual(expect.stringContaining('partial'))
})

it('shows of an earlier day nothing that came later: no version, no record of its health', async () => {
  const copy = await copyOf(project)
  const seen = await monitor(inputOf(copy))
  if (seen.outcome !== 'monitored') throw new Error(seen.outcome)
  const now = morningAfter(LEARNT + WEEKS)
  await recordHealth(appendInClone(copy), { record: seen.health, now })
  const input = inputOf(copy)
  const options = { ...input.options, asOf: mondayAfter(LEARNT) - 1 }
  const { data } = await dashboard(
    { ...input, options },
    { out: join(copy, 'out'), language: 'en' },
  )
  expect(data).toMatchObject({ health: [], versions: [], products: [] })
})

it('says that the sales cannot be used, and not that nothing was published', async () => {
  const copy = await copyOf(project)
  const seen = await monitor(inputOf(copy))
  if (seen.outcome !== 'monitored') throw new Error(seen.outcome)
  const now = morningAfter(LEARNT + WEEKS)
  await recordHealth(appendInClone(copy), { record: seen.health, now })
  await put(copy, { 'data/sales/damaged.csv': 'no header' })
  const { code, stderr } = await cd4ml(copy, ['dashboard', '--out', 'site', '--quiet'])
  expect([code, stderr]).toEqual([0, expect.stringContaining('The sales cannot be used')])
  const { document } = await pageOf(join(copy, 'site'), 'products.html')
  expect(document.querySelector('.empty').textContent).toContain('sales files cannot be used')
  expect((await tableOf(join(copy, 'site'), 'evidence.html')).length).toBe(WEEKS)
})

it('shows no record of a version that git does not know to have been in production', async () => {
  const copy = await copyOf(project)
  const seen = await monitor(inputOf(copy))
  if (seen.outcome !== 'monitored') throw new Error(seen.outcome)
  const { health } = seen
  const since = `${isoFromDay(mondayAfter(LEARNT - 1))}T09:00:00.000Z`
  const production = { ...health.production, version: 9, model: 'made up', since }
  const forged = { ...health, production }
  await recordHealth(appendInClone(copy), { record: forged, now: morningAfter(LEARNT + WEEKS) })
  const out = join(copy, '.cd4ml', 'another')
  await dashboardOf(copy, out)
  expect((await tableOf(out, 'evidence.html')).length).toBe(WEEKS)
})

it.each([
  ['a page', { 'index.html': 'mine' }],
  ['a board of another program', { 'dashboard.json': '{"panels": []}' }],
])(
  'keeps what stands in the folder of somebody else, such as %s, and says so',
  async (_, files) => {
    const fresh = await newProject({ 'project.yml': 'timeZone: UTC\n' })
    const out = join(fresh, 'site')
    await put(out, files)
    const before = await filesIn(out)
    const refused = await cd4ml(fresh, ['dashboard', '--out', 'site'])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('holds something that is no dashboard')
    expect(await filesIn(out)).toEqual(before)
  },
)

it('is renewed where a link leads to, whole where a page was lost, beside what others put there', async () => {
  const fresh = await newProject({ 'project.yml': 'timeZone: UTC\n' })
  const [out, link] = [join(fresh, 'public'), join(fresh, 'site')]
  await mkdir(out)
  await symlink(out, link)
  const make = () => cd4ml(fresh, ['dashboard', '--out', 'site', '--json'])
  expect((await make()).code).toBe(0)
  const first = await filesIn(out)
  await put(out, { CNAME: 'forecasts.example', 'notes/one.txt': 'mine' })
  expect(JSON.parse((await make()).stdout).outcome).toBe('unchanged')
  await rm(join(out, 'value.html'))
  await put(out, { 'index.html': 'half of' })
  expect(JSON.parse((await make()).stdout).outcome).toBe('written')
  expect(await readlink(link)).toBe(out)
  const now = await filesIn(out)
  expect(now.get(join(out, 'CNAME'))).toBe('forecasts.example')
  expect(now.get(join(out, 'notes/one.txt'))).toBe('mine')
  for (const [path, content] of first) expect([path, now.get(path)]).toEqual([path, content])
  expect(await readdir(fresh)).not.toContainEqual(expect.stringContaining('partial'))
})

it('takes away what a killed run has left beside it, and nothing that is not its own', async () => {
  const fresh = await newProject({ 'project.yml': 'timeZone: UTC\n' })
  const out = join(fresh, 'site')
  const make = async () =>
    JSON.parse(await succeed(fresh, ['dashboard', '--out', 'site', '--json']))
  const left = (digit: number) => `${out}.${digit}0000000-0000-4000-8000-000000000000.partial`
  expect((await make()).outcome).toBe('written')
  const first = await filesIn(out)
  // Killed while it wrote the new one; while it changed them; and one that is under way.
  await put(left(1), { 'index.html': 'half of' })
  await cp(out, left(2), { recursive: true })
  await put(left(2), { CNAME: 'forecasts.example', 'notes/one.txt': 'mine' })
  await put(left(3), { 'index.html': 'half of' })
  await put(`${out}.old.partial`, { 'thesis.txt': 'mine' })
  const yesterday = new Date(Date.now() - 86_400_000)
  for (const path of [left(1), left(2), `${out}.old.partial`]) {
    await utimes(path, yesterday, yesterday)
  }
  expect((await make()).outcome).toBe('unchanged')
  const now = await filesIn(out)
  expect(now.get(join(out, 'CNAME'))).toBe('forecasts.example')
  expect(now.get(join(out, 'notes/one.txt'))).toBe('mine')
  expect(now.size).toBe(first.size + 2)
  const beside = (await readdir(fresh)).filter((name) => name.startsWith('site.'))
  expect(beside.sort()).toEqual([basename(left(3)), 'site.old.partial'])
})

it('is there on the first day, before anything is promoted, and says what comes', async () => {
  const fresh = await newProject({ 'project.yml': 'timeZone: UTC\n' })
  const { code, stdout } = await cd4ml(fresh, ['dashboard'])
  expect([code, stdout]).toEqual([0, expect.stringContaining('.cd4ml/dashboard/index.html')])
  const { document } = await pageOf(join(fresh, '.cd4ml', 'dashboard'), 'index.html')
  expect(document.querySelector('.empty').textContent).toContain('Nothing has been monitored yet')
})

it('is refused in a folder that is no repository, as monitor is, and not made of nothing', async () => {
  const { code, stderr } = await cd4ml(await temporaryFolder(), ['dashboard'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('git init')])
})

let written: Promise<{ out: string }> | undefined

/** The dashboard of the shop, made once. */
async function made(): Promise<{ out: string }> {
  written ??= (async () => {
    const out = join(project, '.cd4ml', 'dashboard')
    await dashboardOf(project, out)
    return { out }
  })()
  return await written
}

function dashboardOf(of: string, out: string): Promise<DashboardWritten> {
  return dashboard(inputOf(of), { out, language: 'en' })
}

function inputOf(of: string) {
  return {
    options: inputsIn(of, mondayAfter(LEARNT + WEEKS), { data: 'data' }),
    at: morningAfter(LEARNT + WEEKS),
  }
}

type PublishedWeek = {
  /** Its Monday. */
  from: number
  forecasts: Map<string, number>
  quantiles: Map<string, { levels: number[]; values: number[] }>
}

/** What the ledger has of each week, read without the code that the dashboard reads it by. */
async function publishedWeeks(): Promise<PublishedWeek[]> {
  const weeks = Array.from({ length: WEEKS }, (_, week) => LEARNT + week)
  return await Promise.all(
    weeks.map(async (week, i) => {
      const record = await git(project, ['show', `ledger:forecasts/${ids[i]}/record.json`])
      const { json } = JSON.parse(record).files
      const text = gunzipSync(await gitBytes(project, ['cat-file', 'blob', `ledger:${json}`]))
      const [heading, ...series] = text
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      const of = <T>(value: (line: { mean: number[]; quantiles: number[][] }) => T) =>
        new Map(series.map((line) => [`${line.product} ${line.store}`, value(line)]))
      return {
        from: mondayAfter(week),
        forecasts: of(({ mean }) => mean[0]),
        quantiles: of(({ quantiles }) => ({ levels: heading.levels, values: quantiles[0] })),
      }
    }),
  )
}

/** In the week from a Monday. */
function soldIn(product: string, store: string, from: number): number {
  return SALES.filter(
    (sale) =>
      sale.product === product && sale.store === store && sale.day >= from && sale.day < from + 7,
  ).reduce((sum, sale) => sum + sale.units, 0)
}

/** The mean over three levels of twice the pinball loss, and what sold. */
function quantileLoss(
  quantiles: PublishedWeek['quantiles'],
  from: number,
): { loss: number; sold: number } {
  let [loss, sold] = [0, 0]
  for (const [series, { levels, values }] of quantiles) {
    const [product, store] = series.split(' ')
    const actual = soldIn(product, store, from)
    sold += actual
    for (const level of [0.1, 0.5, 0.9]) {
      const error = actual - values[levels.indexOf(level)]
      loss += (2 / 3) * Math.max(level * error, (level - 1) * error)
    }
  }
  return { loss, sold }
}

async function pageOf(out: string, path: string) {
  return parseHTML(await readFile(join(out, path), 'utf8'))
}

async function tableOf(out: string, path: string): Promise<string[][]> {
  return rowsOf((await pageOf(out, path)).document.querySelector('table'))
}

function rowsOf(table: ReturnType<typeof parseHTML>['document']): string[][] {
  return [...table.querySelectorAll('tbody tr')].map((row) =>
    [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? ''),
  )
}

async function filesIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)),
  )
}
