import { describe, expect, it } from 'vitest'
import { sourceFile, type Workflow } from '../../../scripts/workflows/files.ts'
import { referenceProblems } from '../../../scripts/workflows/references.ts'
import { example, GOOD } from './examples.ts'

describe('says where a workflow goes on with nothing, because', () => {
  it.each([
    [
      'an input was renamed',
      ['flour: rye', 'flour: rye\n          sugar: no'],
      25,
      './actions/bake has no input sugar',
    ],
    [
      'a required input was forgotten',
      ['        with:\n          flour: rye\n', ''],
      21,
      './actions/bake has to be given flour',
    ],
    [
      'an action was moved',
      ['uses: ./actions/bake', 'uses: ./actions/brew'],
      22,
      'there is no actions/brew/action.yml',
    ],
    [
      'an output of an action was renamed',
      ['steps.bake.outputs.size', 'steps.bake.outputs.weight'],
      10,
      './actions/bake has no output weight',
    ],
    ['a step was renamed', ['id: bake', 'id: roast'], 10, 'the job has no step bake'],
    [
      'an output of a job was renamed',
      ['      size: $', '      weight: $'],
      25,
      'job make has no output size',
    ],
    [
      'the job that it asks is not waited for',
      ['    needs: make\n', ''],
      25,
      'the job does not wait for make',
    ],
    [
      'a shell does not set what is read',
      [
        'uses: ./actions/bake\n        with:\n          flour: rye',
        'run: echo "weight=3" >> "$GITHUB_OUTPUT"',
      ],
      10,
      'the step does not set size',
    ],
  ] as const)('%s', (_, [from, to], line, message) => {
    expect(referenceProblems(example(from, to))).toEqual([
      { file: '.github/workflows/nightly.yml', line, message: expect.stringContaining(message) },
    ])
  })
})

describe('says where a workflow that is called would not start, because', () => {
  const caller = (uses: string, permissions: string, on = 'workflow_call: {}') => {
    const text = `on: push
jobs:
  again:
    permissions: ${permissions}
    uses: ${uses}
`
    const called = GOOD.workflow.replace("schedule:\n    - cron: '0 3 * * *'", on)
    const { actions } = example()
    return referenceProblems({
      workflows: [
        sourceFile<Workflow>('.github/workflows/caller.yml', text),
        sourceFile<Workflow>('.github/workflows/nightly.yml', called),
      ],
      actions,
    })
  }
  const NIGHTLY = './.github/workflows/nightly.yml'

  it('nothing: it is there, and gets what its jobs need', () => {
    expect(caller(NIGHTLY, '{ contents: write }')).toEqual([])
  })

  it.each([
    [
      'it was moved',
      './.github/workflows/daily.yml',
      '{ contents: read }',
      undefined,
      'there is no .github/workflows/daily.yml',
    ],
    ['it cannot be called', NIGHTLY, '{ contents: read }', 'push: {}', 'it has no workflow_call'],
    ['its caller may do less than its jobs need', NIGHTLY, '{}', undefined, 'needs contents: read'],
  ])('%s', (_, uses, permissions, on, message) => {
    expect(caller(uses, permissions, on)).toEqual([
      { file: '.github/workflows/caller.yml', line: 3, message: expect.stringContaining(message) },
    ])
  })
})
