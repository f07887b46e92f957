import { resolve } from 'node:path'
import { fitShard } from '../../src/steps/model/fit-shard.ts'
import { JOBS } from '../../src/steps/model/job-plan.ts'
import { writeJobRecord } from '../../src/steps/model/job-record.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { count, moment, path } from '../../src/workflow/inputs.ts'
import { fitSummary } from '../../src/workflow/summaries.ts'

const inputs = { shard: count, out: path, started: moment }

export const run = actionOf(
  { title: 'Make the fits of one job', inputs },
  async ({ project, language, inputs }) => {
    const { shard, out, started } = inputs
    const fitted = await fitShard({
      project,
      jobs: resolve(project, JOBS),
      shard,
      out: resolve(project, out, 'fits'),
    })
    const { fits, estimate } = fitted
    const endedAt = new Date().toISOString()
    await writeJobRecord(resolve(project, out, 'jobs'), {
      shard,
      startedAt: started,
      endedAt,
      fits,
      estimate,
    })
    return { outputs: { fits }, summary: fitSummary(fitted, await language()) }
  },
)
