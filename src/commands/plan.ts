import { resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { estimatedCosts } from '../evaluation/search/job-costs.ts'
import { readJobs } from '../forecasting/recipe.ts'
import { alignedColumns } from '../reporting/aligned-columns.ts'
import { plannedJobs } from '../reporting/jobs-report.ts'
import { JOBS, matrixOf } from '../steps/model/job-plan.ts'
import { planJobs } from '../steps/model/plan-jobs.ts'
import { projectFits, withHistories } from '../steps/model/with-history.ts'
import type { DataOptions, ModelOptions } from './options.ts'
import type { Shell } from './shell.ts'
import { validInputs } from './valid-inputs.ts'

type Options = DataOptions &
  Pick<ModelOptions, 'recipe'> & { policy: string; base?: string; jobs?: number }

export async function planCommand(shell: Shell, options: Options): Promise<void> {
  const inputs = await validInputs(shell, options)
  if (!inputs) return
  const { project } = shell
  const { policy, base, jobs = await readJobs(resolve(project, options.recipe)) } = options
  const plan = await withHistories(
    inputs,
    (histories) =>
      planJobs({
        inputs,
        histories,
        policy: resolve(project, policy),
        ...(base !== undefined && { base }),
        jobs,
        folder: resolve(project, JOBS),
      }),
    { store: projectFits(project) },
  )
  const { seconds, shards } = plan
  if (options.json) {
    const costs = estimatedCosts(
      seconds,
      shards.map((shard) => shard.seconds),
    )
    return shell.print(
      canonicalJson({ seconds, costs, shards, matrix: { include: matrixOf(plan) } }),
    )
  }
  const { sentence, table } = plannedJobs(plan, 'en')
  shell.print(table ? `${sentence}\n\n${alignedColumns(table)}` : sentence)
}
