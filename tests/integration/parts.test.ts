import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { isoFromDay } from '../../src/base/day.ts'
import { trainAsOf } from '../../src/evaluation/search/search.ts'
import { partFile } from '../../src/forecasting/model-in-parts.ts'
import { readTrained } from '../../src/registry/challenger.ts'
import { artifactOf } from '../../src/registry/model-parts.ts'
import { readVersion } from '../../src/registry/production.ts'
import type { Workspace } from '../../src/registry/recorded-code.ts'
import { fitShard } from '../../src/steps/model/fit-shard.ts'
import { JOBS } from '../../src/steps/model/job-plan.ts'
import { reproduce } from '../../src/steps/model/reproduce.ts'
import { projectFits, withHistories } from '../../src/steps/model/with-history.ts'
import { rollback } from '../../src/steps/promotion/rollback.ts'
import { verify } from '../../src/steps/promotion/verify.ts'
import { mergeProposal } from '../project.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import { dataFiles, OPENING, productIds, salesOf } from '../shop.ts'
import {
  chainSales,
  inputsOf,
  NONE,
  outOf,
  partedProject,
  partedRecipe,
  planFor,
  proposed,
  STORES,
  TODAY,
  trainAndCompare,
  WEEKS,
} from './parts-fixture.ts'

describe('a recipe with partition: store', () => {
  test('trains for every store the model that it would have if it were alone', async () => {
    const project = await partedProject(chainSales(), 'store')
    const { trained } = await trainAndCompare(project)
    if (trained.kind === 'whole') throw new Error('one model was trained')
    expect(trained.parts.index.parts.map(({ name }) => name)).toEqual([...STORES].sort())
    for (const store of STORES) {
      const alone = await partedProject(
        chainSales().filter((sale) => sale.store === store),
        NONE,
      )
      const inputs = await inputsOf(alone)
      const { model } = await withHistories(inputs, ({ whole }) =>
        whole(({ history }) => trainAsOf(history, inputs.recipe)),
      )
      const own = await readFile(join(outOf(project), partFile(store)), 'utf8')
      expect(own, store).toBe(canonicalJson(model))
    }
  })

  test('is judged once, with every store as a segment', async () => {
    const project = await partedProject(chainSales(), 'store')
    const { evaluation } = await trainAndCompare(project)
    const stores = evaluation.segments.filter(({ by }) => by === 'part')
    expect(stores.map(({ name }) => name)).toEqual([...STORES].sort())
    expect(stores.reduce((sum, { rows }) => sum + rows, 0)).toBe(evaluation.rows)
    expect(evaluation.challenger.model).toBe('4 models by store')
    expect(evaluation.baseline.model).toBe('seasonal-naive')
  })
})

test('of a store that sold nothing any more, the weeks without sales are learnt from and scored', async () => {
  const closed = (weeks: number) =>
    chainSales(['Centro', 'Norte']).filter(
      ({ store, day }) => store === 'Centro' || day < OPENING + 7 * (WEEKS - weeks),
    )
  for (const [weeks, origins] of [
    [3, 6],
    [30, 6],
  ]) {
    const inParts = await trainAndCompare(await partedProject(closed(weeks), 'store'))
    const inOne = await trainAndCompare(await partedProject(closed(weeks), NONE))
    expect(inParts.evaluation.origins).toHaveLength(origins)
    expect(inParts.evaluation.rows).toBe(inOne.evaluation.rows)
    if (inParts.trained.kind === 'whole') throw new Error('one model was trained')
    const { model } = await inParts.trained.parts.load('Norte')
    expect(isoFromDay(OPENING + 7 * WEEKS - 1)).toBe(model.trainedThrough)
  }
})

describe('a version in parts', () => {
  test('is proposed, made again byte for byte by the required check, replaced and rolled back', async () => {
    const project = await partedProject(chainSales(), 'store')
    await trainAndCompare(project)
    expect(await proposed(project, { baseline: true })).toMatchObject({ manifest: { version: 1 } })
    expect(await failures(project)).toEqual([])
    await mergeProposal(project)
    const version = (await readVersion(project, 'main'))!
    expect([...version.files.keys()].filter((file) => file.startsWith('parts/')).sort()).toEqual(
      STORES.map(partFile).sort(),
    )

    await put(project, partedRecipe('store', 'moving-average: { window: [4, 8] }'))
    await commitAll(project, 'Look further back')
    const { evaluation } = await trainAndCompare(project)
    expect(evaluation.champion?.model).toBe('4 models by store')
    expect(evaluation.decision).toMatchObject({ decision: 'promote', verdict: 'better' })
    expect(evaluation.coming?.series).toBe(16)
    const second = await proposed(project)
    expect(second.text.body).toContain('by part')
    expect(await failures(project)).toEqual([])
    await mergeProposal(project)

    await rollback({ repo: project, to: 1, reason: 'Forecasts of bread are far too high' })
    expect(await failures(project)).toEqual([])
  })

  test('is not verified where one byte of one part is another', async () => {
    const project = await partedProject(chainSales(), 'store')
    await trainAndCompare(project)
    await proposed(project, { baseline: true })
    const problems = await failures(project, async (made) => {
      const file = partFile('Centro')
      made.set(file, Buffer.concat([made.get(file)!, Buffer.from(' ')]))
    })
    expect(problems).toEqual([expect.stringContaining(partFile('Centro'))])
  })

  test('follows one model of all stores, which forecasts as it was deployed', async () => {
    const project = await partedProject(chainSales(), NONE)
    await trainAndCompare(project)
    await proposed(project, { baseline: true })
    await mergeProposal(project)
    await put(project, partedRecipe('store', 'moving-average: { window: [4, 8] }'))
    await commitAll(project, 'A model for each store')
    const { evaluation } = await trainAndCompare(project)
    expect(evaluation.champion?.model).toBe('moving-average (window 1)')
    expect(evaluation.decision.verdict).toBe('better')
    await proposed(project)
    expect(await failures(project)).toEqual([])
    await mergeProposal(project)
    const artifact = artifactOf((await readVersion(project, 'main'))!)
    if (artifact.kind === 'whole') throw new Error('one model is in production')
    const { model, standsIn } = await artifact.parts.load('a store that opened since')
    expect(standsIn).toBe(true)
    expect(model.series).toHaveLength(4)
  })
})

/** What the required check finds wrong with what is proposed. */
async function failures(
  project: string,
  tamper: (made: Map<string, Uint8Array>) => Promise<void> = async () => {},
): Promise<string[]> {
  const { checks } = await verify({
    repo: project,
    today: TODAY,
    reproduce: async (workspace) => {
      const made = await madeAgain(workspace)
      await tamper(made)
      return made
    },
  })
  return checks.filter(({ passed }) => !passed).map(({ detail }) => detail)
}

async function madeAgain({ folder, reproduction }: Workspace): Promise<Map<string, Uint8Array>> {
  const record = join(folder, '.cd4ml/reproduction.json')
  await put(folder, { '.cd4ml/reproduction.json': canonicalJson(reproduction) })
  const out = join(folder, '.cd4ml/reproduced')
  await reproduce({ project: folder, record, out })
  return await filesIn(out)
}

async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile())
  const read = files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    return [path.slice(folder.length + 1), await readFile(path)] as const
  })
  return new Map(await Promise.all(read))
}

test('the challenger is read back as it was written', async () => {
  const project = await partedProject(chainSales(STORES.slice(0, 2)), 'store')
  const { trained } = await trainAndCompare(project)
  const again = await readTrained(outOf(project))
  expect(again.training).toEqual(trained.training)
})

test('parts that other jobs have fitted come to the same bytes, with none or some of them lost', async () => {
  const project = await partedProject(chainSales(), 'store', 'ridge: { penalty: [1, 10] }')
  const alone = await folderOf(await copyOf(project))
  for (const [jobs, lost] of [
    [2, []],
    [3, [2]],
  ] as const) {
    const shared = await copyOf(project)
    await sharedFits(shared, jobs, lost)
    expect(await folderOf(shared)).toEqual(alone)
  }
})

/** What training and comparing leave in the challenger's folder. */
async function folderOf(project: string): Promise<Record<string, string>> {
  await trainAndCompare(project, projectFits(project))
  return Object.fromEntries(
    [...(await filesIn(outOf(project)))].map(([name, bytes]) => [name, bytes.toString()]),
  )
}

async function sharedFits(project: string, jobs: number, lost: readonly number[]): Promise<void> {
  const plan = await planFor(project, jobs)
  expect(plan.shards.map(({ kind }) => kind)).toEqual(Array(jobs).fill('parts'))
  for (let shard = 1; shard <= jobs; shard++) {
    if (lost.includes(shard)) continue
    const { fits } = await fitShard({ project, jobs: join(project, JOBS), shard })
    expect(fits).toBeGreaterThan(0)
  }
}

describe('stores that come and go', () => {
  const sales = chainSales(['A', 'B', 'gone', 'young', 'new'])
  const since = (weeks: number) => TODAY - weeks * 7
  const chain = sales.filter(({ store, day }) => {
    if (store === 'gone') return day < since(20)
    if (store === 'young') return day >= since(12)
    return store !== 'new' || day >= since(1)
  })

  test('are trained and scored as far as they have sold', async () => {
    const project = await partedProject(chain, 'store')
    const { trained, evaluation } = await trainAndCompare(project)
    if (trained.kind === 'whole') throw new Error('one model was trained')
    const { parts } = trained.parts.index
    expect(parts.map(({ name }) => name)).toEqual(['A', 'B', 'gone', 'new', 'young'])
    const rows = new Map(evaluation.segments.map(({ by, name, rows }) => [`${by} ${name}`, rows]))
    expect(rows.get('part B')).toBe(rows.get('part A'))
    for (const store of ['gone', 'young']) {
      expect(rows.get(`part ${store}`) ?? 0, store).toBeLessThan(rows.get('part A')!)
    }
    expect(rows.has('part new')).toBe(false)
  })

  test('are named where they have no model, since not even a week of theirs is over', async () => {
    const days = salesOf({ products: productIds(2), frequency: 'day', periods: WEEKS * 7 - 4 })
    const opened = days.filter(({ day }) => day >= TODAY - 6)
    const project = await partedProject(
      [
        ...days.map((sale) => ({ ...sale, store: 'A' })),
        ...opened.map((sale) => ({ ...sale, store: 'new' })),
      ],
      'store',
    )
    const { trained } = await trainAndCompare(project)
    if (trained.kind === 'whole') throw new Error('one model was trained')
    expect(trained.parts.index.untrained).toEqual([
      { name: 'new', why: expect.stringContaining('whole week') },
    ])
  })

  test('are newly sold by a refresh of the same recipe, and missing from one that has lost them', async () => {
    const before = chain.filter(({ day, store }) => day < since(8) && store !== 'young')
    const project = await partedProject(before, 'store', 'moving-average: { window: 4 }')
    await trainAndCompare(project)
    await proposed(project, { baseline: true })
    await mergeProposal(project)
    await put(project, dataFiles(chain))
    await commitAll(project, 'Eight weeks more, and a store more')
    const { evaluation } = await trainAndCompare(project)
    expect(evaluation.challenge).toMatchObject({ kind: 'refresh', series: 16, newSeries: 8 })
    expect(evaluation.origins.length).toBeGreaterThan(2)

    await put(project, dataFiles(chain.filter(({ store }) => store !== 'gone')))
    await commitAll(project, 'Lose a store')
    expect((await trainAndCompare(project)).evaluation.smaller).toMatchObject([
      { by: 'fewerSeries', of: 12, missing: 4 },
    ])
  })
})

describe('going back from a version in parts', () => {
  /** A project whose first version is in parts by this, and what comes of a recipe that is not. */
  async function projectAfter(first: string, next: string, sales = chainSales(STORES.slice(0, 2))) {
    const project = await partedProject(sales, first)
    await trainAndCompare(project)
    await proposed(project, { baseline: true })
    await mergeProposal(project)
    await put(project, partedRecipe(next, 'moving-average: { window: [4, 8] }'))
    await commitAll(project, next)
    return project
  }

  test.each([NONE, 'store'])(
    'to %s is judged, proposed and proved like any other',
    async (next) => {
      const project = await projectAfter('category', next)
      const { evaluation } = await trainAndCompare(project)
      expect(evaluation.champion?.model).toMatch(/by category$/)
      expect(evaluation.smaller).toBeUndefined()
      expect(evaluation.decision).toMatchObject({ decision: 'promote', verdict: 'better' })
      await proposed(project)
      expect(await failures(project)).toEqual([])
      await mergeProposal(project)
      expect((await readVersion(project, 'main'))?.manifest.version).toBe(2)
    },
  )

  test('scores what is in production as a challenger in its own parts does', async () => {
    const alike = await trainAndCompare(await projectAfter('store', 'store'))
    const { evaluation } = await trainAndCompare(await projectAfter('store', NONE))
    const [expected, found] = [alike.evaluation, evaluation].map((it) => it.champion!.metrics)
    for (const [name, value] of Object.entries(expected)) {
      expect(found[name as keyof typeof found], name).toBeCloseTo(value, 9)
    }
  })

  test.each([NONE, 'store'])(
    'to %s comes to the same bytes by fits of other jobs',
    async (next) => {
      const project = await projectAfter('category', next)
      const alone = await copyOf(project)
      await trainAndCompare(alone)
      await planFor(project, 2)
      for (const shard of [1, 2]) await fitShard({ project, jobs: join(project, JOBS), shard })
      await trainAndCompare(project, projectFits(project))
      const [own, other] = await Promise.all([project, alone].map((it) => filesIn(outOf(it))))
      expect(own).toEqual(other)
    },
  )

  test('asks what is in production as it was deployed of sales that came since', async () => {
    const project = await projectAfter('store', NONE, chainSales(STORES.slice(0, 2), WEEKS - 30))
    await put(project, dataFiles(chainSales(STORES.slice(0, 2))))
    await commitAll(project, 'Thirty weeks more')
    const { evaluation } = await trainAndCompare(project)
    expect(evaluation.champion?.chosen).toContain('as deployed')
    expect(evaluation.champion?.metrics.wape).toBeGreaterThan(0)
  })

  test('forecasts stores that had no model of their own by the one that stands in', async () => {
    const sales = chainSales(['A', 'B', 'closed', 'opened'])
    const project = await projectAfter(
      'store',
      NONE,
      sales.filter(({ store }) => store !== 'opened'),
    )
    const lately = sales.filter(({ store, day }) => {
      if (store === 'closed') return day < TODAY - 20 * 7
      return store !== 'opened' || day >= TODAY - 20 * 7
    })
    await put(project, dataFiles(lately))
    await commitAll(project, 'Open a store')
    const { evaluation } = await trainAndCompare(project)
    const { champion, challenger } = evaluation
    expect(Object.keys(champion!.metrics)).toEqual(Object.keys(challenger.metrics))
    expect(evaluation.smaller).toBeUndefined()
  })
})

describe('a recipe with the name of a column', () => {
  /** With a column that has no role, of which the last value of a product in a store counts. */
  async function project(partition: string): Promise<string> {
    const sales = chainSales(['A', 'B', 'C'])
    const files = dataFiles(sales)
    const regionOf = (line: string) => {
      if (line.includes('"C"')) return line.includes('2024-01-01') ? 'south' : 'north'
      return line.includes('"A"') ? 'north' : 'south'
    }
    const withRegion = Object.entries(files).map(([name, text]): [string, string] => {
      if (!name.endsWith('.csv')) return [name, text]
      const [header, ...rows] = text.trimEnd().split('\n')
      const cells = rows.map((line) => `${line},${regionOf(line)}`)
      return [name, `${[`${header},region`, ...cells].join('\n')}\n`]
    })
    const contract = JSON.parse(files['data/datapackage.json'])
    contract.resources[0].schema.fields.push({ name: 'region', type: 'string' })
    const made = await partedProject(sales, partition)
    await put(made, {
      ...Object.fromEntries(withRegion),
      'data/datapackage.json': JSON.stringify(contract),
    })
    await commitAll(made, 'Say where stores are')
    return made
  }

  test('trains a model for each of its values, a store that moved with all that it ever sold', async () => {
    const { trained } = await trainAndCompare(await project('region'))
    if (trained.kind === 'whole') throw new Error('one model was trained')
    expect(trained.parts.index.parts).toMatchObject([
      { name: 'north', series: 8 },
      { name: 'south', series: 4 },
    ])
  })

  test.each([
    ['units', /"units" is of the role quantity/],
    ['day', /"day" is of the role saleDate/],
    ['weight', /"weight" is of the type number/],
  ])('that says how much or when is refused: %s', async (partition, said) => {
    const made = await project(partition)
    const file = 'data/datapackage.json'
    const contract = JSON.parse(await readFile(join(made, file), 'utf8'))
    contract.resources[0].schema.fields.push({ name: 'weight', type: 'number' })
    contract.resources[0].schema.fieldsMatch = 'superset'
    await put(made, { [file]: JSON.stringify(contract) })
    await expect(inputsOf(made)).rejects.toThrow(said)
  })

  test('that has a value of its own for nearly every series is refused before anything is trained', async () => {
    const sales = salesOf({ products: productIds(24), frequency: 'week', periods: WEEKS })
    const files = Object.entries(dataFiles(sales)).map(([name, text]): [string, string] => {
      if (!name.endsWith('.csv')) return [name, text]
      const [header, ...rows] = text.trimEnd().split('\n')
      const cells = rows.map((line, receipt) => `${line},R${receipt}`)
      return [name, `${[`${header},receipt`, ...cells].join('\n')}\n`]
    })
    const made = await partedProject(sales, 'receipt')
    const contract = JSON.parse(dataFiles(sales)['data/datapackage.json'])
    contract.resources[0].schema.fields.push({ name: 'receipt', type: 'string' })
    await put(made, {
      ...Object.fromEntries(files),
      'data/datapackage.json': JSON.stringify(contract),
    })
    await commitAll(made, 'Say on which receipt')
    await expect(inputsOf(made)).rejects.toThrow(
      /partition: asks for 24 models, one for each value of "receipt", of 24 series[\s\S]*no receipt/,
    )
    expect(
      (await readdir(join(made, '.cd4ml/cache'))).filter((it) => it.startsWith('parts')),
    ).toEqual([])
  })

  test('can be gone from the sales when one model of all series is to follow', async () => {
    const made = await project('region')
    await trainAndCompare(made)
    await proposed(made, { baseline: true })
    await mergeProposal(made)
    await put(made, {
      ...dataFiles(chainSales(['A', 'B', 'C'])),
      ...partedRecipe(NONE, 'moving-average: { window: [4, 8] }'),
    })
    await commitAll(made, 'Say no more where stores are')
    const { evaluation } = await trainAndCompare(made)
    expect(Object.keys(evaluation.champion!.metrics)).toContain('weightedQuantileLoss')
    expect(evaluation.decision).toMatchObject({ decision: 'promote', verdict: 'better' })
    await proposed(made)
    expect(await failures(made)).toEqual([])
  })

  test('that the sales do not have is told which columns there are', async () => {
    await expect(inputsOf(await project('county'))).rejects.toThrow(
      /recipe.yml: partition: must be store, category or a column.*"county".*"region"/s,
    )
  })
})
