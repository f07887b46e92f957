import { dayFromIso } from '../day.ts'
import { UserError } from '../errors.ts'
import { checker, parseJson } from '../schema.ts'
import { families } from './families.ts'
import type { Json } from './family.ts'
import { LEVELS, type Model } from './model.ts'
import { recipeFrom } from './recipe.ts'

/** An artifact from its bytes. Throws a `UserError` where they are not one. */
export function modelFrom(bytes: Uint8Array, file: string): Model {
  const text = new TextDecoder().decode(bytes)
  const model = checkModel(parseJson(text, file), file)
  const refuse = (key: string, what: string) => {
    throw new UserError(what, { file, key, remedy: REMEDY })
  }
  if (dayFromIso(model.trainedThrough) === undefined) {
    refuse('trainedThrough', `must be a day, but is ${JSON.stringify(model.trainedThrough)}`)
  }
  const recipe = recipeFrom(model.recipe, file)
  checkParameters[model.family](model.parameters, file)
  for (const [name, { growth, quantiles }] of Object.entries(model.calibration.classes)) {
    const key = `calibration.classes.${name}`
    if (growth.length !== recipe.horizon) {
      refuse(`${key}.growth`, 'must have one factor for each period of the horizon')
    }
    if (quantiles.some((levels) => levels.some((value, i) => value < levels[i - 1]))) {
      refuse(`${key}.quantiles`, 'must not cross: none may be less than the one before it')
    }
  }
  return { ...model, recipe }
}

const REMEDY = 'Restore the file from git, or train the model again.'

const numbers = { type: 'array', minItems: 1, items: { type: 'number' } }

const classSchema = {
  type: 'object',
  required: ['scores', 'growth', 'quantiles'],
  additionalProperties: false,
  properties: {
    scores: { type: 'integer', minimum: 0 },
    growth: { ...numbers, items: { type: 'number', minimum: 0 } },
    quantiles: {
      type: 'array',
      minItems: 1,
      items: { ...numbers, minItems: LEVELS.length, maxItems: LEVELS.length },
    },
  },
}

const checkModel = checker<Model>(
  {
    type: 'object',
    required: [
      'format',
      'recipe',
      'family',
      'settings',
      'parameters',
      'calibration',
      'series',
      'trainedThrough',
    ],
    additionalProperties: false,
    properties: {
      format: { const: 'cd4ml-model/1' },
      recipe: { type: 'object' },
      family: { enum: Object.keys(families) },
      settings: {
        type: 'object',
        additionalProperties: { type: ['number', 'string', 'boolean'] },
      },
      parameters: {},
      calibration: {
        type: 'object',
        required: ['levels', 'classes'],
        additionalProperties: false,
        properties: {
          levels: { const: LEVELS },
          classes: {
            type: 'object',
            required: ['low', 'medium', 'high'],
            additionalProperties: false,
            properties: { low: classSchema, medium: classSchema, high: classSchema },
          },
        },
      },
      series: { type: 'array', items: { type: 'string' } },
      trainedThrough: { type: 'string' },
    },
  },
  REMEDY,
)

const checkParameters = Object.fromEntries(
  Object.values(families).map(({ name, parameters }) => [name, checker<Json>(parameters, REMEDY)]),
)
