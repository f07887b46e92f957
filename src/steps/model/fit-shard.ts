import { dayFromIso } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { type FitStore, fitStore } from '../../evaluation/search/fit-store.ts'
import { makeFits, workOf } from '../../evaluation/search/fit-work.ts'
import type { FitProgress, History } from '../../evaluation/search/history.ts'
import { completeRecipe, type Recipe } from '../../forecasting/recipe.ts'
import { releaseTotals } from '../../sales/totals/merged-totals.ts'
import { handedFolder, takeSales } from './handed-sales.ts'
import { type JobPlan, readJobPlan, type Shard, salesOfShard } from './job-plan.ts'
import { searchesKnownTo } from './parts-searches.ts'
import { projectFits, withHistory } from './with-history.ts'

export type FitShardInput = {
  project: string
  /** Folder of the plan and of the sales that it hands over, as an absolute path. */
  jobs: string
  /** Which of its shards, from 1 on. */
  shard: number
  /** Folder that the fits go to, as an absolute path; without it, the store of the project. */
  out?: string
  onProgress?: FitProgress
}

/** What a shard was, and how many fits had to be made for it: the others were in the store. */
export type ShardFitted = { shard: number; of: number; estimate: number; fits: number }

/**
 * Makes the fits of one shard of a plan, of the sales that go with it and of no others. They are the
 * same wherever and in whatever order they are made. Throws a `UserError` where the plan or its sales
 * are missing, or are not as they were handed over.
 */
export async function fitShard(input: FitShardInput): Promise<ShardFitted> {
  const { project, jobs, out } = input
  const plan = await readJobPlan(project, jobs)
  const shard = shardOf(plan, input)
  const store = counting(project, out)
  await makeShard(shard, { ...input, recipes: recipesOf(plan, shard, jobs), store })
  return {
    shard: input.shard,
    of: plan.shards.length,
    estimate: shard.seconds,
    fits: store.made,
  }
}

function shardOf({ shards }: JobPlan, { jobs, shard }: FitShardInput): Shard {
  const found = shards[shard - 1]
  if (found) return found
  throw new UserError(`has ${shards.length} shards, but number ${shard} is asked for`, {
    file: jobs,
    remedy: shards.length === 0 ? 'One job does everything: run cd4ml train.' : REMEDY,
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
function recipesOf({ recipes }: JobPlan, shard: Shard, file: string): Recipe[] {
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

function otherPlan(file: string, what: string): UserError {
  return new UserError(what, { file, key: 'shards', remedy: REMEDY })
}

type Making = FitShardInput & { recipes: Recipe[]; store: FitStore }

/** One part after the other: the memory of each is given back before the next. */
async function makeShard(shard: Shard, making: Making): Promise<void> {
  const { project, jobs, recipes, store, onProgress } = making
  const folder = handedFolder(jobs, salesOfShard(shard, making.shard))
  const all = shard.kind === 'fits' ? [shard.sales] : shard.parts.map(({ sales }) => sales)
  for (const [done, seal] of all.entries()) {
    const sales = await takeSales(project, folder, seal)
    await withHistory(sales, (history) => makeAll(history, recipes, shard), {
      store,
      onProgress: (made, expected) => onProgress?.(done + made / expected, all.length),
    })
    releaseTotals(sales.totals)
  }
}

async function makeAll(history: History, recipes: Recipe[], shard: Shard): Promise<void> {
  if (shard.kind === 'fits') return await makeFits(history, recipes, shard.work)
  const searches = shard.searches.map(({ recipe, origin }) => ({
    recipe: recipes[recipe],
    day: dayFromIso(origin)!,
  }))
  const found = await workOf(history, searchesKnownTo(history, searches))
  const all = found.work.map(({ work }) => work)
  await makeFits(history, found.recipes, all)
}
