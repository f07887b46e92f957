import { resolve } from 'node:path'
import { connect } from '../../src/github/client.ts'
import { record } from '../../src/steps/record.ts'
import { runAction } from '../../src/workflow/action.ts'
import { optional, path, said, token } from '../../src/workflow/inputs.ts'
import { recordSummary } from '../../src/workflow/summaries.ts'

const inputs = { token, runs: path, forecasts: path, problem: optional(said) }

await runAction({ title: 'Record in the ledger', inputs }, async (action) => {
  const { project, repositoryUrl, run } = action
  const { token, runs, forecasts, problem } = action.inputs
  const recorded = await record(connect({ ...action, token }), {
    runs: resolve(project, runs),
    forecasts: resolve(project, forecasts),
    ...(problem !== undefined && { problem }),
    at: new Date().toISOString(),
    workflow: run,
    repository: repositoryUrl,
  })
  return {
    outputs: {
      outcome: recorded.outcome,
      commit: recorded.outcome === 'none' ? undefined : recorded.commit,
    },
    summary: recordSummary(recorded, repositoryUrl),
    annotations: recorded.damaged.map(({ file, problem }) => ({
      level: 'warning',
      title: 'Not a run record',
      message: `${file}: ${problem}`,
    })),
  }
})
