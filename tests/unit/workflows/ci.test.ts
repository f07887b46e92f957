import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readWorkflowFiles } from '../../../scripts/workflows/files.ts'

const { workflows } = readWorkflowFiles(resolve(import.meta.dirname, '../../..'))

it('runs every job of the suite where it is not known that the code is as before: also where asking has failed', () => {
  const { changed, all, ...suite } = workflows.find(({ path }) => path.endsWith('/ci.yml'))!.content
    .jobs
  expect(Object.keys(suite)).toEqual(['code', 'tests', 'road'])
  expect(Object.values(suite).map(({ needs, if: condition }) => [needs, condition])).toEqual(
    Array(3).fill(['changed', `\${{ !cancelled() && needs.changed.outputs.code != 'false' }}`]),
  )
  expect(changed?.if).toBeUndefined()
  expect(all?.if).toBe('always()')
})
