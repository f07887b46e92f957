import type { Panel } from './panel.ts'

/**
 * Whether the series sold anything in the last 28 days, 8 weeks or 3 months of the panel; or in those
 * up to a later period, in which nothing of the panel was sold any more.
 */
export function isActive(
  { frequency, firstPeriod, units, periods }: Panel,
  seriesIndex: number,
  through = firstPeriod + periods - 1,
): boolean {
  const window = { day: 28, week: 8, month: 3 }[frequency]
  const end = (seriesIndex + 1) * periods
  const from = Math.max(0, through - firstPeriod + 1 - window)
  for (let cell = seriesIndex * periods + from; cell < end; cell++) {
    if (units[cell] > 0) return true
  }
  return false
}
