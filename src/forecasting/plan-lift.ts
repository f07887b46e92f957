import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import type { Panel } from '../demand/panel.ts'
import { isAboutBefore, isAboutKind } from './features/plan-columns.ts'
import type { PlannedPeriods } from './planned-periods.ts'
import { addRow, noRows } from './weighted-least-squares.ts'

/**
 * By what factor what stands in a row of `PlanColumns` moves demand. A series gets `reaction` times the
 * lift of what is on; what was on before does the same to all.
 */
export function lift(row: Float64Array, coefficients: Float64Array, reaction: number): number {
  const own = Math.expm1(logLift(row, coefficients, false))
  const after = Math.exp(logLift(row, coefficients, true))
  return Math.min(MOST_LIFT, Math.max(0, 1 + reaction * own) * after)
}

/** Of the columns of the period before, or of the others. */
function logLift(row: Float64Array, coefficients: Float64Array, before: boolean): number {
  let log = 0
  for (let column = 0; column < row.length; column++) {
    if (isAboutBefore(column) === before) log += coefficients[column] * row[column]
  }
  return log
}

/** No plan is believed to multiply demand by more. */
const MOST_LIFT = 20

/**
 * W: coefficients of the logarithm of the ratio; 0 where nothing tells. Series weigh by √usual. A
 * quasi-Poisson regression with a logarithmic link over all series, by iteratively reweighted least
 * squares (McCullagh & Nelder 1989, "Generalized Linear Models", chapter 9), of demand in a planned
 * period over what the series sells around it in usual ones: the coefficient of the depth of a price
 * cut is an elasticity.
 */
export function liftCoefficients(
  { ratio, usual, columns }: PlannedPeriods,
  width: number,
): Float64Array {
  let coefficients = new Float64Array(width)
  const rows = ratio.length
  if (rows === 0) return coefficients
  const weights = usual.map(Math.sqrt)
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / rows
  const row = new Float64Array(width)
  const squares = new Float64Array(width)
  const telling = new Float64Array(width)
  for (let cell = 0; cell < columns.length; cell++) {
    squares[cell % width] += columns[cell] ** 2
    if (columns[cell] !== 0) telling[cell % width]++
  }
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const equations = noRows(width)
    for (let index = 0; index < rows; index++) {
      for (let k = 0; k < width; k++) row[k] = columns[index * width + k]
      const log = row.reduce((sum, value, k) => sum + value * coefficients[k], 0)
      const expected = Math.min(MOST_LIFT, Math.exp(log))
      const working = log + (ratio[index] - expected) / expected
      addRow(equations, row, working, (weights[index] / mean) * expected)
    }
    const { products, targetProducts } = equations
    const used = [...squares.keys()].filter((k) => squares[k] > 0)
    const left = used.map((j) =>
      used.map((k) => {
        const product = products[Math.min(j, k) * width + Math.max(j, k)]
        return j === k ? product + (usualRows(j) * squares[j]) / telling[j] : product
      }),
    )
    const right = Matrix.columnVector(used.map((k) => targetProducts[k]))
    const solution = new CholeskyDecomposition(left).solve(right)
    coefficients = new Float64Array(width)
    used.forEach((k, place) => {
      coefficients[k] = Math.max(
        -MOST_COEFFICIENT,
        Math.min(MOST_COEFFICIENT, solution.get(place, 0)),
      )
    })
  }
  return coefficients
}

const MOST_COEFFICIENT = 8

function usualRows(column: number): number {
  return isAboutKind(column) ? USUAL_ROWS_OF_KIND : USUAL_ROWS
}

/** How many planned periods of its kind without an effect are worth a coefficient. */
const USUAL_ROWS = 5
/** The same of one kind of promotion beside another: kinds differ less than promotions from none. */
const USUAL_ROWS_OF_KIND = 20
const ITERATIONS = 6

/** What is told by some promotions of how much of the expected lift there was. */
type Told = { excess: number; expected: number; squares: number; variation: number; rows: number }

/**
 * n: how much of the lift that the regression expects each series gets. That of a category, and of a
 * series beside its category, follows from their own promotions as far as these tell, against a
 * standard deviation of `SPREAD` between likes (Bühlmann 1967, "Experience Rating and Credibility").
 */
export function ownReactions(
  { series }: Panel,
  { series: seriesOf, ratio, columns }: PlannedPeriods,
  coefficients: Float64Array,
): Float64Array {
  const width = coefficients.length
  const nothing = (): Told => ({ excess: 0, expected: 0, squares: 0, variation: 0, rows: 0 })
  const own = series.map(nothing)
  const ofCategory = new Map<string | undefined, Told>()
  for (const { category } of series) ofCategory.set(category, nothing())
  for (let k = 0; k < ratio.length; k++) {
    const row = Float64Array.from(columns.slice(k * width, (k + 1) * width))
    const after = Math.exp(logLift(row, coefficients, true))
    const lift = Math.exp(logLift(row, coefficients, false))
    for (const told of [own[seriesOf[k]], ofCategory.get(series[seriesOf[k]].category)!]) {
      told.excess += ratio[k] / after - 1
      told.expected += lift - 1
      told.squares += lift ** 2
      told.variation += (ratio[k] / after / lift - 1) ** 2
      told.rows++
    }
  }
  const reactionOf = new Map(
    [...ofCategory].map(([category, told]) => [category, reaction(told, 1)]),
  )
  return Float64Array.from(series, ({ category }, index) =>
    reaction(own[index], reactionOf.get(category)!),
  )
}

/**
 * The excess of the demand over the expected one is a reaction with a variance of
 * variation × Σ lift² / (Σ expected)²; between likes it has that of `SPREAD`.
 */
function reaction({ excess, expected, squares, variation, rows }: Told, prior: number): number {
  if (!(expected ** 2 > 0)) return prior
  const noise = (variation + USUAL_WEIGHT * USUAL_VARIATION) / (rows + USUAL_WEIGHT)
  const information = (expected ** 2 / (noise * squares)) * SPREAD ** 2
  const credibility = information / (information + 1)
  return Math.max(0, prior + credibility * (excess / expected - prior))
}

/** Standard deviation of how much a category reacts beside the chain, a series beside its category. */
const SPREAD = 0.5
/** Variance of demand in a planned period, over squared demand, before anything is known of it. */
const USUAL_VARIATION = 0.25
const USUAL_WEIGHT = 4
