import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { git } from '../../../src/base/git.ts'
import type { Degradation } from '../../../src/monitoring/evidence/degradation.ts'
import type { HealthRecord } from '../../../src/monitoring/health/health-record.ts'
import { respondToHealth } from '../../../src/steps/monitoring/respond-to-health.ts'
import type { FaultKind } from '../../github/faults.ts'
import { REPOSITORY } from '../../project.ts'
import {
  countedBlock,
  healthAt,
  healthRecord,
  judged,
} from '../../unit/monitoring/health/examples.ts'
import { as, connection, MARIA, type Place, push, startPlace } from '../github-fixture.ts'

const RETRAIN = '.github/workflows/retrain.yml'

let place: Place

beforeEach(async () => {
  await newPlace()
})

describe('where production', () => {
  it('keeps its promise, there is a record and nothing else', async () => {
    expect(await respond(healthRecord())).toMatchObject({
      recorded: { outcome: 'appended' },
      issue: { outcome: 'none' },
      retraining: { outcome: 'not asked for' },
    })
    expect(await issues()).toEqual([])
    expect(started()).toEqual([])
  })

  it('may be worse, a retraining is started that names the record, and nobody is alarmed', async () => {
    const { recorded, issue, retraining } = await respond(healthAt('watch'))
    expect([issue.outcome, retraining.outcome]).toEqual(['none', 'started'])
    expect(started()).toEqual([recorded.id])
    expect(await issues()).toEqual([])
  })

  it('is worse, there is one issue and a retraining, however often somebody looks', async () => {
    const first = await respond(healthAt('degraded'))
    expect([first.issue.outcome, first.retraining.outcome]).toEqual(['opened', 'started'])
    for (let day = 3; day < 9; day++) {
      const again = await respond(healthAt('degraded', { at: `2026-11-0${day}T08:00:00.000Z` }))
      expect([again.issue.outcome, again.retraining.outcome]).toEqual(['unchanged', 'was started'])
    }
    expect(await issues()).toMatchObject([{ state: 'open', title: /worse than it promised/ }])
    expect(started()).toHaveLength(1)
  })

  it('fails, the issue says so at once, with the way back above everything else', async () => {
    await respond(healthAt('wreck'))
    const [{ title, body }] = await issues()
    expect(title).toBe('The model in production fails')
    expect(body).toMatch(
      /two blocks in a row[\s\S]*cd4ml rollback --to 2[\s\S]*What happens by itself/,
    )
    expect(body).toContain('actions/workflows/rollback.yml')
  })

  it('cannot be told, nothing is said of it, and an open issue stays', async () => {
    const untold = healthRecord({
      standing: { outcome: 'cannot tell', reason: 'no block could be told' },
      blocks: [],
    })
    expect(await respond(untold)).toMatchObject({ issue: { outcome: 'none' } })
    await respond(healthAt('degraded'))
    expect(await respond(untold)).toMatchObject({ issue: { outcome: 'open' } })
    expect(await issues()).toMatchObject([{ state: 'open', comments: 0 }])
  })
})

describe('of retrainings', () => {
  it('there is one for each block that is as bad, also where it is reported differently', async () => {
    await respond(healthAt('watch'))
    const revised = healthAt('degraded', { of: 'c'.repeat(64), at: '2026-11-03T08:00:00.000Z' })
    expect((await respond(revised)).retraining.outcome).toBe('was started')
    finishRuns()
    const next = afterAnotherBlock('degraded', { at: '2026-11-09T08:00:00.000Z' })
    expect((await respond(next)).retraining.outcome).toBe('started')
    expect(started()).toHaveLength(2)
  })

  it.each(['queued', 'in_progress'] as const)(
    'none is added to another one that is %s; the next look starts it',
    async (status) => {
      addRun(status)
      expect((await respond(healthAt('watch'))).retraining.outcome).toBe('another runs')
      expect(started()).toEqual([])
      finishRuns()
      expect((await respond(healthAt('watch'))).retraining.outcome).toBe('started')
    },
  )

  it('one that failed is not repeated for the same block: its own issue says why it failed', async () => {
    await respond(healthAt('watch'))
    finishRuns('failure')
    expect((await respond(healthAt('watch'))).retraining.outcome).toBe('was started')
    expect(started()).toHaveLength(1)
  })

  it('what a pull request pretends to be one neither suppresses nor delays', async () => {
    const { recorded } = await respond(healthAt('watch'))
    place.server.runs.splice(0)
    addRun('completed', { title: `Health record ${recorded.id}`, event: 'pull_request' })
    addRun('in_progress', { event: 'pull_request' })
    expect((await respond(healthAt('watch'))).retraining.outcome).toBe('started')
  })

  it('those of a person, with whatever in their titles, keep none from being started', async () => {
    addRun('completed', { title: 'Health record ../../x' })
    addRun('completed', { title: 'Health record 20261102T080000000Z-0a1b2c3d' })
    expect((await respond(healthAt('watch'))).retraining.outcome).toBe('started')
  })
})

describe('the issue is closed', () => {
  it('by a promotion, and says which version is in production now', async () => {
    await respond(healthAt('degraded'))
    const closed = await respond(nextVersion(4))
    expect(closed.issue).toMatchObject({ outcome: 'closed', number: 1 })
    expect(await respond(nextVersion(4))).toMatchObject({ issue: { outcome: 'none' } })
    expect(await issues()).toMatchObject([{ state: 'closed', comments: 1 }])
    expect(await comments()).toEqual([
      '✅ Version 4 is in production since 2026-11-09. What it does is looked at anew.\n',
    ])
  })

  it('by a rollback, and says to which version', async () => {
    await respond(healthAt('wreck'))
    await respond(nextVersion(4), { restores: 2 })
    expect(await comments()).toEqual([expect.stringContaining('a rollback to version 2')])
  })

  it('by sales that turned out otherwise, and names the record that says so', async () => {
    await respond(healthAt('degraded'))
    const { recorded } = await respond(healthRecord({ at: '2026-11-03T08:00:00.000Z' }))
    expect(await comments()).toEqual([expect.stringContaining(`health/${recorded.id}.json`)])
  })

  it.each(['completed', 'not_planned', 'duplicate'] as const)(
    'by a person as %s, and stays so until there is something new to say',
    async (reason) => {
      await respond(healthAt('degraded'))
      const { api, owner, repo } = as(place.server, MARIA)
      const closed = { state: 'closed', state_reason: reason } as const
      await api.rest.issues.update({ owner, repo, issue_number: 1, ...closed })
      expect((await respond(healthAt('degraded'))).issue.outcome).toBe('stays closed')
      const next = afterAnotherBlock('degraded', { at: '2026-11-09T08:00:00.000Z' })
      expect((await respond(next)).issue.outcome).toBe('reopened')
      expect(await issues()).toHaveLength(1)
    },
  )

  it('and opened again, as the same one, where the next version gets worse too', async () => {
    await respond(healthAt('degraded'))
    await respond(nextVersion(4))
    const worse = healthAt('degraded', {
      at: '2026-12-01T08:00:00.000Z',
      production: { ...healthRecord().production, version: 4 },
    })
    expect((await respond(worse)).issue).toMatchObject({ outcome: 'reopened', number: 1 })
  })
})

it('two who look at once leave one issue open and one record', async () => {
  const both = await Promise.all([respond(healthAt('degraded')), respond(healthAt('degraded'))])
  expect(new Set(both.map(({ recorded }) => recorded.id)).size).toBe(1)
  expect((await issues()).filter(({ state }) => state === 'open')).toHaveLength(1)
  expect(await kept()).toHaveLength(1)
})

it('issues that are switched off do not keep a retraining from being started', async () => {
  const { api, owner, repo } = as(place.server, MARIA)
  await api.rest.repos.update({ owner, repo, has_issues: false })
  const { problems, retraining } = await respond(healthAt('degraded'))
  expect(problems).toEqual([expect.stringMatching(/issues on|refuses/)])
  expect(retraining.outcome).toBe('started')
})

it('a retraining that is switched off is a problem that says how to switch it on', async () => {
  const { api, owner, repo } = as(place.server, MARIA)
  await api.rest.actions.disableWorkflow({ owner, repo, workflow_id: 'retrain.yml' })
  const { problems, issue } = await respond(healthAt('degraded'))
  expect(problems).toEqual([expect.stringMatching(/disabled workflow.*"Enable workflow"/)])
  expect(issue.outcome).toBe('opened')
  await api.rest.actions.enableWorkflow({ owner, repo, workflow_id: 'retrain.yml' })
  expect((await respond(healthAt('degraded'))).retraining.outcome).toBe('started')
})

it('in the end there is one record, one issue and one retraining, and the issue is closed with one word, wherever GitHub fails on the way', async () => {
  const path = fc.constantFrom(/\/git\//, /issues/, /labels/, /actions/, /comments/)
  const times = fc.integer({ min: 1, max: 5 })
  const reading = fc.record({
    method: fc.constant('GET'),
    kind: fc.constantFrom<FaultKind>('dropped before', 500, 401, 404, 429),
    path,
    times,
  })
  const writing = fc.record({
    method: fc.constantFrom('POST', 'PATCH'),
    kind: fc.constantFrom<FaultKind>('dropped before', 'dropped after', 500, 401, 409, 422),
    path,
    times,
  })
  const faults = fc.array(fc.oneof(reading, writing), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(faults, faults, async (opening, closing) => {
      await newPlace()
      for (const one of opening) place.server.fault(one)
      await untilDone(healthAt('degraded'))
      expect(await kept()).toHaveLength(1)
      expect(await inSpiteOfFaults(issues)).toMatchObject([{ state: 'open' }])
      expect(new Set(started()).size).toBe(1)
      for (const one of closing) place.server.fault(one)
      await untilDone(nextVersion(4))
      expect(await inSpiteOfFaults(issues)).toMatchObject([{ state: 'closed', comments: 1 }])
    }),
    { numRuns: 8 },
  )
})

/** Looks again until nothing is in the way any more, and at whatever is recorded meanwhile. */
async function untilDone(record: HealthRecord): Promise<void> {
  const all = [healthAt('degraded'), record]
  for (let [run, quiet] = [0, 0]; quiet < 2; run++) {
    expect(run).toBeLessThan(40)
    const done = await respond(record).catch(() => undefined)
    quiet = done?.problems.length === 0 ? quiet + 1 : 0
    for (const one of await records()) expect(all).toContainEqual(one)
  }
}

async function newPlace(): Promise<void> {
  place = await startPlace()
  await push(place, { [RETRAIN]: await readFile(join(REPOSITORY, RETRAIN), 'utf8') })
}

/** What is left of the faults strikes the first reads. */
async function inSpiteOfFaults<T>(read: () => Promise<T>): Promise<T> {
  for (let left = 20; ; left--) {
    try {
      return await read()
    } catch (error) {
      if (left === 0) throw error
    }
  }
}

function respond(record: HealthRecord, { restores }: { restores?: number } = {}) {
  return respondToHealth(connection(place.server, place.server.token), {
    record,
    replaced: 2,
    restores,
    now: record.at,
    repository: 'https://github.com/shop/demand',
    language: 'en',
  })
}

function afterAnotherBlock(level: Degradation, changes: Partial<HealthRecord>): HealthRecord {
  const { blocks, sales } = healthAt('degraded')
  return healthAt(level, {
    of: 'e'.repeat(64),
    standing: judged(level, 3),
    blocks: [...blocks, countedBlock('2026-11-02', level)],
    sales: { ...sales, through: '2026-11-08' },
    ...changes,
  })
}

function nextVersion(version: number): HealthRecord {
  return healthRecord({
    at: '2026-11-09T12:00:00.000Z',
    of: 'f'.repeat(64),
    production: {
      ...healthRecord().production,
      version,
      since: '2026-11-09T10:00:00.000Z',
    },
    standing: { outcome: 'cannot tell', reason: 'no block is over yet' },
    blocks: [],
  })
}

function addRun(
  status: 'queued' | 'in_progress' | 'completed',
  { title, event = 'push' }: { title?: string; event?: string } = {},
): void {
  place.server.addRun({
    path: RETRAIN,
    branch: 'main',
    commit: '0'.repeat(40),
    event,
    status,
    conclusion: status === 'completed' ? 'success' : null,
    actor: { login: 'maria', type: 'User' },
    startedAt: '2026-11-02T07:00:00Z',
    ...(title && { title }),
  })
}

function finishRuns(conclusion: 'success' | 'failure' = 'success'): void {
  for (const run of place.server.runs) Object.assign(run, { status: 'completed', conclusion })
}

/** The records that retrainings were started for. */
function started(): string[] {
  return place.server.dispatches.flatMap((it) =>
    it.event === 'workflow_dispatch' ? [it.inputs.health] : [],
  )
}

async function issues() {
  const { api, owner, repo } = as(place.server, MARIA)
  const { data } = await api.rest.issues.listForRepo({ owner, repo, state: 'all' })
  return data.map(({ title, body, state, comments }) => ({ title, body, state, comments }))
}

async function comments(): Promise<string[]> {
  const { api, owner, repo } = as(place.server, MARIA)
  const { data } = await api.rest.issues.listComments({ owner, repo, issue_number: 1 })
  return data.map(({ body = '' }) => body)
}

async function kept(): Promise<string[]> {
  const { git: bare } = place.server
  const names = await git(bare, ['ls-tree', '-r', '--name-only', 'ledger', 'health/']).catch(
    () => '',
  )
  return names.split('\n').filter(Boolean)
}

async function records(): Promise<unknown[]> {
  const files = await kept()
  return await Promise.all(
    files.map(async (file) => JSON.parse(await git(place.server.git, ['show', `ledger:${file}`]))),
  )
}
