import { connect } from '../../src/github/client.ts'
import { inlineText, link } from '../../src/reporting/markdown.ts'
import { release } from '../../src/steps/promotion/release.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { token } from '../../src/workflow/inputs.ts'

const inputs = { token }

export const run = actionOf(
  { title: 'Release the version in production', inputs },
  async (action) => {
    const { project, repositoryUrl, inputs } = action
    const { newest, earlier, problems } = await release(
      connect({ ...action, token: inputs.token }),
      {
        repo: project,
        repository: repositoryUrl,
      },
    )
    const { outcome = 'none', version, tag, url } = newest ?? {}
    return {
      outputs: { outcome, version, tag, url },
      summary: [
        ...problems.map((problem) => `⚠️ ${inlineText(problem)}\n`),
        ...earlier.map(
          ({ tag, url }) => `✅ Release ${link(tag, url)}, which had been left out.\n`,
        ),
        newest
          ? `✅ Release ${link(newest.tag, newest.url)}: ${outcome}.\n\n${newest.body}`
          : '⚪ Nothing of your own is in production: no release of it.\n',
      ].join('\n'),
      annotations: problems.map((message) => ({
        level: 'warning',
        title: 'An earlier version is not released',
        message,
      })),
    }
  },
)
