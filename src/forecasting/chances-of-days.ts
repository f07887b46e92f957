import type { BacktestErrors } from './backtest-errors.ts'
import type { Sized } from './backtest-scores.ts'
import { classOf } from './calibration.ts'
import { MOST_TIMES } from './plausible.ts'

/**
 * By class, which share of a period's variance at the horizon 1 is chance on each of its days. Errors of
 * days that are the shares s of a period are s · L + ε: the squares of them add up to Σ s² · var L +
 * Σ var ε, and the square of their sum to var L + Σ var ε. Variance components by moments (Searle,
 * Casella & McCulloch 1992, "Variance Components", chapter 3), where the chance is the same however
 * far ahead, and for series that are `wider` than others.
 */
export function chancesOfDays(
  { mean, sizes, wider, growth, limits, firstRow }: Omit<Sized, 'chances'>,
  errors: BacktestErrors[],
  shock: number,
): number[] {
  const horizon = growth.length
  const chance = new Float64Array(limits.length + 1)
  const all = new Float64Array(limits.length + 1)
  errors.forEach(({ days: of, spread }, origin) => {
    of?.rows.forEach((row, index) => {
      const [first, end] = [index * of.period.length, (index + 1) * of.period.length]
      for (let day = first; day < end; ) {
        const h = of.period[day - first]
        const cell = (firstRow[origin] + row) * horizon + h
        let [sum, squares, shares] = [0, 0, 0]
        for (; day < end && of.period[day - first] === h; day++) {
          const expected = of.share[day] * mean[cell]
          const most = Math.max(expected, of.share[day] * MOST_TIMES * spread[row].most)
          const error = Math.min(of.actual[day], most) / (1 + shock) - expected
          sum += error
          squares += error ** 2
          shares += of.share[day] ** 2
        }
        if (Number.isNaN(sum) || shares >= 1) continue
        const ofClass = classOf(limits, mean[cell])
        const ofDays = (squares - shares * sum ** 2) / (1 - shares)
        chance[ofClass] += ofDays / (growth[0] * sizes[cell]) ** 2
        all[ofClass] += (sum / (growth[h] * sizes[cell] * wider[cell])) ** 2
      }
    })
  })
  return Array.from(chance, (sum, k) => (all[k] > 0 ? Math.min(1, Math.max(0, sum / all[k])) : 1))
}
