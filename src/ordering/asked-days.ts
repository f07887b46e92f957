import type { Day } from '../base/day.ts'
import { firstDay } from '../demand/calendar.ts'
import { endOf, type Panel } from '../demand/panel.ts'
import { horizonUntil } from '../forecasting/model.ts'

/** What can be said of days that somebody asks about, both inclusive. */
export type AskedDays =
  | {
      outcome: 'ahead'
      /** The first of them that is still to come. */
      start: Day
      /** How many periods ahead of the panel's end have to be forecast for them. */
      periods: number
      /** The last day that the model was evaluated on, where they go beyond it. */
      evaluatedUntil?: Day
    }
  | { outcome: 'backward'; from: Day; to: Day }
  | { outcome: 'over'; to: Day; knownThrough: Day }
  | {
      outcome: 'too far'
      to: Day
      frequency: Panel['frequency']
      periods: number
      horizon: number
      /** The last day that is not. */
      latest: Day
    }

/** Farther than this many horizons ahead there is nothing honest to say. */
export const MOST_HORIZONS = 3

/** Whether days can be forecast from the end of a panel, by a model evaluated `horizon` ahead. */
export function askedDays(panel: Panel, horizon: number, from: Day, to: Day): AskedDays {
  if (from > to) return { outcome: 'backward', from, to }
  const knownThrough = endOf(panel)
  const start = Math.max(from, knownThrough + 1)
  if (start > to) return { outcome: 'over', to, knownThrough }
  const { frequency } = panel
  const periods = horizonUntil(panel, to)
  if (periods > MOST_HORIZONS * horizon) {
    const latest =
      firstDay(frequency, panel.firstPeriod + panel.periods + MOST_HORIZONS * horizon) - 1
    return { outcome: 'too far', to, frequency, periods, horizon, latest }
  }
  const evaluated = firstDay(frequency, panel.firstPeriod + panel.periods + horizon) - 1
  // What is forecast of a period does not depend on how many come after it.
  const ahead = periods > horizon ? MOST_HORIZONS * horizon : horizon
  return {
    outcome: 'ahead',
    start,
    periods: ahead,
    ...(to > evaluated && { evaluatedUntil: evaluated }),
  }
}
