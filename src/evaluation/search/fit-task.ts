import type { Panel } from '../../demand/panel.ts'
import { families } from '../../forecasting/families/families.ts'
import { fitCandidate } from '../../forecasting/model.ts'
import type { Candidate, Recipe } from '../../forecasting/recipe.ts'

/** One candidate to be fitted at one origin: all that it takes, so that any thread can do it. */
export type FitTask = {
  /** Equal for equal panels only: tasks of one panel go to one thread where that costs no time. */
  panelKey: string
  /** Ends at the origin. */
  panel: Panel
  recipe: Recipe
  candidate: Candidate
}

export type FitResult = {
  /** JSON of the fitted parameters: the little that is kept of a model that may never be used. */
  parameters: string
  /** n × H expected units in the periods after the origin. */
  mean: Float64Array
}

export function fitTask({ panel, recipe, candidate }: FitTask): FitResult {
  const fitted = fitCandidate(panel, candidate, recipe)
  return {
    parameters: JSON.stringify(fitted.parameters),
    mean: fitted.forecast(panel, recipe.horizon),
  }
}

/** About how long fitting the candidate takes, in seconds of the reference machine. */
export function fitSeconds(panel: Panel, { horizon }: Recipe, candidate: Candidate): number {
  const shape = { series: panel.series.length, periods: panel.periods, horizon }
  return families[candidate.family].cost(shape, candidate.settings)
}
