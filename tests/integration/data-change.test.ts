import { expect, test } from 'vitest'
import { dataChange } from '../../src/registry/data-change.ts'
import type { Lineage } from '../../src/registry/manifest.ts'
import { commitAll, put } from '../repository.ts'
import { lineageOf, newProject } from './registry-fixture.ts'

const september = (...rows: string[]) => ({
  'data/sales/2026-09.csv': ['id;sold', ...rows, ''].join('\n'),
})

/** What is changed between two commits: the files as they are first, and as they are then. */
async function changed(
  before: Record<string, string | Uint8Array>,
  after: Record<string, string | Uint8Array>,
) {
  const repo = await newProject()
  const lineages: Lineage[] = []
  for (const files of [before, after]) {
    await put(repo, files)
    await commitAll(repo, 'Change the data')
    lineages.push(await lineageOf(repo))
  }
  const [from, to] = lineages
  return { repo, from, to, change: await dataChange(repo, from, to) }
}

test('reviewers read how many lines of how many files have come and gone', async () => {
  const { repo, from, to, change } = await changed(
    { ...september('1;a', '2;b', '3;c', '4;d') },
    {
      ...september('1;a', '2;x', '4;d', '5;e', '6;f', '7;g'),
      'data/sales/2026-10.csv': 'id;sold\n8;h\n',
    },
  )
  expect(change).toEqual({ files: 2, added: 4 + 2, removed: 2 })
  expect(await dataChange(repo, to, from)).toEqual({ files: 2, added: 2, removed: 4 + 2 })
  expect(await dataChange(repo, to, to)).toEqual({ files: 0, added: 0, removed: 0 })
})

test('a file that was renamed is one file less and one more, and the contract is none', async () => {
  const rows = ['1;a', '2;b', '3;c']
  const { change } = await changed(september(...rows), {
    ...september('9;z'),
    'data/sales/old.csv': september(...rows)['data/sales/2026-09.csv'],
    'data/datapackage.json': '{ "name": "sales" }\n',
  })
  expect(change).toEqual({ files: 2, added: 1 + 4, removed: 3 })
})

test('what git cannot count is not counted, rather than told as nothing', async () => {
  const { repo, from, to, change } = await changed(
    {},
    { 'data/sales/b.csv.gz': Uint8Array.of(0, 1, 2) },
  )
  expect(change).toBeUndefined()
  const unknown = { ...to, data: { ...to.data, object: '1'.repeat(40) } }
  expect(await dataChange(repo, from, unknown)).toBeUndefined()
})
