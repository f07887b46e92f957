import { resolve } from 'node:path'
import { connect } from '../../src/github/client.ts'
import { experimentComment } from '../../src/reporting/experiment-comment.ts'
import { link } from '../../src/reporting/markdown.ts'
import { readExperiment } from '../../src/steps/model/experiment.ts'
import { type Reported, reportExperiment } from '../../src/steps/model/report-experiment.ts'
import { type ActionResult, actionOf } from '../../src/workflow/action.ts'
import { optional, path, said, token } from '../../src/workflow/inputs.ts'

const inputs = { token, out: path, 'validation-report': path, problem: optional(said) }

export const run = actionOf({ title: 'Report the experiment', inputs }, async (action) => {
  const { project, branch, pullRequest, run } = action
  const { token, out, 'validation-report': validation, problem } = action.inputs
  const experiment = await readExperiment({
    project,
    out: resolve(project, out),
    validation: resolve(project, validation),
    ...(problem !== undefined && { problem }),
  })
  const body = experimentComment({ ...experiment, run: run.url })
  const where = { branch, pullRequest: pullRequest?.number }
  return told(await reportExperiment(connect({ ...action, token }), where, body), body)
})

function told(reported: Reported, body: string): ActionResult {
  const { outcome } = reported
  if (outcome === 'none') {
    return {
      outputs: { outcome },
      summary: `No pull request is open for this branch, so this stands here alone.\n\n${body}`,
    }
  }
  if (outcome === 'forbidden') {
    const message = `${reported.problem} The summary of the run says what the comment would.`
    return {
      outputs: { outcome },
      summary: `The token may not comment on the pull request, so this stands here alone.\n\n${body}`,
      annotations: [{ level: 'notice', title: 'No comment', message }],
    }
  }
  return {
    outputs: { outcome, url: reported.url },
    summary: `${link('The comment', reported.url)} on the pull request: ${outcome}.\n\n${body}`,
  }
}
