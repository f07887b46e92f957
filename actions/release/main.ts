import { connect } from '../../src/github/client.ts'
import { link } from '../../src/reporting/markdown.ts'
import { release } from '../../src/steps/release.ts'
import { runAction } from '../../src/workflow/action.ts'
import { token } from '../../src/workflow/inputs.ts'

const inputs = { token }

await runAction({ title: 'Release the version in production', inputs }, async (action) => {
  const { project, repositoryUrl, inputs } = action
  const released = await release(connect({ ...action, token: inputs.token }), {
    repo: project,
    repository: repositoryUrl,
  })
  const { outcome } = released
  if (outcome === 'none') {
    return { outputs: { outcome }, summary: '⚪ Nothing is in production yet: no release.\n' }
  }
  const { version, tag, url, body } = released
  return {
    outputs: { outcome, version, tag, url },
    summary: `✅ Release ${link(tag, url)}: ${outcome}.\n\n${body}`,
  }
})
