import type { Panel } from '../demand/panel.ts'
import { tellsYear } from './demand-level.ts'
import type { Family, FitContext, FittedModel } from './family.ts'
import { learningRows } from './learning-rows.ts'
import { type FeatureSettings, ridgeFeatures } from './ridge-features.ts'
import { sharedByPanel } from './shared-by-panel.ts'
import { significant } from './significant.ts'
import { addRow, type NormalEquations, noRows, ridgeRegression } from './weighted-least-squares.ts'

/**
 * One ridge regression over all series, origins and horizons at once. It learns demand over the
 * series' own baseline, so that small and large series tell the same story, weighted by the square
 * root of the baseline: between counting every series alike and counting every unit alike.
 */
export const ridge: Family = {
  name: 'ridge',
  description:
    'One regression for all products: recent levels, earlier years, holidays, price, category.',
  settings: {
    /** Strength of the shrinkage towards the baseline, in rows of training data. */
    penalty: { schema: { type: 'number', exclusiveMinimum: 0, maximum: 1e9 }, default: 10 },
  },
  fit: (panel, settings, context) => fitted(estimate(panel, Number(settings.penalty), context)),
  cost: ({ series, periods, horizon }) =>
    2e-6 * (Math.min(MOST_ROWS, series * periods * horizon) + series * horizon),
  parameters: parametersSchema(),
  restore: (parameters) => fitted(parameters as Parameters),
}

type Parameters = FeatureSettings & {
  intercept: number
  /** By the names of the features; those that are not here are 0. */
  coefficients: { [name: string]: number }
  /** The largest ratio to the baseline that was learnt from: the model goes no higher. */
  largest: number
}

/** Training rows beyond this number are left out at random: more cost time and change nothing. */
const MOST_ROWS = 60_000
/** One delivery to a wedding must not move the model: higher ratios to the baseline count as this. */
const MOST_RATIO = 8
const MOST_CATEGORIES = 30

function parametersSchema(): object {
  const weight = { type: 'number', minimum: -1e6, maximum: 1e6 }
  const properties = {
    horizon: { type: 'integer', minimum: 1, maximum: 400 },
    holidays: { type: 'string' },
    yearly: { type: 'boolean' },
    categories: { type: 'array', items: { type: 'string' }, maxItems: 1000 },
    intercept: weight,
    coefficients: { type: 'object', additionalProperties: weight },
    largest: { ...weight, minimum: 0 },
  }
  return {
    type: 'object',
    required: Object.keys(properties),
    additionalProperties: false,
    properties,
  }
}

function estimate(
  panel: Panel,
  penalty: number,
  { horizon, holidays, seed }: FitContext,
): Parameters {
  const settings: FeatureSettings = {
    horizon,
    holidays,
    yearly: tellsYear(panel),
    categories: largestCategories(panel),
  }
  const { names, equations, largest } = sharedSums(panel, [settings, seed], () =>
    sumsOf(panel, settings, seed),
  )
  const { intercept, coefficients } = ridgeRegression(equations, penalty)
  const rounded = significant(coefficients)
  return {
    ...settings,
    intercept: equations.rows === 0 ? 1 : significant([intercept])[0],
    coefficients: Object.fromEntries(
      names
        .map((name, column) => [name, rounded[column]] as const)
        .filter(([, value]) => value !== 0),
    ),
    largest: significant([largest])[0],
  }
}

/** All that the regression needs to know of the rows, whatever the penalty. */
type Sums = { names: string[]; equations: NormalEquations; largest: number }

const sharedSums = sharedByPanel<Sums>()

function sumsOf(panel: Panel, settings: FeatureSettings, seed: number): Sums {
  const features = ridgeFeatures(panel, settings)
  const { names } = features
  const { horizon } = settings
  const equations = noRows(names.length)
  let largest = 1
  learningRows(panel, features, { horizon, wanted: MOST_ROWS, seed }).each(
    (row, baseline, sold) => {
      const ratio = Math.min(MOST_RATIO, sold / baseline)
      largest = Math.max(largest, ratio)
      addRow(equations, row, ratio, Math.sqrt(baseline))
    },
  )
  return { names, equations, largest }
}

function fitted(parameters: Parameters): FittedModel {
  return { parameters, forecast: (panel, horizon) => forecast(panel, horizon, parameters) }
}

function forecast(
  panel: Panel,
  horizon: number,
  { intercept, coefficients, largest, ...settings }: Parameters,
): Float64Array {
  const { names, ofSeries } = ridgeFeatures(panel, settings)
  const weights = Float64Array.from(names, (name) => coefficients[name] ?? 0)
  const row = new Float64Array(names.length)
  const origin = panel.periods - 1
  const result = new Float64Array(panel.series.length * horizon)
  for (let index = 0; index < panel.series.length; index++) {
    const write = ofSeries(index)
    for (let step = 0; step < horizon; step++) {
      const baseline = write(row, origin, origin + 1 + step)
      let ratio = intercept
      for (let column = 0; column < row.length; column++) ratio += weights[column] * row[column]
      result[index * horizon + step] =
        baseline > 0 ? baseline * Math.min(largest, Math.max(0, ratio)) : baseline
    }
  }
  return result
}

/** The categories with the most series, in code-point order. */
function largestCategories({ series }: Panel): string[] {
  const sizes = new Map<string, number>()
  for (const { category } of series) {
    if (category !== undefined) sizes.set(category, (sizes.get(category) ?? 0) + 1)
  }
  return [...sizes]
    .sort(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1))
    .slice(0, MOST_CATEGORIES)
    .map(([category]) => category)
    .sort()
}
