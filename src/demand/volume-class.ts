import type { Panel } from './panel.ts'

/** Thirds of the series by units sold per period lately: few, some, many. */
export type VolumeClass = 'low' | 'medium' | 'high'

/**
 * The class of each series, by its mean units over the last 13 periods (of those since its first
 * offer; a series without any counts as 0). Equal means stand in the order of the series.
 */
export function volumeClasses(panel: Panel): VolumeClass[] {
  const means = panel.series.map((_, index) => recentMean(panel, index))
  const order = means.map((_, index) => index).sort((a, b) => means[a] - means[b])
  const classes: VolumeClass[] = []
  for (const [rank, index] of order.entries()) {
    classes[index] = CLASSES[Math.floor((rank * CLASSES.length) / order.length)]
  }
  return classes
}

const RECENT_PERIODS = 13

const CLASSES = ['low', 'medium', 'high'] as const

function recentMean({ units, periods }: Panel, index: number): number {
  let [sum, count] = [0, 0]
  for (let t = Math.max(0, periods - RECENT_PERIODS); t < periods; t++) {
    const value = units[index * periods + t]
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return count === 0 ? 0 : sum / count
}
