import type { Day } from '../base/day.ts'
import { BoundedMap, remembered } from '../base/remembered.ts'
import type { Panel } from '../demand/panel.ts'
import {
  DEPTH,
  DEPTH_AFTER,
  mainKinds,
  type PlanColumns,
  planColumns,
  type SeriesPlan,
} from './features/plan-columns.ts'
import { lift, liftCoefficients, ownReactions } from './plan-lift.ts'
import { type PlannedPeriods, plannedPeriods } from './planned-periods.ts'
import type { PlanInputs } from './question-schema.ts'

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
 * then: see `liftCoefficients` and `ownReactions`. Undefined where nothing is planned.
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

function learnt(panel: Panel): PlanEffect {
  const { series, periods } = panel
  const columns = planColumns(panel, mainKinds(panel))
  const width = columns.names.length
  const plans = series.map((_, index) => columns.ofSeries(index))
  const rows = plannedPeriods(panel, plans, width)
  const coefficients = liftCoefficients(rows, width)
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

function deepestOf({ columns }: PlannedPeriods, width: number): number {
  let deepest = 0
  for (let cell = DEPTH; cell < columns.length; cell += width) {
    deepest = Math.max(deepest, Math.abs(columns[cell]))
  }
  return deepest
}
