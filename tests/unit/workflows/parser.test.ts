import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readWorkflowFiles, sourceFile } from '../../../scripts/workflows/files.ts'
import { actionErrors, workflowErrors } from '../../../scripts/workflows/parser.ts'
import { GOOD } from './examples.ts'

const { workflows, actions } = readWorkflowFiles(resolve(import.meta.dirname, '../../..'))

it.each(workflows.map((file) => [file.path, file] as const))(
  'would run on GitHub, says its own parser: %s',
  async (_, file) => {
    expect(await workflowErrors(file)).toEqual([])
  },
)

it.each(actions.map((file) => [file.path, file] as const))(
  'would run on GitHub, says its own parser: %s',
  async (_, file) => {
    expect(await actionErrors(file)).toEqual([])
  },
)

it('says what GitHub would refuse, with its place, before it is pushed', async () => {
  const refused = (from: string, to: string) =>
    workflowErrors(sourceFile('nightly.yml', GOOD.workflow.replace(from, to)))
  expect(await refused('needs: make', 'need: make')).toEqual([
    "nightly.yml (Line: 26, Col: 5): Unexpected value 'need'",
  ])
  expect(await refused('steps.bake.outputs.size }}', 'steps.bake.outputs.size + }}')).toEqual([
    expect.stringContaining("Unexpected symbol: '+'"),
  ])
  expect(await refused('needs: make', 'needs: bread')).toEqual([
    expect.stringContaining("Job 'send' depends on unknown job 'bread'"),
  ])
  expect(
    await actionErrors(sourceFile('action.yml', GOOD.action.replace('main: main.ts', 'mian: x'))),
  ).toContainEqual(expect.stringContaining("Unexpected value 'mian'"))
})
