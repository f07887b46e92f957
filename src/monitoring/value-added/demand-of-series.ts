import { type Day, weekday } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import { sum } from '../../base/sum.ts'
import { type Frequency, firstDay, periodOf } from '../../demand/calendar.ts'
import { dayShares } from '../../demand/day-shares.ts'
import { uncensoredUnitsOf } from '../../demand/demand-estimate.ts'
import { endOf, type Panel } from '../../demand/panel.ts'
import { simulatedDemand } from '../../evaluation/scoring/simulated-demand.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'

/**
 * What could have been sold on some days, as the newest sales say, day by day: days without stock with
 * what the others of them sold by weekday, since whatever had it run out, such as a promotion, went on,
 * and never with less than they sold themselves.
 */
export type KnownDemand =
  | { outcome: 'known'; units: Float64Array }
  /** Not over yet, or not all of its store's sales are there that would say what came of it. */
  | { outcome: 'not over' }
  /** Without stock for more than half of it: what was asked for is not known. */
  | { outcome: 'censored' }
  /** It has neither been bought nor sold since: taken out of the range, renamed, its store closed. */
  | { outcome: 'no longer sold' }

/** The demand of all series of a panel. */
export type DemandOfSeries = {
  /** The row of a series in the panel, by its `seriesId`. */
  indexOf(subject: string): number | undefined
  on(index: number, from: Day, to: Day): KnownDemand
  /**
   * Units on so many days from `from` on, with what is usual around them where that is not known, and
   * at a pace once nothing is known yet.
   */
  goingOn(index: number, from: Day, days: number, pace: number): Float64Array
  /**
   * What seasonal naive would have said, knowing the days through `known`: the demand of the same days
   * one season before, of the days just before where the history is shorter; undefined without any.
   */
  naive(index: number, from: Day, to: Day, known: Day): number | undefined
}

/**
 * What could have been sold, of a panel that holds it as finely as it is reported.
 *
 * @param frequency - the periods that are forecast: their season is the one of seasonal naive
 * @param lastSeen - of each series of the panel, the last day on which it was bought or sold
 * @param isToCome - whether its store usually sells something on those of some days that it has not told
 */
export function demandOfSeries(
  panel: Panel,
  {
    frequency,
    lastSeen,
    isToCome,
  }: {
    frequency: Frequency
    lastSeen: (index: number) => Day
    isToCome: (index: number, from: Day, to: Day) => boolean
  },
): DemandOfSeries {
  const indices = new Map(panel.series.map((series, index) => [seriesId(series), index]))
  const start = firstDay(panel.frequency, panel.firstPeriod)
  const end = endOf(panel)
  const demandOf = simulatedDemand(panel)
  const rows = new Map<number, Float64Array>()
  /** A copy of these days of the series, 0 outside of the panel. */
  const demand = (index: number, from: Day, to: Day) => {
    const row = remembered(rows, index, () => demandOf(index, start, end))
    return Float64Array.from({ length: to - from + 1 }, (_, i) => row[from + i - start] ?? 0)
  }
  const isKnown = (index: number, day: Day) => {
    const period = periodOf(panel.frequency, day) - panel.firstPeriod
    if (period < 0 || period >= panel.periods) return false
    return !Number.isNaN(uncensoredUnitsOf(panel, index * panel.periods + period))
  }
  /** What did sell on a day of the panel, 0 before the first offer: the least that was asked for. */
  const soldOn = (index: number, day: Day) => {
    const period = periodOf(panel.frequency, day)
    const sold = panel.units[index * panel.periods + period - panel.firstPeriod]
    const share = dayShares(panel, index, period)[day - firstDay(panel.frequency, period)]
    return sold > 0 ? sold * share : 0
  }
  return {
    indexOf: (subject) => indices.get(subject),
    on(index, from, to) {
      if (to > end) return { outcome: 'not over' }
      if (lastSeen(index) < from) {
        return { outcome: end - from < UNTIL_GONE ? 'not over' : 'no longer sold' }
      }
      if (isToCome(index, from, to)) {
        return { outcome: end - to < UNTIL_GONE ? 'not over' : 'no longer sold' }
      }
      const units = demand(index, from, to)
      const weights = units.map((_, i) => panel.weekdayShares[index * 7 + weekday(from + i)])
      const unknown = [...units.keys()].filter((i) => !isKnown(index, from + i))
      if (unknown.length === 0) return { outcome: 'known', units }
      for (const i of unknown) units[i] = 0
      const whole = sum(weights)
      const lost = unknown.reduce((total, i) => total + weights[i], 0)
      if (!(lost <= MOST_UNKNOWN * whole)) return { outcome: 'censored' }
      const pace = lost > 0 ? sum(units) / (whole - lost) : 0
      for (const i of unknown) units[i] = Math.max(soldOn(index, from + i), pace * weights[i])
      return { outcome: 'known', units }
    },
    goingOn(index, from, days, pace) {
      const units = demand(index, from, from + days - 1)
      return units.fill(pace, Math.max(0, Math.min(days, end - from + 1)))
    },
    naive(index, from, to, known) {
      const last = Math.min(known, from - 1, end)
      const isSold = (back: number) => last - back + 1 >= start && isKnown(index, last - back + 1)
      const back = [SEASON[frequency], RECENT[frequency]].find(isSold)
      if (back === undefined) return
      const before = demand(index, last - back + 1, last)
      let units = 0
      for (let day = from; day <= to; day++) units += before[(day - last - 1) % back]
      return units
    },
  }
}

/** Of the demand: what is left says enough of the rest, as in `uncensoredUnits`. */
const MOST_UNKNOWN = 0.5

/** Days without a purchase or a sale after which a series is taken for gone, as `isActive` does. */
const UNTIL_GONE = 28

/** Days of a season, in whole weeks, so that weekdays fall on each other. */
const SEASON: Record<Frequency, number> = { day: 7, week: 364, month: 364 }
const RECENT: Record<Frequency, number> = { day: 7, week: 7, month: 28 }
