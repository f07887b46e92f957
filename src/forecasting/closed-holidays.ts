import { type TObject, Type } from 'typebox'
import { float64s } from '../base/memory.ts'
import { object } from '../base/schema-parts.ts'
import { nameOfHoliday } from '../demand/holidays.ts'
import type { Panel } from '../demand/panel.ts'
import { type Family, forecasting, outlookOf } from './families/family.ts'

/**
 * The family as it forecasts days of a chain that is closed on some public holidays: it learns nothing
 * from a holiday on which nothing was sold, and forecasts nothing for one on which nothing was sold
 * whenever the chain was there to see it. Which holidays these are differs from chain to chain, and
 * most families look at no calendar.
 */
export function closedOnHolidays(family: Family): Family {
  return {
    ...family,
    parameters: withHolidays(family.parameters),
    fit(panel, settings, context) {
      const { openDays } = closings(panel, context.holidays)
      const parameters = family.fit(openDays, settings, context)
      return panel.frequency === 'day' ? { ...parameters, holidays: context.holidays } : parameters
    },
    ...forecasting((panel, horizon, parameters: { holidays?: string }) => {
      const { openDays, isClosed } = closings(panel, parameters.holidays)
      const result = outlookOf(family, openDays, horizon, parameters)
      for (let step = 0; step < horizon; step++) {
        if (!isClosed(panel.periods + step)) continue
        for (let cell = step; cell < result.mean.length; cell += horizon) result.mean[cell] = 0
      }
      return result
    }),
  }
}

/** Parameters that were written before have no holidays, and no closed ones then. */
function withHolidays({ properties }: TObject): TObject {
  return object({ ...properties, holidays: properties.holidays ?? Type.Optional(Type.String()) })
}

type Closings = {
  /** The panel, with nothing known of the holidays on which the chain was closed. */
  openDays: Panel
  /** Whether a period to come is a holiday on which the chain has always been closed. */
  isClosed(period: number): boolean
}

function closings(panel: Panel, holidays: string | undefined): Closings {
  if (panel.frequency !== 'day' || holidays === undefined) {
    return { openDays: panel, isClosed: () => false }
  }
  const ofPanel = closingsOf.get(panel) ?? new Map<string, Closings>()
  closingsOf.set(panel, ofPanel)
  const known = ofPanel.get(holidays) ?? closingsOfDays(panel, holidays)
  ofPanel.set(holidays, known)
  return known
}

const closingsOf = new WeakMap<Panel, Map<string, Closings>>()

function closingsOfDays(panel: Panel, holidays: string): Closings {
  const nameOf = (period: number) => nameOfHoliday(holidays, panel.firstPeriod + period)
  const closed: number[] = []
  const closedNames = new Set<string>()
  const openNames = new Set<string>()
  for (let period = DAYS_A_WEEK; period < panel.periods; period++) {
    const name = nameOf(period)
    // A weekday on which the chain is never open says nothing of the holiday.
    if (name === undefined || !hasSold(panel, period - DAYS_A_WEEK)) continue
    if (hasSold(panel, period)) openNames.add(name)
    else {
      closed.push(period)
      closedNames.add(name)
    }
  }
  return {
    openDays: closed.length === 0 ? panel : without(panel, closed),
    isClosed(period) {
      const name = nameOf(period)
      return name !== undefined && closedNames.has(name) && !openNames.has(name)
    },
  }
}

const DAYS_A_WEEK = 7

function hasSold({ units, periods }: Panel, period: number): boolean {
  for (let cell = period; cell < units.length; cell += periods) if (units[cell] > 0) return true
  return false
}

/** As if there had been no stock in these periods. */
function without(panel: Panel, closed: number[]): Panel {
  const stockedShare = float64s(panel.stockedShare.length)
  stockedShare.set(panel.stockedShare)
  for (const period of closed) {
    for (let cell = period; cell < stockedShare.length; cell += panel.periods)
      stockedShare[cell] = 0
  }
  return { ...panel, stockedShare }
}
