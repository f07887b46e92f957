import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { type Append, appendToLedger } from '../../src/github/ledger-branch.ts'
import { connection, type Place, push, startPlace } from './github-fixture.ts'

it('keeps the records of a first run apart from the code: the ledger has no history with main', async () => {
  const place = await startPlace()
  const result = await appendToLedger(place.github, record('a'))
  expect(result.outcome).toBe('appended')
  expect(await files(place)).toEqual(['README.md', 'runs/a.json'])
  expect(await log(place)).toEqual(['Record a'])
})

it('loses no record and no line of the leaderboard where ten runs append at once', async () => {
  const place = await startPlace()
  const names = [...'abcdefghij']
  const results = await Promise.all(
    names.map((name) => appendToLedger(connection(place.server, place.server.token), record(name))),
  )
  expect(results.map(({ outcome }) => outcome)).toEqual(names.map(() => 'appended'))
  expect(await files(place)).toEqual(['README.md', ...names.map((name) => `runs/${name}.json`)])
  expect((await read(place, 'README.md')).trim().split('\n').sort()).toEqual(names)
  expect((await log(place)).sort()).toEqual(names.map((name) => `Record ${name}`))
})

it('adds nothing when the same run records itself ten times more', async () => {
  const place = await startPlace()
  const { commit } = await appendToLedger(place.github, record('a'))
  for (let run = 0; run < 10; run++) {
    expect(await appendToLedger(place.github, record('a'))).toEqual({
      outcome: 'unchanged',
      commit,
    })
  }
})

it('never changes a record, and tells whoever tries', async () => {
  const place = await startPlace()
  await appendToLedger(place.github, record('a'))
  const changed = { ...record('a'), add: new Map([['runs/a.json', Buffer.from('{"wape":0}')]]) }
  await expect(appendToLedger(place.github, changed)).rejects.toThrow(
    'runs/a.json: is in the ledger',
  )
  expect(await read(place, 'runs/a.json')).toBe('{"name":"a"}\n')
})

it('keeps binary records and names with spaces byte for byte', async () => {
  const place = await startPlace()
  const bytes = Buffer.from([0, 255, 10, 13, 0])
  const add = new Map([
    ['forecasts/pão de queijo.bin', bytes],
    ['forecasts/empty.csv', Buffer.alloc(0)],
  ])
  await appendToLedger(place.github, { ...record('a'), add })
  const again = await appendToLedger(place.github, { ...record('a'), add })
  expect(again.outcome).toBe('unchanged')
})

it.each([
  ['dropped after', 'POST', /git\/refs$/],
  ['dropped after', 'PATCH', /git\/refs/],
  ['dropped before', 'PATCH', /git\/refs/],
  ['dropped after', 'POST', /git\/commits$/],
  [409, 'PATCH', /git\/refs/],
  [500, 'POST', /git\/trees$/],
  ['secondary-limit', 'POST', /git\/trees$/],
  ['rate-limited', 'PATCH', /git\/refs/],
] as const)('records a run once in spite of %s at %s %s', async (kind, method, path) => {
  const place = await startPlace()
  if (method === 'PATCH') await appendToLedger(place.github, record('a'))
  place.server.fault({ method, path, times: 1, kind })
  await appendToLedger(place.github, record('b'))
  expect((await log(place)).filter((subject) => subject === 'Record b')).toHaveLength(1)
  expect(await read(place, 'README.md')).toMatch(/^(a\n)?b\n$/)
})

it('does not move main, nor what anybody else has pushed to the ledger', async () => {
  const place = await startPlace()
  const main = await push(place, { 'notes.txt': 'x' })
  await appendToLedger(place.github, record('a'))
  await git(place.clone, ['fetch', '--quiet', 'origin', 'ledger'])
  await git(place.clone, ['switch', '--quiet', '--detach', 'FETCH_HEAD'])
  await git(place.clone, ['commit', '--quiet', '--allow-empty', '-m', 'By hand'])
  await git(place.clone, ['push', '--quiet', 'origin', 'HEAD:ledger'])
  await appendToLedger(place.github, record('b'))
  expect(await log(place)).toEqual(['Record b', 'By hand', 'Record a'])
  expect((await git(place.server.git, ['rev-parse', 'main'])).trim()).toBe(main)
})

/** A run that adds its record, and its line to the README. */
function record(name: string): Append {
  return {
    add: new Map([[`runs/${name}.json`, Buffer.from(`{"name":"${name}"}\n`)]]),
    derive: async (readFile) => {
      const lines = ((await readFile('README.md'))?.toString() ?? '').split('\n').filter(Boolean)
      const all = [...new Set([...lines, name])]
      return new Map([['README.md', Buffer.from(all.map((line) => `${line}\n`).join(''))]])
    },
    message: `Record ${name}`,
  }
}

async function files({ server }: Place): Promise<string[]> {
  const names = await git(server.git, ['ls-tree', '-r', '--name-only', 'ledger'])
  return names.trim().split('\n')
}

async function read({ server }: Place, path: string): Promise<string> {
  return await git(server.git, ['show', `ledger:${path}`])
}

/** Newest first. */
async function log({ server }: Place): Promise<string[]> {
  return (await git(server.git, ['log', '--format=%s', 'ledger'])).trim().split('\n')
}
