import { contestSearches } from '../../evaluation/gate/contest-searches.ts'
import { readPolicy } from '../../evaluation/gate/policy.ts'
import { workOf } from '../../evaluation/search/fit-work.ts'
import type { History } from '../../evaluation/search/history.ts'
import { runnerSeconds } from '../../evaluation/search/job-costs.ts'
import { jointCost, pack } from '../../evaluation/search/packing.ts'
import type { Model } from '../../forecasting/model.ts'
import { modelFrom } from '../../forecasting/model-file.ts'
import type { Jobs } from '../../forecasting/recipe.ts'
import { asParent } from '../../registry/manifest.ts'
import { pendingVersion } from '../../registry/pending.ts'
import { contentOf } from '../../registry/production.ts'
import { isRepository } from '../../registry/repository.ts'
import type { ModelInputs } from '../data/inputs.ts'
import { championFor } from './champion.ts'

import type { JobPlan } from './job-plan.ts'
import { readablePending } from './judge-challenger.ts'

export type PlanJobsInput = {
  inputs: ModelInputs
  /** Of the sales of the inputs, with the store that the fits go to: what it has is not planned. */
  history: History
  /** File of what a challenger must show, as an absolute path. */
  policy: string
  /** Branch that is in production; by default as `resolveBase` says. */
  base?: string
  /** What the recipe says of jobs, or that they are so many whatever it says. */
  jobs: Jobs | number
}

/**
 * Lists the fits that `train` and `compare` would make of these inputs, and shares them among jobs,
 * where that is worth it. The same inputs and the same store, the same plan.
 */
export async function planJobs(input: PlanJobsInput): Promise<JobPlan> {
  const { inputs, history, jobs } = input
  const policy = await readPolicy(input.policy)
  const opponents = await opponentsOf(input)
  const { recipes, work } = await workOf(
    history,
    contestSearches(history, inputs.recipe, policy, opponents),
  )
  const seconds = jointCost(work)
  const count = typeof jobs === 'number' ? jobs : jobsFor(seconds, jobs)
  const packed = count === 1 ? [] : pack(work, count)
  return {
    format: 'cd4ml-jobs/1',
    fingerprint: inputs.fingerprint,
    recipes,
    seconds,
    shards: packed.map(({ work, cost }) => ({ kind: 'fits', seconds: cost, work })),
  }
}

/** How many jobs share fits of so many seconds. */
function jobsFor(seconds: number, { above, most }: Jobs): number {
  const minutes = runnerSeconds(seconds) / 60
  return minutes > above ? Math.min(most, Math.ceil(minutes / above)) : 1
}

/** The models that `compare` would compare the challenger with. */
async function opponentsOf({ inputs, base }: PlanJobsInput): Promise<Model[]> {
  const { project } = inputs
  const found = await championFor(inputs, base)
  const champion = found.state === 'in production' ? found.version : undefined
  const pending =
    (await isRepository(project)) &&
    (await pendingVersion(project, champion && asParent(champion.manifest)))
  const waiting = pending && readablePending(pending)
  return [
    ...(champion ? [modelFrom(contentOf(champion, 'model.json'), 'production/model.json')] : []),
    ...(waiting ? [waiting] : []),
  ]
}
