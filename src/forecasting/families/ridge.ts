import { type Static, Type } from 'typebox'
import { UserError } from '../../base/errors.ts'
import { object, record } from '../../base/schema-parts.ts'
import type { Panel } from '../../demand/panel.ts'
import { tellsYear } from '../features/demand-level.ts'
import { learningRows } from '../features/learning-rows.ts'
import { planSettings } from '../features/plan-features.ts'
import { FeatureSettings, ridgeFeatures } from '../features/ridge-features.ts'
import { sharedByPanel } from '../features/shared-by-panel.ts'
import { significant } from '../significant.ts'
import { TRAIN_AGAIN } from '../train-again.ts'
import { addRow, type NormalEquations, noRows, ridgeRegression } from '../weighted-least-squares.ts'
import type { Family, FitContext } from './family.ts'

const coefficient = Type.Number({ minimum: -1e6, maximum: 1e6 })

const Parameters = object({
  ...FeatureSettings.properties,
  intercept: coefficient,
  /** By the names of the features; those that are not here are 0. */
  coefficients: record(coefficient),
  /** The least and the largest value of each of these features that was learnt from. */
  ranges: record(Type.Array(coefficient, { minItems: 2, maxItems: 2 })),
  /** The largest ratio to the baseline that was learnt from: the model goes no higher. */
  largest: Type.Number({ minimum: 0, maximum: 1e6 }),
})
type Parameters = Static<typeof Parameters>

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
    penalty: { schema: Type.Number({ exclusiveMinimum: 0, maximum: 1e9 }), default: 10 },
  },
  fit: (panel, settings, context) => estimate(panel, Number(settings.penalty), context),
  cost: ({ series, periods, horizon }) =>
    2e-6 * (Math.min(MOST_ROWS, series * periods * horizon) + series * horizon),
  parameters: Parameters,
  check: checkRanges,
  importance: effects,
  forecast,
}

/** Training rows beyond this number are left out at random: more cost time and change nothing. */
const MOST_ROWS = 60_000
/** One delivery to a wedding must not move the model: higher ratios to the baseline count as this. */
const MOST_RATIO = 8
const MOST_CATEGORIES = 30
/** Rows that sell as usual, added to those there are: a few rows are not to empty a shelf. */
const PRIOR_ROWS = 10

function checkRanges({ coefficients, ranges }: Parameters, file: string): void {
  for (const name of Object.keys(coefficients)) {
    if (Object.hasOwn(ranges, name) && ranges[name][0] <= ranges[name][1]) continue
    throw new UserError(`must have the range of the feature ${JSON.stringify(name)}, from … to …`, {
      file,
      key: 'ranges',
      remedy: TRAIN_AGAIN,
    })
  }
}

/**
 * How far each feature moves the ratio to the baseline over the range that it was learnt from,
 * |coefficient| × (highest − lowest), as shares of 1: the coefficients on one scale.
 */
function effects({ coefficients, ranges }: Parameters): Record<string, number> {
  const moved = Object.entries(coefficients).map(([name, weight]) => {
    const [low, high] = ranges[name]
    return [name, Math.abs(weight) * (high - low)] as const
  })
  const total = moved.reduce((sum, [, effect]) => sum + effect, 0)
  if (!(total > 0)) return {}
  return Object.fromEntries(
    moved.map(([name, effect]) => [name, effect / total] as const).sort((a, b) => b[1] - a[1]),
  )
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
    ...planSettings(panel),
  }
  const { names, equations, lows, highs, largest } = sharedSums(panel, [settings, seed], () =>
    sumsOf(panel, settings, seed),
  )
  const { intercept, coefficients } = ridgeRegression(equations, penalty)
  const rounded = significant(coefficients)
  const used = names.flatMap((name, column) =>
    rounded[column] === 0 ? [] : [[name, column] as const],
  )
  return {
    ...settings,
    intercept: significant([intercept])[0],
    coefficients: Object.fromEntries(used.map(([name, column]) => [name, rounded[column]])),
    ranges: Object.fromEntries(
      used.map(([name, column]) => [name, significant([lows[column], highs[column]])]),
    ),
    largest: significant([largest])[0],
  }
}

/** All that the regression needs to know of the rows, whatever the penalty. */
type Sums = {
  names: string[]
  equations: NormalEquations
  /** By column, the least and the largest value. */
  lows: Float64Array
  highs: Float64Array
  largest: number
}

const sharedSums = sharedByPanel<Sums>()

function sumsOf(panel: Panel, settings: FeatureSettings, seed: number): Sums {
  const features = ridgeFeatures(panel, settings)
  const { names } = features
  const { horizon } = settings
  const equations = noRows(names.length)
  const lows = new Float64Array(names.length).fill(Number.POSITIVE_INFINITY)
  const highs = new Float64Array(names.length).fill(Number.NEGATIVE_INFINITY)
  let largest = 1
  learningRows(panel, features, { horizon, wanted: MOST_ROWS, seed }).each(
    (row, baseline, sold) => {
      const ratio = Math.min(MOST_RATIO, sold / baseline)
      largest = Math.max(largest, ratio)
      addRow(equations, row, ratio, Math.sqrt(baseline))
      for (let column = 0; column < row.length; column++) {
        if (row[column] < lows[column]) lows[column] = row[column]
        if (row[column] > highs[column]) highs[column] = row[column]
      }
    },
  )
  addUsualRows(equations)
  return { names, equations, lows, highs, largest }
}

/** At the mean of all columns, so that they change the intercept and no coefficient for the worse. */
function addUsualRows(equations: NormalEquations): void {
  const { rows, weight, sums } = equations
  const mean = sums.map((sum) => (rows > 0 ? sum / weight : 0))
  const usual = rows > 0 ? weight / rows : 1
  for (let row = 0; row < PRIOR_ROWS; row++) addRow(equations, mean, 1, usual)
}

function forecast(
  panel: Panel,
  horizon: number,
  { intercept, coefficients, ranges, largest, ...settings }: Parameters,
): Float64Array {
  const { names, ofSeries } = ridgeFeatures(panel, settings)
  const used = names.flatMap((name, column) => {
    if (!Object.hasOwn(coefficients, name)) return []
    const [low, high] = ranges[name]
    return [{ column, weight: coefficients[name], low, high }]
  })
  const row = new Float64Array(names.length)
  const origin = panel.periods - 1
  const result = new Float64Array(panel.series.length * horizon)
  for (let index = 0; index < panel.series.length; index++) {
    const write = ofSeries(index)
    for (let step = 0; step < horizon; step++) {
      const baseline = write(row, origin, origin + 1 + step)
      let ratio = intercept
      for (const { column, weight, low, high } of used) {
        // A line goes on for ever: beyond what was learnt from, nothing is known of it.
        ratio += weight * Math.min(high, Math.max(low, row[column]))
      }
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
