import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { git } from '../../src/base/git.ts'
import type { Campaign } from '../../src/evaluation/gate/campaign.ts'
import { projectLedger } from '../../src/ledger/folder-ledger.ts'
import type { RunRecord } from '../../src/ledger/run-record.ts'
import { digest } from '../../src/registry/manifest.ts'
import { countTries, readCampaign } from '../../src/steps/model/campaign.ts'
import { checkCampaign } from '../../src/steps/promotion/check-campaign.ts'
import { put, temporaryFolder } from '../repository.ts'
import { manifest, run } from '../unit/reporting/examples.ts'
import { newProject } from './registry-fixture.ts'

const production = manifest()
const tried = { model: 'a'.repeat(64), recipe: 'a new recipe', code: 'a'.repeat(40) }

describe('which try a challenger is', () => {
  it('is its place on the ledger as the remote had it, and the required check counts the same', async () => {
    const repo = await newProject()
    const ledger = await ledgerOf(repo, [1, 2, 3, 4])
    await git(repo, ['update-ref', 'refs/remotes/origin/ledger', ledger])
    expect(await readCampaign(repo, tried, production)).toEqual({ tries: 5, ledger })
    expect(await countTries(repo, ledger, tried, production)).toBe(5)
  })

  it('is counted at the commit of then, though the ledger has grown since', async () => {
    const repo = await newProject()
    const then = await ledgerOf(repo, [1, 2])
    await git(repo, ['update-ref', 'refs/heads/ledger', await ledgerOf(repo, [1, 2, 3])])
    expect(await countTries(repo, then, tried, production)).toBe(3)
    expect(await readCampaign(repo, tried, production)).toMatchObject({ tries: 4 })
  })

  it('counts tries on this machine too, where the ledger knows none of them or there is none', async () => {
    const repo = await newProject()
    const own = [1, 2, 3].map((recipe) => ({ kind: 'run' as const, record: compared(recipe) }))
    await projectLedger(repo).append(own)
    expect(await readCampaign(repo, tried, production)).toEqual({ tries: 4 })
    const ledger = await ledgerOf(repo, [4])
    await git(repo, ['update-ref', 'refs/heads/ledger', ledger])
    expect(await readCampaign(repo, tried, production)).toEqual({ tries: 5, ledger })
  })

  it('is never less than what the required check counts, whatever was tried first on this machine', async () => {
    const repo = await newProject()
    const own = compared(0)
    const comparison = { ...own.comparison!, challenger: { model: tried.model } }
    const record = { ...own, id: '20200101T000000000Z-0000000a', comparison }
    await projectLedger(repo).append([{ kind: 'run', record }])
    const ledger = await ledgerOf(repo, [1, 2])
    await git(repo, ['update-ref', 'refs/heads/ledger', ledger])
    expect(await readCampaign(repo, tried, production)).toEqual({ tries: 3, ledger })
  })

  it('is not made earlier by a record that dates itself back', async () => {
    const repo = await newProject()
    const forged = { ...compared(5), id: '20260101T000000000Z-00000005', recipe: tried.recipe }
    const records = [...[1, 2, 3, 4].map(compared), forged]
    const ledger = await commitOf(
      repo,
      Object.fromEntries(records.map((one) => [`runs/${one.id}.json`, canonicalJson(one)])),
    )
    expect(await countTries(repo, ledger, tried, production)).toBe(5)
  })

  it('is none for the recipe and code in production, trained on newer sales', async () => {
    const repo = await newProject()
    const object = (await git(repo, ['rev-parse', 'HEAD:recipe.yml'])).trim()
    const { lineage } = production
    const own = manifest({ lineage: { ...lineage, recipe: { path: 'recipe.yml', object } } })
    const recipe = digest(await readFile(join(repo, 'recipe.yml')))
    const refreshed = { model: 'b'.repeat(64), recipe, code: lineage.code.object }
    expect(await readCampaign(repo, refreshed, own)).toBeUndefined()
    expect(await readCampaign(repo, { ...refreshed, recipe: 'other' }, own)).toEqual({ tries: 1 })
  })

  it('is the first outside of a repository, and what is no record counts for nothing', async () => {
    expect(await readCampaign(await temporaryFolder(), tried, production)).toEqual({ tries: 1 })
    const repo = await newProject()
    const ledger = await commitOf(repo, {
      'runs/20261101T000000000Z-00000000.json': '{"format": "cd4ml-run/1"',
      'runs/notes.txt': 'Call the bakery.',
      'README.md': '',
    })
    expect(await countTries(repo, ledger, tried, production)).toBe(1)
  })

  it('cannot be counted at a commit that this clone lacks: git fetch is the remedy', async () => {
    const unknown = 'd'.repeat(40)
    await expect(countTries(await newProject(), unknown, tried, production)).rejects.toThrow(
      /dddddddddddd of the ledger is not in this clone\n.*git fetch/,
    )
  })
})

describe('the required check refuses a version that was judged', () => {
  const { files, lineage } = production
  const proposed = manifest({
    files: { ...files, 'model.json': tried.model },
    lineage: { ...lineage, code: { path: 'src', object: 'a'.repeat(40) } },
  })

  it.each<[string, number[] | undefined, Campaign | undefined, 'passed' | RegExp]>([
    [
      'as an earlier try than it is',
      [1, 2, 3],
      { tries: 2 },
      /as try 2 .* is try 4 by .*git fetch/,
    ],
    ['as none, where the ledger has tries', [1, 2], undefined, /as try 0 .* is try 3/],
    ['as the try that it is: not refused', [1, 2, 3], { tries: 4 }, 'passed'],
    ['as a later one, for tries on a machine: not refused', [1], { tries: 9 }, 'passed'],
    ['where there is no ledger: not refused', undefined, { tries: 1 }, 'passed'],
  ])('%s', async (_, recipes, campaign, expected) => {
    const repo = await newProject()
    if (recipes) {
      await git(repo, ['update-ref', 'refs/remotes/origin/ledger', await ledgerOf(repo, recipes)])
    }
    const check = await checkCampaign(repo, proposed, production, campaign)
    if (expected === 'passed') expect(check).toMatchObject({ passed: true })
    else expect(check).toMatchObject({ passed: false, detail: expect.stringMatching(expected) })
  })

  it('by an older ledger than there was when its recipe was merged, but by no newer one', async () => {
    const repo = await newProject()
    const on = (day: number, ...parents: string[]) => ({ at: `2026-11-${day}T00:00:00Z`, parents })
    const before = await ledgerOf(repo, [1], on(10))
    const then = await ledgerOf(repo, [1, 2, 3], on(11, before))
    const later = await ledgerOf(repo, [1, 2, 3, 4, 5], on(20, then))
    await git(repo, ['update-ref', 'refs/remotes/origin/ledger', later])
    const merged = await commitOf(repo, {}, on(15))
    const version = { ...proposed, lineage: { ...proposed.lineage, commit: merged } }
    const judged = (campaign: Campaign) => checkCampaign(repo, version, production, campaign)
    expect(await judged({ tries: 2, ledger: before })).toMatchObject({
      passed: false,
      detail: expect.stringMatching(/as try 2 .* is try 4 by .*git fetch/),
    })
    expect(await judged({ tries: 4, ledger: before })).toMatchObject({ passed: true })
    expect(await judged({ tries: 4, ledger: then })).toMatchObject({ passed: true })
    expect(await judged({ tries: 4, ledger: later })).toMatchObject({ passed: false })
  })

  it('by a ledger that is not that of the repository', async () => {
    const repo = await newProject()
    const own = await ledgerOf(repo, [1, 2, 3])
    await git(repo, ['update-ref', 'refs/remotes/origin/ledger', own])
    const empty = await commitOf(repo, { 'README.md': '' })
    for (const ledger of [empty, 'd'.repeat(40)]) {
      const check = await checkCampaign(repo, proposed, production, { tries: 1, ledger })
      expect(check).toMatchObject({
        passed: false,
        detail: expect.stringMatching(/not in the branch ledger of this clone: git fetch/),
      })
    }
  })
})

/** A commit that holds the records of these recipes. */
async function ledgerOf(repo: string, recipes: number[], made?: Made): Promise<string> {
  const records = recipes.map((recipe) => compared(recipe))
  return await commitOf(
    repo,
    Object.fromEntries(records.map((record) => [`runs/${record.id}.json`, canonicalJson(record)])),
    made,
  )
}

/** When a commit is made, and on top of what. */
type Made = { at: string; parents: string[] }

async function commitOf(
  repo: string,
  files: Record<string, string>,
  { at, parents }: Made = { at: '2026-11-20T00:00:00Z', parents: [] },
): Promise<string> {
  const folder = await temporaryFolder()
  await put(folder, files)
  const env = { GIT_INDEX_FILE: join(folder, '.index'), GIT_COMMITTER_DATE: at }
  await git(repo, [`--work-tree=${folder}`, 'add', '--all', '--', ':!.index*'], { env })
  const tree = (await git(repo, ['write-tree'], { env })).trim()
  const on = parents.flatMap((parent) => ['-p', parent])
  return (await git(repo, ['commit-tree', tree, ...on, '-m', 'Record'], { env })).trim()
}

function compared(recipe: number): RunRecord {
  const startedAt = `2026-11-0${recipe + 1}T00:00:00.000Z`
  const example = run()
  return run({
    id: `${startedAt.replaceAll(/[-:.]/g, '')}-0000000${recipe}`,
    startedAt,
    recipe: `recipe ${recipe}`,
    workflow: { url: `https://github.com/shop/demand/actions/runs/${recipe}`, event: 'push' },
    comparison: {
      ...example.comparison!,
      challenger: { model: `${recipe}`.repeat(64), code: 'a'.repeat(40) },
      champion: { version: 4, model: 'ridge', digest: production.files['model.json'] },
    },
  })
}
