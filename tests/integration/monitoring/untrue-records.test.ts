import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { isoFromDay } from '../../../src/base/day.ts'
import { git, gitBytes } from '../../../src/base/git.ts'
import { contentFile, contentText } from '../../../src/ledger/content.ts'
import type { MadeForecasts } from '../../../src/ledger/forecast-record.ts'
import { momentOf } from '../../../src/ledger/plausible.ts'
import {
  type PublishedForecasts,
  publishedForecasts,
  publishedText,
} from '../../../src/ledger/published-forecasts.ts'
import { driftSigns } from '../../../src/monitoring/drift/drift-signs.ts'
import type { HealthRecord } from '../../../src/monitoring/health/health-record.ts'
import { asParent, newManifest } from '../../../src/registry/manifest.ts'
import { readVersion, treeWithVersion, type Version } from '../../../src/registry/production.ts'
import { healthReasons } from '../../../src/reporting/health-sentences.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import { type Monitored, monitor } from '../../../src/steps/monitoring/monitor.ts'
import { copyOf, temporaryFolder } from '../../repository.ts'
import type { Sale } from '../../shop.ts'
import {
  appendToLedger,
  LEARNT,
  mondayAfter,
  monitoredShop,
  morningAfter,
  passWeeks,
  publishAfter,
  publishEveryWeek,
  SALES,
} from './monitored-shop.ts'

const WEEKS = 3

/** Three weeks after the promotion, with a publication at the start of each. */
let honest: string
let ids: string[]
let truth: HealthRecord

beforeAll(async () => {
  honest = await copyOf(await monitoredShop())
  ids = await publishEveryWeek(honest, WEEKS)
  truth = await healthOf(honest)
})

describe('a damaged record takes nothing from what is known of production', () => {
  it('where all are whole, nothing is left out, and one of them was made again', () => {
    expect(truth.ledger).toMatchObject({ publications: 3, orphaned: 0, leftOut: [] })
    expect(truth.ledger.checked).toMatchObject({ outcome: 'same', series: 12, otherwise: 0 })
    expect(truth.blocks.map(({ forecasts }) => forecasts)).toEqual(Array(3).fill('published'))
  })

  it('whatever is wrong with it: what was forecast is made again, and the record is named', async () => {
    const [first, second, third] = await Promise.all(ids.map((_, week) => published(honest, week)))
    const content = (made: Made, bytes: Uint8Array) => ({ [made.record.files.json]: bytes })
    const damages: Record<string, string | Uint8Array>[] = [
      {
        ...content(first, Buffer.from('1f8b08', 'hex')),
        ...content(second, contentFile('{}\n', 'ndjson').bytes),
        [pathOf(ids[2])]: canonicalJson({ ...third.record, series: 11 }),
      },
      {
        [pathOf(ids[0])]: '{"format": "cd4ml-fore',
        [pathOf(ids[1])]: '{"format":"cd4ml-run/1"}',
        [pathOf(ids[2])]: canonicalJson({ ...third.record, series: 1e300 }),
      },
    ]
    for (const damage of damages) {
      const project = await copyOf(honest)
      await appendToLedger(project, damage)
      const health = await healthOf(project)
      expect(health.ledger.leftOut.map(({ file }) => file).sort()).toEqual(ids.map(pathOf).sort())
      expect(new Set(health.blocks.map(({ forecasts }) => forecasts))).toEqual(
        new Set(['reproduced']),
      )
      // Without a record of the week of the promotion, the first whole one after it counts first.
      const lost = lossesOf(truth).slice(-health.blocks.length)
      expect(lost.length).toBeGreaterThanOrEqual(2)
      // As published, but for the digits beyond the fifth.
      lossesOf(health).forEach((loss, block) => {
        expect(loss).toBeCloseTo(lost[block], 4)
      })
    }
  })
})

it('a flood of damaged records hides neither the true ones nor how many they are', async () => {
  const project = await copyOf(honest)
  const flood = Array.from({ length: 120 }, (_, i) => {
    const id = `20250301T0700${String(i).padStart(5, '0')}Z-0a1b2c3d`
    return [pathOf(id), '{}']
  })
  await appendToLedger(project, Object.fromEntries(flood))
  const health = await healthOf(project)
  expect(health.blocks).toEqual(truth.blocks)
  expect(health.ledger.leftOut).toHaveLength(100)
  expect(health.ledger.moreLeftOut).toBe(20)
  expect(healthReasons(health, 'en').join(' ')).toContain('120 records')
})

type Made = { record: MadeForecasts; forecasts: PublishedForecasts }

describe('nobody makes evidence by writing a record', () => {
  it('of what was not in production then, or could not know what it says', async () => {
    const { record, forecasts } = tripled(await published(honest, 1))
    const basis = record.basis!
    const through = isoFromDay(mondayAfter(LEARNT + 2) - 1)
    const forged: Record<string, Partial<MadeForecasts>> = {
      'another version': { version: 7, basis: { ...basis, version: 7 } },
      'another model': { basis: { ...basis, model: 'f'.repeat(64) } },
      'the sales of the week': {
        salesThrough: through,
        basis: { ...basis, salesThrough: through },
      },
      'days that it has learnt': { from: isoFromDay(mondayAfter(LEARNT - 1)) },
      'a moment to come': { at: '2029-03-10T08:00:00.000Z' },
      'a moment before the promotion': { at: '2024-06-03T08:00:00.000Z' },
    }
    const project = await copyOf(honest)
    const made: Record<string, string> = {}
    for (const [what, change] of Object.entries(forged)) {
      made[what] = await forge(project, { ...record, ...change }, publishedText(forecasts))
    }
    made['another moment'] = await forge(
      project,
      record,
      publishedText(forecasts),
      '2025-03-03T07:00:00.000Z',
    )
    // What is to come is not looked at.
    const { 'a moment to come': _, ...leftOut } = made
    await expectTruth(project, Object.values(leftOut))
  })

  it('with what is not as forecasts are published', async () => {
    const { record, forecasts } = tripled(await published(honest, 1))
    const text = publishedText(forecasts)
    const spoilt = {
      'a series twice': text.replace(/\n(.*P2.*centre.*)\n(.*)\n/, '\n$1\n$1\n'),
      'a number that nobody sells': text.replace(/"mean":\[[^,]*/, '"mean":[1e300'),
      'what is no number': text.replace(/"mean":\[[^,]*/, '"mean":[NaN'),
      'quantiles that fall': text.replace(/"quantiles":\[\[[^,]*/, '"quantiles":[[1e6'),
      'fewer lines than it says': text.split('\n').slice(0, -2).join('\n').concat('\n'),
      nothing: '',
    }
    const project = await copyOf(honest)
    const made: string[] = []
    for (const [what, changed] of Object.entries(spoilt)) {
      expect(changed, what).not.toBe(text)
      made.push(await forge(project, record, changed))
    }
    await expectTruth(project, made)
  })

  it('that only the model can refute, where the sales that it rests on are in git', async () => {
    const { record, forecasts } = tripled(await published(honest, 1))
    const project = await copyOf(honest)
    await expectTruth(project, [await forge(project, record, publishedText(forecasts))])
  })

  it('that nobody can refute, without the report saying that the model says otherwise', async () => {
    const { record, forecasts } = tripled(await published(honest, 1))
    const project = await copyOf(honest)
    const basis = { ...record.basis!, data: 'e'.repeat(40) }
    const id = await forge(project, { ...record, basis }, publishedText(forecasts))
    const { blocks, ledger } = await healthOf(project)
    expect(blocks[1]).not.toEqual(truth.blocks[1])
    expect(ledger.checked).toMatchObject({
      id,
      outcome: 'otherwise by the sales of today',
      series: 12,
      otherwise: 12,
    })
  })
})

describe('what became of the forecasts is told by the newest sales', () => {
  it.each([
    ['is late', 0],
    ['ends within the block', 3],
  ])('of a store whose file %s nothing is told until all of it is there', async (_, daysThere) => {
    const project = await copyOf(honest)
    const end = mondayAfter(LEARNT + 2) + daysThere
    const late = ({ store, day }: Sale) => store === 'harbour' && day >= end
    await passWeeks(
      project,
      LEARNT + WEEKS,
      SALES.filter((sale) => !late(sale)),
    )
    const before = await healthOf(project)
    expect(before.blocks.at(-1)).toMatchObject({
      outcome: 'cannot tell',
      reason: 'sales missing',
      stores: ['harbour'],
    })
    await passWeeks(project, LEARNT + WEEKS)
    await report(project, before)
    const after = await healthOf(project, LATER)
    expect(after.blocks).toEqual(truth.blocks)
    const { from, to } = truth.blocks[2]
    expect(after.revised).toEqual([{ from, to, reported: before.at, now: lossesOf(truth)[2] }])
  })

  it('of a store that was closed: nothing, and its name', async () => {
    const project = await copyOf(honest)
    const closed = ({ store, day }: Sale) => store === 'harbour' && day >= mondayAfter(LEARNT)
    await passWeeks(
      project,
      LEARNT + WEEKS,
      SALES.filter((sale) => !closed(sale)),
    )
    const { blocks, standing } = await healthOf(project)
    expect(blocks).toMatchObject(Array(3).fill({ reason: 'sales missing', stores: ['harbour'] }))
    expect(standing).toEqual({ outcome: 'cannot tell', reason: 'no block could be told' })
  })

  it('of sales that were corrected after the report: the newest, and by how much they differ', async () => {
    const project = await copyOf(honest)
    await report(project, truth)
    const isWeek = ({ day }: Sale) =>
      day >= mondayAfter(LEARNT + 1) && day < mondayAfter(LEARNT + 2)
    const corrected = SALES.map((sale) => ({ ...sale, units: sale.units * (isWeek(sale) ? 2 : 1) }))
    await passWeeks(project, LEARNT + WEEKS, corrected)
    const health = await healthOf(project, LATER)
    expect(health.revised).toEqual([
      {
        from: isoFromDay(mondayAfter(LEARNT + 1)),
        to: isoFromDay(mondayAfter(LEARNT + 2) - 1),
        reported: truth.at,
        before: lossesOf(truth)[1],
        now: lossesOf(health)[1],
      },
    ])
  })

  it('of a product that has another name in all files: what was forecast of it is an orphan', async () => {
    const project = await copyOf(honest)
    await passWeeks(
      project,
      LEARNT + WEEKS,
      renamed(() => true),
    )
    const { ledger, blocks } = await healthOf(project)
    expect(ledger.orphaned).toBe(2)
    for (const { knownDemand } of blocks) {
      expect(knownDemand).toBeGreaterThan(0.6)
      expect(knownDemand).toBeLessThan(1)
    }
  })

  it('of a product that has another name from a day on: that the model does not know it', async () => {
    const project = await copyOf(honest)
    await passWeeks(
      project,
      LEARNT + WEEKS,
      renamed(({ day }) => day >= mondayAfter(LEARNT)),
    )
    const { drift } = await healthOf(project)
    expect(driftSigns(drift!)).toContainEqual({
      sign: 'series unknown to the model',
      series: 2,
      share: expect.any(Number),
    })
  })
})

describe('a version is held to nothing that another one forecast', () => {
  it('where it was promoted in the middle of a block, which is then of neither', async () => {
    const project = await copyOf(honest)
    const thursday = isoFromDay(mondayAfter(LEARNT + 2) + 3)
    await promoteAgain(project, `${thursday}T09:00:00.000Z`)
    const health = await healthOf(project)
    expect(health.production.version).toBe(2)
    expect(health.blocks).toEqual([])
    expect(health.standing).toEqual({ outcome: 'cannot tell', reason: 'no block is over yet' })
    expect(health.ledger).toMatchObject({ publications: 3, leftOut: [] })
  })

  it('where the one that it replaced goes on publishing', async () => {
    const project = await copyOf(honest)
    const late = await publishAfter(project, LEARNT + WEEKS)
    const tuesday = isoFromDay(mondayAfter(LEARNT + 2) + 1)
    await promoteAgain(project, `${tuesday}T09:00:00.000Z`)
    await passWeeks(project, LEARNT + WEEKS + 1)
    const found = await monitored(project, morningAfter(LEARNT + WEEKS + 1), WEEKS + 1)
    if (found.outcome !== 'monitored') throw new Error(JSON.stringify(found))
    const { blocks, ledger } = found.health
    expect(blocks).toMatchObject([{ version: 2, forecasts: 'reproduced' }])
    expect(ledger.leftOut).toEqual([
      { file: pathOf(late), problem: expect.stringContaining('version 1 was not in production') },
    ])
  })
})

it('a version that a revert has brought back begins again: neither its first time counts nor that of the other', async () => {
  const project = await copyOf(honest)
  const version = await readVersion(project, 'main')
  if (!version) throw new Error('nothing is in production')
  const [tuesday, wednesday] = [1, 2].map((day) => isoFromDay(mondayAfter(LEARNT + 1) + day))
  await promoteAgain(project, `${tuesday}T09:00:00.000Z`)
  await promote(project, version, `${wednesday}T09:00:00.000Z`)
  const health = await healthOf(project)
  expect(health.production).toMatchObject({ version: 1, since: `${wednesday}T09:00:00.000Z` })
  expect(health.blocks).toMatchObject([
    { from: isoFromDay(mondayAfter(LEARNT + 2)), version: 1, forecasts: 'published' },
  ])
})

describe('a clone that lacks what the record rests on', () => {
  it('of the ledger says that it has none', async () => {
    const project = await copyOf(honest)
    await git(project, ['branch', '-D', 'ledger'])
    expect(await monitored(project)).toEqual({ outcome: 'nothing', reason: 'no ledger' })
  })

  it('of the history refuses to say since when the model is in production, and how to fetch it', async () => {
    const project = join(await temporaryFolder(), 'shallow')
    await git(honest, ['clone', '--quiet', '--depth', '1', `file://${honest}`, project])
    await git(project, ['fetch', '--quiet', '--depth', '1', 'origin', 'ledger:ledger'])
    await expect(monitored(project)).rejects.toThrow(/fetch --unshallow/)
  })
})

/** The health record is that of the honest ledger, and says which records are left out. */
async function expectTruth(project: string, forged: string[]): Promise<void> {
  const { blocks, standing, ledger } = await healthOf(project)
  expect({ blocks, standing }).toEqual({ blocks: truth.blocks, standing: truth.standing })
  expect(ledger.leftOut.map(({ file }) => file).sort()).toEqual(forged.map(pathOf).sort())
}

async function healthOf(project: string, at = morningAfter(LEARNT + WEEKS)): Promise<HealthRecord> {
  const found = await monitored(project, at)
  if (found.outcome !== 'monitored') throw new Error(JSON.stringify(found))
  return found.health
}

function monitored(
  project: string,
  at = morningAfter(LEARNT + WEEKS),
  weeks = WEEKS,
): Promise<Monitored> {
  const options = inputsIn(project, mondayAfter(LEARNT + weeks), { data: 'data' })
  return monitor({ options, at })
}

/** Records what somebody was told. */
async function report(project: string, health: HealthRecord): Promise<void> {
  await appendToLedger(project, {
    [`health/${momentOf(health.at)}-0a1b2c3d.json`]: canonicalJson(health),
  })
}

/** In the evening of the day of the other reports. */
const LATER = morningAfter(LEARNT + WEEKS).replace('T09', 'T20')

/** A second version of the same model is in production from a moment on. */
async function promoteAgain(project: string, at: string): Promise<void> {
  const version = await readVersion(project, 'main')
  if (!version) throw new Error('nothing is in production')
  const { manifest, files } = version
  const { version: _, parent: __, ...origin } = manifest
  await promote(project, { files, manifest: newManifest(files, asParent(manifest), origin) }, at)
}

async function promote(project: string, next: Version, at: string): Promise<void> {
  const tree = await treeWithVersion(project, 'main', next)
  const env = { GIT_COMMITTER_DATE: at, GIT_AUTHOR_DATE: at }
  const made = await git(project, ['commit-tree', tree, '-p', 'main', '-m', 'Promote'], { env })
  await git(project, ['reset', '--quiet', '--hard', made.trim()])
}

function lossesOf({ blocks }: HealthRecord): number[] {
  return blocks.map((block) => ('loss' in block ? block.loss.model : Number.NaN))
}

function pathOf(id: string): string {
  return `forecasts/${id}/record.json`
}

/** What was published at the start of a week. */
async function published(project: string, week: number): Promise<Made> {
  const read = (path: string) => gitBytes(project, ['show', `ledger:${path}`])
  const record = JSON.parse((await read(pathOf(ids[week]))).toString())
  const file = record.files.json
  return { record, forecasts: publishedForecasts(contentText(file, await read(file)), file) }
}

function tripled({ record, forecasts }: Made): Made {
  const series = forecasts.series.map((of) => ({
    ...of,
    mean: of.mean.map((units) => 3 * units),
    quantiles: of.quantiles.map((levels) => levels.map((units) => 3 * units)),
  }))
  return { record, forecasts: { ...forecasts, series } }
}

/** Writes a record an hour before the true one, so that it would be the one that counts. */
async function forge(
  project: string,
  record: MadeForecasts,
  text: string,
  named?: string,
): Promise<string> {
  const at = record.at === morningAfter(LEARNT + 1) ? anHourBefore(record.at) : record.at
  const id = `${momentOf(named ?? at)}-${String(forgeries++).padStart(8, 'f')}`
  const { path, bytes } = contentFile(text, 'ndjson')
  const forged: MadeForecasts = { ...record, at, files: { json: path } }
  await appendToLedger(project, { [pathOf(id)]: canonicalJson(forged), [path]: bytes })
  return id
}

let forgeries = 0

function anHourBefore(at: string): string {
  return new Date(Date.parse(at) - 60 * 60 * 1000).toISOString()
}

function renamed(isRenamed: (sale: Sale) => boolean): Sale[] {
  return SALES.map((sale) =>
    sale.product === 'P1' && isRenamed(sale) ? { ...sale, product: 'Biscuits' } : sale,
  )
}
