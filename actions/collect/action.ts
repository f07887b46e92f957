import { connect } from '../../src/github/client.ts'
import { collectEvents } from '../../src/steps/monitoring/collect-events.ts'
import { serviceAddress, serviceEvents } from '../../src/steps/monitoring/service-events.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { line, optional, token } from '../../src/workflow/inputs.ts'
import { collectSummary } from '../../src/workflow/summaries.ts'

const inputs = { token, service: line, audience: optional(line) }

export const run = actionOf({ title: 'Collect from the service', inputs }, async (action) => {
  const { repositoryUrl } = action
  const { token, service, audience } = action.inputs
  const address = serviceAddress(service)
  const github = connect({ ...action, token })
  const idToken = () => action.idToken(audience ?? address.origin)
  const collected = await collectEvents(
    github,
    serviceEvents({ address, token: idToken, pause: github.pause }),
  )
  const { outcome, events, commit, unfinished } = collected
  return {
    outputs: { outcome, events, commit },
    summary: collectSummary(collected, repositoryUrl, await action.language()),
    ...(unfinished !== undefined && { refusal: unfinished }),
  }
})
