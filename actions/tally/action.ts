import { dirname, resolve } from 'node:path'
import { JOB_PLAN, readJobPlan } from '../../src/steps/model/job-plan.ts'
import { jobsTook } from '../../src/steps/model/job-record.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { moment } from '../../src/workflow/inputs.ts'
import { tallySummary } from '../../src/workflow/summaries.ts'

const inputs = { started: moment }

export const run = actionOf(
  { title: 'Add up what the jobs took', inputs },
  async ({ project, language, inputs }) => {
    const file = resolve(project, JOB_PLAN)
    const took = await jobsTook(
      await readJobPlan(file),
      { project, folder: dirname(file) },
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
