import { type Static, Type } from 'typebox'
import { UserError } from '../base/errors.ts'
import { checker } from '../base/schema.ts'
import { nullable, object, partial, partialRecord } from '../base/schema-parts.ts'
import { readYaml } from '../base/yaml-file.ts'
import { Frequency } from '../demand/calendar.ts'
import { families } from './families/families.ts'
import {
  candidateName,
  type FamilyName,
  familyNames,
  type SettingSchema,
  type Settings,
} from './families/family.ts'
import { MOST_JOBS } from './most-jobs.ts'

/** A value of a setting, or a list of values to try. */
const tried = (value: SettingSchema) =>
  Type.Union([value, Type.Array(value, { minItems: 1, uniqueItems: true })])

/** The search space of a family: what to try of each of its settings. */
const searchSpace = (family: FamilyName) => {
  const { settings } = families[family]
  return partialRecord(Object.keys(settings), (name) => tried(settings[name].schema))
}
type SearchSpace = Static<ReturnType<typeof searchSpace>>

/** How a workflow shares the fits of a recipe among its jobs. */
const Jobs = object({
  /** Minutes of a runner, by estimate: what takes longer is shared by jobs of about so many each. */
  above: Type.Number({ minimum: 0, maximum: 1440 }),
  /** How many they are at most. */
  most: Type.Integer({ minimum: 1, maximum: MOST_JOBS }),
})
export type Jobs = Static<typeof Jobs>

/** What `recipe.yml` says: what is trained, and what the search may try. */
export const WrittenRecipe = object({
  frequency: Frequency,
  /** H: how many periods ahead forecasts are made and judged. */
  horizon: Type.Integer({ minimum: 1, maximum: 400 }),
  /** Country or region whose holidays matter, such as `BR` or `BR-SP`. */
  holidays: Type.Optional(Type.String({ pattern: '^[A-Z]{2}(-[A-Z0-9]{1,3}){0,2}$' })),
  /** Whether days without stock count as unknown demand (true) or as no demand (false). */
  censoring: Type.Optional(Type.Boolean()),
  seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 })),
  search: Type.Optional(
    object({
      /** How many earlier origins the search judges its candidates on. */
      origins: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
      /** Periods from one of them to the next. */
      step: Type.Optional(Type.Integer({ minimum: 1, maximum: 400 })),
      /** Minutes that its fits may take by estimate, on one core of the reference machine. */
      budget: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1440 })),
    }),
  ),
  families: Type.Optional(
    partialRecord(familyNames, (name) => nullable(searchSpace(name)), { minProperties: 1 }),
  ),
  /** Of how it is trained, and not of what: no model holds it. */
  jobs: Type.Optional(partial(Jobs)),
  /** Train a model for each `store`, for each `category`, or for each value of this column. */
  partition: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
})
type WrittenRecipe = Static<typeof WrittenRecipe>

/** A recipe with what it leaves out filled in. */
export type Recipe = Required<Omit<WrittenRecipe, 'search' | 'families' | 'jobs' | 'partition'>> & {
  search: { origins: number; step: number; budget?: number }
  families: { [family in FamilyName]?: SearchSpace }
  /** Absent where one model is trained for all series. */
  partition?: string
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
  return completeRecipe(await readYaml(file, checkRecipe), file)
}

/** Reads how the fits of a recipe are shared among jobs. Throws `UserError`. */
export async function readJobs(file: string): Promise<Jobs> {
  return { above: 10, most: 20, ...(await readYaml(file, checkRecipe)).jobs }
}

/** Checks a recipe that comes out of an artifact. Throws `UserError`. */
export function recipeFrom(value: unknown, file: string): Recipe {
  return completeRecipe(checkRecipe(value, file), file)
}

/** Fills in what a recipe leaves out. Throws `UserError` where it asks for too many candidates. */
export function completeRecipe({ jobs: _, ...written }: WrittenRecipe, file: string): Recipe {
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

/** The recipe of the model of one part: that of a project that has only its rows. */
export function recipeOfPart({ partition: _, ...recipe }: Recipe): Recipe {
  return recipe
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

const checkRecipe = checker(WrittenRecipe, 'See the comments in the recipe that cd4ml ships.')

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

type Setting = Settings[string]
type Searched = { family: FamilyName; settings: (readonly [string, Setting[]])[] }

/** The values to try of each setting of the recipe's families. */
function searchSpaces(recipe: Recipe): Searched[] {
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

function combinations(settings: Searched['settings']): Settings[] {
  return settings.reduce<Settings[]>(
    (all, [key, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  )
}
