import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWorkflowFiles, type Step } from '../../../scripts/workflows/files.ts'
import { MOST_JOBS } from '../../../src/forecasting/most-jobs.ts'

const { actions, workflows } = readWorkflowFiles(resolve(import.meta.dirname, '../../..'))

it('hands the sales of every job over that a plan can have, each by one step', () => {
  const all = stepsOf('hand-over-sales').flatMap((step) => {
    const { tens } = step.with ?? {}
    if (tens === undefined) return [step.with?.name]
    return stepsOf('hand-over-ten').map((inner) => filledIn(inner.with?.name, tens))
  })
  const numbers = Array.from({ length: MOST_JOBS }, (_, index) => `sales-${index + 1}`)
  expect(all.sort()).toEqual(expect.arrayContaining(['sales-all', ...numbers]))
  expect(new Set(all).size).toBe(all.length)
})

it('uploads under each name the folder of that name, where the plan has handed it over', () => {
  for (const { if: condition, with: inputs } of stepsOf('hand-over-ten')) {
    expect(inputs?.path).toBe(`.cd4ml/jobs/${inputs?.name}`)
    const digit = String(inputs?.name).at(-1)
    expect(condition).toBe(`contains(fromJSON(inputs.sales), format('{0}${digit}', inputs.tens))`)
  }
})

describe.each(['retrain', 'experiment'])('a job that fits for %s', (name) => {
  const steps = workflows.find(({ path }) => path.endsWith(`/${name}.yml`))!.content.jobs.fit.steps!

  it('lays no sales out, and takes over those that the plan names for it alone', () => {
    expect(steps.find(({ uses }) => uses?.startsWith('actions/checkout@'))?.with).toMatchObject({
      'sparse-checkout': '/*\n!/data/\n',
      'sparse-checkout-cone-mode': false,
    })
    const taken = steps.flatMap(({ uses, with: inputs }) =>
      uses?.startsWith('actions/download-artifact@') ? [inputs?.name] : [],
    )
    expect(taken).toEqual(['plan', `sales-\${{ matrix.sales }}`])
  })
})

it.each(['retrain', 'experiment'])(
  'the last job of %s does without whatever the jobs before it were to hand over',
  (name) => {
    const { jobs } = workflows.find(({ path }) => path.endsWith(`/${name}.yml`))!.content
    const taken = jobs.finish.steps!.filter(({ uses }) => uses?.includes('/download-artifact@'))
    expect(taken).toHaveLength(2)
    for (const step of taken) expect(step).toMatchObject({ 'continue-on-error': true })
  },
)

function stepsOf(action: string): Step[] {
  return actions.find(({ path }) => path === `.github/actions/${action}/action.yml`)!.content.runs
    .steps!
}

function filledIn(name: unknown, tens: unknown): string {
  return String(name).replace(`\${{ inputs.tens }}`, String(tens))
}
