import { expect, test } from 'vitest'
import { git } from '../../../src/base/git.ts'
import { asParent } from '../../../src/registry/manifest.ts'
import { checkMoved, checkPlace } from '../../../src/registry/place.ts'
import { type Commit, inProduction, repositoryOf, versionOf } from './commits.ts'

const first = versionOf('a')
const second = versionOf('b', { parent: asParent(first.manifest) })

/** Where the version at one of the commits stands, to be merged into what another has. */
async function placeOf(commits: Commit[], version = second, [rev, base] = [-1, 0]) {
  const { repo, ids } = await repositoryOf(commits)
  const place = await checkPlace(
    repo,
    { name: 'promotion/demand', commit: ids.at(rev)! },
    { name: 'main', commit: ids.at(base)! },
    version.manifest,
  )
  return { ...place, repo, ids }
}

const withFirst = { files: { ...inProduction(first), 'notes.txt': 'a' } }

test('what is proposed follows what is in production, and changes nothing else', async () => {
  const { ids, ...place } = await placeOf([withFirst, { files: inProduction(second) }])
  expect(place).toMatchObject({
    state: 'proposed',
    champion: ids[0],
    checks: [
      {
        name: 'parent',
        passed: true,
        detail: expect.stringMatching(/^main has version 1 \(\w{12}\) in production, as when/),
      },
      {
        name: 'scope',
        passed: true,
        detail: 'Nothing outside model-registry/production/ is changed.',
      },
    ],
  })
})

test('a first version is proposed against nothing, also where the base went on', async () => {
  const place = await placeOf(
    [
      { files: { 'notes.txt': 'a' } },
      { files: { 'notes.txt': 'b' } },
      { after: [0], files: inProduction(first) },
    ],
    first,
    [2, 1],
  )
  expect(place).not.toHaveProperty('champion')
  expect(place.state).toBe('proposed')
  expect(place.checks.map(({ passed }) => passed)).toEqual([true, true])
})

test('what is proposed to follow another version, or changes more, is refused', async () => {
  const place = await placeOf(
    [
      withFirst,
      {
        files: { ...inProduction(second), 'notes.txt': 'b', 'model-registry/production.txt': 'x' },
      },
    ],
    first,
  )
  expect(place).not.toHaveProperty('champion')
  expect(place.checks).toMatchObject([
    {
      name: 'parent',
      passed: false,
      detail: expect.stringMatching(/to follow no version, but main has version 1 \(/),
    },
    {
      name: 'scope',
      passed: false,
      detail: expect.stringContaining('changes model-registry/production.txt, notes.txt: bring'),
    },
  ])
})

test.each<[string, Commit[], [number, number], string]>([
  [
    'shares no history with the base',
    [withFirst, { after: [], files: inProduction(second) }],
    [1, 0],
    'promotion/demand has no common history with main.',
  ],
  [
    'has been merged with the base in both directions',
    [
      withFirst,
      { files: { 'a.txt': '1' } },
      { after: [0], files: { 'b.txt': '1' } },
      { after: [1, 2], files: { 'b.txt': '1' } },
      { after: [2, 1], files: { 'a.txt': '1', ...inProduction(second) } },
    ],
    [4, 3],
    'have been merged into each other',
  ],
])('what %s tells nobody what it would change, and is refused', async (_, commits, at, text) => {
  const { checks } = await placeOf(commits, second, at)
  expect(checks[1]).toMatchObject({ name: 'scope', passed: false })
  expect(checks[1].detail).toContain(text)
})

test('what was merged followed what was in production before it, however it was merged', async () => {
  const merged = [withFirst, { files: inProduction(second) }]
  const squashed: Commit[] = [...merged, { after: [0], files: inProduction(second) }]
  for (const [commits, at, champion] of [
    [merged, [1, 1], 0],
    [[...merged, { files: { 'notes.txt': 'b' } }], [1, 2], 0],
    [squashed, [1, 2], 0],
  ] as [Commit[], [number, number], number][]) {
    const { ids, ...place } = await placeOf(commits, second, at)
    expect(place).toMatchObject({
      state: 'merged',
      champion: ids[champion],
      checks: [
        {
          name: 'parent',
          passed: true,
          detail: expect.stringMatching(/^It followed version 1 \(/),
        },
        { name: 'scope', passed: true, detail: 'Version 2 is in main already.' },
      ],
    })
  }
})

test.each<[string, Commit[], typeof first, boolean, string]>([
  [
    'nothing',
    [{}, { files: inProduction(first) }],
    first,
    true,
    'Nothing was in production before it, as it says.',
  ],
  [
    'a version that this repository does not know',
    [{}, { files: inProduction(second) }],
    second,
    true,
    'The history of this repository begins with it, after version 1 (',
  ],
  [
    'another version than it says',
    [withFirst, { files: inProduction(versionOf('c')) }],
    versionOf('c'),
    false,
    'It says that it follows no version, but it followed version 1 (',
  ],
  [
    'nothing any more',
    [withFirst, { files: { 'model-registry': null } }, { files: inProduction(second) }],
    second,
    false,
    'but it followed no version: go back with rollback',
  ],
  [
    'what nobody can read',
    [{ files: { 'model-registry/production/manifest.json': '' } }, { files: inProduction(second) }],
    second,
    false,
    'What was in production before it cannot be read: manifest.json: ',
  ],
])('what was merged after %s says so', async (_, commits, version, passed, text) => {
  const place = await placeOf(commits, version, [-1, -1])
  expect(place.checks[0]).toMatchObject({ name: 'parent', passed })
  expect(place.checks[0].detail).toContain(text)
  expect('champion' in place).toBe(text.includes('it followed version 1'))
})

test('a base that moved on during the check is fine with the same in production alone', async () => {
  const { repo, ids } = await repositoryOf([
    withFirst,
    { files: { 'notes.txt': 'b' } },
    { files: inProduction(second) },
  ])
  const main = (commit: string) => ({ name: 'main', commit })
  expect(await checkMoved(repo, main(ids[2]))).toEqual([])
  expect(await checkMoved(repo, main(ids[1]))).toMatchObject([
    {
      name: 'base',
      passed: false,
      detail: expect.stringContaining(`main has moved on to ${ids[2].slice(0, 12)} during`),
    },
  ])
  await git(repo, ['update-ref', 'refs/heads/main', ids[1]])
  expect(await checkMoved(repo, main(ids[0]))).toMatchObject([{ name: 'base', passed: true }])
  await git(repo, ['update-ref', '-d', 'refs/heads/main'])
  expect(await checkMoved(repo, main(ids[0]))).toMatchObject([
    { passed: false, detail: expect.stringContaining('moved on to nothing during') },
  ])
})
