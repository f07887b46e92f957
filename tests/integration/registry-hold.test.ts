import { beforeEach, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import {
  type ProposeVersionResult,
  proposeVersion,
} from '../../src/steps/promotion/propose-version.ts'
import { rollback } from '../../src/steps/promotion/rollback.ts'
import { commitAll, put } from '../repository.ts'
import { challenger, merge, newProject, proposed, ship } from './registry-fixture.ts'

const REASON = 'Forecasts of fruit are far too high'
const DAY = '2026-10-0'

let repo: string

/** Version 3 has been taken out by version 4, which is the model of version 2. */
beforeEach(async () => {
  repo = await newProject()
  await ship(repo, 'families: [naive]\n', `${DAY}1T12:00:00Z`)
  await ship(repo, 'families: [theta]\n', `${DAY}2T12:00:00Z`)
  await ship(repo, 'families: [ridge]\n', `${DAY}3T12:00:00Z`)
  await rollback({ repo, to: 2, reason: REASON })
  await merge(repo, `${DAY}4T12:00:00Z`)
})

it('what was rolled back is not proposed again on newer data, and says why and how to lift it', async () => {
  await newSales()
  expect(await retrained()).toMatchObject({
    outcome: 'held',
    reason: `Version 3, of the same recipe, was taken out of production by version 4: ${REASON}. It is held back until recipe.yml changes, or until model-registry/policy.yml lifts it with lift: [3].`,
  })
})

it('neither newer code nor a comment in the recipe makes another model of it', async () => {
  await put(repo, {
    'recipe.yml': '# Try again.\nfamilies: [ridge]\n',
    'src/new.ts': 'export {}\n',
  })
  await commitAll(repo, 'Change what does not matter')
  expect((await retrained()).outcome).toBe('held')
})

it('nor does writing out what the recipe leaves out, in another order', async () => {
  const short = 'frequency: week\nhorizon: 4\nfamilies: {ridge: }\n'
  await ship(repo, short, `${DAY}5T12:00:00Z`)
  await rollback({ repo, to: 2, reason: REASON })
  await merge(repo, `${DAY}6T12:00:00Z`)
  const long = 'horizon: 4\nfrequency: week\nsearch: {origins: 4, step: 4}\nfamilies: {ridge: {}}\n'
  await put(repo, { 'recipe.yml': `${long}seed: 1\ncensoring: true\n` })
  await commitAll(repo, 'Write it out')
  expect((await retrained()).outcome).toBe('held')
  await put(repo, { 'recipe.yml': long.replace('horizon: 4', 'horizon: 5') })
  await commitAll(repo, 'Look further ahead')
  expect((await retrained()).outcome).toBe('proposed')
})

it('a changed recipe is proposed', async () => {
  await put(repo, { 'recipe.yml': 'families: [ridge, theta]\n' })
  await commitAll(repo, 'Change the recipe')
  expect((await retrained()).outcome).toBe('proposed')
})

it('the recipe that a rollback has brought back is retrained as before', async () => {
  await put(repo, { 'recipe.yml': 'families: [theta]\n' })
  await newSales()
  expect((await retrained()).outcome).toBe('proposed')
})

it('is proposed again where the reviewers lift the hold, of that version alone', async () => {
  await put(repo, { 'model-registry/policy.yml': 'lift: [2]\n' })
  await newSales()
  expect((await retrained()).outcome).toBe('held')
  await put(repo, { 'model-registry/policy.yml': 'lift: [3]\n' })
  await commitAll(repo, 'Lift the hold')
  expect((await retrained()).outcome).toBe('proposed')
})

it('is not held any more once a person has brought it back', async () => {
  await rollback({ repo, to: 3, reason: 'It was the sales' })
  await merge(repo, `${DAY}5T12:00:00Z`)
  await newSales()
  expect((await retrained()).outcome).toBe('proposed')
})

it('holds the recipe also where both versions were of one: newer data alone had made it worse', async () => {
  await put(repo, { 'recipe.yml': 'families: [theta]\n' })
  await newSales()
  await retrained()
  await merge(repo, `${DAY}5T12:00:00Z`)
  await rollback({ repo, to: 2, reason: REASON })
  await merge(repo, `${DAY}6T12:00:00Z`)
  await newSales('28')
  expect((await retrained()).outcome).toBe('held')
})

it('a rollback that waits for review is not rewritten, until it is merged or given up', async () => {
  await rollback({ repo, to: 1, reason: 'Too dear' })
  const waiting = await proposed(repo, 'model-registry/production/manifest.json')
  await put(repo, { 'recipe.yml': 'families: [ets]\n' })
  await commitAll(repo, 'Try another recipe')
  expect(await retrained()).toMatchObject({
    outcome: 'held',
    reason: expect.stringContaining('The rollback to version 1 waits for review'),
  })
  expect(await proposed(repo, 'model-registry/production/manifest.json')).toBe(waiting)
  await git(repo, ['branch', '--quiet', '-D', 'promotion/demand'])
  expect((await retrained()).outcome).toBe('proposed')
})

async function newSales(day = '29'): Promise<void> {
  await put(repo, { 'data/sales/2026-09.csv': `id;data_venda\r\n1;${day}/09/2026\r\n` })
  await commitAll(repo, 'Add sales')
}

async function retrained(): Promise<ProposeVersionResult> {
  return await proposeVersion(await challenger(repo))
}
