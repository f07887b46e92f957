import type { Panel } from './panel.ts'

/** Whether the series sold anything in the last 28 days, 8 weeks or 3 months of the panel. */
export function isActive({ frequency, units, periods }: Panel, seriesIndex: number): boolean {
  const window = { day: 28, week: 8, month: 3 }[frequency]
  const end = (seriesIndex + 1) * periods
  for (let cell = end - Math.min(window, periods); cell < end; cell++) {
    if (units[cell] > 0) return true
  }
  return false
}
