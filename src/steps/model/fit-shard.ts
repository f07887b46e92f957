import { join } from 'node:path'
import { dayFromIso } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { type FitStore, fitStore } from '../../evaluation/search/fit-store.ts'
import { makeFits, workOf } from '../../evaluation/search/fit-work.ts'
import type { FitProgress } from '../../evaluation/search/history.ts'
import { completeRecipe, type Recipe } from '../../forecasting/recipe.ts'
import type { ModelInputs } from '../data/inputs.ts'
import { type JobPlan, readJobPlan, type Shard } from './job-plan.ts'
import { searchesKnownTo } from './parts-searches.ts'
import { type Histories, projectFits, withHistories } from './with-history.ts'

export type FitShardInput = {
  inputs: ModelInputs
  /** File of the plan, as an absolute path. */
  plan: string
  /** Which of its shards, from 1 on. */
  shard: number
  /** Folder that the fits go to, as an absolute path; without it, the store of the project. */
  out?: string
  onProgress?: FitProgress
}

/** What a shard was, and how many fits had to be made for it: the others were in the store. */
export type ShardFitted = { shard: number; of: number; estimate: number; fits: number }

/**
 * Makes the fits of one shard of a plan. They are the same wherever and in whatever order they are
 * made. Throws a `UserError` where the plan was made for other inputs.
 */
export async function fitShard(input: FitShardInput): Promise<ShardFitted> {
  const { inputs, onProgress } = input
  const plan = await readJobPlan(input.plan)
  const shard = shardOf(plan, input)
  const store = counting(inputs.project, input.out)
  const recipes = recipesOf(plan, shard, input)
  await withHistories(inputs, (histories) => makeShard(histories, recipes, shard), {
    store,
    ...(onProgress && { onProgress }),
  })
  return {
    shard: input.shard,
    of: plan.shards.length,
    estimate: shard.seconds,
    fits: store.made,
  }
}

async function makeShard(histories: Histories, recipes: Recipe[], shard: Shard): Promise<void> {
  if (shard.kind === 'fits') {
    return await histories.whole(({ history }) => makeFits(history, recipes, shard.work))
  }
  const searches = shard.searches.map(({ recipe, origin }) => ({
    recipe: recipes[recipe],
    day: dayFromIso(origin)!,
  }))
  for (const name of shard.parts) {
    await histories.part(name, async ({ history }) => {
      const { recipes, work } = await workOf(history, searchesKnownTo(history, searches))
      const all = work.map((costed) => costed.work)
      await makeFits(history, recipes, all)
    })
  }
}

function shardOf(plan: JobPlan, { inputs, plan: file, shard }: FitShardInput): Shard {
  const keys = ['data', 'contract', 'recipe', 'asOf'] as const
  const other = keys.find((key) => plan.fingerprint[key] !== inputs.fingerprint[key])
  if (other !== undefined) {
    throw new UserError(`was made for other inputs: ${other} differs`, { file, remedy: REMEDY })
  }
  const found = plan.shards[shard - 1]
  if (found) return found
  throw new UserError(`has ${plan.shards.length} shards, but number ${shard} is asked for`, {
    file,
    remedy: plan.shards.length === 0 ? 'One job does everything: run cd4ml train.' : REMEDY,
  })
}

const REMEDY = 'Run cd4ml plan again.'

/** Looks fits up in the project's store, and puts those that it lacks where they are handed on from. */
function counting(project: string, out = join(project, '.cd4ml', 'fits')) {
  const known = projectFits(project)
  const own = fitStore(out)
  const store: FitStore & { made: number } = {
    made: 0,
    get: known.get,
    async put(key, fit) {
      store.made++
      await own.put(key, fit)
    },
  }
  return store
}

/** As the file has them; work of a recipe that is not there is none that this project made. */
function recipesOf({ recipes }: JobPlan, shard: Shard, { plan: file }: FitShardInput): Recipe[] {
  const asked = shard.kind === 'fits' ? shard.work : shard.searches
  const last = asked.reduce((most, { recipe }) => Math.max(most, recipe), 0)
  if (last >= recipes.length) {
    throw new UserError(`has work of recipe ${last}, but only ${recipes.length} recipes`, {
      file,
      key: 'shards',
      remedy: REMEDY,
    })
  }
  return recipes.map((recipe) => completeRecipe(recipe, file))
}
