import { dayFromIso } from '../../base/day.ts'
import { quoted, UserError } from '../../base/errors.ts'
import { type FitStore, fitStore } from '../../evaluation/search/fit-store.ts'
import { makeFits, workOf } from '../../evaluation/search/fit-work.ts'
import type { FitProgress } from '../../evaluation/search/history.ts'
import { completeRecipe, type Recipe } from '../../forecasting/recipe.ts'
import type { ValidInputs } from '../data/inputs.ts'
import { type JobPlan, readJobPlan, type Shard } from './job-plan.ts'
import { searchesKnownTo } from './parts-searches.ts'
import { type Histories, projectFits, withHistories } from './with-history.ts'

export type FitShardInput = {
  inputs: ValidInputs
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
  requireSuited(shard, input)
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
function counting(project: string, out: string | undefined) {
  const known = projectFits(project)
  const own = out === undefined ? known : fitStore(out)
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

/** As the file has them. Throws where work is of none of them, or of what its recipe does not train. */
function recipesOf({ recipes }: JobPlan, shard: Shard, { plan: file }: FitShardInput): Recipe[] {
  const asked = shard.kind === 'fits' ? shard.work : shard.searches
  for (const work of asked) {
    const recipe = recipes[work.recipe]
    if (!recipe) {
      throw otherPlan(file, `has work of recipe ${work.recipe}, but only ${recipes.length} recipes`)
    }
  }
  for (const work of shard.kind === 'fits' ? shard.work : []) {
    const { families } = recipes[work.recipe]
    if (work.kind === 'search' && families && !(work.family in families)) {
      throw otherPlan(file, `has a search of ${work.family}, which its recipe does not train`)
    }
  }
  return recipes.map((recipe) => completeRecipe(recipe, file))
}

/** Throws where the work is none that these sales can be asked for. */
function requireSuited(shard: Shard, { inputs, plan: file }: FitShardInput): void {
  const names = inputs.parts?.names
  if ((shard.kind === 'parts') !== (names !== undefined)) {
    const [expected, found] = names ? ['in', 'not in'] : ['not in', 'in']
    throw otherPlan(file, `has work of sales ${found} parts, but these are ${expected} parts`)
  }
  const other = shard.kind === 'parts' && shard.parts.find((name) => !names?.includes(name))
  if (other) throw otherPlan(file, `has the part ${quoted(other)}, which the sales do not have`)
}

function otherPlan(file: string, what: string): UserError {
  return new UserError(what, { file, key: 'shards', remedy: REMEDY })
}
