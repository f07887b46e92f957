import { dayFromIso } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { checker, parseJson } from '../base/schema.ts'
import { families } from './families/families.ts'
import type { Json } from './families/family.ts'
import { FORMATS, LEVELS, type Model } from './model.ts'
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
  for (const { family, parameters } of model.members) {
    checkParameters[family](parameters, file)
    families[family].check?.(parameters, file)
  }
  const weights = model.members.reduce((sum, { weight }) => sum + weight, 0)
  if (Math.abs(weights - 1) > 1e-6) refuse('members', 'must have weights that add up to 1')
  const { growth, limits, classes } = model.calibration
  if (growth.length !== recipe.horizon) {
    refuse('calibration.growth', 'must have one factor for each period of the horizon')
  }
  if (!isAscending(limits) || classes.length !== limits.length + 1) {
    refuse('calibration.limits', 'must be ascending, and one fewer than the classes')
  }
  if (!classes.every(({ quantiles }) => quantiles.every(isAscending))) {
    refuse('calibration.classes', 'must not cross: no quantile may be less than the one before it')
  }
  return { ...model, recipe }
}

function isAscending(values: number[]): boolean {
  return values.every((value, i) => i === 0 || value >= values[i - 1])
}

const REMEDY = 'Restore the file from git, or train the model again.'

const numbers = { type: 'array', minItems: 1, items: { type: 'number' } }

const power = { type: 'number', minimum: 0, maximum: 2 }

const calibrationSchema = {
  type: 'object',
  required: ['levels', 'scale', 'growth', 'limits', 'classes'],
  additionalProperties: false,
  properties: {
    levels: { const: LEVELS },
    scale: {
      type: 'object',
      required: ['intercept', 'mean', 'spread'],
      additionalProperties: false,
      properties: {
        intercept: { type: 'number', minimum: -200, maximum: 200 },
        mean: power,
        spread: power,
      },
    },
    growth: { ...numbers, items: { type: 'number', minimum: 0 } },
    limits: { type: 'array', items: { type: 'number', minimum: 0 } },
    classes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['scores', 'quantiles'],
        additionalProperties: false,
        properties: {
          scores: { type: 'integer', minimum: 0 },
          quantiles: {
            type: 'array',
            minItems: 1,
            items: { ...numbers, minItems: LEVELS.length, maxItems: LEVELS.length },
          },
        },
      },
    },
  },
}

const checkModel = checker<Model>(
  {
    type: 'object',
    required: ['format', 'recipe', 'members', 'calibration', 'series', 'trainedThrough'],
    additionalProperties: false,
    properties: {
      format: { enum: FORMATS },
      recipe: { type: 'object' },
      members: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['family', 'settings', 'parameters', 'weight'],
          additionalProperties: false,
          properties: {
            family: { enum: Object.keys(families) },
            settings: {
              type: 'object',
              additionalProperties: { type: ['number', 'string', 'boolean'] },
            },
            parameters: {},
            weight: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
          },
        },
      },
      calibration: calibrationSchema,
      series: { type: 'array', items: { type: 'string' } },
      trainedThrough: { type: 'string' },
    },
  },
  REMEDY,
)

const checkParameters = Object.fromEntries(
  Object.values(families).map(({ name, parameters }) => [name, checker<Json>(parameters, REMEDY)]),
)
