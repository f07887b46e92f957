import { expect, it } from 'vitest'
import { type Day, dayFromIso } from '../../../src/base/day.ts'
import { salesAge } from '../../../src/ordering/sales-age.ts'
import { totalsOf } from '../demand/totals.ts'

const MONDAY = dayFromIso('2026-03-02')!

const everyDay = days(200, () => true)
const closedOnSundays = days(200, (day) => (day - MONDAY) % 7 !== 6)

it.each([
  ['a shop that never closes', everyDay, 1],
  ['a shop that closes on Sundays', closedOnSundays, 2],
  ['weekly totals', days(200, (day) => (day - MONDAY) % 7 === 0), 7],
  ['monthly totals', monthly(), 31],
  ['a single day of sales', [MONDAY], 1],
  ['a shop that was closed for a month, half a year ago', [MONDAY - 30, ...everyDay], 1],
])('new sales are due by the rhythm of %s', (_, saleDays, rhythm) => {
  const totals = totalsOf(saleDays.map((day) => ({ product: 'a', day, sold: 1 })))
  const last = saleDays.at(-1)!
  expect(salesAge(totals, last, last + 3)).toMatchObject({ days: 3, rhythm })
})

it('knows nothing of what came after the day that is looked at, and no age below none', () => {
  const later = [...everyDay, MONDAY + 300].map((day) => ({ product: 'a', day, sold: 1 }))
  const through = MONDAY + 100
  expect(salesAge(totalsOf(later), through, through)).toEqual({
    through: '2026-06-10',
    days: 0,
    rhythm: 1,
  })
  expect(salesAge(totalsOf(later), through, through - 1).days).toBe(0)
})

function days(count: number, isOpen: (day: Day) => boolean): Day[] {
  return Array.from({ length: count }, (_, i) => MONDAY + i).filter(isOpen)
}

function monthly(): Day[] {
  return Array.from(
    { length: 24 },
    (_, i) =>
      dayFromIso(`${2024 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}-01`)!,
  )
}
