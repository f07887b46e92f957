import { resolve } from 'node:path'
import { readJobs } from '../../src/forecasting/recipe.ts'
import { inputsIn, readInputs } from '../../src/steps/data/inputs.ts'
import { JOBS, matrixOf } from '../../src/steps/model/job-plan.ts'
import { writeJobRecord } from '../../src/steps/model/job-record.ts'
import { planJobs } from '../../src/steps/model/plan-jobs.ts'
import { projectFits, withHistories } from '../../src/steps/model/with-history.ts'
import { fetchedBranch } from '../../src/steps/promotion/base-branch.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { day, moment, optional, path, revision } from '../../src/workflow/inputs.ts'
import { invalidData } from '../../src/workflow/invalid-data.ts'
import { planSummary } from '../../src/workflow/summaries.ts'

const inputs = {
  data: path,
  contract: optional(path),
  recipe: path,
  'as-of': optional(day),
  policy: path,
  base: revision,
  started: moment,
}

export const run = actionOf(
  { title: 'Share the fits among jobs', inputs },
  async ({ project, today, language, inputs }) => {
    const { 'as-of': asOf, policy, base, started, ...names } = inputs
    const sales = await readInputs(inputsIn(project, await today(), { ...names, asOf }))
    if (sales.outcome === 'invalid') {
      return invalidData(
        sales.report,
        { outcome: 'invalid', shards: '[]', sales: '[]' },
        await language(),
      )
    }
    const branch = await fetchedBranch(project, base)
    const jobs = await readJobs(resolve(project, names.recipe))
    const folder = resolve(project, JOBS)
    const plan = await withHistories(
      sales,
      (histories) =>
        planJobs({
          inputs: sales,
          histories,
          policy: resolve(project, policy),
          base: branch,
          jobs,
          folder,
        }),
      { store: projectFits(project) },
    )
    const matrix = matrixOf(plan)
    await writeJobRecord(folder, {
      shard: 0,
      startedAt: started,
      endedAt: new Date().toISOString(),
      fits: 0,
      estimate: 0,
    })
    return {
      outputs: {
        outcome: 'planned',
        shards: JSON.stringify(matrix),
        sales: JSON.stringify([...new Set(matrix.map(({ sales }) => String(sales)))]),
      },
      summary: planSummary(plan, await language()),
    }
  },
)
