import { expect, test } from 'vitest'
import { findHold, holdText } from '../../../src/registry/holds.ts'
import { asParent, digest } from '../../../src/registry/manifest.ts'
import type { Version } from '../../../src/registry/production.ts'
import { blobId, type Commit, inProduction, lineageOf, repositoryOf, versionOf } from './commits.ts'

const recipes = {
  naive: 'families: [naive]\n',
  theta: 'families: [theta]\n',
  ridge: 'frequency: week\nhorizon: 4\nfamilies: {ridge: }\n',
  ridgeInFull: '# Again.\nseed: 1\nhorizon: 4\nfamilies: {ridge: {}}\nfrequency: week\n',
  ridgeLater: 'frequency: week\nhorizon: 5\nfamilies: {ridge: }\n',
}

type Made = { model: string; recipe: string }
/** `back` is the number of the version that one restores. */
type Put = Made & { back?: number }

const naive: Put = { model: 'n', recipe: recipes.naive }
const theta: Put = { model: 't', recipe: recipes.theta }
const ridge: Put = { model: 'r', recipe: recipes.ridge }
const back = (to: number, version: Put): Put => ({ ...version, back: to })

/** The hold on a candidate where these versions were in production, one after the other. */
async function holdOn(line: Put[], candidate: Made, more: Commit[] = []) {
  const commits: Commit[] = [{ files: recipes }]
  let before: Version | undefined
  for (const { model, recipe, back } of line) {
    before = versionOf(model, {
      lineage: lineageWith(recipe),
      ...(before && { parent: asParent(before.manifest) }),
      ...(back && { restores: { version: back, reason: `Reason ${commits.length}` } }),
    })
    commits.push({ files: inProduction(before) })
  }
  const { repo } = await repositoryOf([...commits, ...more])
  const model = digest(Buffer.from(candidate.model))
  return await findHold(repo, 'main', { model, lineage: lineageWith(candidate.recipe) })
}

function lineageWith(recipe: string) {
  return lineageOf({ recipe: { path: 'recipe.yml', object: blobId(recipe) } })
}

const taken = [naive, theta, ridge, back(2, theta)]

test.each([
  ['its recipe on newer data', { model: 'new', recipe: recipes.ridge }],
  ['its recipe with a comment and all filled in', { model: 'new', recipe: recipes.ridgeInFull }],
  ['its model with another recipe', { model: 'r', recipe: recipes.naive }],
])('a rollback holds back what it took out: %s', async (_, candidate) => {
  const hold = await holdOn(taken, candidate)
  expect(hold).toEqual({ version: 3, by: 4, reason: 'Reason 4' })
  expect(holdText(hold!)).toBe(
    'Version 3, of the same recipe, was taken out of production by version 4: Reason 4. It is held back until recipe.yml changes, or until model-registry/policy.yml lifts it with lift: [3].',
  )
})

test.each([
  ['a recipe that says something else', { model: 'new', recipe: recipes.ridgeLater }],
  ['the recipe that it brought back', { model: 'new', recipe: recipes.theta }],
  ['a recipe of long before', { model: 'new', recipe: recipes.naive }],
])('a rollback holds back nothing else: not %s', async (_, candidate) => {
  expect(await holdOn(taken, candidate)).toBeUndefined()
})

test('without a rollback nothing is held back, whatever was replaced', async () => {
  expect(await holdOn([naive, theta, ridge], naive)).toBeUndefined()
  expect(await holdOn([], naive)).toBeUndefined()
})

test('a first version that is a rollback itself took nothing out that is known', async () => {
  expect(await holdOn([back(7, theta)], theta)).toBeUndefined()
})

test('a hold ends when the recipe is in production again, and another rollback begins it anew', async () => {
  const again = [...taken, ridge]
  expect(await holdOn(again, ridge)).toBeUndefined()
  expect(await holdOn([...again, back(4, theta)], ridge)).toMatchObject({ version: 5, by: 6 })
})

test('of two rollbacks the later one is named for what both took out', async () => {
  const line = [naive, theta, back(1, naive), ridge, back(1, naive)]
  expect(await holdOn(line, { model: 'r', recipe: recipes.theta })).toMatchObject({ version: 4 })
  expect(await holdOn(line, { model: 'new', recipe: recipes.theta })).toMatchObject({ version: 2 })
})

test('the policy lifts the holds that it names, and no other', async () => {
  const policy = (text: string): Commit[] => [{ files: { 'model-registry/policy.yml': text } }]
  expect(await holdOn(taken, ridge, policy('lift: [3]\n'))).toBeUndefined()
  expect(await holdOn(taken, ridge, policy('lift: [2, 4]\n'))).toMatchObject({ version: 3 })
  expect(await holdOn(taken, ridge, policy('decidedBy: wape\n'))).toMatchObject({ version: 3 })
})

test('recipes that this version of cd4ml cannot read, or git lacks, are compared as they are', async () => {
  const old = { model: 'o', recipe: 'families: [extinct]\n' }
  const line = [naive, old, back(1, naive)]
  const has: Commit[] = [{ files: { old: old.recipe, same: `# Again.\n${old.recipe}` } }]
  expect(await holdOn(line, { ...old, model: 'new' }, has)).toMatchObject({ version: 2 })
  const commented = { model: 'new', recipe: `# Again.\n${old.recipe}` }
  expect(await holdOn(line, commented, has)).toMatchObject({ version: 2 })
  expect(await holdOn(line, { ...old, model: 'new' })).toMatchObject({ version: 2 })
  expect(await holdOn(line, commented)).toBeUndefined()
})
