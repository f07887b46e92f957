import { resolve } from 'node:path'
import { connect } from '../../src/github/client.ts'
import { readVersion } from '../../src/registry/production.ts'
import { respondToHealth } from '../../src/steps/monitoring/respond-to-health.ts'
import { takeHealth } from '../../src/steps/monitoring/taken-health.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { path, token } from '../../src/workflow/inputs.ts'
import { respondedSummary } from '../../src/workflow/monitored.ts'

const inputs = { token, health: path }

export const run = actionOf(
  { title: 'Respond to the health of the model', inputs },
  async (action) => {
    const { project, run: workflow, branch, repositoryUrl: repository } = action
    const { token, health } = action.inputs
    const now = new Date().toISOString()
    const manifest = (await readVersion(project, 'HEAD'))?.manifest
    const own = { project, workflow, at: now, ...(branch !== undefined && { branch }) }
    const record = await takeHealth(resolve(project, health), own, manifest)
    const language = await action.language()
    const responded = await respondToHealth(connect({ ...action, token }), {
      record,
      replaced: manifest?.parent?.version,
      restores: manifest?.restores?.version,
      now,
      repository,
      language,
    })
    const { recorded, issue, retraining, problems } = responded
    return {
      outputs: {
        outcome: recorded.outcome,
        id: recorded.id,
        issue: issue.outcome,
        url: issue.outcome === 'none' ? undefined : issue.url,
        retraining: retraining.outcome,
      },
      summary: respondedSummary(responded, { repository, language }),
      annotations: recorded.leftOut.map(({ file, problem }) => ({
        level: 'warning' as const,
        title: 'Not taken for a health record',
        message: `${file}: ${problem}`,
      })),
      ...(problems.length > 0 && { refusal: problems.join(' ') }),
    }
  },
)
