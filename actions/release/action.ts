import { connect } from '../../src/github/client.ts'
import { inlineText, link } from '../../src/reporting/markdown.ts'
import { summaryTexts } from '../../src/reporting/texts/summaries.ts'
import { release } from '../../src/steps/promotion/release.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { token } from '../../src/workflow/inputs.ts'

const inputs = { token }

export const run = actionOf(
  { title: 'Release the version in production', inputs },
  async (action) => {
    const { project, repositoryUrl, inputs } = action
    const say = summaryTexts[await action.language()]
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
        ...earlier.map(({ tag, url }) => `✅ ${say.releasedLate(link(tag, url))}\n`),
        newest
          ? `✅ ${say.releases[newest.outcome](link(newest.tag, newest.url))}\n\n${newest.body}`
          : `⚪ ${say.nothingToRelease}\n`,
      ].join('\n'),
      annotations: problems.map((message) => ({
        level: 'warning',
        title: 'An earlier version is not released',
        message,
      })),
    }
  },
)
