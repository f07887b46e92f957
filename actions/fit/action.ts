import { resolve } from 'node:path'
import { inputsIn, readInputs } from '../../src/steps/data/inputs.ts'
import { fitShard } from '../../src/steps/model/fit-shard.ts'
import { JOB_PLAN } from '../../src/steps/model/job-plan.ts'
import { writeJobRecord } from '../../src/steps/model/job-record.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { count, day, moment, optional, path } from '../../src/workflow/inputs.ts'
import { invalidData } from '../../src/workflow/invalid-data.ts'
import { fitSummary } from '../../src/workflow/summaries.ts'

const inputs = {
  data: path,
  contract: optional(path),
  recipe: path,
  'as-of': optional(day),
  shard: count,
  out: path,
  started: moment,
}

export const run = actionOf(
  { title: 'Make the fits of one job', inputs },
  async ({ project, today, language, inputs }) => {
    const { 'as-of': asOf, shard, out, started, ...names } = inputs
    const sales = await readInputs(inputsIn(project, await today(), { ...names, asOf }))
    if (sales.outcome === 'invalid') return invalidData(sales.report, {}, await language())
    const fitted = await fitShard({
      inputs: sales,
      plan: resolve(project, JOB_PLAN),
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
