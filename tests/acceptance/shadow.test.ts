import { afterAll, beforeAll, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { runStep, type Step } from '../end-to-end/action-steps.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import { orderingShop } from '../integration/ordering-shop.ts'
import { commitAll, put } from '../repository.ts'
import { recipe } from '../shop.ts'

// The jobs of the workflows retrain and forecast, one after the other.
let server: FakeGitHub
let shop: string

beforeAll(async () => {
  server = await startGitHub()
  shop = await orderingShop()
  await put(shop, recipe('moving-average: { window: 9 }', { horizon: 5 }))
  await commitAll(shop, 'Look at nine weeks')
  await git(shop, ['remote', 'add', 'origin', server.git])
  await git(shop, ['push', '--quiet', 'origin', 'main'])
})

afterAll(async () => {
  expect(server.unknown()).toEqual([])
  await server.close()
})

it('a model that retraining cannot tell from production forecasts beside it from the next morning on', async () => {
  expect((await step('train')).code).toBe(0)
  // What a branch trains is recorded, and not kept.
  const branch = { env: { GITHUB_REF: 'refs/heads/window', GITHUB_REF_NAME: 'window' } }
  const tied = { decision: 'keep', verdict: 'not distinguishable' }
  expect((await step('compare', branch)).outputs).toMatchObject(tied)
  await recordRuns(branch)
  expect(await git(server.git, ['ls-tree', '-r', '--name-only', 'ledger'])).toMatch(
    /^runs\/.*json$/m,
  )
  expect(await forecastSummary()).not.toContain('in shadow')
  expect((await step('compare')).outputs).toMatchObject(tied)
  await recordRuns()
  expect(await forecastSummary()).toContain('Beside it, in shadow: moving-average')
  const recorded = await step('record', { with: { forecasts: '.cd4ml/forecasts' } })
  expect(recorded.outputs.outcome).toBe('appended')
  const listed = await git(server.git, ['ls-tree', '-r', '--name-only', 'ledger'])
  expect(listed.match(/^content\/.*\.json\.gz$/gm)).toHaveLength(1)
  // Production's forecasts and those beside them.
  expect(listed.match(/^content\/.*\.ndjson\.gz$/gm)).toHaveLength(2)
})

/** What the step that forecasts says, in a clone that has just fetched. */
async function forecastSummary(): Promise<string> {
  await git(shop, ['fetch', '--quiet', 'origin'])
  await git(shop, ['clean', '--quiet', '-fdx', '.cd4ml/forecasts'])
  const { code, summary } = await step('forecast')
  expect(code).toBe(0)
  return summary
}

async function recordRuns(more: Step = {}): Promise<void> {
  const { code, log } = await step('record', {
    with: { runs: '.cd4ml/runs', challenger: '.cd4ml/challenger' },
    ...more,
  })
  expect(code, log).toBe(0)
}

function step(action: string, { with: given, env }: Step = {}) {
  const asked = action === 'record' ? { token: server.token, ...given } : given
  return runStep(shop, action, {
    ...(asked && { with: asked }),
    env: { GITHUB_API_URL: server.url, ...env },
  })
}
