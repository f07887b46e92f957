import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../../src/base/git.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import { contentText } from '../../../src/ledger/content.ts'
import { publishedForecasts } from '../../../src/ledger/published-forecasts.ts'
import type { HealthRecord } from '../../../src/monitoring/health/health-record.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import { publishForecasts } from '../../../src/steps/forecasts/publish-forecasts.ts'
import { gatherDashboard } from '../../../src/steps/monitoring/gather-dashboard.ts'
import { type Monitored, monitor } from '../../../src/steps/monitoring/monitor.ts'
import { cd4ml } from '../../project.ts'
import { copyOf } from '../../repository.ts'
import {
  LEARNT,
  mondayAfter,
  monitoredShop,
  morningAfter,
  passWeeks,
  publishEveryWeek,
  SALES,
} from './monitored-shop.ts'

const WEEKS = 3

/** A model for each of two stores, whose forecasts were published at the start of three weeks. */
let project: string

beforeAll(async () => {
  project = await monitoredShop('partition: store')
  await publishEveryWeek(project, WEEKS)
})

describe('a version in parts in production', () => {
  it('publishes one file of all stores and one order of the day, as one model does', async () => {
    const [parts, whole] = await Promise.all(
      [project, await monitoredShop()].map(async (shop) => {
        const copy = await copyOf(shop)
        await passWeeks(copy, LEARNT)
        const out = join(copy, '.cd4ml', 'forecasts')
        await rm(out, { recursive: true, force: true })
        const published = await publishForecasts({
          options: inputsIn(copy, mondayAfter(LEARNT), { data: 'data' }),
          at: morningAfter(LEARNT),
          repository: 'https://github.com/shop/demand',
          language: 'en',
          out,
        })
        if (published.outcome === 'kept') throw new Error(published.problem)
        const { files } = published.record
        const text = contentText(files.json, await readFile(published.json))
        return {
          record: published.record,
          names: await readdir(join(published.json, '..')),
          published: publishedForecasts(text, files.json),
          csv: await readFile(published.csv, 'utf8'),
        }
      }),
    )
    expect(parts.record).toMatchObject({
      model: '2 models by store',
      series: 12,
      orders: { outcome: 'made' },
    })
    expect(parts.names).toEqual(whole.names)
    const named = ({ series }: typeof parts.published) =>
      series.map(({ product, store }) => [product, store])
    expect(named(parts.published)).toEqual(named(whole.published))
    expect(parts.published.from).toEqual(whole.published.from)
    expect(parts.published.levels).toEqual(LEVELS)
    const keys = (csv: string) => csv.split('\n').map((line) => line.split(',').slice(0, 2))
    expect(keys(parts.csv)).toEqual(keys(whole.csv))
  })

  it('is monitored by what it published, which its parts make again to the digit', async () => {
    const { health } = await monitored(project)
    expect(health.production.model).toBe('2 models by store')
    expect(health.blocks.map(({ forecasts }) => forecasts)).toEqual(Array(WEEKS).fill('published'))
    expect(health.ledger.checked).toMatchObject({ outcome: 'same', series: 12, otherwise: 0 })
    const { versions, products } = await gatherDashboard(inputOf(project))
    expect(versions).toHaveLength(1)
    expect(products).toHaveLength(12)
  })

  it('is monitored where nothing was published, by forecasts that its parts make of the sales then', async () => {
    const silent = await copyOf(project)
    const before = await monitored(project)
    await git(silent, ['branch', '--force', 'ledger', 'ledger~1'])
    const { health } = await monitored(silent)
    expect(health.blocks.map(({ forecasts }) => forecasts)).toEqual([
      'published',
      'published',
      'reproduced',
    ])
    const lost = ({ blocks }: HealthRecord) => {
      const block = blocks[WEEKS - 1]
      return block.outcome === 'cannot tell' ? Number.NaN : block.loss.model
    }
    // Published are five digits.
    expect(lost(health) / lost(before.health)).toBeCloseTo(1, 3)
  })

  it('of an earlier day says what was known then, and nothing later', async () => {
    const then = await copyOf(project)
    await passWeeks(then, LEARNT + 2)
    const now = inputOf(project)
    const day = mondayAfter(LEARNT + 2) - 1
    const earlier = await monitor({ ...now, options: { ...now.options, asOf: day } })
    const alone = await monitor({
      options: inputsIn(then, mondayAfter(LEARNT + 2), { data: 'data' }),
      at: morningAfter(LEARNT + 2),
    })
    if (earlier.outcome !== 'monitored' || alone.outcome !== 'monitored') throw new Error('nothing')
    for (const key of ['standing', 'blocks', 'accuracy', 'drift', 'supply'] as const) {
      expect(earlier.health[key], key).toEqual(alone.health[key])
    }
    expect(earlier.health.blocks).toHaveLength(2)
  })

  it('says of each store what a project with its sales alone says of it', async () => {
    const { health } = await monitored(project)
    const of = (accuracy: HealthRecord['accuracy'], by: string, name: string) => {
      const { rows, model, naive } = accuracy.find((one) => one.by === by && one.name === name)!
      return { rows, model, naive }
    }
    const own = SALES.filter(({ store }) => store === 'harbour')
    const alone = await monitoredShop('', own)
    await publishEveryWeek(alone, WEEKS, own)
    const { health: itsOwn } = await monitored(alone)
    expect(of(health.accuracy, 'store', 'harbour')).toEqual(of(itsOwn.accuracy, 'all', ''))
  })

  it('is known to doctor', async () => {
    const { stdout, stderr } = await cd4ml(project, ['doctor'])
    expect(stdout + stderr).toContain('version 1, 2 models by store')
  })
})

function inputOf(shop: string) {
  return {
    options: inputsIn(shop, mondayAfter(LEARNT + WEEKS), { data: 'data' }),
    at: morningAfter(LEARNT + WEEKS),
  }
}

async function monitored(shop: string): Promise<Extract<Monitored, { outcome: 'monitored' }>> {
  const found = await monitor(inputOf(shop))
  if (found.outcome !== 'monitored') throw new Error(JSON.stringify(found))
  return found
}
