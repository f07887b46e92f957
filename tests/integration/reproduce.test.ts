import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { type Day, isoFromDay } from '../../src/base/day.ts'
import { git } from '../../src/base/git.ts'
import type { FitStore } from '../../src/evaluation/search/fit-store.ts'
import type { FitResult } from '../../src/evaluation/search/fit-task.ts'
import { trainAsOf } from '../../src/evaluation/search/search.ts'
import type { Model } from '../../src/forecasting/model.ts'
import { digest, POLICY } from '../../src/registry/manifest.ts'
import type { Workspace } from '../../src/registry/recorded-code.ts'
import { inputsIn, readInputs } from '../../src/steps/data/inputs.ts'
import { compare } from '../../src/steps/model/compare.ts'
import { reproduce } from '../../src/steps/model/reproduce.ts'
import { train } from '../../src/steps/model/train.ts'
import { type Histories, projectFits, withHistories } from '../../src/steps/model/with-history.ts'
import { promote } from '../../src/steps/promotion/promote.ts'
import { verify } from '../../src/steps/promotion/verify.ts'
import { mergeProposal, REPOSITORY } from '../project.ts'
import { commitAll, initialise, put, temporaryFolder } from '../repository.ts'
import { dataFiles, OPENING, productIds, recipe, salesOf } from '../shop.ts'
import { fetchedLedger, healthFiles, shadowHealth } from './monitoring/shadow-shop.ts'

const PERIODS = 110
const TODAY = OPENING + PERIODS * 7

/** Version 1 is in production, version 2 is proposed; both learnt on a day before their sales end. */
let project: string
let proposed: Awaited<ReturnType<typeof propose>>

beforeAll(async () => {
  project = await temporaryFolder()
  await initialise(project)
  const sales = salesOf({ products: productIds(12), frequency: 'week', periods: PERIODS })
  const early = { product: 'P1', category: 'bakery', day: TODAY + 5, units: 9 }
  const files = dataFiles([...sales, early])
  const contract = JSON.parse(files['data/datapackage.json'])
  contract.cd4ml.freshness = { maxAgeDays: 10 }
  await put(project, {
    ...files,
    'data/datapackage.json': JSON.stringify(contract),
    ...recipe('moving-average: { window: 1 }'),
    [POLICY]: await readFile(join(REPOSITORY, POLICY)),
    'ordering.yml': 'defaults: { leadTime: 2 }\n',
    'src/cli.ts': '',
    'package.json': '{ "version": "1.0.0" }\n',
    'package-lock.json': '{}\n',
    'node_modules/x': '',
    '.gitignore': 'node_modules/\n.cd4ml/\n',
  })
  await commitAll(project, 'Begin')
  expect(await propose({ baseline: true })).toMatchObject({ manifest: { version: 1 } })
  await mergeProposal(project)
  const second = recipe('moving-average: { window: [4, 8] }')
  await put(project, second)
  await commitAll(project, 'Look further back')
  await fetchedLedger(project, healthFiles(shadowHealth(digest(Buffer.from(second['recipe.yml'])))))
  proposed = await propose({})
  expect(proposed).toMatchObject({ manifest: { version: 2, parent: { version: 1 } } })
})

test.each([0, 1, 7, 365])(
  'a version that learnt while a row was still to come is proven %i days later',
  async (days) => {
    expect(await problems(TODAY + days)).toEqual([])
  },
)

test('a first version is proven after its merge, without a champion', async () => {
  expect(await problems(TODAY + 7, 'main')).toEqual([])
})

test('what a model did in shadow until then stands in pull request and card, and is proven with them', async () => {
  const { text, commit } = proposed
  const said = 'ridge (penalty 10) has been forecasting beside production since 2024-05-06: over 4 '
  expect(text.body).toContain(`### In shadow\n\n${said}`)
  const card = await git(project, ['show', `${commit}:model-registry/production/README.md`])
  expect(card).toContain(`### In shadow\n\n${said}`)
  expect(card).toContain('is of the same recipe, fitted on newer sales')
  // The ledger goes on: what was proposed names the one that it rests on.
  const ledger = await git(project, ['rev-parse', 'refs/remotes/origin/ledger'])
  await fetchedLedger(
    project,
    { ...healthFiles(shadowHealth('another')), 'README.md': 'Later.' },
    ledger.trim(),
  )
  expect(await problems(TODAY)).toEqual([])
  // Another one, in which nothing of that is, proves nothing.
  await fetchedLedger(project, { 'README.md': 'Begun anew.' })
  expect(await problems(TODAY)).toEqual([
    expect.stringMatching(/^shadow: .* not in the branch ledger of this clone: git fetch/),
    expect.stringMatching(/^tries: .* not in the branch ledger/),
  ])
  await git(project, ['update-ref', 'refs/remotes/origin/ledger', ledger.trim()])
})

test('the day of training decides what has been sold: on another one the version is another', async () => {
  const later = async (workspace: Workspace) => {
    const { lineage } = workspace.reproduction
    const day = isoFromDay(TODAY + 7)
    const reproduction = { ...workspace.reproduction, lineage: { ...lineage, trainedOn: day } }
    return await madeAgain({ ...workspace, reproduction })
  }
  expect(await problems(TODAY + 7, 'promotion/demand', later)).toEqual([
    expect.stringMatching(/^reproduction: .* different in .*model\.json/),
  ])
})

test('a proof believes no fit that lies in the project: it fits everything anew', async () => {
  const anew = await modelOf({})
  const withWrongFits = async (workspace: Workspace) => {
    const fits = projectFits(workspace.folder)
    const wrong = (fit: FitResult) => ({ ...fit, mean: fit.mean.map((units) => 2 * units) })
    const lying = {
      get: async () => undefined,
      put: (key: string, fit: FitResult) => fits.put(key, wrong(fit)),
    }
    expect(await modelOf({ store: lying })).toEqual(anew)
    expect(await modelOf({ store: fits })).not.toEqual(anew)
    return await madeAgain(workspace)
  }
  expect(await problems(TODAY, 'promotion/demand', withWrongFits)).toEqual([])
})

async function modelOf(options: { store?: FitStore }): Promise<Model> {
  const inputs = await readInputs(inputsIn(project, TODAY, { data: 'data' }))
  if (inputs.outcome === 'invalid') throw new Error(JSON.stringify(inputs.report))
  const search = (histories: Histories) =>
    histories.whole(({ history }) => trainAsOf(history, inputs.recipe))
  return (await withHistories(inputs, search, options)).model
}

async function propose(options: { baseline?: boolean }) {
  const out = join(project, '.cd4ml/challenger')
  const inputs = await readInputs(inputsIn(project, TODAY, { data: 'data' }))
  if (inputs.outcome === 'invalid') throw new Error(JSON.stringify(inputs.report))
  await withHistories(inputs, async (histories) => {
    await train({ inputs, histories, out })
    await compare({ inputs, histories, policy: join(project, POLICY), out })
  })
  const result = await promote({ repo: project, out, ...options })
  if (result.outcome === 'refused') throw new Error(result.reasons.join('\n'))
  if (result.outcome === 'held') throw new Error(result.reason)
  return result
}

async function problems(
  today: Day,
  rev = 'promotion/demand',
  remake = madeAgain,
): Promise<string[]> {
  const before = await git(project, ['status', '--porcelain'])
  const { checks } = await verify({ repo: project, today, rev, reproduce: remake })
  expect(await git(project, ['status', '--porcelain'])).toBe(before)
  return checks.filter(({ passed }) => !passed).map(({ name, detail }) => `${name}: ${detail}`)
}

/** As the program of a project does it, without a process of its own. */
async function madeAgain({ folder, reproduction }: Workspace): Promise<Map<string, Uint8Array>> {
  const record = join(folder, 'record.json')
  const out = join(folder, 'made')
  await writeFile(record, canonicalJson(reproduction))
  await reproduce({ project: folder, record, out })
  const entries = await readdir(out, { recursive: true, withFileTypes: true })
  const paths = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name))
  const contents = await Promise.all(paths.map((path) => readFile(path)))
  return new Map(paths.map((path, i) => [relative(out, path), contents[i]]))
}
