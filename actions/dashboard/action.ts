import { resolve } from 'node:path'
import { inputsIn } from '../../src/steps/data/inputs.ts'
import { dashboard } from '../../src/steps/monitoring/dashboard.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { day, optional, path } from '../../src/workflow/inputs.ts'
import { dashboardSummary } from '../../src/workflow/summaries.ts'

const inputs = { data: path, contract: optional(path), 'as-of': optional(day), out: path }

export const run = actionOf({ title: 'Make the dashboard', inputs }, async (action) => {
  const { project, today } = action
  const { data, contract, 'as-of': asOf, out } = action.inputs
  const language = await action.language()
  const written = await dashboard(
    {
      options: inputsIn(project, await today(), { data, contract, asOf }),
      at: new Date().toISOString(),
    },
    { out: resolve(project, out), language },
  )
  return {
    outputs: { outcome: written.outcome, folder: out, files: written.files },
    summary: dashboardSummary(written, language),
  }
})
