import { unlessMistaken } from '../../base/errors.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { json } from '../../base/schema-parts.ts'
import type { Panel } from '../../demand/panel.ts'
import { families } from '../../forecasting/families/families.ts'
import {
  type FamilyName,
  type FitContext,
  type Outlook,
  outlookOf,
} from '../../forecasting/families/family.ts'
import { checkParameters } from '../../forecasting/fitted-parameters.ts'
import type { Candidate, Recipe } from '../../forecasting/recipe.ts'

/**
 * One candidate to be fitted at one origin: all that it takes and nothing else, so that any thread
 * can do it, and what is the same again can be known by it (`fit-key.ts`).
 */
export type FitTask = {
  /** Equal for equal panels only: tasks of one panel go to one thread where that costs no time. */
  panelKey: string
  /** Ends at the origin. */
  panel: Panel
  candidate: Pick<Candidate, 'family' | 'settings'>
  context: FitContext
}

export type FitResult = Outlook & {
  /** JSON of the fitted parameters: the little that is kept of a model that may never be used. */
  parameters: string
}

export function fitTask({ panel, candidate, context }: FitTask): FitResult {
  const family = families[candidate.family]
  const parameters = family.fit(panel, candidate.settings, context)
  return {
    parameters: JSON.stringify(parameters),
    ...outlookOf(family, panel, context.horizon, parameters),
  }
}

/**
 * Whether a fit can be what the task comes to: its parameters are some of the family, and its numbers
 * as many as the task asks for, and finite. For one that this process has not made.
 */
export function isFitOf(
  { panel, candidate, context }: FitTask,
  { parameters, mean, shape }: FitResult,
): boolean {
  const cells = panel.series.length * context.horizon
  const arrays = shape ? [mean, shape.median, shape.width] : [mean]
  const isWhole = arrays.every((it) => it.length === cells && it.every(Number.isFinite))
  return isWhole && isOfFamily(candidate.family, parameters)
}

/** More than a file of the fit takes, in bytes: what is larger need not be read to know that it is none. */
export function mostBytesOf({ panel, context }: Pick<FitTask, 'panel' | 'context'>): number {
  const series = panel.series.length
  const numbers = 3 * Float64Array.BYTES_PER_ELEMENT * series * context.horizon
  return numbers + PARAMETERS_OF_A_SERIES * series + PARAMETERS
}

/** Bytes that the parameters of a fit stay below: trees take the most, and grow with no series. */
const PARAMETERS = 2 ** 24
const PARAMETERS_OF_A_SERIES = 2 ** 10

function isOfFamily(family: FamilyName, parameters: string): boolean {
  const checked = unlessMistaken(() => {
    checkParameters(family, checkJson(parseJson(parameters, family), family), family)
    return true
  })
  return checked ?? false
}

const checkJson = checker(json)

/** About how long fitting the candidate takes, in seconds of the reference machine. */
export function fitSeconds(
  panel: Panel,
  { horizon }: Pick<Recipe, 'horizon'>,
  { family, settings }: Pick<Candidate, 'family' | 'settings'>,
): number {
  const shape = { series: panel.series.length, periods: panel.periods, horizon }
  return families[family].cost(shape, settings)
}
