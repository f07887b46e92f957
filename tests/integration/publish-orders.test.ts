import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { git, gitBytes } from '../../src/base/git.ts'
import { LEVELS } from '../../src/forecasting/levels.ts'
import { appendTo } from '../../src/github/ledger-branch.ts'
import { contentText } from '../../src/ledger/content.ts'
import { publishedForecasts } from '../../src/ledger/published-forecasts.ts'
import { inputsIn } from '../../src/steps/data/inputs.ts'
import { publishForecasts } from '../../src/steps/forecasts/publish-forecasts.ts'
import { type Recorded, record } from '../../src/steps/monitoring/record.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import { madeWithOrders } from '../unit/reporting/examples.ts'
import { type Place, startPlace } from './github-fixture.ts'
import { LAST_DAY, orderingShop } from './ordering-shop.ts'
import { ownRun } from './record-fixture.ts'

const repository = 'https://github.com/shop/demand'

/** A shop with a model in production. */
let shop: string
let project: string
let place: Place

beforeAll(async () => {
  shop = await orderingShop()
})

beforeEach(async () => {
  project = await copyOf(shop)
  place = await startPlace()
})

describe('every morning buyers find', () => {
  it('the order of the day where it always is, in their language, and the same as CSV', async () => {
    const published = await publish('2026-11-02T09:00:00.000Z')
    expect(published.record.orders).toMatchObject({
      outcome: 'made',
      day: '2024-07-29',
      products: 4,
    })
    expect((await recorded()).outcome).toBe('appended')
    const page = await onLedger('orders.md')
    expect(page).toMatch(/^# Pedido de hoje: 29\/07\/2024\n\nFeito em 29\/07\/2024 por v1 /)
    expect(page).toContain('com as vendas até 28/07/2024, de 1 dia atrás')
    expect(page).toContain(`(${repository}/blob/ledger/orders-excel.csv)`)
    const { orders } = published.record
    expect(orders?.outcome === 'made' && (await unpackedFile(orders.files.page))).toBe(page)
    expect(await onLedger('README.md')).toContain(
      `[Pedido de hoje: 29/07/2024](${repository}/blob/ledger/orders.md): 4 produtos, `,
    )
    expect(await onLedger('orders-excel.csv')).toMatch(/^\ufeffCategoria;Produto;/)
    expect(await onLedger('forecasts-excel.csv')).toMatch(/;Previsão;/)
    expect(await onLedger('orders.csv')).toMatch(/^product_id,order,/)
  })

  it('nothing new where the same is recorded again', async () => {
    await publish('2026-11-02T09:00:00.000Z')
    const { outcome: first, ...before } = await recorded()
    const { outcome: second, ...after } = await recorded()
    expect([first, second]).toEqual(['appended', 'unchanged'])
    expect(after).toEqual(before)
  })

  it('the forecasts of yesterday by the same name where nothing changed, which are not written again', async () => {
    const first = await publish('2026-11-01T09:00:00.000Z')
    await recorded()
    const before = await contentOnLedger()
    const { record: second, json } = await publish('2026-11-02T09:00:00.000Z')
    await recorded()
    expect(second.files).toEqual(first.record.files)
    expect(await contentOnLedger()).toEqual(before)
    const text = contentText(second.files.json, await readFile(json))
    const { levels, series } = publishedForecasts(text, second.files.json)
    expect(levels).toEqual(LEVELS)
    expect(series).toHaveLength(second.series)
  })

  it('the newest, though an older publication is recorded after it', async () => {
    await publish('2026-11-02T09:00:00.000Z')
    await recorded()
    const newest = await onLedger('forecasts.csv')
    await publish('2026-11-01T09:00:00.000Z')
    const [id] = await readdir(join(project, '.cd4ml', 'forecasts'))
    for (const file of ['forecasts.csv', 'orders.csv', 'orders.md']) {
      await put(join(project, '.cd4ml', 'forecasts', id), { [file]: 'older' })
    }
    expect((await recorded()).outcome).toBe('appended')
    expect(await onLedger('forecasts.csv')).toBe(newest)
    expect(await onLedger('orders.csv')).not.toBe('older')
    expect(await onLedger('orders.md')).not.toBe('older')
  })

  it('the last order, marked with its age, where forecasts cannot be made, and unmarked once they can', async () => {
    await publish('2026-10-30T09:00:00.000Z')
    await recorded()
    const page = await onLedger('orders.md')
    await recorded({ problem: 'The data is invalid.' })
    expect(await onLedger('orders.md')).toBe(
      `⚠️ **Este pedido tinha 3 dias quando um mais novo não pôde ser feito.** Em 02/11/2026: The data is invalid.\n\n${page}`,
    )
    await publish('2026-11-02T10:01:00.000Z')
    await recorded()
    expect(await onLedger('orders.md')).not.toContain('⚠️')
  })

  it('the last order also where it was published in the format before, marked and once mended unmarked', async () => {
    const id = '20261030T090000000Z-0a1b2c3d'
    const folder = `forecasts/${id}`
    const earlier = madeWithOrders({
      format: 'cd4ml-forecasts/1',
      at: '2026-10-30T09:00:00.000Z',
      files: { csv: `${folder}/forecasts.csv`, json: `${folder}/forecasts.json` },
    })
    const files = {
      page: `${folder}/orders.md`,
      csv: `${folder}/orders.csv`,
      excel: `${folder}/x.csv`,
    }
    const { orders } = earlier
    if (orders?.outcome !== 'made') throw new Error('there are orders')
    await onEarlierLedger({
      [`${folder}/record.json`]: JSON.stringify({ ...earlier, orders: { ...orders, files } }),
      [`${folder}/orders.md`]: '# Pedido de hoje: 30/10/2026\n',
      [`${folder}/forecasts.csv`]: 'product_id\n',
    })
    await recorded({ problem: 'The data is invalid.' })
    expect(await onLedger('orders.md')).toMatch(
      /^⚠️ .* 3 dias .*\n\n# Pedido de hoje: 30\/10\/2026\n$/,
    )
    expect(await onLedger('README.md')).toContain(
      `(${repository}/blob/ledger/${folder}/forecasts.csv)`,
    )
    await publish('2026-11-02T10:01:00.000Z')
    await recorded()
    expect(await onLedger('orders.md')).toMatch(/^# Pedido de hoje: 29\/07\/2024/)
    expect(await onLedger('README.md')).toContain(`(${repository}/blob/ledger/forecasts.csv)`)
  })

  it('the last order and new forecasts, where nobody can read how the chain buys', async () => {
    await publish('2026-11-01T09:00:00.000Z')
    await recorded()
    await put(project, { 'ordering.yml': 'defaults: { leadTime: soon }\n' })
    const { record } = await publish('2026-11-02T09:00:00.000Z')
    expect(record.orders).toEqual({
      outcome: 'kept',
      problem: expect.stringMatching(/^ordering\.yml: defaults\.leadTime: must be/),
    })
    await recorded()
    expect(await onLedger('forecasts.csv')).toMatch(/^product_id,period/)
    expect(await onLedger('orders.md')).toMatch(
      /^⚠️ \*\*Este pedido tinha 1 dia quando .* Em 02\/11\/2026: ordering\.yml: defaults/,
    )
  })

  it('no order at first where that is broken, which keeps no forecasts from being published', async () => {
    await put(project, { 'ordering.yml': 'leadTime: [\n' })
    await publish('2026-11-02T09:00:00.000Z')
    expect((await recorded()).outcome).toBe('appended')
    const files = await git(place.server.git, ['ls-tree', '--name-only', 'ledger'])
    expect(files.trim().split('\n')).toEqual([
      'README.md',
      'content',
      'forecasts-excel.csv',
      'forecasts.csv',
      'forecasts',
      'leaderboard.json',
    ])
  })

  it('an order on the usual terms that says so, where nobody has said how the chain buys', async () => {
    await rm(join(project, 'ordering.yml'))
    await publish('2026-11-02T09:00:00.000Z')
    await recorded()
    expect(await onLedger('orders.md')).toContain('ℹ️ Não há `ordering.yml`')
  })

  it('yesterday’s order where today’s was killed half way, whichever file is missing', async () => {
    await publish('2026-11-01T09:00:00.000Z')
    await recorded()
    const page = await onLedger('orders.md')
    await publish('2026-11-02T09:00:00.000Z')
    const [id] = await readdir(join(project, '.cd4ml', 'forecasts'))
    const folder = join(project, '.cd4ml', 'forecasts', id)
    for (const file of await readdir(folder)) {
      const bytes = await readFile(join(folder, file))
      await rm(join(folder, file))
      const { leftOut } = await recorded()
      expect(leftOut.forecasts, file).toMatchObject([
        { problem: expect.stringContaining('missing') },
      ])
      await put(folder, { [file]: bytes })
    }
    expect(await onLedger('orders.md')).toBe(page)
  })
})

/** As the job that forecasts does, on the day after the last sales; what an earlier run left is gone. */
async function publish(at: string) {
  const out = join(project, '.cd4ml', 'forecasts')
  await rm(out, { recursive: true, force: true })
  const options = inputsIn(project, LAST_DAY + 1, { data: 'data' })
  const published = await publishForecasts({ options, out, at, repository, language: 'pt-BR' })
  if (published.outcome === 'kept') throw new Error(published.problem)
  return published
}

/** As the job that records does. */
function recorded({ problem }: { problem?: string } = {}): Promise<Recorded> {
  const at = problem === undefined ? '2026-11-02T10:02:00.000Z' : '2026-11-02T10:00:00.000Z'
  const own = { ...ownRun(project, 'main'), at }
  const what =
    problem === undefined ? { forecasts: join(project, '.cd4ml/forecasts') } : { problem }
  return record(appendTo(place.github), { own, ...what, repository, language: 'pt-BR' })
}

async function unpackedFile(path: string): Promise<string> {
  return contentText(path, await gitBytes(place.server.git, ['show', `ledger:${path}`]))
}

/** A ledger as cd4ml of an earlier day has left it, but for its list. */
async function onEarlierLedger(files: Record<string, string>): Promise<void> {
  const { clone } = place
  await git(clone, ['switch', '--quiet', '--orphan', 'ledger'])
  await put(clone, files)
  await commitAll(clone, 'Record forecasts of version 3')
  await git(clone, ['push', '--quiet', 'origin', 'ledger'])
}

async function contentOnLedger(): Promise<string[]> {
  const listed = await git(place.server.git, ['ls-tree', '-r', 'ledger', 'content'])
  return listed.trim().split('\n')
}

function onLedger(path: string): Promise<string> {
  return git(place.server.git, ['show', `ledger:${path}`])
}
