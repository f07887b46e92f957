import { expect, test } from 'vitest'
import { git } from '../../../src/base/git.ts'
import { appendInClone } from '../../../src/steps/monitoring/append-in-clone.ts'
import { newProject } from '../../project.ts'
import { put } from '../../repository.ts'

const file = (path: string, text: string) => ({
  files: new Map([[path, Buffer.from(text)]]),
  message: `Record ${path}`,
})

test('the branch of a clone begins with the first record, and shows each next one those before', async () => {
  const repo = await newProject({ 'recipe.yml': 'frequency: week\n' })
  await put(repo, { 'recipe.yml': 'changed', 'new.txt': 'not committed' })
  const before = await stateOf(repo)
  const append = appendInClone(repo)
  await append(async (ledger) => {
    expect(await ledger.names('runs')).toEqual([])
    return file('runs/a.json', '{}')
  })
  const { outcome } = await append(async (ledger) => {
    expect(await ledger.names('runs')).toEqual(['a.json'])
    expect((await ledger.read('runs/a.json'))?.toString()).toBe('{}')
    expect(await ledger.idAt('runs/a.json')).toMatch(/^[0-9a-f]{40}$/)
    expect(await ledger.idAt('runs/b.json')).toBeUndefined()
    return file('runs/b.json', '[]')
  })
  expect(outcome).toBe('appended')
  expect(await git(repo, ['log', '--format=%s', 'ledger'])).toBe(
    'Record runs/b.json\nRecord runs/a.json\n',
  )
  expect(await git(repo, ['ls-tree', '-r', '--name-only', 'ledger'])).toBe(
    'runs/a.json\nruns/b.json\n',
  )
  expect(await stateOf(repo)).toEqual(before)
})

test('nothing to record makes no commit', async () => {
  const repo = await newProject({ 'recipe.yml': 'frequency: week\n' })
  const nothing = async () => ({ files: new Map(), message: 'Record nothing' })
  expect(await appendInClone(repo)(nothing)).toEqual({ outcome: 'unchanged', commit: undefined })
  const { commit } = await appendInClone(repo)(async () => file('runs/a.json', '{}'))
  expect(await appendInClone(repo)(nothing)).toEqual({ outcome: 'unchanged', commit })
})

test('two who record at once lose nothing: the one who comes later is told, and has changed nothing', async () => {
  const repo = await newProject({ 'recipe.yml': 'frequency: week\n' })
  const append = appendInClone(repo)
  const late = append(async () => {
    await append(async () => file('runs/first.json', '{}'))
    return file('runs/late.json', '{}')
  })
  await expect(late).rejects.toThrow('the branch ledger could not be moved')
  expect(await git(repo, ['ls-tree', '-r', '--name-only', 'ledger'])).toBe('runs/first.json\n')
})

/** What somebody works on. */
async function stateOf(repo: string): Promise<string[]> {
  return [
    await git(repo, ['status', '--porcelain=v2', '--branch']),
    await git(repo, ['for-each-ref', 'refs/heads/main']),
  ]
}
