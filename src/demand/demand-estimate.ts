import { isFirstPeriod, type Panel } from './panel.ts'

/**
 * What would have been sold with an offer and stock on every day, in units, n × T: sales divided by
 * the share of the demand that falls on the days with both where that is at least half; NaN,
 * unknown, where it is less, and before the first offer. While a series is in the period of its
 * first offer there is nothing better, and a smaller share will do.
 */
export function uncensoredUnits(panel: Panel): Float64Array {
  const units = new Float64Array(panel.units.length)
  for (let cell = 0; cell < units.length; cell++) units[cell] = uncensoredUnitsOf(panel, cell)
  return units
}

/** The same of one cell of the panel. */
export function uncensoredUnitsOf(panel: Panel, cell: number): number {
  const { units, stockedShare } = panel
  const share = stockedShare[cell]
  const isTold = share >= LEAST_STOCKED_SHARE || (share > 0 && isAllThereIs(panel, cell))
  return isTold ? units[cell] / share : Number.NaN
}

const LEAST_STOCKED_SHARE = 0.5

/** Whether the last period of the panel is the first one of its series. */
function isAllThereIs(panel: Panel, cell: number): boolean {
  return (cell + 1) % panel.periods === 0 && isFirstPeriod(panel, cell)
}
