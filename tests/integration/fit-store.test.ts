import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { serialize } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { codeDigest } from '../../src/base/code-digest.ts'
import { sealedBytes } from '../../src/base/sealed.ts'
import { backtestRecipe, scoredRows } from '../../src/evaluation/backtest.ts'
import { type FitStore, fitStore } from '../../src/evaluation/search/fit-store.ts'
import type { FitResult } from '../../src/evaluation/search/fit-task.ts'
import { openHistory } from '../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../src/evaluation/search/search.ts'
import { put, temporaryFolder } from '../repository.ts'
import { totalsOf } from '../unit/demand/totals.ts'
import { OPENING, recipeOf, shopSales, upTo } from '../unit/evaluation/shop.ts'

const recipe = recipeOf({
  families: {
    'seasonal-naive': {},
    'moving-average': { window: 4 },
    'exponential-smoothing': {},
    theta: {},
    ridge: {},
    'boosted-trees': { trees: 5 },
  },
})
const totals = totalsOf(shopSales(30))

describe('a run after another one', () => {
  it('fits nothing, and comes to the same bytes, whichever family it asks for', async () => {
    const folder = await temporaryFolder()
    const anew = await resultWith(undefined)
    const first = counted(fitStore(folder))
    expect(await resultWith(first)).toBe(anew)
    expect(first.made).toBeGreaterThan(20)
    const second = counted(fitStore(folder))
    expect(await resultWith(second)).toBe(anew)
    expect(second.made).toBe(0)
  })

  it('fits nothing that another process has fitted, even one beside it', async () => {
    const folder = await temporaryFolder()
    const beside = await Promise.all([trainedElsewhere(folder), trainedElsewhere(folder)])
    const store = counted(fitStore(folder))
    const { model } = await trainedAfter(30, store)
    expect(beside).toEqual([model, model])
    expect(store.made).toBe(0)
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([])
  })

  it('fits nothing again of the days before, once there are more sales', async () => {
    const folder = await temporaryFolder()
    const before = await trainedAfter(27, fitStore(folder))
    const store = counted(fitStore(folder))
    const { fits, search } = await trainedAfter(30, store)
    const again = search.origins.filter((day) => before.search.origins.includes(day))
    expect(again).toHaveLength(1)
    const lastDay = before.search.candidates.filter(({ chosen }) => chosen)
    expect(store.made).toBe(fits - search.candidates.length - lastDay.length)
  })
})

describe('what the store cannot vouch for is fitted again:', () => {
  const fit: FitResult = {
    parameters: '{"window":4}',
    mean: Float64Array.of(1, -0, Number.NaN, 1e-300),
    shape: { median: Float64Array.of(1, 2, 3, 4), width: Float64Array.of(5, 6, 7, 8) },
  }
  const [key, other] = ['a'.repeat(64), 'b'.repeat(64)]

  it('a fit comes back as it was put, bit by bit', async () => {
    const store = fitStore(await temporaryFolder())
    expect(await store.get(key)).toBeUndefined()
    await store.put(key, fit)
    expect(await store.get(key)).toStrictEqual(fit)
    expect(await store.get(other)).toBeUndefined()
  })

  it('a file that was cut off, has another bit anywhere, or has grown', async () => {
    const folder = await temporaryFolder()
    const store = fitStore(folder)
    await store.put(key, fit)
    const whole = await readFile(join(folder, key))
    const damaged = [
      ...[...whole.keys()].map((length) => whole.subarray(0, length)),
      ...[...whole.keys()].map((at) => whole.with(at, whole[at] ^ (1 << (at % 8)))),
      Buffer.concat([whole, Buffer.from('\n')]),
    ]
    for (const content of damaged) {
      await writeFile(join(folder, key), content)
      expect(await store.get(key)).toBeUndefined()
    }
    await store.put(key, fit)
    expect(await store.get(key)).toStrictEqual(fit)
  })

  it('the whole file of another fit', async () => {
    const folder = await temporaryFolder()
    const store = fitStore(folder)
    await store.put(other, { ...fit, parameters: '{"window":8}' })
    await copyFile(join(folder, other), join(folder, key))
    expect(await store.get(key)).toBeUndefined()
  })

  it('bytes of any content, even where whoever wrote them has sealed them', async () => {
    const folder = await temporaryFolder()
    const store = fitStore(folder)
    const sizes = fc.tuple(fc.nat(6), fc.nat(40)).map((pair) => new Uint8Array(sizesOf(...pair)))
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.tuple(sizes, fc.uint8Array({ maxLength: 100 })).map((parts) => Buffer.concat(parts)),
      fc.constant(Buffer.from(serialize(fit))),
      fc.constant(Buffer.concat([sizesOf(2 ** 32 - 1, 2 ** 32 - 1), Buffer.alloc(100)])),
    )
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        await writeFile(join(folder, key), sealedBytes(key, bytes))
        const found = await store.get(key)
        // Where it is of the right form, it holds no more than the bytes did.
        const numbers = found ? found.mean.length * (found.shape ? 3 : 1) : 0
        expect(8 * numbers).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 200 },
    )
  })

  it('a file that is larger than any fit of what is asked for, unread', async () => {
    const folder = await temporaryFolder()
    const anew = await trainedAfter(27, fitStore(folder))
    for (const name of await readdir(folder)) await truncate(join(folder, name), 2 ** 30)
    const { model, search } = await trainedAfter(27, fitStore(folder))
    expect({ model, search }).toEqual({ model: anew.model, search: anew.search })
  })

  it('a link, whatever it leads to', async () => {
    const folder = await temporaryFolder()
    const store = fitStore(folder)
    await store.put(key, fit)
    await rename(join(folder, key), join(folder, 'elsewhere'))
    await symlink(join(folder, 'elsewhere'), join(folder, key))
    expect(await store.get(key)).toBeUndefined()
  })

  it.each<[string, (made: FitResult) => FitResult]>([
    ['too few numbers', ({ mean, ...made }) => ({ ...made, mean: mean.subarray(1) })],
    ['a number that is none', (made) => ({ ...made, mean: made.mean.with(0, Number.NaN) })],
    ['a number beyond all', (made) => ({ ...made, mean: made.mean.with(0, 1 / 0) })],
    [
      'a shape of another size',
      (made) => ({ ...made, shape: { median: made.mean, width: made.mean.subarray(1) } }),
    ],
    ['no parameters', (made) => ({ ...made, parameters: '' })],
    ['parameters of no family', (made) => ({ ...made, parameters: '{"__proto__":{"window":1}}' })],
    ['parameters that are no object', (made) => ({ ...made, parameters: '[]' })],
  ])('%s, well sealed, in the place of every fit', async (_, spoil) => {
    const spoilt = new Map<string, FitResult>()
    const store: FitStore = {
      get: async (key) => spoilt.get(key),
      put: async (key, fit) => void spoilt.set(key, spoil(fit)),
    }
    const anew = await trainedAfter(30, store)
    const { model, search } = await trainedAfter(30, counted(store))
    expect({ model, search }).toEqual({ model: anew.model, search: anew.search })
  })

  it('and where nothing can be read or written, a run comes to the same all the same', async () => {
    const folder = await temporaryFolder()
    await put(folder, { file: 'a file in the way' })
    await mkdir(join(folder, 'fits', key), { recursive: true })
    const inTheWay = fitStore(join(folder, 'file'))
    await inTheWay.put(key, fit)
    expect(await inTheWay.get(key)).toBeUndefined()
    const folderInTheWay = fitStore(join(folder, 'fits'))
    await folderInTheWay.put(key, fit)
    expect(await folderInTheWay.get(key)).toBeUndefined()
    expect(await readdir(join(folder, 'fits'))).toEqual([key])
  })
})

describe('the size of the store', () => {
  const fit: FitResult = { parameters: '{}', mean: new Float64Array(1000) }
  const keys = Array.from({ length: 8 }, (_, k) => String(k).repeat(64))

  it('stays below the most, without what has not been used for longest', async () => {
    const folder = await temporaryFolder()
    const store = fitStore(folder, 40_000)
    for (const key of keys.slice(0, 4)) await store.put(key, fit)
    for (const [k, key] of keys.slice(0, 4).entries()) await setUsed(join(folder, key), k)
    expect(await store.get(keys[0])).toBeDefined()
    await store.put(keys[4], fit)
    expect((await readdir(folder)).sort()).toEqual([keys[0], keys[2], keys[3], keys[4]])
  })

  it('stays below it too where something that is no file is in the way', async () => {
    const folder = await temporaryFolder()
    await put(folder, { 'a folder/of somebody': 'x'.repeat(50_000) })
    await symlink('nowhere', join(folder, 'a link'))
    const store = fitStore(folder, 40_000)
    for (const [k, key] of keys.entries()) {
      await store.put(key, fit)
      await setUsed(join(folder, key), k)
    }
    await store.put('a'.repeat(64), fit)
    const names = await readdir(folder)
    expect(names.filter((name) => keys.includes(name)).length).toBeLessThanOrEqual(5)
  })

  it('leaves a run all that it was handed: with one fit more, it makes no other anew', async () => {
    const folder = await temporaryFolder()
    const store = fitStore(folder, 40_000)
    for (const key of keys) await store.put(key, fit)
    expect((await readdir(folder)).sort()).toEqual(keys)
  })

  it('counts what others have left, such as a process that was killed as it wrote', async () => {
    const folder = await temporaryFolder()
    const left = join(folder, 'x.partial')
    await writeFile(left, Buffer.alloc(100_000))
    await setUsed(left, 0)
    await fitStore(folder, 40_000).put(keys[0], fit)
    expect(await readdir(folder)).toEqual([keys[0]])
  })
})

describe('the digest of the code', () => {
  const files = {
    'package-lock.json': '{}',
    'src/base/day.ts': 'export {}',
    'src/demand/panel.ts': 'export {}',
    'src/reporting/charts.ts': 'export {}',
  }
  const digestOf = async (changes: Record<string, string | undefined>) => {
    const root = await temporaryFolder()
    const left = Object.entries({ ...files, ...changes }).filter(([, it]) => it !== undefined)
    await put(root, Object.fromEntries(left) as Record<string, string>)
    return await codeDigest(['base', 'demand'], root)
  }

  test.each([
    ['a file is another', { 'src/demand/panel.ts': 'export { }' }],
    ['a file is new', { 'src/demand/deep/new.ts': '' }],
    ['a file is gone', { 'src/base/day.ts': undefined }],
    ['a file has another name', { 'src/base/day.ts': undefined, 'src/base/days.ts': 'export {}' }],
    ['packages are others', { 'package-lock.json': '{ }' }],
    ['packages are not known', { 'package-lock.json': undefined }],
  ])('is another one where %s', async (_, changes) => {
    expect(await digestOf(changes)).not.toBe(await digestOf({}))
  })

  it('is the same where nothing has changed that it is asked about', async () => {
    const elsewhere = { 'src/reporting/charts.ts': 'export { }', 'README.md': '#' }
    expect(await digestOf(elsewhere)).toBe(await digestOf({}))
  })
})

/** A store that counts the fits that were made, which are those that are put into it. */
function counted(store: FitStore): FitStore & { made: number } {
  const counting = {
    made: 0,
    get: store.get,
    async put(key: string, fit: FitResult) {
      counting.made++
      await store.put(key, fit)
    },
  }
  return counting
}

function sizesOf(cells: number, textBytes: number): Buffer {
  return Buffer.from(Uint32Array.of(cells, textBytes).buffer)
}

async function resultWith(store: FitStore | undefined): Promise<string> {
  const history = openHistory(totals, { store })
  const rows = scoredRows(history, recipe, { origins: 2, step: 3 })
  const trained = await trainAsOf(history, recipe)
  const backtest = await backtestRecipe(history, recipe, rows)
  const forecasts = backtest.forecasts.map((it) => [[...it.mean], [...it.quantiles]])
  return canonicalJson({ ...trained, chosen: backtest.chosen, forecasts })
}

async function trainedAfter(weeks: number, store: FitStore) {
  const sales = upTo(OPENING + 7 * weeks - 1, shopSales(30))
  const history = openHistory(totalsOf(sales), { store })
  const trained = await trainAsOf(history, recipe)
  return { ...trained, fits: history.fits }
}

/** The model that another process trains, with two threads. */
async function trainedElsewhere(folder: string): Promise<unknown> {
  const file = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const code = `
    const { fitStore } = await import(${file('../../src/evaluation/search/fit-store.ts')})
    const { openHistory } = await import(${file('../../src/evaluation/search/history.ts')})
    const { trainAsOf } = await import(${file('../../src/evaluation/search/search.ts')})
    const { totalsOf } = await import(${file('../unit/demand/totals.ts')})
    const { shopSales } = await import(${file('../unit/evaluation/shop.ts')})
    const store = fitStore(${JSON.stringify(folder)})
    const history = openHistory(totalsOf(shopSales(30)), { cores: 2, store })
    const { model } = await trainAsOf(history, ${JSON.stringify(recipe)})
    console.log(JSON.stringify(model))
    await history.close()
  `
  const child = spawn(process.execPath, ['--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')])
  return JSON.parse(said)
}

async function setUsed(path: string, day: number): Promise<void> {
  await utimes(path, day * 86_400, day * 86_400)
}
