import { readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/canonical-json.ts'
import { git } from '../../src/git.ts'
import { propose } from '../../src/registry/proposal.ts'
import { promote } from '../../src/steps/promote.ts'
import { type VerifyInput, type VerifyResult, verify } from '../../src/steps/verify.ts'
import { commitAll, put } from '../repository.ts'
import { miniature } from './miniature.ts'
import {
  challenger,
  failure,
  type Making,
  newProject,
  shallowClone,
  ship,
  snapshot,
  TODAY,
} from './registry-fixture.ts'

const AT = '2026-10-01T12:00:00Z'
const FOLDER = 'model-registry/production'

test('a promotion as cd4ml wrote it is proven by training again with the recorded code', async () => {
  const repo = await promotedProject({ asOf: '2026-09-30' })
  await put(repo, { 'recipe.yml': 'changed and not committed', 'src/cli.ts': 'throw 1' })
  const before = await snapshot(repo)

  const result = await verify({ repo, today: TODAY })

  expect(problems(result)).toEqual([])
  expect(result.checks.map(({ name }) => name)).toEqual([
    'hashes',
    'parent',
    'scope',
    'lineage',
    'claims',
    'tries',
    'reproduction',
  ])
  expect(result).toMatchObject({ outcome: 'verified', rev: { name: 'promotion/demand' } })
  expect(await snapshot(repo)).toEqual(before)
})

test('a training that fails is shown with what it said, not as a crash', async () => {
  const repo = await newProject()
  await put(repo, { 'recipe.yml': 'broken' })
  await commitAll(repo, 'Break')
  await promote(await challenger(repo))
  expect(problems(await verify({ repo, today: TODAY }))).toEqual([
    'reproduction: it could not be made again: recipe.yml: families: must not be broken',
  ])
})

test('without installed packages the message says to install them', async () => {
  const repo = await promotedProject()
  await rm(join(repo, 'node_modules'), { recursive: true })
  expect(problems(await verify({ repo, today: TODAY })).join()).toContain('npm ci')
})

test('the temporary folder of a verification is removed, even after a crash', async () => {
  const repo = await promotedProject()
  let seen = ''
  const crash = async ({ folder }: { folder: string }): Promise<never> => {
    seen = folder
    expect((await readdir(folder)).sort()).toEqual([
      'data',
      'model-registry',
      'node_modules',
      'package-lock.json',
      'package.json',
      'recipe.yml',
      'src',
    ])
    throw new TypeError('crash')
  }
  await expect(verify({ repo, today: TODAY, reproduce: crash })).rejects.toThrow('crash')
  expect(seen).toContain('cd4ml-verify-')
  await expect(readdir(seen)).rejects.toThrow('ENOENT')
  expect(seen.startsWith(tmpdir())).toBe(true)
})

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a model edited by hand',
    { 'model.json': '{"units": 0}\n' },
    /model.json: must have the SHA-256/,
  ],
  [
    'a model card edited by hand',
    { 'README.md': '# Best model\n' },
    /README.md: must have the SHA/,
  ],
  [
    'a file that the manifest does not list',
    { 'charts/x.svg': '<svg/>' },
    /not listed in manifest/,
  ],
  ['a file of another kind', { 'hook.sh': 'touch pwned' }, /hook.sh: does not belong/],
  ['a file in a hidden folder', { 'charts/.git-x/a.svg': 'x' }, /does not belong/],
  ['a manifest that is no JSON', { 'manifest.json': '{' }, /manifest.json: is not valid JSON/],
  ['an empty manifest', { 'manifest.json': '{}' }, /manifest.json: must have required/],
])('%s is caught, and nothing is run', async (_, files, message) => {
  const repo = await promotedProject()
  await onPromotionBranch(repo, files)
  const result = await verify({ repo, today: TODAY, reproduce: notCalled })
  expect(problems(result)[0]).toMatch(message)
  expect(result.outcome).toBe('failed')
})

test('a manifest that was written in another way is caught, doubled keys included', async () => {
  const repo = await promotedProject()
  const manifest = await git(repo, ['show', `promotion/demand:${FOLDER}/manifest.json`])
  await onPromotionBranch(repo, {
    'manifest.json': manifest.replace('"seed": 1', '"seed": 2,\n  "seed": 1'),
  })
  expect(problems(await verify({ repo, today: TODAY, reproduce: notCalled }))[0]).toContain(
    'changed by hand',
  )
})

test.each([
  ['recipe', '../../etc/passwd'],
  ['recipe', '/etc/passwd'],
  ['data', 'data/../..'],
  ['data', '.git'],
  ['contract', 'data/.GIT/config'],
  ['code', 'other'],
])('a lineage whose %s is at %s is caught, and nothing is run', async (part, path) => {
  const repo = await promotedProject()
  const text = await git(repo, ['show', `promotion/demand:${FOLDER}/manifest.json`])
  const manifest = JSON.parse(text)
  manifest.lineage[part].path = path
  await onPromotionBranch(repo, { 'manifest.json': canonicalJson(manifest) })
  const result = await verify({ repo, today: TODAY, reproduce: notCalled })
  expect(problems(result)[0]).toContain(`lineage.${part}.path: must`)
})

test.skipIf(process.platform === 'win32')('a link in place of a file is caught', async () => {
  const repo = await promotedProject()
  await git(repo, ['switch', '--quiet', 'promotion/demand'])
  await rm(join(repo, FOLDER, 'README.md'))
  await symlink('../../notes.txt', join(repo, FOLDER, 'README.md'))
  await commitAll(repo, 'Link')
  await git(repo, ['switch', '--quiet', 'main'])
  expect(problems(await verify({ repo, today: TODAY, reproduce: notCalled }))[0]).toContain(
    'has the mode 120000',
  )
})

test('a change outside of the production folder is caught, and the changed code is not run', async () => {
  const repo = await promotedProject()
  await onPromotionBranch(repo, { '../../src/cli.ts': 'throw 1', '../policy.yml': 'metric: none' })
  const result = await verify({ repo, today: TODAY, reproduce: notCalled })
  expect(problems(result)[0]).toContain(
    'scope: It also changes model-registry/policy.yml, src/cli.ts:',
  )
})

test('code that is only on the promotion branch is not run, though the manifest names it', async () => {
  const repo = await promotedProject()
  await git(repo, ['switch', '--quiet', '--create', 'evil'])
  await put(repo, { 'src/cli.ts': 'evil' })
  await commitAll(repo, 'Evil')
  const input = await challenger(repo)
  await promote({ ...input, base: 'evil' })
  const result = await verify({ repo, today: TODAY, base: 'main', reproduce: notCalled })
  expect(problems(result).join()).toContain('The code src (')
  expect(problems(result).join()).toContain('was never merged')
})

test('a version whose parent is no longer in production is caught', async () => {
  const repo = await newProject()
  await ship(repo, 'first', AT)
  await put(repo, { 'recipe.yml': 'second' })
  await commitAll(repo, 'Second')
  await promote(await challenger(repo))
  await git(repo, ['branch', 'waiting', 'promotion/demand'])
  await ship(repo, 'third', AT)
  const result = await verify({ repo, today: TODAY, rev: 'waiting', reproduce: notCalled })
  expect(problems(result)[0]).toMatch(
    /^parent: .* follow version 1 \(\w+\), but main has version 2 \(\w+\) in production/,
  )
})

test('other work that reaches the base in the meantime does not spoil a promotion', async () => {
  const repo = await promotedProject()
  await put(repo, { 'src/cli.ts': 'throw 1', 'notes.txt': 'new', 'recipe.yml': 'new' })
  await commitAll(repo, 'Go on')
  expect(problems(await verify({ repo, today: TODAY }))).toEqual([])
})

test('versions that have been merged are verified against their history, squashed ones too', async () => {
  const repo = await newProject()
  await ship(repo, 'first', AT)
  await put(repo, { 'recipe.yml': 'second' })
  await commitAll(repo, 'Second')
  await promote(await challenger(repo))
  await git(repo, ['merge', '--quiet', '--squash', 'promotion/demand'])
  await commitAll(repo, 'Promote version 2 (#7)')
  for (const rev of ['promotion/demand', 'HEAD', 'main~2']) {
    expect(problems(await verify({ repo, today: TODAY, rev, reproduce: miniature })), rev).toEqual(
      [],
    )
  }
  await git(repo, ['branch', '--delete', '--force', 'promotion/demand'])
  expect(await verify({ repo, today: TODAY, reproduce: miniature })).toMatchObject({
    rev: { name: 'HEAD' },
  })
})

test('a promotion that was reverted behind the registry’s back is caught', async () => {
  const repo = await newProject()
  await ship(repo, 'first', AT)
  await ship(repo, 'second', AT)
  await git(repo, ['revert', '--no-edit', '--mainline', '1', 'HEAD'])
  const result = await verify({ repo, today: TODAY, rev: 'main', reproduce: notCalled })
  expect(problems(result)[0]).toContain('go back with rollback')
})

test('a rewritten history does not spoil a version, as long as its objects are in it', async () => {
  const repo = await promotedProject()
  await git(repo, ['commit', '--quiet', '--amend', '-m', 'Another beginning'])
  await git(repo, [
    'merge',
    '--quiet',
    '--squash',
    '--allow-unrelated-histories',
    'promotion/demand',
  ])
  await commitAll(repo, 'Promote version 1')
  expect(problems(await verify({ repo, today: TODAY, rev: 'main', reproduce: miniature }))).toEqual(
    [],
  )
})

test('line-end settings of the one who verifies do not change what is trained on', async () => {
  const repo = await promotedProject()
  await git(repo, ['config', 'core.autocrlf', 'true'])
  expect(problems(await verify({ repo, today: TODAY, reproduce: miniature }))).toEqual([])
})

test('code that a merged branch brought and took back is not run: no diff ever showed it', async () => {
  const repo = await newProject()
  await git(repo, ['switch', '--quiet', '--create', 'work'])
  await put(repo, { 'src/cli.ts': 'evil', 'notes.txt': 'Call the bakery. ' })
  await commitAll(repo, 'Try')
  const evil = await challenger(repo)
  await git(repo, ['revert', '--no-edit', 'HEAD'])
  await git(repo, ['switch', '--quiet', 'main'])
  await git(repo, ['merge', '--quiet', '--no-ff', '-m', 'Merge', 'work'])

  const refused = await promote(evil)
  expect(refused).toMatchObject({ outcome: 'refused' })
  expect(JSON.stringify(refused)).toContain('The code src (')

  await propose(repo, (await git(repo, ['rev-parse', 'main'])).trim(), evil.version, 'Promote')
  expect(problems(await verify({ repo, today: TODAY, reproduce: notCalled }))).toEqual([
    expect.stringMatching(/^lineage: The code src \(\w+\) was never merged: main itself never had/),
    expect.stringMatching(/^reproduction: Not run/),
  ])
})

test('a shallow clone says that it lacks what it needs, and how to get it', async () => {
  const repo = await newProject()
  await ship(repo, 'first', AT)
  for (const recipe of ['a', 'b', 'c']) {
    await put(repo, { 'recipe.yml': recipe })
    await commitAll(repo, recipe)
  }
  const clone = await shallowClone(repo, 1)
  const result = await verify({ repo: clone, today: TODAY, rev: 'main', reproduce: notCalled })
  expect(problems(result).join()).toContain('git fetch --unshallow')
  expect(problems(result).join()).toContain('The recipe recipe.yml')
})

test('a branch without any version, and a name that does not exist, are told apart', async () => {
  const repo = await newProject()
  expect(problems(await verify({ repo, today: TODAY }))[0]).toContain('HEAD has no version in')
  const error = await failure(verify({ repo, today: TODAY, rev: '--all' }))
  expect(error.message).toContain('there is no branch or commit "--all" to verify')
})

async function promotedProject(making: Making = {}): Promise<string> {
  const repo = await newProject()
  await promote(await challenger(repo, making))
  return repo
}

async function onPromotionBranch(repo: string, files: Record<string, string>): Promise<void> {
  await git(repo, ['switch', '--quiet', 'promotion/demand'])
  await put(join(repo, FOLDER), files)
  await commitAll(repo, 'Change by hand')
  await git(repo, ['switch', '--quiet', 'main'])
}

function problems({ checks }: VerifyResult): string[] {
  return checks.filter((check) => !check.passed).map(({ name, detail }) => `${name}: ${detail}`)
}

const notCalled: NonNullable<VerifyInput['reproduce']> = async () => {
  throw new Error('nothing must be run')
}
