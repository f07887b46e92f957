import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWorkflowFiles } from '../../../scripts/workflows/files.ts'

const { workflows } = readWorkflowFiles(resolve(import.meta.dirname, '../../..'))
const gathering = workflows.flatMap(({ path, content }) =>
  content.jobs.all ? [[path, content.jobs.all.steps?.[0]?.run ?? ''] as const] : [],
)

/** As GitHub runs a step without `shell:`. */
function run(script: string, results: string, code = 'true'): number | null {
  const env = { RESULTS: results, CODE: code }
  return spawnSync('bash', ['-e', '-c', script], { env }).status
}

it('has something to gather in the workflows of more than one job that are required', () => {
  expect(gathering.map(([path]) => path)).toEqual([
    '.github/workflows/ci.yml',
    '.github/workflows/experiment.yml',
  ])
})

describe.each(gathering)('what branch protection waits for in %s', (_, script) => {
  it('passes where every job has succeeded', () => {
    expect(run(script, 'success success success')).toBe(0)
  })

  it.each(['failure', 'cancelled', 'skipped'])(
    'fails where any job ends with %s, the last as well as the first',
    (result) => {
      expect(run(script, `${result} success success`)).not.toBe(0)
      expect(run(script, `success success ${result}`)).not.toBe(0)
      expect(run(script, `success ${result} success`)).not.toBe(0)
    },
  )
})

describe('ci, where only data, recipe or model have changed', () => {
  const [, script] = gathering[0]!

  it('passes without the suite', () => {
    expect(run(script, 'success skipped skipped skipped', 'false')).toBe(0)
  })

  it.each([
    ['what has changed could not be asked', 'failure skipped skipped skipped', ''],
    ['the answer is none', 'success skipped skipped skipped', ''],
    ['the answer came before its job failed', 'failure skipped skipped skipped', 'false'],
    ['a job of the suite was started and failed', 'success skipped failure skipped', 'false'],
    ['a job was cancelled', 'success skipped skipped cancelled', 'false'],
  ])('fails where %s', (_, results, code) => {
    expect(run(script, results, code)).not.toBe(0)
  })
})
