import { beforeEach, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import { git } from '../../../src/base/git.ts'
import { appendTo } from '../../../src/github/ledger-branch.ts'
import type { HealthRecord } from '../../../src/monitoring/health/health-record.ts'
import { recordHealth } from '../../../src/steps/monitoring/record-health.ts'
import { healthAt, healthRecord } from '../../unit/monitoring/health/examples.ts'
import { connection, type Place, startPlace } from '../github-fixture.ts'

let place: Place

beforeEach(async () => {
  place = await startPlace()
})

describe('the branch of records has', () => {
  it('one record where nothing is new, however often and at whatever moment somebody looks', async () => {
    const { id, ...first } = await record(healthRecord())
    expect(first).toMatchObject({ outcome: 'appended', leftOut: [] })
    const later = healthRecord({ at: '2026-11-03T08:00:00.000Z' })
    expect(await record(later)).toMatchObject({ outcome: 'unchanged', id })
    expect(await kept()).toEqual([`health/${id}.json`])
    expect(await show(`health/${id}.json`)).toBe(canonicalJson(healthRecord()))
  })

  it('a record each time that something changed, also back', async () => {
    const days = [healthRecord(), healthAt('watch'), healthRecord()]
    for (const [i, health] of days.entries()) {
      const at = `2026-11-0${i + 2}T08:00:00.000Z`
      expect(await record({ ...health, at })).toMatchObject({ outcome: 'appended' })
    }
    expect(await kept()).toHaveLength(3)
    expect(await subjects()).toEqual([
      'Record the health of version 3: as promised',
      'Record the health of version 3: watch',
      'Record the health of version 3: as promised',
    ])
  })

  it('one record of two who look at once, and both name it', async () => {
    const now = '2026-11-02T08:10:00.000Z'
    const both = await Promise.all([
      record(healthAt('degraded'), now),
      record(healthAt('degraded', { at: '2026-11-02T08:05:00.000Z' }), now),
    ])
    expect(new Set(both.map(({ id }) => id)).size).toBe(1)
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['appended', 'unchanged'])
    expect(await kept()).toHaveLength(1)
  })
})

describe('what is on the branch already hides nothing, and is said, where it', () => {
  it.each([
    ['is damaged', '20261102T070000000Z-0a1b2c3d', '{"format": "cd4ml-heal'],
    ['is no health record', '20261102T070000000Z-0a1b2c3d', '{"format":"cd4ml-run/1"}'],
    ['is of another moment than its name', '20261102T070000000Z-0a1b2c3d', text(healthRecord())],
  ])('%s', async (_, id, content) => {
    await record(healthRecord())
    await put(`health/${id}.json`, content)
    const later = healthRecord({ at: '2026-11-02T09:00:00.000Z' })
    await put('health/20261102T083000000Z-0a1b2c3d.json', content)
    const again = await record(later)
    expect(again).toMatchObject({
      outcome: 'unchanged',
      leftOut: [{ file: 'health/20261102T083000000Z-0a1b2c3d.json' }],
    })
    expect(await record({ ...healthAt('wreck'), at: later.at })).toMatchObject({
      outcome: 'appended',
    })
  })

  it('lies in the future, so that it would be the newest for ever', async () => {
    const future = healthRecord({ at: '9999-12-31T23:59:59.999Z' })
    await put('health/99991231T235959999Z-0a1b2c3d.json', text(future))
    await put('health/zzz.json', text(future))
    expect(await record(healthRecord())).toMatchObject({ outcome: 'appended' })
    expect(await record(healthRecord())).toMatchObject({ outcome: 'unchanged' })
  })

  it('copies the digest of what is true, and says that all is well', async () => {
    const forged = healthRecord({ of: healthAt('wreck').of, at: '2026-11-02T07:00:00.000Z' })
    await put('health/20261102T070000000Z-0a1b2c3d.json', text(forged))
    expect(await record(healthAt('wreck'))).toMatchObject({ outcome: 'appended' })
  })
})

function record(health: HealthRecord, now = health.at) {
  const github = connection(place.server, place.server.token)
  return recordHealth(appendTo(github), { record: health, now })
}

function text(health: object): string {
  return canonicalJson(health)
}

async function put(path: string, content: string): Promise<void> {
  await appendTo(place.github)(async () => ({
    files: new Map([[path, Buffer.from(content)]]),
    message: 'Forge a record',
  }))
}

async function kept(): Promise<string[]> {
  const names = await git(place.server.git, ['ls-tree', '-r', '--name-only', 'ledger', 'health/'])
  return names.split('\n').filter(Boolean)
}

function show(path: string): Promise<string> {
  return git(place.server.git, ['show', `ledger:${path}`])
}

async function subjects(): Promise<string[]> {
  const log = await git(place.server.git, ['log', '--format=%s', 'ledger'])
  return log.trim().split('\n')
}
