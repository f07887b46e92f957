import type { Seal } from '../../base/array-file.ts'
import { isoFromDay } from '../../base/day.ts'
import { contestSearches } from '../../evaluation/gate/contest-searches.ts'
import { type Policy, readPolicy } from '../../evaluation/gate/policy.ts'
import { type FitWork, workOf } from '../../evaluation/search/fit-work.ts'
import { runnerSeconds } from '../../evaluation/search/job-costs.ts'
import { type Costed, jointCost, type Packed, pack } from '../../evaluation/search/packing.ts'
import type { Model } from '../../forecasting/model.ts'
import type { Jobs } from '../../forecasting/recipe.ts'
import { asParent } from '../../registry/manifest.ts'
import { artifactOf, type OpenedArtifact } from '../../registry/model-parts.ts'
import { pendingVersion } from '../../registry/pending.ts'
import { isRepository } from '../../registry/repository.ts'
import type { ModelInputs } from '../data/inputs.ts'
import type { SalesInParts } from '../data/sales-in-parts.ts'
import { championFor } from './champion.ts'
import { handedFolder, handSales, removeOtherSales } from './handed-sales.ts'
import { type JobPlan, type Shard, salesOfShard, writeJobPlan } from './job-plan.ts'
import { readablePending } from './judge-challenger.ts'
import { partsSearches, searchesKnownTo } from './parts-searches.ts'
import type { Histories } from './with-history.ts'

export type PlanJobsInput = {
  inputs: ModelInputs
  /** Of the sales of the inputs, with the store that the fits go to: what it has is not planned. */
  histories: Histories
  /** File of what a challenger must show, as an absolute path. */
  policy: string
  /** Branch that is in production; by default as `resolveBase` says. */
  base?: string
  /** What the recipe says of jobs, or that they are so many whatever it says. */
  jobs: Jobs | number
  /** Where the plan goes, with the sales that each job is handed, as an absolute path. */
  folder: string
}

/**
 * Lists the fits that `train` and `compare` would make of these inputs, and shares them among jobs,
 * where that is worth it. Writes what it returns, and beside it the sales that the jobs ask for, so
 * that none of them reads any others. The same inputs and the same store, the same plan.
 */
export async function planJobs(input: PlanJobsInput): Promise<JobPlan> {
  const { folder, inputs, histories } = input
  const policy = await readPolicy(input.policy)
  const opponents = await opponentsOf(input)
  const { shared, ...planned } = inputs.parts
    ? await shareParts(input, inputs.parts, policy, opponents)
    : await shareFits(input, policy, opponents)
  const shards: Shard[] = []
  for (const shard of shared) {
    const to = handedFolder(folder, salesOfShard(shard, shards.length + 1))
    shards.push(await handedTo(shard, shards, to, { inputs, histories }))
  }
  const plan: JobPlan = { format: 'cd4ml-jobs/2', ...planned, shards }
  await writeJobPlan(folder, plan)
  await removeOtherSales(folder, shards.flatMap(sealsOf))
  return plan
}

/** What is shared, by the place of each recipe. */
type Shared = Pick<JobPlan, 'recipes' | 'seconds'> & { shared: SharedShard[] }

/** A shard before its sales are handed over. */
type SharedShard =
  | Omit<Extract<Shard, { kind: 'fits' }>, 'sales'>
  | (Omit<Extract<Shard, { kind: 'parts' }>, 'parts'> & { parts: string[] })

async function shareFits(
  { inputs, histories, jobs }: PlanJobsInput,
  policy: Policy,
  opponents: OpenedArtifact[],
): Promise<Shared> {
  const { recipes, work } = await histories.whole(({ history }) =>
    workOf(history, contestSearches(history, inputs.recipe, policy, wholeModels(opponents))),
  )
  const seconds = jointCost(work)
  return { recipes, seconds, shared: fitsShared(work, jobCount(seconds, jobs)) }
}

/**
 * Of sales in parts: one job makes all fits of a part, and others those of a model that is in no parts
 * as yet, as far as their share of the work goes.
 */
async function shareParts(
  { inputs, histories, jobs }: PlanJobsInput,
  { names, chain }: SalesInParts,
  policy: Policy,
  opponents: OpenedArtifact[],
): Promise<Shared> {
  const { ofParts, ofAll } = partsSearches(chain, inputs.recipe, policy, opponents)
  const recipes = [...new Set(ofParts.map(({ recipe }) => recipe))]
  const all: Costed<string>[] = []
  for (const name of names) {
    const { work } = await histories.part(name, ({ history }) =>
      workOf(history, searchesKnownTo(history, ofParts)),
    )
    all.push({ work: name, costs: new Map([[name, jointCost(work)]]) })
  }
  const parts = all.filter((part) => jointCost([part]) > 0)
  const whole =
    ofAll.length === 0
      ? { recipes: [], work: [] }
      : await histories.whole(({ history }) => workOf(history, searchesKnownTo(history, ofAll)))
  const fits = whole.work.map(({ work, costs }) => ({
    work: { ...work, recipe: recipes.length + work.recipe },
    costs,
  }))
  const seconds = jointCost(parts) + jointCost(fits)
  const count = jobCount(seconds, jobs)
  const ofFits = jobsOfSecond(count, [jointCost(parts), jointCost(fits)])
  const searches = ofParts.map(({ recipe, day }) => ({
    recipe: recipes.indexOf(recipe),
    origin: isoFromDay(day),
  }))
  return {
    recipes: [...recipes, ...whole.recipes],
    seconds,
    shared: [
      ...packed(parts, count - ofFits).map(
        ({ work, cost }): SharedShard => ({ kind: 'parts', seconds: cost, parts: work, searches }),
      ),
      ...fitsShared(fits, ofFits),
    ],
  }
}

/**
 * How many of some jobs, none or two at least, do the second of two works, by what they cost: one at
 * least, where there are jobs and any of it.
 */
function jobsOfSecond(jobs: number, [first, second]: [number, number]): number {
  if (jobs === 0 || second === 0) return 0
  const share = Math.round((jobs * second) / (first + second))
  return first === 0 ? jobs : Math.min(Math.max(1, share), jobs - 1)
}

/** Hands the sales of a shard over, in a folder; all of them together once for the shards of a plan. */
async function handedTo(
  shard: SharedShard,
  before: readonly Shard[],
  folder: string,
  { inputs: { asOf }, histories }: Pick<PlanJobsInput, 'inputs' | 'histories'>,
): Promise<Shard> {
  const known = asOf === undefined ? {} : { asOf }
  if (shard.kind === 'fits') {
    const other = before.find((it) => it.kind === 'fits')
    const hand = () =>
      histories.whole(({ totals, plan }) => handSales(folder, { totals, plan, ...known }))
    return { ...shard, sales: other?.sales ?? (await hand()) }
  }
  const handed: Extract<Shard, { kind: 'parts' }>['parts'] = []
  for (const name of shard.parts) {
    const sales = await histories.part(name, ({ totals, plan }) =>
      handSales(folder, { totals, plan, ...known }),
    )
    handed.push({ name, sales })
  }
  return { ...shard, parts: handed }
}

function sealsOf(shard: Shard): Seal[] {
  return shard.kind === 'fits' ? [shard.sales] : shard.parts.map(({ sales }) => sales)
}

function fitsShared(work: Costed<FitWork>[], jobs: number): SharedShard[] {
  return packed(work, jobs).map(({ work, cost }) => ({ kind: 'fits', seconds: cost, work }))
}

/** Nothing is shared where no job is to share it. */
function packed<Work>(work: Costed<Work>[], jobs: number): Packed<Work>[] {
  return jobs === 0 ? [] : pack(work, jobs)
}

/** How many jobs share fits of so many seconds; none where one job does everything. */
function jobCount(seconds: number, jobs: Jobs | number): number {
  const count = typeof jobs === 'number' ? jobs : jobsFor(seconds, jobs)
  return count > 1 ? count : 0
}

function jobsFor(seconds: number, { above, most }: Jobs): number {
  const minutes = runnerSeconds(seconds) / 60
  return minutes > above ? Math.min(most, Math.ceil(minutes / above)) : 1
}

/** The models that `compare` would compare the challenger with. */
async function opponentsOf({ inputs, base }: PlanJobsInput): Promise<OpenedArtifact[]> {
  const { project } = inputs
  const found = await championFor(inputs, base)
  const champion = found.state === 'in production' ? found.version : undefined
  const pending =
    (await isRepository(project)) &&
    (await pendingVersion(project, champion && asParent(champion.manifest)))
  const waiting = pending && readablePending(pending)
  return [...(champion ? [artifactOf(champion)] : []), ...(waiting ? [waiting] : [])]
}

function wholeModels(opponents: OpenedArtifact[]): Model[] {
  return opponents.flatMap((opponent) => (opponent.kind === 'whole' ? [opponent.model] : []))
}
