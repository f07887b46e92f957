import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { blobId, git, gitBytes } from '../../src/base/git.ts'
import type { GitHub } from '../../src/github/client.ts'
import { ledgerBranch } from '../../src/github/ledger-branch.ts'
import { contentFile, contentText } from '../../src/ledger/content.ts'
import type { LedgerEvent } from '../../src/ledger/ledger.ts'
import { made, run } from '../unit/reporting/examples.ts'
import { connection, type Place, push, startPlace } from './github-fixture.ts'

it('keeps the records of a first run apart from the code: the ledger has no history with main', async () => {
  const place = await startPlace()
  const result = await append(place.github, event('a'))
  expect(result.outcome).toBe('appended')
  expect(await files(place)).toEqual(['README.md', pathOf('a')])
  expect(await log(place)).toEqual(['Record 1 run'])
})

it('loses no record and no line of the leaderboard where ten runs append at once', async () => {
  const place = await startPlace()
  const names = [...'0123456789']
  const results = await Promise.all(
    names.map((name) => append(connection(place.server, place.server.token), event(name))),
  )
  expect(results.map(({ outcome }) => outcome)).toEqual(names.map(() => 'appended'))
  expect(await files(place)).toEqual(['README.md', ...names.map(pathOf)])
  expect((await read(place, 'README.md')).trim().split('\n').sort()).toEqual(names)
  expect(await log(place)).toEqual(names.map(() => 'Record 1 run'))
})

it('adds nothing when the same run records itself ten times more', async () => {
  const place = await startPlace()
  const { commit } = await append(place.github, event('a'))
  for (let run = 0; run < 10; run++) {
    expect(await append(place.github, event('a'))).toEqual({
      outcome: 'unchanged',
      commit,
    })
  }
})

it('never changes a record, and tells whoever tries', async () => {
  const place = await startPlace()
  await append(place.github, event('a'))
  const changed: LedgerEvent = { kind: 'run', record: run({ id: idOf('a'), seconds: 1 }) }
  await expect(append(place.github, changed)).rejects.toThrow(`${pathOf('a')}: is in the ledger`)
  expect(JSON.parse(await read(place, pathOf('a')))).toEqual(run({ id: idOf('a') }))
})

it('keeps forecasts byte for byte, and names of products with spaces', async () => {
  const place = await startPlace()
  const { path, bytes } = contentFile('{"pão de queijo":1}\n', 'ndjson')
  const contents = new Map([[path, bytes]])
  const forecasts: LedgerEvent = { kind: 'forecasts', id: idOf('f'), record: made(), contents }
  expect(await append(place.github, forecasts)).toMatchObject({ outcome: 'appended' })
  expect(await append(place.github, forecasts)).toMatchObject({ outcome: 'unchanged' })
  expect(await log(place)).toEqual(['Record forecasts of version 3'])
  const kept = await gitBytes(place.server.git, ['cat-file', 'blob', `ledger:${path}`])
  expect(contentText(path, kept)).toBe('{"pão de queijo":1}\n')
})

it('writes nothing again that says the same, however it is packed, and mends what is damaged', async () => {
  const place = await startPlace()
  const { path, bytes } = contentFile('the same\n', 'csv')
  const packedOtherwise = gzipSync('the same\n', { level: 1 })
  expect(packedOtherwise.equals(bytes)).toBe(false)
  const published = (name: string, packed: Uint8Array): LedgerEvent => ({
    kind: 'forecasts',
    id: idOf(name),
    record: made(),
    contents: new Map([[path, packed]]),
  })
  const there = async () => (await git(place.server.git, ['rev-parse', `ledger:${path}`])).trim()
  await append(place.github, published('a', packedOtherwise))
  const first = await there()
  await append(place.github, published('b', bytes))
  expect(await there()).toBe(first)
  await append(place.github, published('c', Buffer.from('damaged')))
  expect(await there()).toBe(first)

  const other = await startPlace()
  await append(other.github, published('a', Buffer.from('damaged')))
  await append(other.github, published('b', bytes))
  expect(await git(other.server.git, ['rev-parse', `ledger:${path}`])).toBe(`${blobId(bytes)}\n`)
})

it('is read back as it was appended, the oldest first, and no more than is asked for', async () => {
  const { github } = await startPlace()
  const ledger = ledgerBranch(github, listed)
  expect(await ledger.read({ kind: 'run' })).toEqual({ records: [], leftOut: [] })
  const runs = [...'bca'].map((name) => run({ id: idOf(name) }))
  await ledger.append([
    ...runs.map((record) => ({ kind: 'run' as const, record })),
    { kind: 'forecasts', id: idOf('f'), record: made() },
  ])
  const [b, c, a] = runs
  expect(await ledger.read({ kind: 'run' })).toEqual({ records: [a, b, c], leftOut: [] })
  expect((await ledger.read({ kind: 'run', newest: 1 })).records).toEqual([c])
  expect((await ledger.read({ kind: 'forecasts' })).records).toEqual([made()])
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
  if (method === 'PATCH') await append(place.github, event('a'))
  place.server.fault({ method, path, times: 1, kind })
  await append(place.github, event('b'))
  expect(await log(place)).toHaveLength(method === 'PATCH' ? 2 : 1)
  expect(await read(place, 'README.md')).toMatch(/^(a\n)?b\n$/)
})

it('does not move main, nor what anybody else has pushed to the ledger', async () => {
  const place = await startPlace()
  const main = await push(place, { 'notes.txt': 'x' })
  await append(place.github, event('a'))
  await git(place.clone, ['fetch', '--quiet', 'origin', 'ledger'])
  await git(place.clone, ['switch', '--quiet', '--detach', 'FETCH_HEAD'])
  await git(place.clone, ['commit', '--quiet', '--allow-empty', '-m', 'By hand'])
  await git(place.clone, ['push', '--quiet', 'origin', 'HEAD:ledger'])
  await append(place.github, event('b'))
  expect(await log(place)).toEqual(['Record 1 run', 'By hand', 'Record 1 run'])
  expect((await git(place.server.git, ['rev-parse', 'main'])).trim()).toBe(main)
})

/** Appends a record, and its line to the README. */
function append(github: GitHub, event: LedgerEvent) {
  return ledgerBranch(github, listed).append([event])
}

const listed: Parameters<typeof ledgerBranch>[1] = async (before, events) => {
  const text = new TextDecoder().decode(await before.read('README.md'))
  const added = events.map((event) => (event.kind === 'run' ? event.record.id : event.id).at(-1))
  const all = new Set([...text.split('\n').filter(Boolean), ...added])
  return new Map([['README.md', Buffer.from([...all].map((line) => `${line}\n`).join(''))]])
}

function event(name: string): LedgerEvent {
  return { kind: 'run', record: run({ id: idOf(name) }) }
}

/** `name` is a single digit in hexadecimal. */
function idOf(name: string): string {
  return `20261102T093000000Z-0000000${name}`
}

function pathOf(name: string): string {
  return `runs/${idOf(name)}.json`
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
