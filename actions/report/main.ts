import { resolve } from 'node:path'
import { connect } from '../../src/github/client.ts'
import { experimentComment } from '../../src/reporting/experiment-comment.ts'
import { link } from '../../src/reporting/markdown.ts'
import { readExperiment } from '../../src/steps/experiment.ts'
import { type Reported, report, type Where } from '../../src/steps/report.ts'
import { type ActionResult, runAction } from '../../src/workflow/action.ts'
import type { Context } from '../../src/workflow/context.ts'
import { choice, line, optional, path, token } from '../../src/workflow/inputs.ts'

const inputs = {
  token,
  out: path,
  validation: optional(choice('valid', 'invalid')),
  'validation-report': path,
  problem: optional(line),
}

await runAction({ title: 'Report the experiment', inputs }, async (action) => {
  const { project, run, inputs } = action
  const experiment = await readExperiment({
    validation: resolve(project, inputs['validation-report']),
    out: resolve(project, inputs.out),
  })
  const problem = inputs.problem ?? experiment.problem
  const body = experimentComment({
    ...experiment,
    ...(problem !== undefined && { problem }),
    run: run.url,
  })
  const where = whereOf(action)
  const reported: Reported = where
    ? await report(connect({ ...action, token: inputs.token }), where, body)
    : { outcome: 'none' }
  return { ...told(reported), summary: `${placeLine(reported)}\n\n${body}` }
})

function whereOf({ pullRequest, branch }: Context): Where | undefined {
  if (pullRequest) return { pullRequest: pullRequest.number }
  return branch === undefined ? undefined : { branch }
}

function told(reported: Reported): Pick<ActionResult, 'outputs' | 'annotations'> {
  const { outcome } = reported
  if (outcome === 'none') return { outputs: { outcome } }
  if (outcome !== 'forbidden') return { outputs: { outcome, url: reported.url } }
  const message = `${reported.problem} The summary of the run says what the comment would.`
  return {
    outputs: { outcome },
    annotations: [{ level: 'notice', title: 'No comment', message }],
  }
}

function placeLine(reported: Reported): string {
  switch (reported.outcome) {
    case 'none':
      return 'The branch has no open pull request to comment on.'
    case 'forbidden':
      return 'The token of this run may not comment on the pull request.'
    default:
      return `${link('The comment', reported.url)} on the pull request: ${reported.outcome}.`
  }
}
