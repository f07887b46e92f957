import { type Static, Type } from 'typebox'
import type { Panel } from '../../demand/panel.ts'
import { planEffect } from '../plan-effect.ts'
import { mainKinds, planColumns } from './plan-columns.ts'

/** Kinds of promotions that are told apart; absent for a model that takes no plan. */
export const PlanKinds = Type.Optional(
  Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20 }),
)
type PlanKinds = Static<typeof PlanKinds>

/** The part of a model's settings that says what it takes of a plan. */
export function planSettings(panel: Panel): { kinds?: string[] } {
  return panel.plan ? { kinds: mainKinds(panel) } : {}
}

/** What models over all series see of a plan beside what `planned` does for every family. */
export type PlanFeatures = {
  names: string[]
  ofSeries(index: number): SeriesPlanFeatures
}

/**
 * Writes what is planned for `target` as known at `origin` into the row from `column` on. Returns by
 * what factor the plan of then expected more than the plan as it became: of what was planned and did
 * not come, and came without a plan, a model is to learn what it is to be believed.
 */
export type SeriesPlanFeatures = (
  row: Float64Array,
  column: number,
  origin: number,
  target: number,
) => number

/**
 * Of a panel `asUsual`: the columns of the plan, all 0 where nothing is planned, the logarithm of the
 * lift that follows from them, and how much of the last weeks was out of the ordinary.
 */
export function planFeatures(panel: Panel, kinds: PlanKinds | undefined): PlanFeatures {
  if (kinds === undefined) return { names: [], ofSeries: () => () => 1 }
  const columns = planColumns(panel, kinds)
  const effect = planEffect(panel)
  const names = [...columns.names.map((name) => `planned ${name}`), 'planned lift']
  const ofEffect = new Float64Array(effect?.columns.names.length ?? 0)
  const own = new Float64Array(columns.names.length)

  const ofSeries = (index: number): SeriesPlanFeatures => {
    const plan = columns.ofSeries(index)
    const lifts = effect?.ofSeries(index)
    if (!plan || !lifts || !effect) {
      return (row, column) => {
        row.fill(0, column, column + names.length)
        return 1
      }
    }
    return (row, column, origin, target) => {
      plan.write(own, origin, target)
      row.set(own, column)
      lifts.write(ofEffect, origin, target)
      const lift = Math.max(LEAST_LIFT, lifts.liftOf(ofEffect, 1))
      row[column + own.length] = Math.log(lift)
      const cell = index * panel.periods + target
      const isOver = target < panel.periods && effect.past[cell] > 0
      return isOver ? (lift * effect.open[cell]) / effect.past[cell] : 1
    }
  }
  return { names, ofSeries }
}

/** A plan that leaves less is taken for one that leaves so much. */
const LEAST_LIFT = 0.05
