import { resolve } from 'node:path'
import type { Language } from '../../src/base/language.ts'
import { connect } from '../../src/github/client.ts'
import { experimentComment } from '../../src/reporting/experiment-comment.ts'
import { link } from '../../src/reporting/markdown.ts'
import { summaryTexts } from '../../src/reporting/texts/summaries.ts'
import { readExperiment } from '../../src/steps/model/experiment.ts'
import { type Reported, reportExperiment } from '../../src/steps/model/report-experiment.ts'
import { type ActionResult, actionOf } from '../../src/workflow/action.ts'
import { optional, path, said, token } from '../../src/workflow/inputs.ts'

const inputs = { token, out: path, 'validation-report': path, problem: optional(said) }

export const run = actionOf({ title: 'Report the experiment', inputs }, async (action) => {
  const { project, branch, pullRequest, run } = action
  const language = await action.language()
  const { token, out, 'validation-report': validation, problem } = action.inputs
  const experiment = await readExperiment({
    project,
    out: resolve(project, out),
    validation: resolve(project, validation),
    ...(problem !== undefined && { problem }),
  })
  const body = experimentComment({ ...experiment, run: run.url }, language)
  const where = { branch, pullRequest: pullRequest?.number }
  return told(await reportExperiment(connect({ ...action, token }), where, body), body, language)
})

function told(reported: Reported, body: string, language: Language): ActionResult {
  const say = summaryTexts[language]
  const { outcome } = reported
  if (outcome === 'none') {
    return {
      outputs: { outcome },
      summary: `${say.noPullRequest}\n\n${body}`,
    }
  }
  if (outcome === 'forbidden') {
    const message = `${reported.problem} The summary of the run says what the comment would.`
    return {
      outputs: { outcome },
      summary: `${say.mayNotComment}\n\n${body}`,
      annotations: [{ level: 'notice', title: 'No comment', message }],
    }
  }
  return {
    outputs: { outcome, url: reported.url },
    summary: `${link(say.theComment, reported.url)} ${say.onThePullRequest[outcome]}\n\n${body}`,
  }
}
