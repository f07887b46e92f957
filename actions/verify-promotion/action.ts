import { PRODUCTION } from '../../src/registry/production.ts'
import { fetchedBranch } from '../../src/steps/promotion/base-branch.ts'
import { verify } from '../../src/steps/promotion/verify.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { revision } from '../../src/workflow/inputs.ts'
import { verificationSummary } from '../../src/workflow/summaries.ts'

const inputs = { rev: revision, base: revision }

export const run = actionOf(
  { title: 'Verify the promotion', inputs },
  async ({ inputs, project, today, language }) => {
    const { rev, base } = inputs
    const branch = await fetchedBranch(project, base)
    const result = await verify({ repo: project, today: await today(), rev, base: branch })
    const { outcome, checks, manifest } = result
    const failed = checks.filter(({ passed }) => !passed)
    return {
      outputs: { outcome, version: manifest?.version },
      summary: verificationSummary(result, await language()),
      annotations: failed.map(({ name, detail }) => ({
        level: 'error',
        title: `Not verified: ${name}`,
        message: detail,
        file: `${PRODUCTION}/manifest.json`,
      })),
      ...(outcome === 'failed' && {
        refusal: `${failed.map(({ name }) => name).join(', ')}: this version must not be merged.`,
      }),
    }
  },
)
