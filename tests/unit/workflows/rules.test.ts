import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWorkflowFiles, sourceFile, type Workflow } from '../../../scripts/workflows/files.ts'
import { ruleProblems } from '../../../scripts/workflows/rules.ts'
import { example } from './examples.ts'

const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1'

it('keeps the workflows and actions of the template to every rule', () => {
  const files = readWorkflowFiles(resolve(import.meta.dirname, '../../..'))
  expect(files.workflows.map(({ path }) => path)).toContain('.github/workflows/retrain.yml')
  expect(files.actions.map(({ path }) => path)).toContain('.github/actions/setup/action.yml')
  expect(ruleProblems(files)).toEqual([])
})

it('finds nothing in an example that keeps every rule', () => {
  expect(ruleProblems(example())).toEqual([])
})

describe('says at which line a workflow would let somebody down who', () => {
  it.each([
    [
      'trusts a tag that can be moved',
      ['3d3c42e5aac5ba805825da76410c181273ba90b1', 'v7'],
      18,
      '40 digits',
    ],
    ['updates a pin and cannot see its version', [' # v7.0.1', ''], 18, 'version in a comment'],
    ['reads a version that is none', ['# v7.0.1', '# the newest'], 18, 'version in a comment'],
    [
      'gives a job the rights of the repository',
      ['permissions: {}\nconc', 'conc'],
      1,
      'permissions: {}',
    ],
    [
      'grants every job what one needs',
      ['permissions: {}\nconc', 'permissions:\n  contents: read\nconc'],
      5,
      'permissions: {}',
    ],
    [
      'leaves a job to the rights of the repository',
      ['    permissions: {}\n    steps', '    steps'],
      25,
      'job send has to name its permissions',
    ],
    ['grants without a reason', [' # check out', ''], 14, 'what it needs contents for'],
    [
      'waits six hours for a job that hangs',
      ['    timeout-minutes: 5\n    permissions: {}', '    permissions: {}'],
      25,
      'job send has no timeout',
    ],
    [
      'keeps a job away from the runners of the company',
      [
        `runs-on: \${{ vars.CD4ML_RUNNER || 'ubuntu-latest' }}\n    timeout-minutes: 5\n    permissions: {}`,
        'runs-on: ubuntu-latest\n    timeout-minutes: 5\n    permissions: {}',
      ],
      25,
      'job send has to have runs-on',
    ],
    [
      'starts two at once',
      ['concurrency:\n  group: nightly\n  cancel-in-progress: false\n', ''],
      1,
      'concurrency',
    ],
    ['does not say which of two goes on', ['  cancel-in-progress: false\n', ''], 6, 'concurrency'],
    [
      'leaves a token on the disk',
      ['persist-credentials: false', 'fetch-depth: 0'],
      18,
      'persist-credentials: false',
    ],
    [
      'puts a stranger’s text into a shell',
      ['echo "$SIZE"', `echo \${{ needs.make.outputs.size }}`],
      33,
      'env: only',
    ],
    [
      'runs a stranger’s code with rights',
      ["schedule:\n    - cron: '0 3 * * *'", 'pull_request_target:'],
      2,
      'pull_request_target',
    ],
  ] as const)('%s', (_, [from, to], line, message) => {
    expect(ruleProblems(example(from, to))).toEqual([
      { file: '.github/workflows/nightly.yml', line, message: expect.stringContaining(message) },
    ])
  })

  it('updates an action in one place and forgets the other', () => {
    const other = `${CHECKOUT.slice(0, -1)}2 # v7.0.1`
    const twice = `      - uses: ${other}\n        with:\n          persist-credentials: false\n      - id: bake`
    expect(ruleProblems(example('      - id: bake', twice))).toEqual([
      expect.objectContaining({
        message: 'actions/checkout is pinned to another commit than elsewhere',
      }),
    ])
  })

  it('pins the steps of workflows and forgets those of composite actions', () => {
    const composite = 'using: composite\n  steps:\n    - uses: actions/setup-node@v7\n'
    const [problem] = ruleProblems(example('using: node24\n  main: main.ts\n', composite))
    expect(problem).toMatchObject({ file: 'actions/bake/action.yml', line: 16 })
    expect(problem?.message).toContain('40 digits')
  })
})

describe('for a check that branch protection waits for, refuses', () => {
  const required = (jobs: string, on = 'pull_request') => {
    const text = `on: ${on}
permissions: {}
concurrency: { group: ci, cancel-in-progress: true }
jobs:
  code:
    runs-on: \${{ vars.CD4ML_RUNNER || 'ubuntu-latest' }}
    timeout-minutes: 5
    permissions: {}
    steps: [{ run: 'true' }]
  all:
    runs-on: \${{ vars.CD4ML_RUNNER || 'ubuntu-latest' }}
    timeout-minutes: 5
    permissions: {}
    steps: [{ run: 'true' }]
${jobs}`
    const workflow = sourceFile<Workflow>('.github/workflows/ci.yml', text)
    return ruleProblems({ workflows: [workflow], actions: [] }).map(({ message }) => message)
  }

  it('nothing, where one job of its name waits for all others and always runs', () => {
    expect(required('    name: ci\n    if: always()\n    needs: code')).toEqual([])
  })

  it.each([
    ['one that nobody reports', '    if: always()\n    needs: code', 'no job reports the check ci'],
    [
      'one that is skipped where a job fails, which GitHub takes for passed',
      '    name: ci\n    needs: code',
      'job all has to run always',
    ],
    [
      'one that does not look at every job',
      '    name: ci\n    if: always()',
      'job all does not wait for code',
    ],
  ])('%s', (_, jobs, message) => {
    expect(required(jobs)).toEqual([message])
  })

  it('one that never reports for some files, and so blocks their pull requests for good', () => {
    const jobs = '    name: ci\n    if: always()\n    needs: code'
    expect(required(jobs, '{ pull_request: { paths: [data/**] } }')).toEqual([
      'a required check has no paths: it has to report always',
    ])
  })
})
