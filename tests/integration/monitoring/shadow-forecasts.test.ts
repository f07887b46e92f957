import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { contentFile, contentText } from '../../../src/ledger/content.ts'
import type { MadeForecasts } from '../../../src/ledger/forecast-record.ts'
import { publishedForecasts } from '../../../src/ledger/published-forecasts.ts'
import { shadowPath } from '../../../src/ledger/shadow.ts'
import { digest } from '../../../src/registry/manifest.ts'
import { aboutArtifact } from '../../../src/registry/model-parts.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import { modelInProduction, openForecasts } from '../../../src/steps/forecasts/open-forecasts.ts'
import { publishForecasts } from '../../../src/steps/forecasts/publish-forecasts.ts'
import { shadowForecasts } from '../../../src/steps/forecasts/shadow-forecasts.ts'
import { takeForecasts } from '../../../src/steps/monitoring/taken-records.ts'
import { copyOf } from '../../repository.ts'
import { LAST_DAY } from '../ordering-shop.ts'
import { ownRun } from '../record-fixture.ts'
import {
  comparedRun,
  fetchedLedger,
  ledgerFiles,
  type ShadowShop,
  shadowShop,
} from './shadow-shop.ts'

const AT = '2026-11-02T09:45:00.000Z'

let shop: ShadowShop
let project: string
/** What is published where nothing is tried beside production. */
let alone: Files

beforeAll(async () => {
  shop = await shadowShop()
  project = await copyOf(shop.folder)
  alone = (await publish()).files
})

describe('a model that could not be told from production', () => {
  it('forecasts beside it, at the same moment and for the same periods, in a file of its own', async () => {
    await fetchedLedger(project, goodLedger())
    const { record, files } = await publish()
    const { json, ...shadow } = made(record)
    expect(shadow).toEqual({
      outcome: 'made',
      model: digest(shop.challenger),
      name: 'moving-average (window 5)',
      recipe: '1'.repeat(40),
      run: '20261102T093000000Z-0a1b2c3d',
    })
    const [own, beside] = [record.files.json, json].map((path) => {
      const file = path === json ? 'shadow.ndjson.gz' : 'forecasts.ndjson.gz'
      return publishedForecasts(contentText(path, files.get(file)!), file)
    })
    const { series: ofProduction, ...heading } = own
    expect(beside).toMatchObject(heading)
    expect(beside.series.map(({ product }) => product)).toEqual(
      ofProduction.map(({ product }) => product),
    )
    expect(beside.series).not.toEqual(ofProduction)
    expectUnchanged(files)
  })

  it('is recorded with production’s forecasts, which a shadow that got lost on the way keeps from nobody', async () => {
    await fetchedLedger(project, goodLedger())
    await publish()
    const taken = () => takeForecasts(join(project, '.cd4ml/forecasts'), ownRun(project, 'main'))
    const [whole] = (await taken()).events
    expect(whole).toMatchObject({ record: { shadow: { outcome: 'made' } } })
    expect(whole.contents?.size).toBe(4)
    const [id] = await readdir(join(project, '.cd4ml/forecasts'))
    const file = join(project, '.cd4ml/forecasts', id, 'shadow.ndjson.gz')
    for (const damage of [() => rm(file), () => writeFile(file, 'no gzip')]) {
      await damage()
      const { events, leftOut } = await taken()
      expect(leftOut).toEqual([])
      expect(events).toMatchObject([{ record: { shadow: { outcome: 'none' } } }])
      expect(events[0].contents?.size).toBe(3)
    }
  })

  it('is nobody where the policy wants none, or another version is in production', async () => {
    await fetchedLedger(project, goodLedger())
    await setPolicy((policy) => stringify({ ...parse(policy), monitoring: { shadow: 'none' } }))
    expect((await publish()).record.shadow).toBeUndefined()
    await setPolicy((policy) => stringify({ ...parse(policy), monitoring: { shadow: 'newest' } }))
    const later = { ...shop.production, version: 2 }
    await fetchedLedger(
      project,
      ledgerFiles([comparedRun(shop.challenger, later)], [shop.challenger]),
    )
    expect((await publish()).record.shadow).toBeUndefined()
  })
})

describe('production’s forecasts stay byte for byte what they are, and the record says why there is no other', () => {
  it.each<[string, () => Record<string, string | Uint8Array>, RegExp]>([
    ['is not there', () => ledgerFiles([runOf(shop.challenger)], []), /has not kept the model/],
    ['was cut off', () => damaged((bytes) => bytes.subarray(0, -20)), /gzip file/],
    ['is no gzip', () => damaged(() => Buffer.from('PK\x03\x04')), /gzip file/],
    ['is another model', () => damaged(() => contentFile('{}', 'json').bytes), /digest/],
    ['unpacks to more than any', () => damaged(() => gzipSync(Buffer.alloc(7e7))), /at most/],
    ['is no JSON', () => other('not a model'), /JSON/],
    ['is of another format', () => changed({ format: 'cd4ml-model/99' }), /format/],
    ['has a key that nobody knows', () => changed({ run: 'rm -rf /' }), /run/],
    ['knows other series', () => changed({ series: ['X1', 'X2'] }), /knows none of the 4 series/],
    ['has seen what it forecasts', () => changed({ trainedThrough: '2099-12-31' }), /has seen/],
    ['has no member', () => changed({ members: [] }), /members/],
    ['forecasts other periods', () => other(byTheDay()), /by the day, and production by the week/],
  ])('where the model of the shadow %s', async (_, ledger, why) => {
    await fetchedLedger(project, ledger())
    const { record, files } = await publish()
    expect(record.shadow).toEqual({ outcome: 'none', problem: expect.stringMatching(why) })
    expectUnchanged(files)
  })

  it('where nobody can read the policy', async () => {
    await fetchedLedger(project, goodLedger())
    await setPolicy(() => 'monitoring: [')
    const { record, files } = await publish()
    const problem = expect.stringContaining('model-registry/policy.yml')
    expect(record.shadow).toEqual({ outcome: 'none', problem })
    expectUnchanged(files)
  })

  it('where a record of it is damaged, or of the year 9999: they are no records', async () => {
    const future = runOf(shop.challenger, {
      id: '99991231T235959999Z-00000000',
      startedAt: '9999-12-31T23:59:59.999Z',
    })
    await fetchedLedger(project, {
      ...ledgerFiles([future], [shop.challenger]),
      'runs/20261102T093000000Z-0a1b2c3d.json': '{',
    })
    const { record, files } = await publish()
    expect(record.shadow).toBeUndefined()
    expectUnchanged(files)
  })

  it('where the shadow forecasts the largest number that there is', async () => {
    await fetchedLedger(project, other(exploding()))
    const { files } = await publish()
    expectUnchanged(files)
  })

  it('where the shadow takes longer than anybody waits for it', async () => {
    await fetchedLedger(project, goodLedger())
    const { artifact, source } = (await modelInProduction(project))!
    const opened = await openForecasts(artifact, options())
    if (opened.outcome === 'invalid') throw new Error('the sales are valid')
    const { version, files } = source.version.manifest
    const basis = { version, model: files['model.json'], data: '', salesThrough: '' }
    const slow = await shadowForecasts(
      { model: aboutArtifact(artifact), ...opened, basis },
      { project, at: AT },
      0,
    )
    expect(slow?.said).toEqual({ outcome: 'none', problem: expect.stringContaining('longer than') })
  })
})

type Files = Map<string, Buffer>

/** Until the end of the test. */
async function setPolicy(change: (text: string) => string): Promise<void> {
  const file = join(project, 'model-registry/policy.yml')
  const before = await readFile(file, 'utf8')
  onTestFinished(() => writeFile(file, before))
  await writeFile(file, change(before))
}

async function publish(): Promise<{ record: MadeForecasts; files: Files }> {
  const out = join(project, '.cd4ml/forecasts')
  await rm(out, { recursive: true, force: true })
  const published = await publishForecasts({
    options: options(),
    out,
    at: AT,
    repository: 'https://github.com/shop/demand',
    language: 'en',
  })
  if (published.outcome === 'kept') throw new Error(published.problem)
  const [id] = await readdir(out)
  const names = await readdir(join(out, id))
  const files = await Promise.all(names.map((name) => readFile(join(out, id, name))))
  return { record: published.record, files: new Map(names.map((name, i) => [name, files[i]])) }
}

function options() {
  return inputsIn(project, LAST_DAY + 1, { data: 'data' })
}

/** All but what says it of the shadow. */
function expectUnchanged(files: Files): void {
  const of = (published: Files) => {
    const { 'record.json': record, 'shadow.ndjson.gz': _, ...rest } = Object.fromEntries(published)
    const { shadow: __, ...said } = JSON.parse(record.toString())
    return { ...rest, said }
  }
  expect(of(files)).toEqual(of(alone))
}

function made({ shadow }: MadeForecasts) {
  if (shadow?.outcome !== 'made') throw new Error(JSON.stringify(shadow))
  return shadow
}

function runOf(model: Uint8Array, changes: Parameters<typeof comparedRun>[2] = {}) {
  return comparedRun(model, shop.production, changes)
}

function goodLedger() {
  return ledgerFiles([runOf(shop.challenger)], [shop.challenger])
}

/** The ledger with other bytes where the model is kept. */
function damaged(by: (bytes: Uint8Array) => Uint8Array) {
  const path = shadowPath(digest(shop.challenger))
  const files = goodLedger()
  return { ...files, [path]: by(Buffer.from(files[path])) }
}

/** A ledger that keeps another text for the model, under the digest of that. */
function other(text: string) {
  return ledgerFiles([runOf(Buffer.from(text))], [Buffer.from(text)])
}

function changed(keys: Record<string, unknown>) {
  return other(canonicalJson({ ...challenger(), ...keys }))
}

// biome-ignore lint/suspicious/noExplicitAny: a model that is to be broken
function challenger(): any {
  return JSON.parse(shop.challenger.toString())
}

/** A calibration by which every forecast is without bounds. */
function exploding(): string {
  const model = challenger()
  const { classes } = model.calibration
  for (const one of classes) one.quantiles = one.quantiles.map((q: number[]) => q.map(() => 1e308))
  model.calibration.growth = model.calibration.growth.map(() => 1e308)
  return canonicalJson(model)
}

function byTheDay(): string {
  const model = challenger()
  model.recipe.frequency = 'day'
  return canonicalJson(model)
}
