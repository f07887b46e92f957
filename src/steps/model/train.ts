import { makeFolder } from '../../base/write-file.ts'
import type { History } from '../../evaluation/search/history.ts'
import { trainAsOf } from '../../evaluation/search/search.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import { type Challenger, type Fingerprint, writeChallenger } from '../../registry/challenger.ts'
import type { TrainingLineage } from '../../registry/manifest.ts'

export type TrainInput = {
  history: History
  recipe: Recipe
  fingerprint: Fingerprint
  lineage?: TrainingLineage
  /** Folder of the challenger. */
  out: string
}

/** Searches the recipe, trains what won, and leaves it in the folder of the challenger. */
export async function train(input: TrainInput): Promise<Challenger> {
  const { history, recipe, fingerprint, lineage, out } = input
  // Where it cannot be made, nobody has to wait for the training to learn it.
  await makeFolder(out)
  const { model, search } = await trainAsOf(history, recipe)
  return await writeChallenger(out, model, { fingerprint, ...(lineage && { lineage }), search })
}
