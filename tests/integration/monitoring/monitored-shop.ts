import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Day, isoFromDay } from '../../../src/base/day.ts'
import { git, gitMaybe } from '../../../src/base/git.ts'
import { keptFiles } from '../../../src/ledger/ledger.ts'
import { type Edit, editedTree } from '../../../src/registry/edited-tree.ts'
import { inputsIn } from '../../../src/steps/data/inputs.ts'
import { publishForecasts } from '../../../src/steps/forecasts/publish-forecasts.ts'
import { newProject, succeed } from '../../project.ts'
import { commitAll, put } from '../../repository.ts'
import { dataFiles, OPENING, productIds, recipe, type Sale, salesOf } from '../../shop.ts'

/** So many weeks of sales the version in production has learnt from. */
export const LEARNT = 60

/** Of six products in two stores, for longer than anybody looks. */
export const SALES: Sale[] = ['centre', 'harbour'].flatMap((store, index) =>
  salesOf({ products: productIds(6), frequency: 'day', periods: 7 * 90, seed: 3 + index }).map(
    (sale) => ({ ...sale, store }),
  ),
)

/** The Monday after so many weeks: in the morning the sales of the week before are known. */
export function mondayAfter(weeks: number): Day {
  return OPENING + 7 * weeks
}

/** A moment of that morning. */
export function morningAfter(weeks: number): string {
  return `${isoFromDay(mondayAfter(weeks))}T09:00:00.000Z`
}

/**
 * A shop with a model in production since the Monday after `LEARNT` weeks: of all series, or with
 * `partition: store`, one of each store.
 */
export async function monitoredShop(partition = '', sales = SALES): Promise<string> {
  const { 'recipe.yml': written } = recipe('moving-average: { window: 8 }')
  const project = await newProject({
    ...salesAfter(LEARNT, sales),
    'recipe.yml': `${written}${partition}\n`,
    'ordering.yml': 'defaults: { leadTime: 2, reviewPeriod: 7 }\n',
    'project.yml': 'timeZone: UTC\n',
  })
  for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(project, command)
  }
  const at = morningAfter(LEARNT)
  const env = { GIT_COMMITTER_DATE: at, GIT_AUTHOR_DATE: at }
  const merge = ['merge', '--quiet', '--no-ff', '-m', 'Merge', 'promotion/demand']
  await git(project, merge, { env })
  return project
}

/** The files of the sales of the first weeks. */
export function salesAfter(weeks: number, sales = SALES): Record<string, string> {
  return dataFiles(sales.filter(({ day }) => day < mondayAfter(weeks)))
}

/** So many weeks have passed: the sales of all of them are there, and committed. */
export async function passWeeks(project: string, weeks: number, sales = SALES): Promise<void> {
  await put(project, salesAfter(weeks, sales))
  await commitAll(project, 'Add sales', morningAfter(weeks))
}

/** So many weeks after the promotion, each published at its start. Returns the ids, week by week. */
export async function publishEveryWeek(
  project: string,
  weeks: number,
  sales = SALES,
): Promise<string[]> {
  const ids: string[] = []
  for (let week = LEARNT; week < LEARNT + weeks; week++) {
    await passWeeks(project, week, sales)
    ids.push(await publishAfter(project, week))
  }
  await passWeeks(project, LEARNT + weeks, sales)
  return ids
}

/** Forecasts as the workflow does on the Monday after so many weeks, and records it on the branch. */
export async function publishAfter(project: string, weeks: number): Promise<string> {
  const out = join(project, '.cd4ml', 'forecasts')
  await rm(out, { recursive: true, force: true })
  const published = await publishForecasts({
    options: inputsIn(project, mondayAfter(weeks), { data: 'data' }),
    at: morningAfter(weeks),
    repository: 'https://github.com/shop/demand',
    language: 'en',
    out,
  })
  if (published.outcome !== 'made') throw new Error(published.problem)
  const [id] = await readdir(out)
  const { files, shadow } = published.record
  await appendToLedger(project, {
    [`forecasts/${id}/record.json`]: await readFile(join(out, id, 'record.json')),
    [files.json]: await readFile(join(out, id, keptFiles.json)),
    ...(shadow?.outcome === 'made' && {
      [shadow.json]: await readFile(join(out, id, keptFiles.shadow)),
    }),
  })
  return id
}

/** Writes files on the branch `ledger` of the clone, which begins with the first of them. */
export async function appendToLedger(
  project: string,
  files: Record<string, string | Uint8Array>,
): Promise<void> {
  const parent = await gitMaybe(project, ['rev-parse', '--verify', '--quiet', 'refs/heads/ledger'])
  const empty = await git(project, ['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' })
  const edits = Object.entries(files).map(
    ([path, content]): Edit => ({ kind: 'write', path, content }),
  )
  const tree = await editedTree(project, edits, parent ?? empty.trim())
  const parents = parent === undefined ? [] : ['-p', parent]
  const commit = await git(project, ['commit-tree', tree, ...parents, '-m', 'Record'])
  await git(project, ['update-ref', 'refs/heads/ledger', commit.trim()])
}
