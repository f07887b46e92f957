import { connect } from '../../src/github/client.ts'
import { inlineText, link } from '../../src/reporting/markdown.ts'
import { alert } from '../../src/steps/monitoring/alert.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { choice, count, line, optional, said, token } from '../../src/workflow/inputs.ts'

const inputs = {
  token,
  key: line,
  title: line,
  state: optional(choice('failing', 'ok')),
  reason: optional(said),
  workflow: optional(line),
  'overdue-days': optional(count),
}

export const run = actionOf({ title: 'Watch over what runs by itself', inputs }, async (action) => {
  const { token, 'overdue-days': overdueDays, ...watched } = action.inputs
  const alerted = await alert(connect({ ...action, token }), {
    ...watched,
    overdueDays,
    at: new Date().toISOString(),
    run: action.run.url,
    language: await action.language(),
  })
  const { outcome } = alerted
  if (outcome === 'none') {
    return { outputs: { outcome }, summary: `✅ **${inlineText(watched.key)}** works.\n` }
  }
  const { number, url } = alerted
  return {
    outputs: { outcome, url },
    summary: `## ${inlineText(watched.title)}\n\n${link(`#${number}`, url)}: ${outcome}.\n`,
  }
})
