import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseHTML } from 'linkedom'
import { beforeAll, describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { git, gitBytes } from '../../../src/base/git.ts'
import { checkRecordedEvent } from '../../../src/ledger/events/event.ts'
import { writtenEvents } from '../../../src/ledger/events/event-files.ts'
import { subjectOf } from '../../../src/ledger/events/subject.ts'
import { asParent, digest } from '../../../src/registry/manifest.ts'
import { readWorkingVersion } from '../../../src/registry/production.ts'
import { numbersIn } from '../../../src/reporting/texts/numbers.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import { dashboard } from '../../../src/steps/monitoring/dashboard.ts'
import { succeed } from '../../project.ts'
import { put } from '../../repository.ts'
import { recipe } from '../../shop.ts'
import { decisionOn } from '../../unit/monitoring/value-added/decided.ts'
import {
  appendToLedger,
  LEARNT,
  mondayAfter,
  monitoredShop,
  morningAfter,
  passWeeks,
  publishAfter,
  SALES,
} from './monitored-shop.ts'
import { comparedRun, ledgerFiles } from './shadow-shop.ts'

const WEEKS = [LEARNT, LEARNT + 1, LEARNT + 2, LEARNT + 3]
const SERIES = [...new Set(SALES.map(({ product, store }) => `${product} ${store}`))]
const { amount, day, integer, percent, loss, signedPoints, signedPercent } = numbersIn.en

let project: string
let challenger: Buffer
let out: string
/** Ids of what was published, week by week. */
const published: string[] = []

/** A shop with a shadow from its second week on, whose buyer orders five units more than advised. */
beforeAll(async () => {
  project = await monitoredShop()
  published.push(await publishAfter(project, WEEKS[0]))
  await put(project, recipe('moving-average: { window: 3 }'))
  await succeed(project, ['train'])
  challenger = await readFile(join(project, '.cd4ml/challenger/model.json'))
  await put(project, recipe('moving-average: { window: 8 }'))
  const version = await readWorkingVersion(project)
  const startedAt = morningAfter(LEARNT)
  const runOf = (branch: string, digits: string) =>
    comparedRun(challenger, asParent(version!.manifest), {
      id: `${startedAt.replaceAll(/[-:.]/g, '')}-${digits}`,
      startedAt,
      branch,
    })
  const runs = [runOf('main', '0a1b2c3d'), runOf('<b>try</b>', '0a1b2c3e')]
  await appendToLedger(project, ledgerFiles(runs, [challenger]))
  for (const week of WEEKS.slice(1)) {
    await passWeeks(project, week)
    published.push(await publishAfter(project, week))
  }
  await passWeeks(project, LEARNT + WEEKS.length)
  await appendToLedger(project, await decisionsFile())
  out = join(project, '.cd4ml', 'dashboard')
  await dashboard(
    {
      options: inputsIn(project, mondayAfter(LEARNT + WEEKS.length), { data: 'data' }),
      at: morningAfter(LEARNT + WEEKS.length),
    },
    { out, language: 'en' },
  )
})

describe('the dashboard says, as the ledger and the sales do,', () => {
  it('what was lost by seasonal naive, by the model and by the buyers, on the same decisions', async () => {
    const [wape, quantiles] = await tableOf('value.html')
    const cases = await decidedCases()
    const sold = sumOf(cases, ({ actual }) => actual)
    const share = (off: (one: Case) => number) => sumOf(cases, (one) => Math.abs(off(one))) / sold
    const naive = share(({ actual, lastYear }) => lastYear - actual)
    const model = share(({ actual, mean }) => mean - actual)
    const buyers = share(({ actual, mean }) => mean + MORE - actual)
    expect(wape.slice(0, 4)).toEqual(['WAPE', ...[naive, model, buyers].map(percent)])
    expect(wape[4]).toSatisfy(startingWith(signedPoints(naive - model)))
    expect(wape[5]).toSatisfy(startingWith(signedPoints(model - buyers)))
    expect(wape[6]).toBe(integer(SERIES.length * WEEKS.length))
    const lost = sumOf(cases, ({ actual, quantiles }) => quantileLoss(actual, quantiles)) / sold
    expect(quantiles[2]).toBe(loss(lost))
  })

  it('how many decisions followed the advice, and by how much overrides were better than it', async () => {
    const { document } = await pageOf('value.html')
    const count = integer(SERIES.length * WEEKS.length)
    const said = document.querySelector('main').textContent
    expect(said).toContain(
      `Of ${count} decisions in a year 0 followed the advice and ${count} changed`,
    )
    const [, overrides] = [...document.querySelectorAll('table')].map(rowsOf)
    const names = overrides.map(([name, judged, censored]) => [name, judged, censored])
    expect(names).toContainEqual(['Raised', count, '0'])
    expect(names).toContainEqual(['By 10% to 30%', count, '0'])
  })

  it('what production and the shadow lost in each block, and what that is evidence of', async () => {
    const { document } = await pageOf('shadow.html')
    const [figures, blocks] = [...document.querySelectorAll('table')].map(rowsOf)
    const losses = await Promise.all(
      WEEKS.slice(1).map(async (week) => {
        const { files, shadow } = await recordOf(week)
        const [own, its] = [await seriesIn(files.json), await seriesIn(shadow.json)]
        const lost = (of: Published) => {
          const each = SERIES.map((series) => [soldIn(series, week), of.get(series)!] as const)
          return (
            sumOf(each, ([actual, { quantiles }]) => quantileLoss(actual, quantiles)) /
            sumOf(each, ([actual]) => actual)
          )
        }
        return { week, own: lost(own), its: lost(its) }
      }),
    )
    expect(blocks).toEqual(
      losses
        .map(({ week, own, its }) => [day(isoFromDay(mondayAfter(week))), loss(own), loss(its)])
        .reverse(),
    )
    const told = losses.map(({ own, its }) => Math.max(-1, Math.min(1, Math.log(own / its) / 0.15)))
    const stakes = [0.2, 0.4, 0.6, 0.8, 0.95]
    const wealth = stakes.map((stake) => told.reduce((held, x) => held * (1 + stake * x), 1))
    const e = sumOf(wealth, (held) => held) / stakes.length
    const values = new Map(figures.map(([name, value]) => [name, value]))
    expect(values.get('Evidence E that the shadow is better')).toBe(
      `${amount(Number(e.toPrecision(3)))} speaks for it from 20 on`,
    )
    const from = day(isoFromDay(mondayAfter(WEEKS[1])))
    expect(values.get(`Blocks that both forecast, from ${from} on`)).toBe('3')
    expect(document.querySelector('main').textContent).toContain(digest(challenger).slice(0, 10))
  })

  it('how old model and sales are, and which days were compared', async () => {
    const { document } = await pageOf('context.html')
    const said = [...document.querySelectorAll('li')].map((item) => item.textContent)
    const today = mondayAfter(LEARNT + WEEKS.length)
    const { trainedThrough } = await manifest()
    expect(trainedThrough).toBe(isoFromDay(mondayAfter(LEARNT) - 1))
    expect(said).toContainEqual(
      expect.stringContaining(`${trainedThrough}, ${7 * WEEKS.length + 1} days ago`),
    )
    expect(said).toContainEqual(expect.stringContaining(`${isoFromDay(today - 1)}, 1 day ago`))
    expect(said).toContainEqual(
      expect.stringContaining(`${isoFromDay(today - 56)} to ${isoFromDay(today - 1)}`),
    )
  })

  it('since when the version is in production, and by how much it was better when compared', async () => {
    const [row] = await tableOf('versions.html')
    const { trainedThrough } = await manifest()
    const evaluation = JSON.parse(await shown('main:model-registry/production/evaluation.json'))
    const { decidedBy, differences } = evaluation
    const { estimate, low, high } = differences[decidedBy]
    expect(row.slice(0, 3)).toEqual(['v1', day(isoFromDay(mondayAfter(LEARNT))), 'now'])
    expect(row[4]).toBe(day(trainedThrough))
    expect(row[6]).toBe(
      `Weighted quantile loss ${signedPercent(estimate)} (${signedPercent(low)} to ${signedPercent(high)}), against seasonal naive`,
    )
    expect(row[7]).toContain(`${WEEKS.length} blocks`)
  })

  it('what was tried, on which branch, when, and what came of it', async () => {
    const rows = await tableOf('experiments.html')
    const row = rows.find((it) => it[4] === '<b>try</b>')!
    const paths = (await git(project, ['ls-tree', '--name-only', 'ledger', 'runs/'])).trim()
    expect(rows.length).toBe(paths.split('\n').length)
    const run = JSON.parse(await shown(`ledger:${paths.split('\n').at(-1)}`))
    expect(row[0]).toBe(run.model)
    expect(row[1]).toContain('not distinguishable')
    expect(row[2]).toBe(loss(run.metrics[run.comparison.decidedBy]))
    expect(row.slice(4)).toEqual([
      run.branch,
      run.commit.slice(0, 10),
      `${day(run.startedAt.slice(0, 10))} ${run.startedAt.slice(11, 16)}`,
    ])
  })
})

/** Units that the buyer adds to every order. */
const MORE = 5
const ADVISED = 40

type Quantiles = { levels: number[]; values: number[] }
type Published = Map<string, { mean: number; quantiles: Quantiles }>
type Case = { actual: number; lastYear: number; mean: number; quantiles: Quantiles }

/** Of every series every Monday an order, of which somebody made five units more. */
async function decisionsFile(): Promise<Record<string, Uint8Array>> {
  const events = await Promise.all(
    WEEKS.map(async (week) => {
      const monday = mondayAfter(week)
      const span = { from: isoFromDay(monday), through: isoFromDay(monday + 6) }
      const { basis } = await recordOf(week)
      return SERIES.flatMap((series) => {
        const [product, store] = series.split(' ')
        const key = { product, store }
        const advice = { units: ADVISED, onHand: 0, ...span }
        const decided = decisionOn(series, { day: monday, advice, decided: ADVISED + MORE })
        return decided.map((event) => ({
          ...event,
          subject: subjectOf(key),
          data: { ...event.data, ...key, ...(event.type === 'cd4ml.order.v1' && { basis }) },
        }))
      })
    }),
  )
  const { path, bytes } = writtenEvents(
    {
      ledger: '0197c2a0-0000-7000-8000-000000000001',
      cursor: 'c',
      events: events.flat().map((event) => checkRecordedEvent(event, 'an event')),
    },
    1,
  )
  return { [path]: bytes }
}

async function decidedCases(): Promise<Case[]> {
  const weeks = await Promise.all(
    WEEKS.map(async (week) => {
      const published = await seriesIn((await recordOf(week)).files.json)
      return SERIES.map((series) => ({
        actual: soldIn(series, week),
        lastYear: soldIn(series, week - 52),
        ...published.get(series)!,
      }))
    }),
  )
  return weeks.flat()
}

/** What was published on the Monday after so many weeks. */
async function recordOf(week: number) {
  return JSON.parse(await shown(`ledger:forecasts/${published[week - LEARNT]}/record.json`))
}

/** The first week of every series in a file of forecasts, read without the code that wrote it. */
async function seriesIn(path: string): Promise<Published> {
  const text = gunzipSync(await gitBytes(project, ['cat-file', 'blob', `ledger:${path}`]))
  const [heading, ...lines] = text
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return new Map(
    lines.map(({ product, store, mean, quantiles }) => [
      `${product} ${store}`,
      { mean: mean[0], quantiles: { levels: heading.levels, values: quantiles[0] } },
    ]),
  )
}

function soldIn(series: string, week: number): number {
  const monday = mondayAfter(week)
  const own = SALES.filter(
    (sale) =>
      `${sale.product} ${sale.store}` === series && sale.day >= monday && sale.day < monday + 7,
  )
  return sumOf(own, ({ units }) => units)
}

/** The mean over three levels of twice the pinball loss. */
function quantileLoss(actual: number, { levels, values }: Quantiles): number {
  return sumOf([0.1, 0.5, 0.9], (level) => {
    const error = actual - values[levels.indexOf(level)]
    return (2 / 3) * Math.max(level * error, (level - 1) * error)
  })
}

async function manifest() {
  return JSON.parse(await shown('main:model-registry/production/manifest.json'))
}

async function shown(object: string): Promise<string> {
  return await git(project, ['show', object])
}

async function pageOf(path: string) {
  return parseHTML(await readFile(join(out, path), 'utf8'))
}

async function tableOf(path: string): Promise<string[][]> {
  return rowsOf((await pageOf(path)).document.querySelector('table'))
}

function rowsOf(table: ReturnType<typeof parseHTML>['document']): string[][] {
  return [...table.querySelectorAll('tbody tr')].map((row) =>
    [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? ''),
  )
}

function sumOf<One>(all: readonly One[], value: (one: One) => number): number {
  return all.reduce((sum, one) => sum + value(one), 0)
}

function startingWith(number: string): (text: string) => boolean {
  return (text) => text.startsWith(`${number} `)
}
