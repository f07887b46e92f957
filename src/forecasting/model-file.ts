import { UserError } from '../base/errors.ts'
import { checker, parseJson } from '../base/schema.ts'
import { seriesKey } from '../sales/totals/daily-totals.ts'
import { checkParameters } from './fitted-parameters.ts'
import { type Model, WrittenModel } from './model.ts'
import { questionSchema, refuseUnusable } from './question-schema.ts'
import { completeRecipe } from './recipe.ts'
import { TRAIN_AGAIN } from './train-again.ts'

/** An artifact from its bytes. Throws a `UserError` where they are not one. */
export function modelFrom(bytes: Uint8Array, file: string): Model {
  const written = parseJson(new TextDecoder().decode(bytes), file)
  if (isIndexOfParts(written)) {
    throw new UserError('is a model in parts, and what was asked takes one model of all series', {
      file,
      remedy: 'Take partition out of recipe.yml, and train again, for one model of all series.',
    })
  }
  const model = checkModel(written, file)
  const refuse = (key: string, what: string) => {
    throw new UserError(what, { file, key, remedy: TRAIN_AGAIN })
  }
  const recipe = completeRecipe(model.recipe, file)
  for (const { family, parameters } of model.members) {
    checkParameters(family, parameters, file)
  }
  const weights = model.members.reduce((sum, { weight }) => sum + weight, 0)
  if (Math.abs(weights - 1) > 1e-6) refuse('members', 'must have weights that add up to 1')
  const { growth, limits, parts = [], classes } = model.calibration
  if (growth.length !== recipe.horizon) {
    refuse('calibration.growth', 'must have one factor for each period of the horizon')
  }
  if (!isAscending(limits) || classes.length !== limits.length + 1) {
    refuse('calibration.limits', 'must be ascending, and one fewer than the classes')
  }
  if (!isAscending(parts) || classes.some(({ ofParts = [] }) => ofParts.length !== parts.length)) {
    refuse('calibration.parts', 'must be ascending, and as many as each class has tables of them')
  }
  const tables = classes.flatMap(({ quantiles, ofParts = [] }) => [...quantiles, ...ofParts])
  if (!tables.every(isAscending)) {
    refuse('calibration.classes', 'must not cross: no quantile may be less than the one before it')
  }
  if (!model.inputs && !WITHOUT_INPUTS.has(model.format)) refuse('inputs', 'is missing')
  const inputs = model.inputs ?? questionSchema(model.series.map(seriesKey))
  refuseUnusable(inputs, file)
  return { ...model, recipe, inputs }
}

/** Whether JSON is the index of a model in parts. */
export function isIndexOfParts(written: unknown): boolean {
  return (written as { format?: unknown } | null)?.format === PARTS_FORMAT
}

/** Of an index, whose parts are models of their own. */
export const PARTS_FORMAT = 'cd4ml-parts/1'

function isAscending(values: number[]): boolean {
  return values.every((value, i) => i === 0 || value >= values[i - 1])
}

const WITHOUT_INPUTS = new Set(['cd4ml-model/2', 'cd4ml-model/3'])

const checkModel = checker(WrittenModel, TRAIN_AGAIN)
