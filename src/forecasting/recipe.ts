import { UserError } from '../base/errors.ts'
import { checker } from '../base/schema.ts'
import { readYaml } from '../base/yaml-file.ts'
import type { Frequency } from '../demand/calendar.ts'
import { families } from './families/families.ts'
import { candidateName, type FamilyName, type Settings } from './families/family.ts'

type Setting = number | string | boolean

/** What `recipe.yml` says: what is trained, and what the search may try. */
export type Recipe = {
  frequency: Frequency
  /** H: how many periods ahead forecasts are made and judged. */
  horizon: number
  /** Country or region whose holidays matter, such as `BR` or `BR-SP`. */
  holidays: string
  /** Whether days without stock count as unknown demand (true) or as no demand (false). */
  censoring: boolean
  seed: number
  search: {
    /** How many earlier origins the search judges its candidates on. */
    origins: number
    /** Periods from one of them to the next. */
    step: number
    /** Minutes that its fits may take by estimate, on one core of the reference machine. */
    budget?: number
  }
  /** For each family its search space: a value, or a list of values to try, for each setting. */
  families: Partial<Record<FamilyName, Record<string, Setting | Setting[]>>>
}

/** One model that the search may choose. */
export type Candidate = {
  /** Such as `moving-average (window 8)`; unique within a recipe. */
  name: string
  family: FamilyName
  settings: Settings
}

/** Reads and checks a recipe, and fills in what it leaves out. Throws `UserError`. */
export async function readRecipe(file: string): Promise<Recipe> {
  return completed(await readYaml(file, checkRecipe), file)
}

/** Checks a recipe that comes out of an artifact. Throws `UserError`. */
export function recipeFrom(value: unknown, file: string): Recipe {
  return completed(checkRecipe(value, file), file)
}

/** The recipe of the seasonal naive baseline that goes with another recipe. */
export function baselineRecipe(recipe: Recipe): Recipe {
  return { ...recipe, families: { 'seasonal-naive': {} } }
}

/** Every combination of the values that the search space lists, the simplest family first. */
export function candidates(recipe: Recipe): Candidate[] {
  return searchSpaces(recipe).flatMap(({ family, settings }) =>
    combinations(settings).map((chosen) => ({
      name: candidateName({ family, settings: chosen }),
      family,
      settings: chosen,
    })),
  )
}

const MOST_CANDIDATES = 200

type WrittenRecipe = Pick<Recipe, 'frequency' | 'horizon'> &
  Partial<Omit<Recipe, 'search'>> & { search?: Partial<Recipe['search']> }

const checkRecipe = checker<WrittenRecipe>(
  {
    type: 'object',
    required: ['frequency', 'horizon'],
    additionalProperties: false,
    properties: {
      frequency: { enum: ['day', 'week', 'month'] },
      horizon: { type: 'integer', minimum: 1, maximum: 400 },
      holidays: { type: 'string', pattern: '^[A-Z]{2}(-[A-Z0-9]{1,3}){0,2}$' },
      censoring: { type: 'boolean' },
      seed: { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 },
      search: {
        type: 'object',
        additionalProperties: false,
        properties: {
          origins: { type: 'integer', minimum: 1, maximum: 50 },
          step: { type: 'integer', minimum: 1, maximum: 400 },
          budget: { type: 'number', exclusiveMinimum: 0, maximum: 1440 },
        },
      },
      families: {
        type: 'object',
        minProperties: 1,
        additionalProperties: false,
        properties: Object.fromEntries(
          Object.values(families).map(({ name, settings }) => [
            name,
            { type: ['object', 'null'], additionalProperties: false, properties: spaces(settings) },
          ]),
        ),
      },
    },
  },
  'See the comments in the recipe that cd4ml ships.',
)

function spaces(settings: Record<string, { schema: object }>): object {
  return Object.fromEntries(
    Object.entries(settings).map(([key, { schema }]) => [
      key,
      { anyOf: [schema, { type: 'array', minItems: 1, uniqueItems: true, items: schema }] },
    ]),
  )
}

function completed(written: WrittenRecipe, file: string): Recipe {
  const searched = written.families ?? everyFamily(written.frequency)
  const spaces = Object.entries(searched).map(([name, space]) => [name, space ?? {}])
  const recipe: Recipe = {
    holidays: 'BR',
    censoring: true,
    seed: 1,
    ...written,
    search: { origins: 4, step: written.horizon, ...written.search },
    families: Object.fromEntries(spaces),
  }
  const count = searchSpaces(recipe)
    .map(({ settings }) => settings.reduce((product, [, values]) => product * values.length, 1))
    .reduce((sum, combined) => sum + combined, 0)
  if (count > MOST_CANDIDATES) {
    throw new UserError(`asks for ${count} candidates, but ${MOST_CANDIDATES} are the most`, {
      file,
      key: 'families',
      remedy: 'List fewer values: every combination of them is tried.',
    })
  }
  return recipe
}

/** What is searched where a recipe names no families. */
function everyFamily(frequency: Frequency): Recipe['families'] {
  return {
    'seasonal-naive': {},
    'moving-average': { window: { day: [7, 28], week: [4, 8, 13], month: [3, 6, 12] }[frequency] },
    'exponential-smoothing': {},
    theta: {},
    ridge: { penalty: [10, 1000] },
    'boosted-trees': {},
  }
}

type SearchSpace = { family: FamilyName; settings: (readonly [string, Setting[]])[] }

/** The values to try of each setting of the recipe's families. */
function searchSpaces(recipe: Recipe): SearchSpace[] {
  return Object.values(families).flatMap(({ name, settings }) => {
    const space = recipe.families[name]
    if (!space) return []
    const tried = Object.entries(settings).map(([key, { default: value }]) => {
      const written = space[key] ?? value
      return [key, Array.isArray(written) ? written : [written]] as const
    })
    return [{ family: name, settings: tried }]
  })
}

function combinations(settings: SearchSpace['settings']): Settings[] {
  return settings.reduce<Settings[]>(
    (all, [key, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  )
}
