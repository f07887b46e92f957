import { readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { isoFromDay } from '../../src/base/day.ts'
import { git } from '../../src/base/git.ts'
import { changesTo, editedTree } from '../../src/registry/edited-tree.ts'
import { type Lineage, type Manifest, newManifest } from '../../src/registry/manifest.ts'
import { type Version, versionBytes } from '../../src/registry/production.ts'
import { writeProposal } from '../../src/registry/proposal.ts'
import type { Workspace } from '../../src/registry/recorded-code.ts'
import { proposeVersion } from '../../src/steps/promotion/propose-version.ts'
import { rollback } from '../../src/steps/promotion/rollback.ts'
import { type VerifyInput, type VerifyResult, verify } from '../../src/steps/promotion/verify.ts'
import { commitAll, put, temporaryFolder } from '../repository.ts'
import { run } from '../unit/reporting/examples.ts'
import { evaluationOf, miniature } from './miniature.ts'
import {
  challenger,
  createProject,
  failure,
  lineageOf,
  MADE_ON,
  type Making,
  merge,
  newProject,
  PATHS,
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
  await proposeVersion(await challenger(repo))
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
  await proposeVersion({ ...input, base: 'evil' })
  const result = await verify({ repo, today: TODAY, base: 'main', reproduce: notCalled })
  expect(problems(result).join()).toContain('The code src (')
  expect(problems(result).join()).toContain('was never merged')
})

test('a version whose parent is no longer in production is caught', async () => {
  const repo = await newProject()
  await ship(repo, 'first', AT)
  await put(repo, { 'recipe.yml': 'second' })
  await commitAll(repo, 'Second')
  await proposeVersion(await challenger(repo))
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
  await proposeVersion(await challenger(repo))
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

  const refused = await proposeVersion(evil)
  expect(refused).toMatchObject({ outcome: 'refused' })
  expect(JSON.stringify(refused)).toContain('The code src (')

  await writeProposal(
    repo,
    (await git(repo, ['rev-parse', 'main'])).trim(),
    evil.version,
    'Promote',
  )
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

const PARTS = ['code', 'lockfile', 'data', 'contract', 'recipe', 'policy', 'ordering'] as const

const number = fc.double({ min: 0.001, max: 10, noNaN: true }).filter((value) => value !== 0.2)
const day = fc.integer({ min: 18_000, max: 20_000 }).map(isoFromDay)
const id = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 })

describe('a forged version is refused, and what was forged is named:', () => {
  /** Every file of a version, and every field of its manifest that follows from what it was made from. */
  const forgeries: [string, fc.Arbitrary<(version: Version) => Version>, RegExp][] = [
    ['model.json', forged('model.json', '{"learnt":', '}\n'), /model\.json/],
    ['README.md', forged('README.md', '# Approved by the board\n\n', '\n'), /README\.md/],
    ['a chart', forged('charts/wape.svg', '<svg><script>', '</script></svg>'), /charts\/wape\.svg/],
    ['a chart more', forged('charts/more.svg', '<svg>', '</svg>'), /charts\/more\.svg \(does not/],
    [
      'evaluation.json',
      number.map((wape) => (version) => withEvaluation(version, wape)),
      /evaluation\.json/,
    ],
    [
      'an empty evaluation.json',
      fc
        .constantFrom('{}\n', '[]\n', '{"decision":"promote"}\n', '')
        .map((text) => (version) => withFile(version, 'evaluation.json', text)),
      /evaluation/,
    ],
    ['a chart less', fc.constant(withoutChart), /charts\/wape\.svg \(missing\)/],
    ['seed', fc.integer({ min: 2 }).map((seed) => having({ seed })), /manifest\.json \(seed\)/],
    [
      'trainedThrough',
      day.map((trainedThrough) => having({ trainedThrough })),
      /manifest\.json \(trainedThrough\)/,
    ],
    [
      'the version of cd4ml',
      fc.integer({ min: 1 }).map((n) => withToolchain({ cd4ml: `1.0.${n}` })),
      /manifest\.json \(toolchain\)/,
    ],
    [
      'Node',
      fc.integer({ min: 100 }).map((n) => withToolchain({ node: `${n}.0.0` })),
      /was made with Node \d{3,}/,
    ],
    [
      'Node of the same line',
      fc.integer({ min: 0 }).map((n) => withToolchain({ node: `24.${n}.0` })),
      /was made with Node 24\.\d+\.0/,
    ],
    ['asOf', day.map((asOf) => having({ asOf })), /model\.json/],
    [
      'the day of training',
      day.filter((it) => it < MADE_ON).map((trainedOn) => withLineage({ trainedOn })),
      /README\.md/,
    ],
    [
      'a day that is still to come',
      fc
        .constantFrom('2026-10-03', '2099-12-31', '9999-12-31')
        .map((trainedOn) => withLineage({ trainedOn })),
      /still to come/,
    ],
    ['the commit', id.map((commit) => withLineage({ commit })), /It was made on commit/],
    ...PARTS.map((part): (typeof forgeries)[number] => [
      `the object of ${part}`,
      id.map((object) => (version) => withObject(version, part, object)),
      new RegExp(`The ${part} .* is not in this repository`),
    ]),
    [
      'no terms of ordering',
      fc.constant(withoutOrdering),
      /main itself never had that with the recorded objects/,
    ],
  ]

  test.each(forgeries)('%s', async (_, forgery, named) => {
    const { repo, version, base } = await theOriginal()
    await fc.assert(
      fc.asyncProperty(forgery, async (forge) => {
        await writeProposal(repo, base, forge(version), 'Promote')
        const result = await verify({ repo, today: TODAY, reproduce: miniature })
        expect(result.outcome).toBe('failed')
        expect(problems(result).join('\n')).toMatch(named)
      }),
      { numRuns: 2 },
    )
  })

  test('several at once, each by name: a false commit and a false Node hide no other file', async () => {
    const { repo, version, base } = await theOriginal()
    const forge = (it: Version) =>
      withFile(
        withLineage({ commit: 'a'.repeat(40) })(
          withToolchain({ node: '0.0.1' })(having({ trainedThrough: '2099-12-31' })(it)),
        ),
        'charts/wape.svg',
        '<svg/>',
      )
    await writeProposal(repo, base, forge(version), 'Promote')
    const found = problems(await verify({ repo, today: TODAY, reproduce: miniature })).join('\n')
    expect(found).toMatch(/lineage: It was made on commit a{12}/)
    expect(found).toMatch(/claims: It was made with Node 0\.0\.1/)
    expect(found).toMatch(/reproduction: .*charts\/wape\.svg.*manifest\.json \(.*trainedThrough/)
  })

  test('but not the original', async () => {
    const { repo, version, base } = await theOriginal()
    await writeProposal(repo, base, version, 'Promote')
    expect(problems(await verify({ repo, today: TODAY, reproduce: miniature }))).toEqual([])
  })
})

test('a day later, a week later, a year later: the day of training is handed on, and nothing changes', async () => {
  const repo = await promotedProject()
  for (const days of [1, 7, 365]) {
    const seen_: string[] = []
    const seen = async (workspace: Workspace) => {
      seen_.push(workspace.reproduction.lineage.trainedOn)
      return await miniature(workspace)
    }
    const result = await verify({ repo, today: TODAY + days, reproduce: seen })
    expect(problems(result)).toEqual([])
    expect(seen_).toEqual([MADE_ON])
  }
})

test('code and sales that never stood together on the base are not run together', async () => {
  const repo = await newProject()
  const old = await lineageOf(repo)
  await put(repo, { 'src/cli.ts': 'mended', 'data/sales/2026-09.csv': 'corrected' })
  await commitAll(repo, 'Mend')
  const mixed = await challenger(repo, { lineage: { ...(await lineageOf(repo)), code: old.code } })
  const base = (await git(repo, ['rev-parse', 'main'])).trim()
  await writeProposal(repo, base, mixed.version, 'Promote')
  expect(problems(await verify({ repo, today: TODAY, reproduce: notCalled }))[0]).toMatch(
    /^lineage: main has had each of code, .*, but never all of them at one time/,
  )
})

test('a merge that undoes what only one of two common ancestors has is refused', async () => {
  const repo = await newProject()
  await git(repo, ['branch', 'other'])
  await put(repo, { 'src/cli.ts': 'mended' })
  await commitAll(repo, 'Mend')
  await git(repo, ['switch', '--quiet', 'other'])
  await put(repo, { 'notes.txt': 'Other.' })
  const other = await commitAll(repo, 'Note')
  await git(repo, ['merge', '--quiet', '--strategy=ours', '-m', 'Undo', 'main'])
  await git(repo, ['switch', '--quiet', 'main'])
  await git(repo, ['merge', '--quiet', '--no-ff', '-m', 'Merge', other])
  const { version } = await challenger(repo)
  const commit = (await git(repo, ['rev-parse', 'other'])).trim()
  await writeProposal(repo, commit, version, 'Promote')
  const result = await verify({ repo, today: TODAY, reproduce: notCalled })
  expect(problems(result)[0]).toMatch(/^scope: .* have been merged into each other/)
})

test('a base that moves during the check fails it where something else is in production then', async () => {
  const repo = await promotedProject()
  const moving = (change: () => Promise<unknown>) => async (workspace: Workspace) => {
    await change()
    return await miniature(workspace)
  }
  const note = moving(async () => {
    await put(repo, { 'notes.txt': 'Meanwhile.' })
    await commitAll(repo, 'Meanwhile')
  })
  const result = await verify({ repo, today: TODAY, reproduce: note })
  expect(problems(result)).toEqual([])
  expect(result.checks.at(-1)?.detail).toMatch(/main has moved on .* with the same in production/)

  const overtaken = moving(async () => {
    await git(repo, ['branch', 'waiting', 'promotion/demand'])
    await ship(repo, 'first', AT)
  })
  const late = await verify({ repo, today: TODAY, reproduce: overtaken })
  expect(problems(late)).toEqual([
    expect.stringMatching(/^base: main has moved on .* something else in production: compare/),
  ])
})

test('a new try is counted by the ledger, and the refresh of what is in production is not', async () => {
  const { repo, version, base } = await original()
  const comparison = { champion: undefined, challenger: { model: 'b'.repeat(64) } }
  const tried = run({ comparison: { ...run().comparison!, ...comparison } as never })
  await git(repo, ['switch', '--quiet', '--orphan', 'ledger'])
  await put(repo, { [`runs/${tried.id}.json`]: canonicalJson(tried) })
  await commitAll(repo, 'Record')
  await git(repo, ['switch', '--quiet', 'main'])

  const failing = async (evaluation: object) => {
    const proposal = withFile(version, 'evaluation.json', canonicalJson(evaluation))
    await writeProposal(repo, base, proposal, 'Promote')
    const reproduce = async () => versionBytes(proposal)
    const result = await verify({ repo, today: TODAY, reproduce })
    return result.checks.filter(({ passed }) => !passed).map(({ name }) => name)
  }
  const evaluation = evaluationOf('ridge')
  const campaign = { tries: 1, confidence: 0.9 }
  expect(await failing({ ...evaluation, campaign })).toEqual(['tries'])
  expect(await failing({ ...evaluation, campaign: { ...campaign, tries: 2 } })).toEqual([])
  const known = { since: '2026-09-01', days: 30, horizons: 1, series: 1, newSeries: 0 }
  const challenge = { kind: 'refresh', ...known }
  expect(await failing({ ...evaluation, challenge, campaign })).toEqual([])
})

test('what the base judges by now is said where a version was judged by something else', async () => {
  const repo = await promotedProject()
  await put(repo, { 'model-registry/policy.yml': 'decidedBy: mase\n', 'ordering.yml': '{}\n' })
  await commitAll(repo, 'Be stricter')
  const result = await verify({ repo, today: TODAY, reproduce: miniature })
  expect(problems(result)).toEqual([])
  expect(result.checks.find(({ name }) => name === 'reproduction')?.detail).toContain(
    'It was made by what main had then: model-registry/policy.yml, ordering.yml changed since.',
  )
})

test('objects that somebody has replaced in this clone do not count', async () => {
  const repo = await promotedProject()
  const other = (await git(repo, ['hash-object', '-w', 'notes.txt'])).trim()
  await git(repo, ['replace', 'HEAD:recipe.yml', other])
  await git(repo, ['replace', 'HEAD:model-registry/policy.yml', other])
  expect(problems(await verify({ repo, today: TODAY, reproduce: miniature }))).toEqual([])
})

test('attributes of the sales and of this clone do not change what is laid out', async () => {
  const repo = await newProject()
  await put(repo, {
    'data/.gitattributes': '* ident eol=crlf\n',
    'data/ids.txt': '$Id$\nx\n',
    '.git/info/attributes': '* filter=shout\n',
  })
  await git(repo, ['config', 'filter.shout.smudge', 'tr a-z A-Z'])
  await commitAll(repo, 'Add attributes')
  await proposeVersion(await challenger(repo))
  const seen: string[] = []
  const look = async (workspace: Workspace) => {
    seen.push(await readFile(join(workspace.folder, 'data/ids.txt'), 'utf8'))
    return await miniature(workspace)
  }
  await verify({ repo, today: TODAY, reproduce: look })
  expect(seen).toEqual(['$Id$\nx\n'])
})

test('a lineage whose paths lie in each other is laid out as it stood', async () => {
  const repo = await newProject()
  await put(repo, {
    'src/sales/2026-09.csv': 'id',
    'src/recipe.yml': 'in the code',
    'src/c.json': '{}',
  })
  await commitAll(repo, 'Nest')
  const paths = { ...PATHS, data: 'src', contract: 'src/c.json', recipe: 'src/recipe.yml' }
  await proposeVersion(await challenger(repo, { lineage: await lineageOf(repo, paths) }))
  expect(problems(await verify({ repo, today: TODAY, reproduce: miniature }))).toEqual([])
})

test.each(['node_modules', 'model-registry', 'package.json', '.cd4ml', '.cd4ml/cache'])(
  'a version made from %s, where something else has to stand in the workspace, is refused and nothing is run',
  async (path) => {
    const repo = await newProject()
    await put(repo, { [`${path === 'package.json' ? 'data' : path}/sales/2026-09.csv`]: 'id' })
    await git(repo, ['add', '--all', '--force'])
    await commitAll(repo, 'Put the sales there')
    const part = path === 'package.json' ? 'recipe' : 'data'
    const { version } = await challenger(repo, {
      lineage: await lineageOf(repo, { ...PATHS, [part]: path }),
    })
    const base = (await git(repo, ['rev-parse', 'main'])).trim()
    await writeProposal(repo, base, version, 'Promote')
    const result = await verify({ repo, today: TODAY, reproduce: notCalled })
    expect(result.outcome).toBe('failed')
  },
)

test('the whole road works where git names objects by SHA-256', async () => {
  const repo = await createProject(await temporaryFolder(), ['--object-format=sha256'])
  await ship(repo, 'first', AT)
  await put(repo, { 'recipe.yml': 'second' })
  await commitAll(repo, 'Second')
  await proposeVersion(await challenger(repo))
  expect(problems(await verify({ repo, today: TODAY }))).toEqual([])
  await merge(repo, AT)
  await rollback({ repo, to: 1, reason: 'Fruit is forecast far too high.' })
  expect(problems(await verify({ repo, today: TODAY }))).toEqual([])
  const tree = await editedTree(repo, [
    { kind: 'move', path: 'data', to: 'examples/data' },
    { kind: 'remove', path: 'notes.txt' },
  ])
  expect((await changesTo(repo, tree)).map(({ change }) => change).sort()).toEqual([
    'moved',
    'moved',
    'removed',
  ])
})

let made: ReturnType<typeof original> | undefined

function theOriginal(): ReturnType<typeof original> {
  made ??= original()
  return made
}

/** A version of a project with terms of ordering, to be proposed on its main. */
async function original() {
  const repo = await newProject()
  await put(repo, { 'ordering.yml': 'defaults: { leadTime: 2 }\n' })
  const base = await commitAll(repo, 'Say how we buy')
  const lineage = await lineageOf(repo, { ...PATHS, ordering: 'ordering.yml' })
  const { version } = await challenger(repo, { lineage })
  return { repo, version, base }
}

function forged(name: string, before: string, after: string) {
  return fc.string().map((text) => (version: Version) => {
    return withFile(version, name, before + JSON.stringify(text) + after)
  })
}

/** Whoever forges a file writes its hash into the manifest. */
function withFiles({ manifest }: Version, files: Version['files']): Version {
  const { files: _, ...origin } = manifest
  return { manifest: newManifest(files, manifest.parent, origin), files }
}

function withFile(version: Version, name: string, text: string): Version {
  return withFiles(version, new Map(version.files).set(name, Buffer.from(text)))
}

function withEvaluation(version: Version, wape: number): Version {
  const evaluation = JSON.parse(Buffer.from(version.files.get('evaluation.json')!).toString())
  evaluation.challenger.metrics.wape = wape
  return withFile(version, 'evaluation.json', canonicalJson(evaluation))
}

function withoutChart(version: Version): Version {
  const files = new Map(version.files)
  files.delete('charts/wape.svg')
  return withFiles(version, files)
}

function having(change: Partial<Manifest>) {
  return ({ manifest, files }: Version): Version => ({
    manifest: { ...manifest, ...change },
    files,
  })
}

function withToolchain(change: Partial<Manifest['toolchain']>) {
  return (version: Version) =>
    having({ toolchain: { ...version.manifest.toolchain, ...change } })(version)
}

function withLineage(change: Partial<Lineage>) {
  return (version: Version) =>
    having({ lineage: { ...version.manifest.lineage, ...change } })(version)
}

function withObject(version: Version, part: (typeof PARTS)[number], object: string): Version {
  const { path = part } = version.manifest.lineage[part] ?? {}
  return withLineage({ [part]: { path, object } })(version)
}

function withoutOrdering(version: Version): Version {
  const { ordering: _, ...lineage } = version.manifest.lineage
  return having({ lineage })(version)
}

async function promotedProject(making: Making = {}): Promise<string> {
  const repo = await newProject()
  await proposeVersion(await challenger(repo, making))
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
