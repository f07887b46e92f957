import type { Day } from '../day.ts'
import { type Frequency, lastDay } from '../demand/calendar.ts'
import { buildPanel, type Panel } from '../demand/panel.ts'
import type { FittedModel } from '../forecasting/family.ts'
import { fitCandidate } from '../forecasting/model.ts'
import type { Candidate, Recipe } from '../forecasting/recipe.ts'
import type { DailyTotals } from '../sales/daily-totals.ts'

/** A candidate fitted on what was known at an origin, and its n × H forecast from there. */
export type Fit = { fitted: FittedModel; mean: Float64Array }

/**
 * Sales as they were known on any day. Every panel is built from totals cut at its day, so nothing
 * later can leak into it; every panel, and every fit of a candidate, is made once and shared.
 */
export type History = {
  /** The panel as on `day`; without one, and for later ones, as on the history's own last day. */
  panel(view: PanelView, day?: Day): Panel
  fit(recipe: Recipe, candidate: Candidate, day: Day): Fit
  /** How many fits were made so far. */
  readonly fits: number
}

export type PanelView = { frequency: Frequency; censoring: boolean }

/** Opens the history up to `asOf`, inclusive; all of it without one. */
export function openHistory(totals: DailyTotals, asOf?: Day): History {
  const panels = new Map<string, Panel>()
  const fits = new Map<string, Fit>()

  const panel = ({ frequency, censoring }: PanelView, day = asOf) => {
    const last = day === undefined ? undefined : Math.min(day, asOf ?? day)
    return remembered(panels, JSON.stringify([frequency, censoring, last]), () =>
      buildPanel(totals, {
        frequency,
        ignoreStock: !censoring,
        ...(last !== undefined && { asOf: last }),
      }),
    )
  }

  const fit = (recipe: Recipe, candidate: Candidate, day: Day) => {
    const { frequency, censoring, horizon, holidays, seed } = recipe
    const key = [frequency, censoring, horizon, holidays, seed, candidate.name, day]
    return remembered(fits, JSON.stringify(key), () => {
      const known = panel(recipe, day)
      const fitted = fitCandidate(known, candidate, recipe)
      return { fitted, mean: fitted.forecast(known, horizon) }
    })
  }

  return {
    panel,
    fit,
    get fits() {
      return fits.size
    },
  }
}

/** The last day that a panel knows. */
export function endOf({ frequency, firstPeriod, periods }: Panel): Day {
  return lastDay(frequency, firstPeriod + periods - 1)
}

/**
 * Up to `wanted` origins whose horizons lie within the panel, ascending, as the last day known at
 * each. They are `step` periods apart, the last one a horizon before the panel's end. Where the
 * history is too short for that they move closer together, and then become fewer.
 */
export function rollingOrigins(panel: Panel, horizon: number, wanted: number, step: number): Day[] {
  const last = panel.firstPeriod + panel.periods - 1 - horizon
  const first = panel.firstPeriod + shortestHistory(horizon) - 1
  const room = last - first
  if (room < 0) return []
  const apart = wanted > 1 ? Math.max(1, Math.min(step, Math.floor(room / (wanted - 1)))) : step
  const count = Math.min(wanted, Math.floor(room / apart) + 1)
  return Array.from({ length: count }, (_, k) =>
    lastDay(panel.frequency, last - (count - 1 - k) * apart),
  )
}

/**
 * The panels as they were known at these origins. An origin is left out where nothing had been sold
 * for a whole period, so that the panel known then ended before it.
 */
export function panelsAt(history: History, view: PanelView, origins: Day[]): Panel[] {
  return origins.flatMap((day) => {
    const panel = history.panel(view, day)
    return endOf(panel) === day ? [panel] : []
  })
}

/** Periods that must be known before the first origin. */
function shortestHistory(horizon: number): number {
  return Math.max(3, Math.min(horizon, 8))
}

function remembered<T>(store: Map<string, T>, key: string, make: () => T): T {
  const known = store.get(key)
  if (known !== undefined) return known
  const made = make()
  store.set(key, made)
  return made
}
