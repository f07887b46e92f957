import { expect, it } from 'vitest'
import { readSettings } from '../../src/github/settings.ts'
import { lastSuccess } from '../../src/github/workflow-runs.ts'
import { push, startPlace } from './github-fixture.ts'

const FILE = '.github/workflows/retrain.yml'

it('a pull request from the main of a fork passes for no success of retraining', async () => {
  const place = await startPlace()
  await push(place, { [FILE]: 'on: push\n' })
  const run = {
    path: FILE,
    branch: 'main',
    commit: '0'.repeat(40),
    status: 'completed' as const,
    actor: { login: 'stranger', type: 'User' as const },
  }
  const own = { ...run, event: 'schedule', conclusion: 'success' as const }
  place.server.addRun({ ...own, startedAt: '2026-11-02T06:23:00Z' })
  place.server.addRun({ ...own, conclusion: 'failure', startedAt: '2026-11-09T06:23:00Z' })
  for (const event of ['pull_request', 'pull_request_review']) {
    place.server.addRun({ ...own, event, startedAt: '2026-11-20T06:23:00Z' })
  }
  expect(await lastSuccess(place.github, 'retrain.yml', 'main')).toBe('2026-11-02T06:23:00Z')
  const { workflows } = await readSettings(place.github)
  expect(workflows).toMatchObject([{ lastRun: { event: 'schedule', conclusion: 'failure' } }])
})
