import { describe, expect, it } from 'vitest'
import { type Day, weekday } from '../../../../src/base/day.ts'
import type { Frequency } from '../../../../src/demand/calendar.ts'
import { buildPanel } from '../../../../src/demand/panel.ts'
import { demandOfSeries } from '../../../../src/monitoring/value-added/demand-of-series.ts'
import { dayOf, totalsOf } from '../../demand/totals.ts'

const FIRST = dayOf('2024-01-01')
const DAYS = 7 * 70
const END = FIRST + DAYS - 1
/** A Monday. */
const DAY = FIRST + 7 * 60

describe('what could have been sold', () => {
  it('is what sold, and on days without stock what the other days of the order sold by weekday', () => {
    // A week of a promotion: twice what is usual, until the shelf is empty on its Sunday.
    const { on } = demand((day) => {
      if (day < DAY || day > DAY + 6) return usual(day)
      return day === DAY + 6 ? 0 : 2 * usual(day)
    })
    const found = on(0, DAY, DAY + 6)
    if (found.outcome !== 'known') throw new Error(found.outcome)
    expect([...found.units.subarray(0, 6)]).toEqual([8, 8, 8, 8, 8, 20])
    expect(found.units[6]).toBeGreaterThan(19)
    expect(found.units[6]).toBeLessThan(21)
  })

  it('is never less than what sold, on the day that the shelf was emptied after a slow week', () => {
    const isSlow = (day: Day) => day >= DAY && day <= DAY + 6
    const { on } = demand(
      (day) => (isSlow(day) ? (day === DAY + 5 ? 3 : 0) : usual(day)),
      'week',
      (day) => (day === DAY - 1 ? usual(day) + 3 : isSlow(day) ? 0 : usual(day)),
    )
    const found = on(0, DAY, DAY + 7)
    if (found.outcome !== 'known') throw new Error(found.outcome)
    expect([...found.units.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 3])
  })

  it('is not known where less than half of it can be seen, nor before the days are over', () => {
    const { on } = demand((day) => (day >= DAY + 2 && day < DAY + 7 ? 0 : usual(day)))
    expect(on(0, DAY, DAY + 6)).toEqual({ outcome: 'censored' })
    expect(on(0, END - 3, END + 1)).toEqual({ outcome: 'not over' })
  })

  it('goes on at a pace after the last day that is known', () => {
    const { goingOn } = demand(usual)
    expect([...goingOn(0, END - 1, 4, 5)]).toEqual([usual(END - 1), usual(END), 5, 5])
    expect([...goingOn(0, END + 3, 2, 5)]).toEqual([5, 5])
  })
})

describe('seasonal naive', () => {
  const growing = (day: Day) => day - FIRST + 1

  it.each<[Frequency, number]>([
    ['week', 364],
    ['month', 364],
    ['day', 7],
  ])(
    'of %ss repeats what sold %i days before, and nothing that was not known',
    (frequency, back) => {
      const { naive } = demand(growing, frequency)
      const sold = (from: number, to: number) => {
        let units = 0
        for (let day = from; day <= to; day++) units += growing(day - back)
        return units
      }
      expect(naive(0, DAY, DAY + 6, DAY - 1)).toBe(sold(DAY, DAY + 6))
      expect(naive(0, DAY + 5, DAY + 6, DAY - 1)).toBe(
        back === 7 ? growing(DAY - 2) + growing(DAY - 1) : sold(DAY + 5, DAY + 6),
      )
    },
  )

  it('repeats the last days of a history that is shorter, and says nothing without any', () => {
    const { naive } = demand(growing)
    const early = FIRST + 21
    expect(naive(0, early, early, early - 1)).toBe(growing(early - 7))
    expect(naive(0, FIRST + 3, FIRST + 5, FIRST + 2)).toBeUndefined()
  })
})

/** Twice as much and a half on weekends. */
function usual(day: Day): number {
  return weekday(day) > 4 ? 10 : 4
}

function demand(
  sells: (day: Day) => number,
  frequency: Frequency = 'week',
  buys: (day: Day) => number = sells,
) {
  const entries = Array.from({ length: DAYS }, (_, i) => {
    const units = sells(FIRST + i)
    const bought = buys(FIRST + i)
    return { product: 'a', day: FIRST + i, ...(units > 0 && { sold: units }), bought }
  })
  const panel = buildPanel(totalsOf(entries, { purchaseDate: true }), { frequency: 'day' })
  return demandOfSeries(panel, { frequency, lastSeen: () => END, isToCome: () => false })
}
