import type { Day } from '../day.ts'
import { openHistory } from '../evaluation/history.ts'
import { trainAsOf } from '../evaluation/search.ts'
import type { Recipe } from '../forecasting/recipe.ts'
import { type Challenger, type Fingerprint, writeChallenger } from '../registry/challenger.ts'
import type { Lineage } from '../registry/manifest.ts'
import type { DailyTotals } from '../sales/daily-totals.ts'

export type TrainInput = {
  totals: DailyTotals
  recipe: Recipe
  /** Behave as if this day were today. */
  asOf?: Day
  fingerprint: Fingerprint
  lineage?: Lineage
  /** Folder of the challenger. */
  out: string
}

/** Searches the recipe, trains what won, and leaves it in the folder of the challenger. */
export async function train(input: TrainInput): Promise<Challenger> {
  const { totals, recipe, asOf, fingerprint, lineage, out } = input
  const { model, search } = trainAsOf(openHistory(totals, asOf), recipe)
  return await writeChallenger(out, model, { fingerprint, ...(lineage && { lineage }), search })
}
