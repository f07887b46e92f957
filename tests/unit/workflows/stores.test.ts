import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  readWorkflowFiles,
  sourceFile,
  type Workflow,
  type WorkflowFiles,
} from '../../../scripts/workflows/files.ts'
import { storeProblems } from '../../../scripts/workflows/stores.ts'
import { put, temporaryFolder } from '../../repository.ts'

const retrain = `on: push
jobs:
  train:
    permissions: { contents: read }
    steps:
      - uses: actions/cache/restore@1
        if: github.ref == 'refs/heads/main'
        with: { path: .cd4ml/fits, key: fits-main-newest, restore-keys: fits-main- }
      - uses: actions/download-artifact@1
        with: { pattern: shard-*, path: .cd4ml }
      - uses: actions/cache/save@1
        if: github.ref == 'refs/heads/main' && steps.compare.outcome == 'success'
        with: { path: .cd4ml/fits, key: fits-main-1 }
  promote:
    permissions: { contents: write }
    steps:
      - uses: actions/download-artifact@1
        with: { name: retraining, path: .cd4ml }
      - uses: ./actions/promote
`

function said(text: string, path = '.github/workflows/retrain.yml'): string[] {
  const workflow = sourceFile<Workflow>(path, text)
  return storeProblems({ workflows: [workflow], actions: [] }).map(({ message }) => message)
}

function changed(from: string | RegExp, to: string): string {
  const text = retrain.replace(from, to)
  if (text === retrain) throw new Error(`the example does not have ${from}`)
  return text
}

it('lets fits of main and of the same run lead to a promotion', () => {
  expect(said(retrain)).toEqual([])
})

it('lets a branch read its own fits and those of main, where nothing follows but its verdict', () => {
  const experiment = changed('      - uses: ./actions/promote\n', '')
    .replaceAll(
      'fits-main-newest, restore-keys: fits-main-',
      'fits-branch-x, restore-keys: "fits-branch-\\nfits-main-"',
    )
    .replace('key: fits-main-1', 'key: fits-branch-1')
  expect(said(experiment)).toEqual([])
})

it('holds caches of files of other machines to the same: a cache may unpack what it likes', () => {
  const files = (text: string) => text.replaceAll('fits-', 'files-').replaceAll('/fits', '/remote')
  expect(said(files(retrain))).toEqual([])
  expect(
    said(files(changed('restore-keys: fits-main-', 'restore-keys: fits-branch-'))),
  ).toHaveLength(1)
  expect(said(files(changed('contents: read', 'contents: write')))).not.toEqual([])
  expect(said(files(retrain), '.github/workflows/promotion.yml')).not.toEqual([])
})

describe('says where a poisoned fit would reach', () => {
  it.each([
    [
      'a promotion, from a branch',
      changed('restore-keys: fits-main-', 'restore-keys: fits-branch-'),
      'leads to no promotion',
    ],
    [
      'anybody, from a cache whose name does not say who wrote it',
      changed('key: fits-main-newest', 'key: fits-newest'),
      'by who may have written it',
    ],
    [
      'main, from a run of another branch',
      changed("if: github.ref == 'refs/heads/main' && steps", 'if: steps'),
      'only a run of main writes',
    ],
    [
      'main, where the branch is one of several conditions',
      changed("'refs/heads/main' && steps", "'refs/heads/main' || steps"),
      'only a run of main writes',
    ],
    [
      'main, where the condition holds elsewhere too',
      changed("== 'success'", "== 'success' || always()"),
      'only a run of main writes',
    ],
    [
      'main, from a run of main that has checked out something else',
      changed(
        '      - uses: actions/cache/save@1',
        '      - uses: actions/checkout@1\n        with: { ref: topic }\n      - uses: actions/cache/save@1',
      ),
      'checks out the commit of its run',
    ],
    [
      'main, from a pull request',
      changed('on: push', 'on: [push, pull_request]'),
      'only a run of main writes',
    ],
    [
      'a job that may write',
      changed('permissions: { contents: read }', 'permissions: { contents: write }'),
      'a job that may write takes over no fits',
    ],
    [
      'a job that may write, among all artifacts',
      changed('{ name: retraining, path: .cd4ml }', '{ path: .cd4ml }'),
      'a job that may write takes over no fits',
    ],
    ...[
      '{ name: shard-1, path: .cd4ml }',
      '{ name: sales-all, path: .cd4ml }',
      `{ name: "\${{ inputs.from }}", path: .cd4ml }`,
      '{ pattern: "[s]hard-1", path: .cd4ml }',
      '{ artifact-ids: 1, path: .cd4ml }',
    ].map((asked) => [
      `a job that may write, as ${asked}`,
      changed('{ name: retraining, path: .cd4ml }', asked),
      'a job that may write takes over no fits',
    ]),
    [
      'main, from a cache of another action, or of one in other letters',
      changed('actions/cache/restore@1', 'Elsewhere/Cache/Restore@1').replace(
        'key: fits-main-newest',
        'key: fits-newest',
      ),
      'by who may have written it',
    ],
    [
      'this run, from another one, whatever it is called',
      changed('{ name: retraining,', '{ name: retraining, run-id: 1,'),
      'jobs of the same run',
    ],
    [
      'this run, from another one',
      changed('pattern: shard-*,', 'pattern: shard-*, run-id: 1,'),
      'jobs of the same run',
    ],
  ])('%s', (_, text, message) => {
    expect(said(text)).toContainEqual(expect.stringContaining(message))
  })

  it('the proof of a promotion, wherever it is from', () => {
    const [first] = said(retrain, '.github/workflows/promotion.yml')
    expect(first).toContain('it fits everything itself')
  })

  it('a job by an action in which nobody looks for it', () => {
    const text = 'runs:\n  using: composite\n  steps:\n    - uses: actions/cache@1\n'
    const files: WorkflowFiles = {
      workflows: [],
      actions: [sourceFile('.github/actions/setup/action.yml', text)],
    }
    expect(storeProblems(files)).toMatchObject([{ line: 4 }])
  })
})

const keeping = readWorkflowFiles(resolve(import.meta.dirname, '../../..')).workflows.flatMap(
  ({ path, content }) =>
    Object.values(content.jobs).flatMap(({ steps = [] }) =>
      steps.flatMap(({ uses = '', with: inputs = {} }, at) =>
        uses.includes('/cache/save@') && inputs.path === '.cd4ml/remote'
          ? [[path, steps[at - 1].run ?? ''] as const]
          : [],
      ),
    ),
)

it.each(keeping)(
  'a cache of files of other machines holds what the contract names, and does not grow with each of their states: %s',
  async (_, script) => {
    const folder = await temporaryFolder()
    await put(folder, {
      'data/datapackage.json': '{ "hash": "sha256:0AB1" }',
      '.cd4ml/remote/0ab1': 'named',
      '.cd4ml/remote/77ff': 'of last month',
      '.cd4ml/remote/0ab1.12.partial': 'of a process that was killed',
    })
    expect(spawnSync('bash', ['-e', '-c', script], { cwd: folder }).status).toBe(0)
    expect(readdirSync(join(folder, '.cd4ml/remote'))).toEqual(['0ab1'])
  },
)

it('there are such caches', () => {
  expect(keeping.length).toBe(3)
})
