import { uncensoredUnits } from '../demand/demand-estimate.ts'
import type { Panel } from '../demand/panel.ts'
import { lengths } from './features/demand-level.ts'
import { DEPTH, DEPTH_AFTER, isAboutBefore, type SeriesPlan } from './features/plan-columns.ts'
import { knownIn, meanOver, runningTotals } from './features/running-totals.ts'

/** Periods that were out of the ordinary, one element each: `ratio` is demand over what is usual. */
export type PlannedPeriods = {
  series: number[]
  ratio: number[]
  /** What is usual, in units. */
  usual: number[]
  /** What was planned, as `PlanColumns` writes it: one row after the other. */
  columns: number[]
}

/**
 * The periods of a panel in which something was planned, of which it is known what sold and what is
 * usual around them: the level of the series then times how all series did in usual periods of theirs.
 *
 * @param plans of each series, in rows of `width` columns
 */
export function plannedPeriods(
  panel: Panel,
  plans: (SeriesPlan | undefined)[],
  width: number,
): PlannedPeriods {
  const { series, periods, frequency } = panel
  const units = uncensoredUnits(panel)
  const written = new Float64Array(periods * width)
  const row = new Float64Array(width)
  const found: PlannedPeriods = { series: [], ratio: [], usual: [], columns: [] }
  const sold = new Float64Array(periods)
  const expected = new Float64Array(periods)
  const candidates: { index: number; period: number; level: number; columns: Float64Array }[] = []
  series.forEach((_, index) => {
    const plan = plans[index]
    const own = units.slice(index * periods, (index + 1) * periods)
    const unpromoted = own.slice()
    const planned: number[] = []
    for (let period = 0; plan && period < periods; period++) {
      const open = plan.write(row, period, period)
      written.set(row, period * width)
      if (open === 1 && isUsual(row)) continue
      if (open >= LEAST_OPEN) planned.push(period)
      own[period] = Number.NaN
      if (open < 1 || !isOnlyAfter(row)) unpromoted[period] = Number.NaN
    }
    // Where one promotion follows another, what sells between them is what is usual.
    const levelAt = levelsAround([own, unpromoted], lengths[frequency])
    for (let period = 0; period < periods; period++) {
      if (Number.isNaN(own[period])) continue
      const level = levelAt(period)
      if (!(level > 0)) continue
      sold[period] += own[period] / level
      expected[period]++
    }
    for (const period of planned) {
      const level = levelAt(period)
      if (!(level > 0) || Number.isNaN(units[index * periods + period])) continue
      const columns = written.slice(period * width, (period + 1) * width)
      candidates.push({ index, period, level, columns })
    }
  })
  for (const { index, period, level, columns } of candidates) {
    const usual = level * ((sold[period] + FEWEST_USUAL) / (expected[period] + FEWEST_USUAL))
    found.series.push(index)
    found.ratio.push(Math.min(MOST_RATIO, units[index * periods + period] / usual))
    found.usual.push(usual)
    for (const value of columns) found.columns.push(value)
  }
  return found
}

/** Units per period around one, by the first of some histories that tells it; NaN where none does. */
function levelsAround(
  histories: Float64Array[],
  { short, long }: { short: number; long: number },
): (period: number) => number {
  const told = histories.map((units) => runningTotals(units))
  return (period) => {
    for (const totals of told) {
      for (const span of [short, long]) {
        const [from, to] = [period - span, period + span + 1]
        if (knownIn(totals, from, to) >= FEWEST_USUAL) return meanOver(totals, from, to)
      }
    }
    return Number.NaN
  }
}

/** A period in which the series was sold for less tells nothing of what a promotion does. */
const LEAST_OPEN = 0.99
/** From so many usual periods on it is known what is usual. */
const FEWEST_USUAL = 4
/** A price that differs by less from the usual one is usual. */
const LEAST_DEPTH = 0.03
/** One delivery to a wedding must not move what is learnt: higher ratios count as this. */
const MOST_RATIO = 10

function isOnlyAfter(row: Float64Array): boolean {
  return isUsual(row.map((value, column) => (isAboutBefore(column) ? 0 : value)))
}

function isUsual(row: Float64Array): boolean {
  return row.every((value, column) => {
    const isDepth = column === DEPTH || column === DEPTH_AFTER
    return isDepth ? Math.abs(value) < LEAST_DEPTH : value === 0
  })
}
