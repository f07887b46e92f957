import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { git, gitBytes } from '../../../src/base/git.ts'
import { contentText } from '../../../src/ledger/content.ts'
import { momentOf } from '../../../src/ledger/plausible.ts'
import { publishedForecasts } from '../../../src/ledger/published-forecasts.ts'
import { shadowPath } from '../../../src/ledger/shadow.ts'
import { healthKind } from '../../../src/monitoring/health/kept-health.ts'
import { asParent, digest, type Parent } from '../../../src/registry/manifest.ts'
import { readWorkingVersion } from '../../../src/registry/production.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import { publishForecasts } from '../../../src/steps/forecasts/publish-forecasts.ts'
import { readTriedShadow } from '../../../src/steps/model/tried-shadow.ts'
import { monitor } from '../../../src/steps/monitoring/monitor.ts'
import { succeed } from '../../project.ts'
import { copyOf, put } from '../../repository.ts'
import { recipe } from '../../shop.ts'
import {
  appendToLedger,
  LEARNT,
  mondayAfter,
  monitoredShop,
  morningAfter,
  passWeeks,
  publishAfter,
} from './monitored-shop.ts'
import { comparedRun, ledgerFiles } from './shadow-shop.ts'

const WEEKS = 2

/** One model in production, and a challenger with one of each store tried beside it for two weeks. */
let project: string
let production: Parent
let index: Buffer
let parts: Buffer[]

beforeAll(async () => {
  project = await monitoredShop()
  production = asParent((await readWorkingVersion(project))!.manifest)
  const { 'recipe.yml': text } = recipe('moving-average: { window: 3 }')
  await put(project, { 'recipe.yml': `${text}partition: store\n` })
  await succeed(project, ['train'])
  const folder = join(project, '.cd4ml/challenger')
  index = await readFile(join(folder, 'model.json'))
  const names = await readdir(join(folder, 'parts'))
  parts = await Promise.all(names.map((name) => readFile(join(folder, 'parts', name))))
  await put(project, recipe('moving-average: { window: 8 }'))
  const startedAt = morningAfter(LEARNT)
  const run = comparedRun(index, production, {
    id: `${momentOf(startedAt)}-0a1b2c3d`,
    startedAt,
    model: '2 models by store',
  })
  await appendToLedger(project, ledgerFiles([run], [index, ...parts]))
  for (let weeks = LEARNT; weeks < LEARNT + WEEKS; weeks++) {
    await passWeeks(project, weeks)
    await publishAfter(project, weeks)
  }
  await passWeeks(project, LEARNT + WEEKS)
})

it('a challenger in parts forecasts beside production what its parts forecast', async () => {
  const { record, bytes } = await publish(project)
  if (record.shadow?.outcome !== 'made') throw new Error(JSON.stringify(record.shadow))
  expect(record.shadow).toMatchObject({ name: '2 models by store', model: digest(index) })
  const path = record.shadow.json
  const beside = publishedForecasts(contentText(path, bytes('shadow.ndjson.gz')), path)
  expect(beside.series).toHaveLength(12)
  const own = publishedForecasts(
    contentText(record.files.json, bytes('forecasts.ndjson.gz')),
    record.files.json,
  )
  expect(beside.from).toEqual(own.from)
  // The mean of the last three weeks of each series, which its store's own model says.
  const learnt = beside.series.map(({ mean }) => mean[0])
  expect(learnt).not.toEqual(own.series.map(({ mean }) => mean[0]))
})

it('is judged on the blocks that both forecast, and told to the reviewer of the next challenger', async () => {
  const found = await monitor(inputOf(project))
  if (found.outcome !== 'monitored') throw new Error(JSON.stringify(found))
  expect(found.health.shadow).toMatchObject({
    outcome: 'judged',
    shadow: { name: '2 models by store', model: digest(index) },
    blocks: WEEKS,
    untold: 0,
  })
  for (const block of found.health.blocks) {
    expect(block).toMatchObject({ loss: { shadow: expect.any(Number) } })
  }
  const { at } = found.health
  await appendToLedger(project, {
    [healthKind.path(`${momentOf(at)}-0a1b2c3d`)]: canonicalJson(found.health),
  })
  expect(
    await readTriedShadow(
      project,
      { recipe: '1'.repeat(40), production },
      `${at.slice(0, 10)}T23:00:00.000Z`,
    ),
  ).toMatchObject({ name: '2 models by store', digest: digest(index), recipe: 'the same' })
})

it('is left out, and production’s forecasts are what they were, where one of its parts is gone or another', async () => {
  const alone = await publish(project)
  const [first] = parts.map((part) => shadowPath(digest(part)))
  const whole = await gitBytes(project, ['show', `ledger:${shadowPath(digest(index))}`])
  for (const [damage, why] of [
    ['no gzip', /gzip/],
    [whole, /digest/],
  ] as const) {
    const copy = await copyOf(project)
    await appendToLedger(copy, { [first]: damage })
    const { record, bytes } = await publish(copy)
    expect(record.shadow).toEqual({ outcome: 'none', problem: expect.stringMatching(why) })
    expect(bytes('forecasts.ndjson.gz')).toEqual(alone.bytes('forecasts.ndjson.gz'))
  }
  const without = await copyOf(project)
  await git(without, ['update-ref', '-d', 'refs/heads/ledger'])
  const run = comparedRun(index, production, {
    id: `${momentOf(morningAfter(LEARNT))}-0a1b2c3d`,
    startedAt: morningAfter(LEARNT),
  })
  await appendToLedger(without, ledgerFiles([run], [index]))
  const { record } = await publish(without)
  expect(record.shadow).toEqual({ outcome: 'none', problem: expect.stringMatching(/not kept/) })
})

function inputOf(shop: string) {
  const today = mondayAfter(LEARNT + WEEKS)
  return { options: inputsIn(shop, today, { data: 'data' }), at: morningAfter(LEARNT + WEEKS) }
}

async function publish(shop: string) {
  const out = join(shop, '.cd4ml', 'forecasts', 'now')
  const published = await publishForecasts({
    ...inputOf(shop),
    repository: 'https://github.com/shop/demand',
    language: 'en',
    out,
  })
  if (published.outcome === 'kept') throw new Error(published.problem)
  const folder = join(published.json, '..')
  const names = await readdir(folder)
  const files = new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, name))] as const),
    ),
  )
  return { record: published.record, bytes: (name: string) => files.get(name)! }
}
