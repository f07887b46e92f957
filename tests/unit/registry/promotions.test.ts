import { expect, test } from 'vitest'
import { asParent, type Manifest } from '../../../src/registry/manifest.ts'
import { findVersion, readPromotions } from '../../../src/registry/promotions.ts'
import { type Commit, inProduction, repositoryOf, versionOf } from './commits.ts'

const FOLDER = 'model-registry/production'
const first = versionOf('a')
const second = versionOf('b', { parent: asParent(first.manifest) })
const again = versionOf('c', { parent: asParent(first.manifest) })

test('the history says what was in production, from which commit until which', async () => {
  const day = (of: number) => `2026-10-${String(of).padStart(2, '0')}T12:00:00.000Z`
  const commits: (Commit & { found?: unknown })[] = [
    { files: { 'recipe.yml': 'a' } },
    { files: inProduction(first), found: version(first.manifest) },
    { files: { 'recipe.yml': 'b' } },
    { files: { [`${FOLDER}/evaluation.json`]: evaluation('theta') } },
    { files: inProduction(second), found: version(second.manifest) },
    { files: inProduction(again), found: version(again.manifest) },
    {
      files: { [`${FOLDER}/manifest.json`]: null },
      found: unreadable('manifest.json: is missing'),
    },
    { files: { [FOLDER]: null }, found: { found: 'nothing' } },
    {
      files: { [`${FOLDER}/manifest.json`]: '{}' },
      found: unreadable(expect.stringMatching(/^manifest\.json: [^\n]+$/)),
    },
    {
      files: { ...inProduction(first), [`${FOLDER}/evaluation.json`]: null },
      found: unreadable('evaluation.json: is missing'),
    },
    {
      files: { ...inProduction(first), [`${FOLDER}/evaluation.json`]: evaluation('naive') },
      found: { ...version(first.manifest), model: 'naive' },
    },
  ]
  const { repo, ids } = await repositoryOf(
    commits.map((commit, i) => ({ ...commit, at: day(i + 1) })),
  )
  const shown = commits.flatMap(({ found }, i) => (found === undefined ? [] : [{ found, i }]))
  expect(await readPromotions(repo, 'main')).toEqual(
    shown
      .map(({ found, i }, at) => ({
        commit: ids[i],
        since: day(i + 1),
        ...(found as object),
        ...(shown[at + 1] && { until: day(shown[at + 1].i + 1) }),
      }))
      .reverse(),
  )
})

test('a version counts from the merge that brought it, and a project without one has none', async () => {
  const { repo, ids } = await repositoryOf([
    { files: { 'recipe.yml': 'a' } },
    { files: inProduction(first) },
    { after: [0], files: { 'recipe.yml': 'b' } },
    { after: [2, 1], files: inProduction(first) },
  ])
  const history = await readPromotions(repo, 'main')
  expect(history).toMatchObject([{ commit: ids[3], found: 'version' }])
  expect(history[0]).not.toHaveProperty('until')
  expect(await readPromotions(repo, ids[2])).toEqual([])
})

test('of a number that was in production more than once the last time is found', () => {
  const span = { since: '2026-10-01T12:00:00.000Z' }
  const entries = [
    { ...span, commit: '3', ...unreadable('is missing') },
    { ...span, commit: '2', ...version(again.manifest) },
    { ...span, commit: '1', ...version(second.manifest) },
    { ...span, commit: '0', ...version(first.manifest) },
  ]
  expect(findVersion(entries, 2)).toBe(entries[1])
  expect(findVersion(entries, 1)).toBe(entries[3])
  expect(findVersion(entries, 3)).toBeUndefined()
})

function version(manifest: Manifest) {
  return { found: 'version' as const, manifest, model: 'ridge' }
}

function unreadable(problem: string) {
  return { found: 'unreadable' as const, problem }
}

function evaluation(model: string): string {
  return JSON.stringify({ challenger: { model, metrics: {}, chosen: [] } })
}
