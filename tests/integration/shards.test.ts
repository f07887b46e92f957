import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { fitStore } from '../../src/evaluation/search/fit-store.ts'
import { recipeFrom } from '../../src/forecasting/recipe.ts'
import { POLICY } from '../../src/registry/manifest.ts'
import { inputsIn, readInputs, type ValidInputs } from '../../src/steps/data/inputs.ts'
import { compare } from '../../src/steps/model/compare.ts'
import { fitShard } from '../../src/steps/model/fit-shard.ts'
import type { JobPlan } from '../../src/steps/model/job-plan.ts'
import { jobsTook, writeJobRecord } from '../../src/steps/model/job-record.ts'
import { planJobs } from '../../src/steps/model/plan-jobs.ts'
import { train } from '../../src/steps/model/train.ts'
import { type Histories, withHistories } from '../../src/steps/model/with-history.ts'
import { mergeProposal, newProject, succeed } from '../project.ts'
import { commitAll, put, temporaryFolder } from '../repository.ts'
import { dataFiles, OPENING, productIds, recipe, salesOf } from '../shop.ts'

const WEEKS = 75
const RECIPE = `frequency: week
horizon: 4
search: { origins: 4, step: 3 }
families:
  moving-average: { window: [3, 4, 5, 6, 8, 13] }
  theta: { season: [profile, none] }
  ridge: {}
`

/** With a champion of another recipe, which is trained anew at origins, and a family that is halved. */
let project: string
let inputs: ValidInputs
let anew: Decided

beforeAll(async () => {
  const sales = salesOf({ products: productIds(5), frequency: 'week', periods: WEEKS })
  project = await newProject({
    ...dataFiles(sales),
    ...recipe('seasonal-naive: {}, exponential-smoothing: {}'),
  })
  for (const args of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(project, args)
  }
  await mergeProposal(project)
  await put(project, { 'recipe.yml': RECIPE })
  await commitAll(project, 'Search moving averages')
  await rm(join(project, '.cd4ml'), { recursive: true })
  const read = await readInputs(inputsIn(project, OPENING + 7 * WEEKS, { data: 'data' }))
  if (read.outcome === 'invalid') throw new Error(JSON.stringify(read.report))
  inputs = read
  anew = await decidedWith(await temporaryFolder())
})

describe.each([3, 16])('with %i jobs', (jobs) => {
  it('the last one fits nothing, and comes to the bytes of a laptop', async () => {
    const { store, plan } = await sharedBy(jobs)
    expect(plan.shards).toHaveLength(jobs)
    const handedOver = (await readdir(store)).sort()
    const { files, fits } = await decidedWith(store)
    expect(files).toEqual(anew.files)
    expect(fits).toEqual(handedOver)
  })
})

describe('changes no byte of what the last job comes to:', () => {
  it('a job that is lost, whose fits are made again', async () => {
    const { store } = await sharedBy(4, [2])
    const handedOver = await readdir(store)
    const { files, fits } = await decidedWith(store)
    expect(files).toEqual(anew.files)
    expect(fits.length).toBeGreaterThan(handedOver.length)
  })

  it('fits that are damaged, cut off, or those of others', async () => {
    const { store } = await sharedBy(3)
    const keys = await readdir(store)
    const contents = await Promise.all(keys.map((key) => readFile(join(store, key))))
    for (const [k, key] of keys.entries()) {
      const [whole, other] = [contents[k], contents[(k + 1) % keys.length]]
      const wrong = [other, whole.subarray(0, whole.length - 8), whole.with(50, whole[50] ^ 1)]
      await writeFile(join(store, key), wrong[k % wrong.length])
    }
    expect((await decidedWith(store)).files).toEqual(anew.files)
  })
})

it('plans nothing where all is known, and what is new of a changed family where the rest is', async () => {
  const { store } = anew
  expect((await planned(3, store)).shards).toEqual([])
  const another = RECIPE.replace('ridge: {}', 'ridge: { penalty: [10, 30] }')
  const changed = { ...inputs, recipe: recipeFrom(parse(another), 'recipe.yml') }
  const { shards, recipes } = await planned(2, store, changed)
  const asked = shards.flatMap((shard) => (shard.kind === 'fits' ? shard.work : []))
  expect(new Set(asked.flatMap((it) => (it.kind === 'origin' ? it.candidates : [])))).toEqual(
    new Set(['ridge (penalty 30)']),
  )
  expect(asked.map((it) => recipes[it.recipe].families)).toContainEqual(changed.recipe.families)
})

test('one job does everything where the fits are quick, and as many as the recipe says where not', async () => {
  const shardsFor = async (jobs: { above: number; most: number }) =>
    (await planned(jobs, await temporaryFolder())).shards.length
  expect(await shardsFor({ above: 10, most: 20 })).toBe(0)
  expect(await shardsFor({ above: 0, most: 3 })).toBe(3)
})

test('a job whose record is of another one, or of no moment, counts as one that left none', async () => {
  const folder = await temporaryFolder()
  const record = { startedAt: '2026-11-02T06:00:00Z', endedAt: '2026-11-02T06:01:01Z' }
  const of = (shard: number) => ({ shard, fits: 1, estimate: 1, ...record })
  for (const shard of [0, 1, 2, 3]) await writeJobRecord(folder, of(shard))
  await rename(join(folder, 'job-3.json'), join(folder, 'job-1.json'))
  await writeJobRecord(folder, { ...of(2), endedAt: '2026-11-02T23:59:60Z' })
  const jobs = await planned(2, await temporaryFolder())
  const last = { startedAt: '2026-11-02T06:05:00Z', now: '2026-11-02T06:05:30Z' }
  const { shards, costs } = await jobsTook(jobs, { project: folder, folder }, last)
  expect(shards).toEqual([])
  expect(costs).toEqual({ jobs: 2, billedMinutes: 3, wallSeconds: 330 })
})

describe('says what to do about', () => {
  let jobs: string
  let plan: JobPlan
  const fitted = async (shard: number, plan: object) => {
    await writeFile(join(jobs, 'plan.json'), JSON.stringify(plan))
    return await fitShard({ project, jobs, shard, out: await temporaryFolder() })
  }

  beforeAll(async () => {
    jobs = await temporaryFolder()
    plan = await planned(2, await temporaryFolder(), inputs, jobs)
  })

  it('a job that the plan does not have', async () => {
    await expect(fitted(3, plan)).rejects.toThrow(/has 2 shards, but number 3 is asked for/)
    await expect(fitted(1, { ...plan, shards: [] })).rejects.toThrow(/One job does everything/)
  })

  it('a plan that is not there', async () => {
    const nowhere = fitShard({ project, jobs: await temporaryFolder(), shard: 1 })
    await expect(nowhere).rejects.toThrow(/plan\.json: is missing\n.*Run cd4ml plan/)
  })

  it.each<[string, (plan: JobPlan) => object, RegExp]>([
    ['that is none', () => ({ format: 1 }), /format: must be "cd4ml-jobs\/2"/],
    ['of another recipe', (it) => ({ ...it, recipes: [] }), /only 0 recipes/],
    [
      'of a family that its recipe does not train',
      (it) => ({
        ...it,
        shards: [{ ...it.shards[0], work: [searchOf('boosted-trees')] }],
      }),
      /a search of boosted-trees, which its recipe does not train/,
    ],
    ['with more jobs', (it) => ({ ...it, shards: Array(65).fill(it.shards[0]) }), /64 items/],
    [
      'of work that nobody knows',
      (it) => ({ ...it, shards: [{ ...it.shards[0], work: [{ kind: 'run' }] }] }),
      /work\.0\.kind: must be one of origin, search/,
    ],
  ])('a plan %s', async (_, spoil, said) => {
    await expect(fitted(1, spoil(plan))).rejects.toThrow(said)
  })
})

function searchOf(family: string) {
  return { kind: 'search', recipe: 0, origin: '2025-01-05', family }
}

type Decided = { store: string; files: Record<string, string>; fits: string[] }

async function planned(
  jobs: Parameters<typeof planJobs>[0]['jobs'],
  store: string,
  of = inputs,
  folder?: string,
): Promise<JobPlan> {
  const policy = join(project, POLICY)
  const to = folder ?? (await temporaryFolder())
  return await withHistories(
    of,
    (histories) => planJobs({ inputs: of, histories, policy, jobs, folder: to }),
    { store: fitStore(store) },
  )
}

/** The fits of all jobs but those that are lost, each made in a process that knows none of them. */
async function sharedBy(jobs: number, lost: number[] = []) {
  const folder = await temporaryFolder()
  const plan = await planned(jobs, await temporaryFolder(), inputs, folder)
  const store = await temporaryFolder()
  for (let shard = 1; shard <= plan.shards.length; shard++) {
    if (lost.includes(shard)) continue
    await fitShard({ project, jobs: folder, shard, out: store })
  }
  return { plan, store }
}

/** What training and comparing come to on what a store has, and what it has then. */
async function decidedWith(store: string): Promise<Decided> {
  const out = await temporaryFolder()
  const policy = join(project, POLICY)
  const decide = async (histories: Histories) => {
    await train({ inputs, histories, out })
    await compare({ inputs, histories, policy, out })
  }
  await withHistories(inputs, decide, { store: fitStore(store) })
  const names = await readdir(out)
  const texts = await Promise.all(names.map((name) => readFile(join(out, name), 'utf8')))
  return {
    store,
    files: Object.fromEntries(names.map((name, index) => [name, texts[index]])),
    fits: (await readdir(store)).sort(),
  }
}
