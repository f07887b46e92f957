import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Seal } from '../../base/array-file.ts'
import { canonicalJson } from '../../base/canonical-json.ts'
import { withRemedy } from '../../base/errors.ts'
import { handedOver } from '../../base/handed-over.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { count, isoDay, number, object, union } from '../../base/schema-parts.ts'
import { writeWhole } from '../../base/write-file.ts'
import { FitWork } from '../../evaluation/search/fit-work.ts'
import { MOST_JOBS } from '../../forecasting/most-jobs.ts'
import { WrittenRecipe } from '../../forecasting/recipe.ts'

/** Where the plan stands in a project, with the sales that its jobs are handed. */
export const JOBS = '.cd4ml/jobs'

/** What one job of the matrix makes; its number is its place, from 1 on. */
const Shard = union('kind', [
  object({
    kind: Type.Literal('fits'),
    /** About how long one core of the reference machine takes. */
    seconds: number,
    /** All sales together. */
    sales: Seal,
    work: Type.Array(FitWork),
  }),
  object({
    kind: Type.Literal('parts'),
    seconds: number,
    /** The parts of the sales, each of which one job makes all fits of. */
    parts: Type.Array(object({ name: Type.String(), sales: Seal }), { minItems: 1 }),
    /** What is searched of each of them, as far as it sold by then. */
    searches: Type.Array(object({ recipe: count, origin: isoDay })),
  }),
])
export type Shard = Static<typeof Shard>

/** `plan.json`: which fits training and comparing ask for, and which job makes which. */
const JobPlan = object({
  format: Type.Literal('cd4ml-jobs/2'),
  /** Those that the work is of. */
  recipes: Type.Array(WrittenRecipe, { maxItems: 10 }),
  /** About how long one core of the reference machine takes for all of it, in one job. */
  seconds: number,
  /** None where one job does everything. */
  shards: Type.Array(Shard, { maxItems: MOST_JOBS }),
})
export type JobPlan = Static<typeof JobPlan>

/** Writes a plan into its folder, as a whole. */
export async function writeJobPlan(folder: string, plan: JobPlan): Promise<void> {
  await writeWhole(join(folder, PLAN), canonicalJson(plan))
}

/** Throws a `UserError` where there is none, or it is none. */
export async function readJobPlan(project: string, folder: string): Promise<JobPlan> {
  const file = join(folder, PLAN)
  const { read } = handedOver(project, folder)
  const bytes = await withRemedy(REMEDY, () => read(PLAN, MOST_BYTES))
  return checkPlan(parseJson(bytes.toString(), file, REMEDY), file)
}

/** For the matrix of a workflow: the number of each job, from 1 on, and which sales it is handed. */
export function matrixOf({ shards }: JobPlan): { shard: number; sales: SalesOfShard }[] {
  return shards.map((shard, index) => ({ shard: index + 1, sales: salesOfShard(shard, index + 1) }))
}

/** All sales together, or those of one shard alone. */
export type SalesOfShard = 'all' | number

/** Which sales a shard of this number is handed. */
export function salesOfShard({ kind }: Pick<Shard, 'kind'>, number: number): SalesOfShard {
  return kind === 'fits' ? 'all' : number
}

const PLAN = 'plan.json'
const MOST_BYTES = 2 ** 26
const REMEDY = 'Run cd4ml plan.'

const checkPlan = checker(JobPlan, REMEDY)
