import { weekday } from '../base/day.ts'
import { uncensoredUnits } from '../demand/demand-estimate.ts'
import type { Panel } from '../demand/panel.ts'

/**
 * n, at least 1: by how much more than by chance the latest periods of each series lie apart from
 * those before them, as after a shift of its level; 1 where that may be chance. The mean of the last
 * 1, 2, 4 or 8 periods known is compared with that of up to 26 before these, in standard errors (a
 * moving two-sample z test, as in MOSUM charts: Chu, Stinchcombe & White 1996, "Monitoring Structural
 * Change", which takes the deviation from the earlier periods alone). Days are taken relative to how
 * much their weekday usually sells.
 */
export function surprises(panel: Panel): Float64Array {
  const { periods, series, weekdayShares, frequency, firstPeriod } = panel
  const units = uncensoredUnits(panel)
  const latest = new Float64Array(MOST_RECENT + BEFORE)
  return Float64Array.from(series, (_, index) => {
    let known = 0
    for (let t = periods - 1; t >= 0 && known < latest.length; t--) {
      const share =
        frequency === 'day' ? 7 * weekdayShares[index * 7 + weekday(firstPeriod + t)] : 1
      const value = units[index * periods + t] / share
      if (Number.isFinite(value) && share > LEAST_SHARE) latest[known++] = value
    }
    let most = 1
    for (let recent = 1; recent <= MOST_RECENT && recent + FEWEST_BEFORE <= known; recent *= 2) {
      most = Math.max(most, apart(latest, recent, Math.min(known, recent + BEFORE)) / BY_CHANCE)
    }
    return most
  })
}

const MOST_RECENT = 8
const BEFORE = 26
const FEWEST_BEFORE = 8
/** Of an average day: where less is sold, one unit is much. */
const LEAST_SHARE = 0.2
/** Standard errors that are seen now and then where nothing has moved. */
const BY_CHANCE = 3

/** How far the mean of the first `recent` values is from that of the others, in standard errors. */
function apart(values: Float64Array, recent: number, known: number): number {
  const before = known - recent
  let sum = 0
  for (let k = recent; k < known; k++) sum += values[k]
  const level = sum / before
  let squares = 0
  for (let k = recent; k < known; k++) squares += (values[k] - level) ** 2
  if (squares === 0) return 0
  let lately = 0
  for (let k = 0; k < recent; k++) lately += values[k] / recent
  const variance = (squares / (before - 1)) * (1 / recent + 1 / before)
  return Math.abs(lately - level) / Math.sqrt(variance)
}
