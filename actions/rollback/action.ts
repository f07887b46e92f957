import { connect } from '../../src/github/client.ts'
import { openRollback } from '../../src/steps/promotion/open-rollback.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { count, line, revision, token } from '../../src/workflow/inputs.ts'
import { proposed, reviewOf } from '../../src/workflow/proposed.ts'

const inputs = { token, 'workflow-token': token, to: count, reason: line, base: revision }

export const run = actionOf({ title: 'Roll back', inputs }, async (action) => {
  const { project, inputs } = action
  const { to, reason, base } = inputs
  const github = connect({ ...action, token: inputs.token })
  const review = reviewOf(action, inputs)
  const rollback = await openRollback(github, { repo: project, to, reason, base, review })
  return proposed(rollback, await action.language())
})
