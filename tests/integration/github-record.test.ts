import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { appendTo } from '../../src/github/ledger-branch.ts'
import { momentOf } from '../../src/ledger/plausible.ts'
import type { RunRecord } from '../../src/ledger/run-record.ts'
import { type Recorded, record } from '../../src/steps/monitoring/record.ts'
import { put, temporaryFolder } from '../repository.ts'
import { type Place, startPlace } from './github-fixture.ts'
import {
  FUTURE,
  handOver,
  handOverForecasts,
  idAt,
  madeAt,
  ownRun,
  runAt,
} from './record-fixture.ts'

let place: Place
/** Where artifacts are taken over. */
let project: string

beforeEach(async () => {
  place = await startPlace()
  project = await temporaryFolder()
})

it('looks at nothing that a job has handed over and this one has not asked for', async () => {
  await handOverForecasts(project, madeAt('2026-11-02T09:00:00.000Z'))
  expect((await recordRuns()).outcome).toBe('none')
  expect((await recordForecasts()).outcome).toBe('appended')
})

describe('a ledger that somebody has tampered with', () => {
  it.each([
    ['damaged', { 'leaderboard.json': '{' }],
    ['a folder', { 'leaderboard.json/x': 'x' }],
    ['larger than any', { 'leaderboard.json': ' '.repeat(33 * 1024 ** 2) }],
    ['of the future', { 'leaderboard.json': JSON.stringify(futureLeaderboard()) }],
  ])('publishes the next honest forecasts where its leaderboard is %s', async (_, files) => {
    await tamper(files)
    await handOverForecasts(project, madeAt('2026-11-02T09:00:00.000Z'))
    const { outcome, leftOut } = await recordForecasts()
    expect(outcome).toBe('appended')
    expect(leftOut.ledger).not.toEqual([])
    const { forecasts, runs } = await leaderboard()
    expect([forecasts.made.at, runs]).toEqual(['2026-11-02T09:00:00.000Z', []])
  })

  it('does so where its leaderboard is a link', async () => {
    await tamper({}, { 'leaderboard.json': '/etc/passwd' })
    await handOverForecasts(project, madeAt('2026-11-02T09:00:00.000Z'))
    expect((await recordForecasts()).leftOut.ledger).toMatchObject([
      { problem: expect.stringContaining('plain file') },
    ])
  })

  it('is listed anew from its records, the damaged ones left out, where the list is lost', async () => {
    const earlier = runAt('2026-11-02T08:00:00.000Z')
    await tamper({
      [`runs/${earlier.id}.json`]: JSON.stringify(earlier),
      [`runs/${idAt('2026-11-02T08:30:00.000Z')}.json`]: '{',
      [`runs/${idAt(FUTURE)}.json`]: JSON.stringify(runAt(FUTURE)),
      'runs/notes.txt': 'x',
      [`forecasts/${idAt('2026-11-01T09:00:00.000Z')}/record.json`]: JSON.stringify(
        madeAt('2026-11-01T09:00:00.000Z'),
      ),
      [`forecasts/${idAt(FUTURE)}/record.json`]: JSON.stringify(madeAt(FUTURE)),
      [`forecasts/${idAt('2026-11-01T10:00:00.000Z')}`]: 'no folder',
    })
    const honest = await handOver(project, runAt('2026-11-02T09:00:00.000Z'))
    const { leftOut } = await recordRuns()
    expect(leftOut.ledger).toHaveLength(1)
    const { runs, forecasts } = await leaderboard()
    expect(runs.map(({ id }: RunRecord) => id)).toEqual([honest.id, earlier.id])
    expect(forecasts.made.at).toBe('2026-11-01T09:00:00.000Z')
  })
})

function recordRuns(folder = '.cd4ml/runs'): Promise<Recorded> {
  return record(appendTo(place.github), {
    own: ownRun(project, 'better'),
    runs: join(project, folder),
    ...ON_GITHUB,
  })
}

function recordForecasts(branch = 'main'): Promise<Recorded> {
  const forecasts = join(project, '.cd4ml', 'forecasts')
  return record(appendTo(place.github), { own: ownRun(project, branch), forecasts, ...ON_GITHUB })
}

const ON_GITHUB = { repository: 'https://github.com/shop/demand', language: 'en' as const }

function futureLeaderboard() {
  const { format: _, kind: __, searched: ___, metrics: ____, ...listed } = runAt(FUTURE)
  const runs = Array.from({ length: 500 }, (_, i) => ({
    ...listed,
    id: `${momentOf(FUTURE)}-${String(i).padStart(8, '0')}`,
  }))
  return { format: 'cd4ml-leaderboard/1', runs, forecasts: { made: madeAt(FUTURE) } }
}

/** Pushes a ledger that cd4ml has not written. */
async function tamper(files: Record<string, string>, links: Record<string, string> = {}) {
  const { clone } = place
  await git(clone, ['switch', '--quiet', '--orphan', 'ledger'])
  await put(clone, { 'README.md': '# Ledger\n', ...files })
  for (const [path, target] of Object.entries(links)) await symlink(target, join(clone, path))
  await git(clone, ['add', '--all'])
  await git(clone, ['commit', '--quiet', '-m', 'By hand'])
  await git(clone, ['push', '--quiet', 'origin', 'ledger'])
}

async function leaderboard() {
  return JSON.parse(await git(place.server.git, ['show', 'ledger:leaderboard.json']))
}
