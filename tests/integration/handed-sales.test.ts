import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { fitShard } from '../../src/steps/model/fit-shard.ts'
import {
  type HandedSales,
  handedFolder,
  handSales,
  takeSales,
} from '../../src/steps/model/handed-sales.ts'
import { JOBS, type JobPlan, readJobPlan, writeJobPlan } from '../../src/steps/model/job-plan.ts'
import { projectFits } from '../../src/steps/model/with-history.ts'
import { cd4ml, mergeProposal } from '../project.ts'
import { commitAll, copyOf, put, temporaryFolder } from '../repository.ts'
import { totalsOf } from '../unit/demand/totals.ts'
import {
  chainSales,
  NONE,
  outOf,
  partedProject,
  partedRecipe,
  planFor,
  proposed,
  TODAY,
  trainAndCompare,
} from './parts-fixture.ts'

const FAMILIES = 'moving-average: { window: [4, 8] }'

/** Two stores, whose fits two jobs share: of each store one. */
let project: string
let anew: Record<string, string>

beforeAll(async () => {
  project = await partedProject(chainSales(['Centro', 'Norte']), 'store', FAMILIES)
  anew = await decidedIn(await copyOf(project))
  await planFor(project, 2)
})

test('a job of a model in parts has the sales of its parts, and finds no others', async () => {
  const folder = await copyOf(project)
  for (const path of ['data', 'recipe.yml', '.cd4ml/cache']) {
    await rm(join(folder, path), { recursive: true })
  }
  const { shards } = await planOf(folder)
  for (const [index, shard] of shards.entries()) {
    if (shard.kind !== 'parts') throw new Error('the plan is in no parts')
    const [part] = shard.parts
    const sales = await takeSales(folder, handedFolder(jobsOf(folder), index + 1), part.sales)
    expect(sales.totals.series.map(({ storeId }) => storeId)).toEqual(Array(4).fill(part.name))
    await fitShard({ project: folder, jobs: jobsOf(folder), shard: index + 1 })
  }
  const last = await copyOf(project)
  await rename(join(folder, '.cd4ml/fits'), join(last, '.cd4ml/fits'))
  const handedOver = await fitsIn(last)
  expect(await decidedIn(last)).toEqual(anew)
  expect(await fitsIn(last)).toEqual(handedOver)
})

test('the first recipe in parts is for one job or for many, which leave the last one no fits', async () => {
  const before = await partedProject(chainSales(['Centro', 'Norte']), NONE, FAMILIES)
  await trainAndCompare(before)
  await proposed(before, { baseline: true })
  await mergeProposal(before)
  await put(before, partedRecipe('store', 'moving-average: { window: [4, 13] }'))
  await commitAll(before, 'A model for each store')
  const alone = await decidedIn(await copyOf(before))
  expect(await planFor(before, 1)).toMatchObject({ shards: [] })
  const { shards } = await planFor(before, 3)
  expect(shards.map(({ kind }) => kind)).toEqual(['parts', 'parts', 'fits'])
  for (const shard of [1, 2, 3]) await fitShard({ project: before, jobs: jobsOf(before), shard })
  const handedOver = await fitsIn(before)
  expect(await decidedIn(before)).toEqual(alone)
  expect(await fitsIn(before)).toEqual(handedOver)
})

test('a job knows what was planned for its parts, and the day on which everything ends', async () => {
  const folder = await temporaryFolder()
  const handed: HandedSales = {
    totals: totalsOf([{ product: 'a', day: '2026-01-01', sold: 2 }]),
    plan: {
      rows: [
        { productId: 'a', from: TODAY, to: TODAY + 6, knownOn: TODAY - 14, price: 2.5 },
        {
          category: 'x',
          storeId: 'Centro',
          from: 0,
          to: 9,
          knownOn: -5,
          revision: 3,
          closed: true,
        },
        { from: 0, to: 0, knownOn: 0, discount: 0.2, promotion: 'flyer', display: false },
      ],
      prices: 'actual',
    },
    asOf: TODAY,
  }
  expect(await takeSales(folder, folder, await handSales(folder, handed))).toEqual(handed)
})

test('the same sales are handed over as the same bytes', async () => {
  const again = await copyOf(project)
  await planFor(again, 2)
  expect(await readFile(join(jobsOf(again), 'plan.json'), 'utf8')).toBe(
    await readFile(join(jobsOf(project), 'plan.json'), 'utf8'),
  )
})

test('sales of other plans do not stay, also where one job is enough now', async () => {
  const folder = await copyOf(project)
  await planFor(folder, 1)
  expect(await readdir(jobsOf(folder))).toEqual(['plan.json'])
})

test('what stands where a plan puts sales takes nothing else with it', async () => {
  const folder = await copyOf(project)
  const elsewhere = await temporaryFolder()
  await put(elsewhere, { 'mine.csv': 'x' })
  await rm(handedFolder(jobsOf(folder), 1), { recursive: true })
  await symlink(elsewhere, handedFolder(jobsOf(folder), 1))
  await put(folder, { [`${JOBS}/sales-2/folder/x`]: 'x', [`${JOBS}/sales-3`]: 'x' })
  await planFor(folder, 2)
  expect(await readFile(join(elsewhere, 'mine.csv'), 'utf8')).toBe('x')
  expect((await readdir(jobsOf(folder))).sort()).toEqual(['plan.json', 'sales-2'])
  expect(await readdir(handedFolder(jobsOf(folder), 2))).toHaveLength(1)
})

test('sales that somebody has forged make fits that nobody asks for', async () => {
  const folder = await copyOf(project)
  const plan = await planOf(folder)
  for (const [index, shard] of plan.shards.entries()) {
    if (shard.kind !== 'parts') throw new Error('the plan is in no parts')
    const of = handedFolder(jobsOf(folder), index + 1)
    const sales = await takeSales(folder, of, shard.parts[0].sales)
    const sold = sales.totals.sold.map((units) => 3 * units)
    const forged = { ...sales, totals: { ...sales.totals, sold } }
    shard.parts[0].sales = await handSales(of, forged)
  }
  await writeJobPlan(jobsOf(folder), plan)
  for (const shard of [1, 2]) await fitShard({ project: folder, jobs: jobsOf(folder), shard })
  expect((await fitsIn(folder)).length).toBeGreaterThan(10)
  expect(await decidedIn(folder)).toEqual(anew)
})

describe('says what to do about sales that are', () => {
  /** Of the first shard, after somebody was there. */
  async function fittedAfter(spoil: (file: string, other: string) => Promise<unknown>) {
    const folder = await copyOf(project)
    const [file, other] = await Promise.all(
      [1, 2].map(async (shard) => {
        const of = handedFolder(jobsOf(folder), shard)
        return join(of, (await readdir(of))[0])
      }),
    )
    await spoil(file, other)
    return await fitShard({ project: folder, jobs: jobsOf(folder), shard: 1 })
  }

  it.each<[string, (file: string, other: string) => Promise<unknown>, RegExp]>([
    ['missing', (file) => rm(file), /is missing/],
    ['cut off', async (file) => writeFile(file, (await readFile(file)).subarray(9)), /bytes, but/],
    ['too long', (file) => writeFile(file, 'x', { flag: 'a' }), /must have at most \d+ bytes/],
    [
      'of another part',
      async (file, other) => writeFile(file, await readFile(other)),
      /must have|is damaged/,
    ],
    [
      'behind a link',
      async (file) => {
        const elsewhere = join(await temporaryFolder(), 'sales')
        await rename(file, elsewhere)
        await symlink(elsewhere, file)
      },
      /must not be a link/,
    ],
  ])('%s', async (_, spoil, said) => {
    const fitted = fittedAfter(spoil)
    await expect(fitted).rejects.toThrow(said)
    await expect(fitted).rejects.toThrow(/Run cd4ml plan again/)
    await expect(fitted).rejects.toThrow(UserError)
  })

  it('damaged, at whatever byte, before anything of them is looked at', async () => {
    const { of, seal, bytes } = await firstFile()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const folder = await temporaryFolder()
          await writeFile(join(folder, seal.sha256), bytes.with(at, bytes[at] ^ by))
          await expect(takeSales(of, folder, seal)).rejects.toThrow(/is damaged, or another file/)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('sealed by whoever wrote nonsense: all of it is held to what sales are', async () => {
    const { of, bytes } = await firstFile()
    const folder = await temporaryFolder()
    const take = async (content: Uint8Array) => {
      const sha256 = createHash('sha256').update(content).digest('hex')
      const seal = { bytes: content.length, sha256 }
      await writeFile(join(folder, seal.sha256), content)
      return await takeSales(of, folder, seal)
    }
    for (const none of ['', 'x', '\xff\xff\xff\xff{}', '\x02\0\0\0{}', '\x04\0\0\0null']) {
      await expect(take(Buffer.from(none, 'latin1'))).rejects.toThrow(UserError)
    }
    await expect(take(Buffer.concat([bytes, Buffer.alloc(8)]))).rejects.toThrow(/8 bytes more/)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
        const taken = await take(bytes.with(at, value)).catch((error) => error)
        if (taken instanceof Error) expect(taken).toBeInstanceOf(UserError)
      }),
      { numRuns: 100 },
    )
  })
})

test('on a laptop the jobs of a plan need no option but their number', async () => {
  const folder = await copyOf(project)
  await put(folder, { 'data/broken.csv': 'x' })
  const { code, stdout } = await cd4ml(folder, ['fit', '--shard', '1', '--json'])
  expect({ code, fitted: JSON.parse(stdout) }).toMatchObject({
    code: 0,
    fitted: { shard: 1, of: 2 },
  })
  const other = await cd4ml(folder, ['fit', '--shard', '3'])
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('Run cd4ml plan again') })
})

async function firstFile() {
  const [shard] = (await planOf(project)).shards
  if (shard.kind !== 'parts') throw new Error('the plan is in no parts')
  const seal = shard.parts[0].sales
  const bytes = await readFile(join(handedFolder(jobsOf(project), 1), seal.sha256))
  return { of: project, seal, bytes: new Uint8Array(bytes) }
}

function jobsOf(folder: string): string {
  return join(folder, JOBS)
}

async function planOf(folder: string): Promise<JobPlan> {
  return await readJobPlan(folder, jobsOf(folder))
}

async function fitsIn(folder: string): Promise<string[]> {
  return (await readdir(join(folder, '.cd4ml/fits'))).sort()
}

/** What training and comparing come to with the fits that are there. */
async function decidedIn(folder: string): Promise<Record<string, string>> {
  await trainAndCompare(folder, projectFits(folder))
  const files = ['training.json', 'comparison.json', 'model.json']
  const texts = await Promise.all(files.map((file) => readFile(join(outOf(folder), file), 'utf8')))
  return Object.fromEntries(files.map((file, index) => [file, texts[index]]))
}
