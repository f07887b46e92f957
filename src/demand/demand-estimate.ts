import type { Panel } from './panel.ts'

/**
 * What would have been sold with stock on every day, in units, n × T: the sales where there was
 * stock throughout; sales divided by the share of the demand that falls on the days with stock
 * where that is at least half; NaN, unknown, where it is less, and before the first offer.
 */
export function uncensoredUnits(panel: Panel): Float64Array {
  const units = new Float64Array(panel.units.length)
  for (let cell = 0; cell < units.length; cell++) units[cell] = uncensoredUnitsOf(panel, cell)
  return units
}

/** The same of one cell of the panel. */
export function uncensoredUnitsOf({ units, stockedShare }: Panel, cell: number): number {
  return stockedShare[cell] >= LEAST_STOCKED_SHARE ? units[cell] / stockedShare[cell] : Number.NaN
}

const LEAST_STOCKED_SHARE = 0.5
