import type { BacktestErrors, Measured } from './backtest-errors.ts'
import { classOf } from './calibration.ts'
import { addPeriod, centreOf, excessOf, noPeriods, sizeOf } from './period-sums.ts'
import { MOST_TIMES } from './plausible.ts'
import { Scores } from './score-tables.ts'

/**
 * Errors with that which was expected of each cell at the horizon 1, were its level as well known as
 * that of others, and by how much it is `wider`; `growth`, `limits` and the `chances` of the classes, if
 * any days are known, are those of `Calibration`.
 */
export type Sized = Measured & {
  sizes: Float64Array
  wider: Float64Array
  growth: number[]
  limits: number[]
  chances: number[]
}

/** For lengths 1, 2, … `longest`: the scores of the totals of all windows of so many periods. */
export function totalScores(sized: Sized, longest: number) {
  const { error, mean, gap, sizes, wider, growth, limits, firstRow } = sized
  const horizon = growth.length
  const all = Array.from({ length: longest }, (_, index) => {
    return { length: index + 1, scores: new Scores(limits.length + 1, firstRow.length) }
  })
  let origin = -1
  for (let row = 0; row < error.length / horizon; row++) {
    while (row >= firstRow[origin + 1]) origin++
    for (let start = 0; start < horizon; start++) {
      const sum = noPeriods()
      let made = 0
      for (let h = start; h < horizon && h - start < longest; h++) {
        const cell = row * horizon + h
        made += error[cell]
        if (Number.isNaN(made)) break
        const size = growth[h] * sizes[cell]
        addPeriod(sum, mean[cell], gap[cell], sizeOfDays(sized, cell), size, 1)
        const { length, scores } = all[h - start]
        // Of one period the size itself: its scores are the same whether days are known or not.
        const usual = length === 1 ? size : sizeOf(sum)
        const ofTotal = together(usual, excessOf(sum, wider[cell]))
        const index = classOf(limits, sum.total / length)
        const score = (made + sum.total - centreOf(sum)) / ofTotal
        scores.add(score, sum.total / ofTotal, index, origin)
      }
    }
  }
  return all
}

/** For 1, 2, 4, … days: the scores of the totals of as long a part of a period, or nearly. */
export function partScores(sized: Sized, errors: BacktestErrors[], shock: number) {
  const { sizes, wider, growth, limits, firstRow, mean, gap } = sized
  const horizon = growth.length
  const all: { length: number; scores: Scores }[] = []
  const days = errors.find((it) => it.days)?.days?.period.length ?? 0
  const daysOfPeriod = days / horizon
  for (let length = 1; length < daysOfPeriod; length *= 2) {
    const scores = new Scores(limits.length + 1, firstRow.length)
    all.push({ length: length / daysOfPeriod, scores })
  }
  const windows = errors.reduce((count, it) => count + (it.days?.actual.length ?? 0), 0)
  const step = EVERY.find((every) => windows / every <= MOST_WINDOWS) ?? EVERY[EVERY.length - 1]
  errors.forEach(({ days: of, spread }, origin) => {
    of?.rows.forEach((row, index) => {
      const first = index * of.period.length
      const cells = (firstRow[origin] + row) * horizon
      for (let start = 0; start < of.period.length; start += step) {
        const sum = noPeriods()
        let actual = 0
        for (let d = start; d < of.period.length; d++) {
          const cell = cells + of.period[d]
          const size = growth[of.period[d]] * sizes[cell]
          addPeriod(sum, mean[cell], gap[cell], sizeOfDays(sized, cell), size, of.share[first + d])
          actual += of.actual[first + d]
          const count = d - start + 1
          const { total, length } = sum
          if (Number.isNaN(actual) || length >= 1 || count >= daysOfPeriod) break
          const isDoubled = (count & (count - 1)) === 0
          // As near to one of the lengths as its share of the demand is, not its days.
          const nearest = Math.max(0, Math.round(Math.log2(length * daysOfPeriod)))
          if (!isDoubled || length === 0 || nearest >= all.length) continue
          const reached = Math.min(actual, Math.max(total, length * MOST_TIMES * spread[row].most))
          const ofSpan = together(sizeOf(sum), excessOf(sum, wider[cells]))
          const score = (reached / (1 + shock) - centreOf(sum)) / ofSpan
          all[nearest].scores.add(score, total / ofSpan, classOf(limits, total / length), origin)
        }
      }
    })
  })
  return all
}

/** Every so many-th day begins a window: by steps that meet every weekday. */
const EVERY = [1, 3, 5, 11, 23]
const MOST_WINDOWS = 20_000

/** Of independent errors; most series are no wider than others. */
function together(usual: number, excess: number): number {
  return excess === 0 ? usual : Math.hypot(usual, excess)
}

/** As much of the error to be expected of a cell as is chance on each day, in units. */
function sizeOfDays({ mean, sizes, growth, limits, chances }: Sized, cell: number): number {
  return growth[0] * sizes[cell] * Math.sqrt(chances[classOf(limits, mean[cell])] ?? 1)
}
