import { seededRandom } from '../../base/random.ts'
import type { Panel } from '../../demand/panel.ts'

/** What a model over all series looks at. */
export type DemandFeatures = {
  names: string[]
  /** Demand of all series, n × T, NaN where unknown. */
  units: Float64Array
  /** Features of one series; reading them series by series keeps little in memory. */
  ofSeries(index: number): SeriesFeatures
}

/**
 * Writes what is known at `origin` of the demand in `target`, both period indices of the panel,
 * into `row`, in the order of the names. Of the target it reads the calendar alone. Returns the
 * baseline, in units; where that is not above 0, nothing is written.
 */
export type SeriesFeatures = (row: Float64Array, origin: number, target: number) => number

export type LearningRows = {
  /** There are never more. */
  most: number
  /**
   * Calls back with each row, its baseline, and the units sold. The row is overwritten by the next
   * one.
   */
  each(use: (row: Float64Array, baseline: number, sold: number) => void): void
}

/**
 * The rows that a model over all series learns from: every series at every origin, and every period
 * of the horizon after it whose demand is known. Where there are more than about `wanted`, some are
 * drawn at random.
 */
export function learningRows(
  { periods, series }: Panel,
  { names, units, ofSeries }: DemandFeatures,
  { horizon, wanted, seed }: { horizon: number; wanted: number; seed: number },
): LearningRows {
  const firstKnown = series.map((_, index) => {
    const history = units.subarray(index * periods, (index + 1) * periods)
    const first = history.findIndex((value) => !Number.isNaN(value))
    return first === -1 ? periods : first
  })
  const possible = firstKnown.reduce(
    (sum, first) => sum + horizon * Math.max(0, periods - first - LEAST_HISTORY),
    0,
  )
  const share = wanted / possible
  const most = Math.min(possible, Math.ceil(1.1 * wanted) + 1000)
  return {
    most,
    each(use) {
      const random = seededRandom(seed)
      const row = new Float64Array(names.length)
      let rows = 0
      for (let index = 0; index < series.length; index++) {
        const write = ofSeries(index)
        for (let origin = firstKnown[index] + LEAST_HISTORY - 1; origin < periods - 1; origin++) {
          const last = Math.min(origin + horizon, periods - 1)
          for (let target = origin + 1; target <= last; target++) {
            if (share < 1 && random() >= share) continue
            const sold = units[index * periods + target]
            if (Number.isNaN(sold) || rows === most) continue
            const baseline = write(row, origin, target)
            if (!(baseline > 0)) continue
            use(row, baseline, sold)
            rows++
          }
        }
      }
    },
  }
}

/** Periods of its own that a series has to have before it is learnt from. */
const LEAST_HISTORY = 4
