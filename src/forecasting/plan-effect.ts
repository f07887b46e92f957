import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import type { Day } from '../base/day.ts'
import { BoundedMap, remembered } from '../base/remembered.ts'
import { uncensoredUnits } from '../demand/demand-estimate.ts'
import type { Panel } from '../demand/panel.ts'
import { lengths } from './features/demand-level.ts'
import {
  DEPTH,
  DEPTH_AFTER,
  isAboutBefore,
  isAboutKind,
  mainKinds,
  type PlanColumns,
  planColumns,
  type SeriesPlan,
} from './features/plan-columns.ts'
import { knownIn, meanOver, runningTotals } from './features/running-totals.ts'
import type { PlanInputs } from './question-schema.ts'
import { addRow, noRows } from './weighted-least-squares.ts'

/** What plans do to the demand of the series of a panel. */
export type PlanEffect = {
  /** What it follows from. */
  columns: PlanColumns
  /** Undefined for a series of which nothing is ever planned. */
  ofSeries(index: number): SeriesEffect | undefined
  /** n × T: by what factor each period that has been was moved, by what was planned at its end. */
  past: Float64Array
  /** n × T: the share of each in which the series was sold. */
  open: Float64Array
}

export type SeriesEffect = SeriesPlan & {
  /** By what factor what is planned for a day moves its demand, 0 where it is closed. */
  liftOn(day: Day): number
  /** By what factor demand is moved by what `write` wrote, and is open to be sold. */
  liftOf(row: Float64Array, open: number): number
}

/**
 * What plans do to demand, learnt from what was planned in the periods of the panel and what sold
 * then. Undefined where nothing is planned.
 *
 * A quasi-Poisson regression with a logarithmic link over all series, by iteratively reweighted least
 * squares (McCullagh & Nelder 1989, "Generalized Linear Models", chapter 9), of demand in a planned
 * period over what the series sells around it in usual ones: the coefficient of the depth of a price
 * cut is an elasticity. How much of the lift a category gets, and a series beside its category,
 * follows from their own promotions as far as these tell, against a standard deviation of `SPREAD`
 * between likes (Bühlmann 1967, "Experience Rating and Credibility").
 */
export function planEffect(panel: Panel): PlanEffect | undefined {
  if (!panel.plan) return undefined
  return remembered(effects, panel, () => learnt(panel))
}

/** By the panel, and by the panel `asUsual` that is made of it. */
const effects = new WeakMap<Panel, PlanEffect>()

/**
 * The panel as it would be if nothing had ever been planned: periods count what would have sold then,
 * and not at all where the series was closed for most of them. It has the same effect.
 */
export function asUsual(panel: Panel): Panel {
  const effect = planEffect(panel)
  if (!effect) return panel
  return remembered(usualPanels, panel, () => {
    const usual = cleaned(panel, effect)
    effects.set(usual, effect)
    return usual
  })
}

/** The panel as one sees it who knows of no plan. */
export function unplanned(panel: Panel): Panel {
  if (!panel.plan) return panel
  return remembered(unplannedPanels, panel, () => {
    const { plan: _, ...sold } = panel
    return sold
  })
}

const unplannedPanels = new WeakMap<Panel, Panel>()

/** What a model that is trained on the panel can be asked of plans; undefined where nothing is planned. */
export function planInputsOf(panel: Panel): PlanInputs | undefined {
  const { plan, price } = panel
  if (!plan) return undefined
  const isPriced = plan.actualPrices || [...plan.price, ...plan.discount].some((it) => it > 0)
  return {
    price: isPriced && price.some((it) => it > 0),
    display: plan.display.includes(1),
    kinds: mainKinds(panel),
  }
}

const usualPanels = new WeakMap<Panel, Panel>()

function cleaned(panel: Panel, { past, open }: PlanEffect): Panel {
  const units = panel.units.map((sold, cell) =>
    past[cell] > 0 ? (sold * open[cell]) / past[cell] : sold,
  )
  const stockedShare = panel.stockedShare.map((share, cell) => share * open[cell])
  return { ...panel, units, stockedShare }
}

/** A price that differs by less from the usual one is usual. */
const LEAST_DEPTH = 0.03
/** How many planned periods of its kind without an effect are worth a coefficient. */
const USUAL_ROWS = 5
/** The same of one kind of promotion beside another: kinds differ less than promotions from none. */
const USUAL_ROWS_OF_KIND = 20
const ITERATIONS = 6
/** One delivery to a wedding must not move what is learnt: higher ratios count as this. */
const MOST_RATIO = 10
/** No plan is believed to multiply demand by more. */
const MOST_LIFT = 20
/** Standard deviation of how much a category reacts beside the chain, a series beside its category. */
const SPREAD = 0.5
/** Variance of demand in a planned period, over squared demand, before anything is known of it. */
const USUAL_VARIATION = 0.25
const USUAL_WEIGHT = 4

function learnt(panel: Panel): PlanEffect {
  const { series, periods } = panel
  const columns = planColumns(panel, mainKinds(panel))
  const width = columns.names.length
  const plans = series.map((_, index) => columns.ofSeries(index))
  const rows = plannedRows(panel, plans, width)
  const coefficients = regression(rows, width)
  const reactions = ownReactions(panel, rows, coefficients)
  // An elasticity goes on for ever: it is believed for as far again as prices have ever been from usual.
  const farthest = 2 * deepestOf(rows, width)
  const heldLift = (values: Float64Array, reaction: number) => {
    for (const column of [DEPTH, DEPTH_AFTER]) {
      values[column] = Math.max(-farthest, Math.min(farthest, values[column]))
    }
    return lift(values, coefficients, reaction)
  }

  const effectOf = (index: number): SeriesEffect | undefined => {
    const plan = columns.ofSeries(index)
    if (!plan) return undefined
    const reaction = reactions[index]
    const liftOf = (values: Float64Array, open: number) => open * heldLift(values, reaction)
    const onDay = new Float64Array(width)
    const liftOn = (day: Day) => {
      const open = plan.writeDay(onDay, day)
      return open === undefined ? 1 : liftOf(onDay, open)
    }
    return { ...plan, liftOf, liftOn }
  }
  // Who asks of one series asks often, and those of all series would not fit into memory.
  const lately = new BoundedMap<number, { effect: SeriesEffect | undefined }>(100)
  const ofSeries = (index: number) =>
    remembered(lately, index, () => ({ effect: effectOf(index) })).effect
  const past = new Float64Array(series.length * periods).fill(1)
  const open = new Float64Array(series.length * periods).fill(1)
  const row = new Float64Array(width)
  plans.forEach((plan, index) => {
    if (!plan) return
    for (let period = 0; period < periods; period++) {
      const cell = index * periods + period
      open[cell] = plan.write(row, period, period)
      past[cell] = open[cell] * heldLift(row, reactions[index])
    }
  })
  return { columns, ofSeries, past, open }
}

function deepestOf({ columns }: PlannedRows, width: number): number {
  let deepest = 0
  for (let cell = DEPTH; cell < columns.length; cell += width) {
    deepest = Math.max(deepest, Math.abs(columns[cell]))
  }
  return deepest
}

/** Of the lift of a plan a series gets so much; after a promotion all are alike. */
function lift(row: Float64Array, coefficients: Float64Array, reaction: number): number {
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

/** Periods that were out of the ordinary: `ratio` is demand over what is usual. */
type PlannedRows = {
  series: number[]
  ratio: number[]
  /** What is usual, in units. */
  usual: number[]
  /** One row after the other. */
  columns: number[]
}

function plannedRows(panel: Panel, plans: (SeriesPlan | undefined)[], width: number): PlannedRows {
  const { series, periods, frequency } = panel
  const { short, long } = lengths[frequency]
  const units = uncensoredUnits(panel)
  const written = new Float64Array(periods * width)
  const row = new Float64Array(width)
  const found: PlannedRows = { series: [], ratio: [], usual: [], columns: [] }
  const sold = new Float64Array(periods)
  const expected = new Float64Array(periods)
  const candidates: { index: number; period: number; level: number; columns: Float64Array }[] = []
  series.forEach((_, index) => {
    const plan = plans[index]
    const own = units.slice(index * periods, (index + 1) * periods)
    const unpromoted = own.slice()
    const planned: number[] = []
    for (let period = 0; plan && period < periods; period++) {
      const open = plan.write(row, period, period)
      written.set(row, period * width)
      if (open === 1 && isUsual(row)) continue
      if (open >= LEAST_OPEN) planned.push(period)
      own[period] = Number.NaN
      if (open < 1 || !isOnlyAfter(row)) unpromoted[period] = Number.NaN
    }
    // Where one promotion follows another, what sells between them is what is usual.
    const usual = [own, unpromoted].map((it) => runningTotals(it))
    const levelAt = (period: number) => {
      for (const totals of usual) {
        for (const span of [short, long]) {
          const [from, to] = [period - span, period + span + 1]
          if (knownIn(totals, from, to) >= FEWEST_USUAL) return meanOver(totals, from, to)
        }
      }
      return Number.NaN
    }
    for (let period = 0; period < periods; period++) {
      if (Number.isNaN(own[period])) continue
      const level = levelAt(period)
      if (!(level > 0)) continue
      sold[period] += own[period] / level
      expected[period]++
    }
    for (const period of planned) {
      const level = levelAt(period)
      if (!(level > 0) || Number.isNaN(units[index * periods + period])) continue
      const columns = written.slice(period * width, (period + 1) * width)
      candidates.push({ index, period, level, columns })
    }
  })
  for (const { index, period, level, columns } of candidates) {
    const usual = level * ((sold[period] + FEWEST_USUAL) / (expected[period] + FEWEST_USUAL))
    found.series.push(index)
    found.ratio.push(Math.min(MOST_RATIO, units[index * periods + period] / usual))
    found.usual.push(usual)
    for (const value of columns) found.columns.push(value)
  }
  return found
}

/** A period in which the series was sold for less tells nothing of what a promotion does. */
const LEAST_OPEN = 0.99
/** From so many usual periods on it is known what is usual. */
const FEWEST_USUAL = 4

function isOnlyAfter(row: Float64Array): boolean {
  return isUsual(row.map((value, column) => (isAboutBefore(column) ? 0 : value)))
}

function isUsual(row: Float64Array): boolean {
  return row.every((value, column) => {
    const isDepth = column === DEPTH || column === DEPTH_AFTER
    return isDepth ? Math.abs(value) < LEAST_DEPTH : value === 0
  })
}

/** Coefficients of the logarithm of the ratio; 0 where nothing tells. Series weigh by √usual. */
function regression({ ratio, usual, columns }: PlannedRows, width: number): Float64Array {
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

/** What is told by some promotions of how much of the expected lift there was. */
type Told = { excess: number; expected: number; squares: number; variation: number; rows: number }

/** n: how much of the lift that the regression expects each series gets. */
function ownReactions(
  { series }: Panel,
  { series: seriesOf, ratio, columns }: PlannedRows,
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
