import { resolve } from 'node:path'
import { JOBS, readJobPlan } from '../../src/steps/model/job-plan.ts'
import { jobsTook } from '../../src/steps/model/job-record.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { moment } from '../../src/workflow/inputs.ts'
import { tallySummary } from '../../src/workflow/summaries.ts'

const inputs = { started: moment }

export const run = actionOf(
  { title: 'Add up what the jobs took', inputs },
  async ({ project, language, inputs }) => {
    const folder = resolve(project, JOBS)
    const took = await jobsTook(
      await readJobPlan(project, folder),
      { project, folder },
      { startedAt: inputs.started, now: new Date().toISOString() },
    )
    return {
      outputs: {
        'billed-minutes': took.costs.billedMinutes,
        seconds: Math.round(took.costs.wallSeconds),
      },
      summary: tallySummary(took, await language()),
    }
  },
)
