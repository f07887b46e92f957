import { readFile } from 'node:fs/promises'
import { type Static, Type } from 'typebox'
import { canonicalJson } from '../../base/canonical-json.ts'
import { UserError } from '../../base/errors.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { count, isoDay, number, object, union } from '../../base/schema-parts.ts'
import { writeWhole } from '../../base/write-file.ts'
import { FitWork } from '../../evaluation/search/fit-work.ts'
import { MOST_JOBS } from '../../forecasting/most-jobs.ts'
import { WrittenRecipe } from '../../forecasting/recipe.ts'
import { Fingerprint } from '../../registry/challenger.ts'

/** Where it stands in a project. */
export const JOB_PLAN = '.cd4ml/jobs/plan.json'

/** What one job of the matrix makes; its number is its place, from 1 on. */
const Shard = union('kind', [
  object({
    kind: Type.Literal('fits'),
    /** About how long one core of the reference machine takes. */
    seconds: number,
    work: Type.Array(FitWork),
  }),
  object({
    kind: Type.Literal('parts'),
    seconds: number,
    /** The names of parts of the sales, each of which one job makes all fits of. */
    parts: Type.Array(Type.String(), { minItems: 1 }),
    /** What is searched of each of them, as far as it sold by then. */
    searches: Type.Array(object({ recipe: count, origin: isoDay })),
  }),
])
export type Shard = Static<typeof Shard>

/** `plan.json`: which fits training and comparing ask for, and which job makes which. */
const JobPlan = object({
  format: Type.Literal('cd4ml-jobs/1'),
  /** Of the inputs that it was made for. */
  fingerprint: Fingerprint,
  /** Those that the work is of. */
  recipes: Type.Array(WrittenRecipe, { maxItems: 10 }),
  /** About how long one core of the reference machine takes for all of it, in one job. */
  seconds: number,
  /** None where one job does everything. */
  shards: Type.Array(Shard, { maxItems: MOST_JOBS }),
})
export type JobPlan = Static<typeof JobPlan>

export async function writeJobPlan(file: string, plan: JobPlan): Promise<void> {
  await writeWhole(file, canonicalJson(plan))
}

/** Throws a `UserError` where there is none, or it is none. */
export async function readJobPlan(file: string): Promise<JobPlan> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new UserError('there is no plan of the jobs', { file, remedy: REMEDY, cause })
  })
  return checkPlan(parseJson(text, file, REMEDY), file)
}

const REMEDY = 'Run cd4ml plan.'

const checkPlan = checker(JobPlan, REMEDY)
