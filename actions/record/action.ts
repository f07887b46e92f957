import { resolve } from 'node:path'
import { connect } from '../../src/github/client.ts'
import { record } from '../../src/steps/monitoring/record.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { optional, path, said, token } from '../../src/workflow/inputs.ts'
import { recordSummary } from '../../src/workflow/summaries.ts'

const inputs = { token, runs: optional(path), forecasts: optional(path), problem: optional(said) }

export const run = actionOf({ title: 'Record in the ledger', inputs }, async (action) => {
  const { project, repositoryUrl, run: workflow, branch, commit, language } = action
  const { token, runs, forecasts, problem } = action.inputs
  const recorded = await record(connect({ ...action, token }), {
    own: {
      project,
      workflow,
      ...(branch !== undefined && { branch }),
      ...(commit !== undefined && { commit }),
      at: new Date().toISOString(),
    },
    ...(runs !== undefined && { runs: resolve(project, runs) }),
    ...(forecasts !== undefined && { forecasts: resolve(project, forecasts) }),
    ...(problem !== undefined && { problem }),
    repository: repositoryUrl,
    language: await language(),
  })
  const { leftOut } = recorded
  return {
    outputs: {
      outcome: recorded.outcome,
      commit: recorded.outcome === 'none' ? undefined : recorded.commit,
    },
    summary: recordSummary(recorded, repositoryUrl, await language()),
    annotations: Object.values(leftOut)
      .flat()
      .map(({ file, problem }) => ({
        level: 'warning',
        title: 'Not taken for a record',
        message: `${file}: ${problem}`,
      })),
    // The code that makes forecasts is main's own: something is wrong, and the last ones get old.
    ...(leftOut.forecasts.length > 0 && {
      refusal: `The forecasts were not recorded: ${leftOut.forecasts[0].problem}.`,
    }),
  }
})
