import type { Recipe } from '../src/forecasting/recipe.ts'
import type { Plan } from '../src/sales/plan/plan.ts'
import type { DailyTotals } from '../src/sales/totals/daily-totals.ts'

/** Sales to be scored on, the recipe for them, and at how many rolling origins. */
export type Dataset = {
  name: string
  totals: DailyTotals
  /** What was planned, where anything was. */
  plan?: Plan
  recipe: Recipe
  origins: number
}
