import { expect, it } from 'vitest'
import { groupCommit, type Settled } from '../../../src/ledger/sql/group-commit.ts'

/** Commits whatever waits, and holds each group until it is released. */
function held() {
  const groups: string[][] = []
  const release: ((settled?: Settled<string>[]) => void)[] = []
  const fail: ((error: Error) => void)[] = []
  const group = groupCommit<string, string>({
    group: (waiting) => waiting.slice(0, 3),
    commit: (items) => {
      groups.push(items)
      return new Promise((resolve, reject) => {
        release.push((settled = items.map((item) => ({ result: item }))) => resolve(settled))
        fail.push(reject)
      })
    },
  })
  return { group, groups, release, fail }
}

const nextTurn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

it('commits together what comes in one turn, and then what came meanwhile, so that one flush serves many', async () => {
  const { group, groups, release } = held()
  const first = [group.add('a'), group.add('b')]
  await nextTurn()
  const later = ['c', 'd', 'e', 'f'].map((item) => group.add(item))
  await nextTurn()
  expect([groups, group.waiting()]).toEqual([[['a', 'b']], 4])
  release[0]()
  expect(await Promise.all(first)).toEqual(['a', 'b'])
  await nextTurn()
  release[1]()
  await nextTurn()
  expect(groups.slice(1)).toEqual([['c', 'd', 'e'], ['f']])
  release[2]()
  expect(await Promise.all(later)).toEqual(['c', 'd', 'e', 'f'])
})

it('tells each what became of it alone, and goes on where a whole group fails', async () => {
  const { group, release, fail } = held()
  const [good, bad] = [group.add('a'), group.add('b')]
  await nextTurn()
  release[0]([{ result: 'done' }, { error: new Error('bad') }])
  expect(await good).toBe('done')
  await expect(bad).rejects.toThrow('bad')
  const lost = [group.add('c'), group.add('d')]
  await nextTurn()
  fail[1](new Error('disk'))
  for (const one of lost) await expect(one).rejects.toThrow('disk')
  const again = group.add('e')
  await nextTurn()
  release[2]()
  expect(await again).toBe('e')
})

it('is idle once nothing is left, so that what was accepted is written before it closes', async () => {
  const { group, release } = held()
  await group.idle()
  let done = false
  const added = group.add('a').then(() => {
    done = true
  })
  const idle = group.idle().then(() => done)
  await nextTurn()
  release[0]()
  expect(await idle).toBe(true)
  await added
})
