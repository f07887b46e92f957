import { expect, test } from 'vitest'
import { type Day, dayFromCivil } from '../../../src/base/day.ts'
import { runningTotals } from '../../../src/forecasting/features/running-totals.ts'
import { specialDays } from '../../../src/forecasting/features/special-days.ts'

const FIRST = dayFromCivil(2022, 1, 1)!
const DAYS = 3 * 365
const dayOf = (year: number, month: number, day: number) => dayFromCivil(year, month, day)! - FIRST

/** Shares of more than usual: of the holiday, of the day of the month, of the days to its end. */
function sharesOf(
  sold: (period: number) => number,
  origin: number,
  target: number,
  firstDay: Day = FIRST,
): number[] {
  const chain = runningTotals(Float64Array.from({ length: DAYS }, (_, period) => sold(period)))
  const special = specialDays(chain, () => 1, firstDay, 'FR')
  const row = new Float64Array(special.names.length)
  special.write(row, 0, origin, target)
  return [...row]
}

test('a movable holiday is known by its name, and the day before it by itself', () => {
  const easterMondays = [dayOf(2022, 4, 18), dayOf(2023, 4, 10)]
  const sold = (period: number) =>
    easterMondays.includes(period) ? 200 : easterMondays.includes(period + 1) ? 150 : 100
  const origin = dayOf(2024, 3, 25)
  const monday = sharesOf(sold, origin, dayOf(2024, 4, 1))[0]
  const before = sharesOf(sold, origin, dayOf(2024, 3, 31))[0]
  expect(monday).toBeGreaterThan(0.6)
  expect(monday).toBeLessThan(1.01)
  expect(before).toBeGreaterThan(0.25)
  expect(before).toBeLessThan(0.6)
})

test('paydays at the end of the month are found, however long the month is', () => {
  const isLast = (period: number) => new Date((FIRST + period + 1) * 86_400_000).getUTCDate() === 1
  const sold = (period: number) => (isLast(period) ? 200 : 100)
  const origin = dayOf(2024, 2, 20)
  const [, , onLast] = sharesOf(sold, origin, dayOf(2024, 2, 29))
  const [, , onOther] = sharesOf(sold, origin, dayOf(2024, 2, 25))
  expect(onLast).toBeGreaterThan(0.7)
  expect(Math.abs(onOther)).toBeLessThan(0.1)
})

test('nothing that was sold after the origin changes what is expected', () => {
  const origin = dayOf(2023, 12, 20)
  const sold = (period: number) => 80 + ((period * 37) % 41)
  const others = (period: number) => (period > origin ? 5 * sold(period) : sold(period))
  for (let target = origin + 1; target < origin + 40; target++) {
    expect(sharesOf(others, origin, target)).toEqual(sharesOf(sold, origin, target))
  }
})

test('of a holiday that was never seen nothing is expected', () => {
  expect(sharesOf(() => 100, dayOf(2022, 3, 1), dayOf(2022, 4, 18))[0]).toBe(0)
})
