import { type Day, dayFromIso } from '../base/day.ts'
import { remembered } from '../base/remembered.ts'
import { endOf, type Panel } from '../demand/panel.ts'
import { isPlanned } from '../demand/planned.ts'
import type { Model } from '../forecasting/model.ts'
import type { Ordering } from './buying-terms.ts'
import { type ForecastsAhead, forecastsAhead } from './forecasts-ahead.ts'
import { type AdvisedWithCosts, orderAdviser } from './order-advice.ts'

/** What a model says of what comes after a panel: as it is planned, and if nothing were. */
export type PlannedAhead = {
  ahead(periods: number): ForecastsAhead
  unplanned(periods: number): ForecastsAhead
  /** Whether anything is planned of a series for these days. */
  isPlanned(index: number, from: Day, to: Day): boolean
  /** Advises on the order of a series; where something is planned, also on what it would be if nothing were. */
  adviser(ordering: Ordering, terms: () => AdviserTerms): (index: number) => AdvisedWithCosts
}

type AdviserTerms = Omit<Parameters<typeof orderAdviser>[0], 'panel' | 'ahead'> & {
  periods: number
}

export function plannedAhead(model: Model, panel: Panel): PlannedAhead {
  const ahead = forecastsAhead(model, panel)
  const until = panel.plan && { ...panel, plan: { ...panel.plan, through: endOf(panel) } }
  const unplanned = until ? forecastsAhead(model, until) : ahead
  const isPlannedAhead = (index: number, from: Day, to: Day) => isPlanned(panel, index, from, to)
  const advisers = new WeakMap<Ordering, (index: number) => AdvisedWithCosts>()
  const adviser = (terms: AdviserTerms) => {
    const { periods, ...input } = terms
    const planned = orderAdviser({ panel, ahead: ahead(periods), ...input })
    let other: typeof planned | undefined
    return (index: number): AdvisedWithCosts => {
      const advised = planned(index)
      const { advice } = advised
      if (advice.outcome === 'unknown') return advised
      const [from, through] = [advice.from, advice.through].map((day) => dayFromIso(day) ?? 0)
      if (!isPlannedAhead(index, from, through)) return advised
      other ??= orderAdviser({ panel, ahead: unplanned(periods), ...input })
      const without = other(index).advice
      if (without.outcome === 'unknown') return advised
      const { units, forecast } = without
      return { ...advised, advice: { ...advice, withoutPlan: { units, mean: forecast.mean } } }
    }
  }
  return {
    ahead,
    unplanned,
    isPlanned: isPlannedAhead,
    adviser: (ordering, terms) => remembered(advisers, ordering, () => adviser(terms())),
  }
}
