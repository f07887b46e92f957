import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { uncensoredUnits } from '../../../src/demand/demand-estimate.ts'
import { buildPanel } from '../../../src/demand/panel.ts'
import { sellOuts, servedShare } from '../../../src/demand/sell-outs.ts'
import { knownOn } from '../../../src/sales/totals/known-totals.ts'
import { type Entry, totalsOf } from './totals.ts'

const MONDAY = 20_003

describe('the share of a day that came before its last unit was sold', () => {
  it('is what it is when customers are drawn at random', () => {
    for (const [expected, sold] of [
      [4, 2],
      [4, 4],
      [1.5, 3],
    ]) {
      expect(servedShare(expected, sold)).toBeCloseTo(drawnShare(expected, sold), 2)
    }
  })

  it('is smaller the more were expected and the fewer were there, and never above 1', () => {
    const number = fc.double({ min: 0.05, max: 3000, noNaN: true })
    const units = fc.integer({ min: 1, max: 3000 })
    fc.assert(
      fc.property(number, number, units, units, (a, b, s, t) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)]
        const [less, more] = [Math.min(s, t), Math.max(s, t)]
        const share = servedShare(few, more)
        expect(share).toBeGreaterThan(0)
        expect(share).toBeLessThanOrEqual(1)
        expect(servedShare(many, more)).toBeLessThanOrEqual(share + 1e-9)
        expect(servedShare(few, less)).toBeLessThanOrEqual(share + 1e-9)
      }),
    )
  })
})

describe('a day that sold out', () => {
  it('counts in part, so that its week shows what could have been sold', () => {
    const panel = weeks((day) => (day === 59 ? { bought: 2, sold: 6 } : {}))
    const share = panel.stockedShare[8]
    expect(share).toBeGreaterThan(0.9)
    expect(share).toBeLessThan(1)
    expect(uncensoredUnits(panel)[8]).toBeCloseTo(30 / share, 9)
    expect([...panel.stockedShare].filter((other) => other < 1)).toEqual([share])
  })

  it('is none where nothing was carried into it: units without a purchase count as bought then', () => {
    const entries = steady(140).map((it) => ({ ...it, bought: it.sold ?? 0 }))
    const panel = buildPanel(totalsOf(entries, { purchaseDate: true }), { frequency: 'week' })
    expect(Math.min(...panel.stockedShare)).toBe(1)
  })

  it('is none where what was left had expired unsold: it could be bought all day', () => {
    const panel = weeks((day) => (day === 59 ? { sold: 4, expired: 4 } : {}))
    expect(Math.min(...panel.stockedShare)).toBe(1)
  })

  it('is told from the stock stated at its end as well', () => {
    const stated = steady(140).map((it, day) => ({ ...it, stock: day === 59 ? 0 : 9 }))
    const panel = buildPanel(totalsOf(stated, { stock: true }), { frequency: 'week' })
    expect(panel.stockedShare[8]).toBeLessThan(1)
    expect(panel.stockedShare[7]).toBe(1)
  })

  it('is not looked at by a recipe that takes sales for demand', () => {
    const entries = steady(140).map((it, day) => ({ ...it, stock: day === 59 ? 0 : 9 }))
    const totals = totalsOf(entries, { stock: true })
    const panel = buildPanel(totals, { frequency: 'week', ignoreStock: true })
    expect(Math.min(...panel.stockedShare)).toBe(1)
  })
})

describe('the share that a sold-out day lost', () => {
  const shares = [0.1, 0.1, 0.1, 0.1, 0.2, 0.25, 0.15]
  const context = {
    offeredFrom: Float64Array.of(Number.POSITIVE_INFINITY, MONDAY + 10),
    outs: [[], [{ from: MONDAY + 40, to: MONDAY + 45 }]],
    unit: 1,
    weekdayShares: Float64Array.from([...shares.toReversed(), ...shares]),
    firstDay: MONDAY,
    lastDay: MONDAY + 99,
  }
  const empty = [30, 50, 70, 95]
  const units = (day: number) => 2 + (day % 5)
  const days = [...Array(110).keys()].map((day) => day - 5)
  const found = () => {
    const entries: Entry[] = days.map((day) => {
      const stock = [-2, ...empty, 103].includes(day) ? 0 : 9
      return { product: 'b', day: MONDAY + day, sold: units(day), stock }
    })
    const other = days.map((day): Entry => ({ product: 'a', day: MONDAY + day, sold: 1, stock: 9 }))
    const totals = totalsOf([...other, ...entries], { stock: true })
    return sellOuts(knownOn(totals), context)
  }

  it('is told from the sales and the stocked days of four weeks before and after', () => {
    const weight = (day: number) =>
      day < 10 || (day >= 40 && day <= 45) ? 0 : shares[((day % 7) + 7) % 7]
    let lost = empty.map(() => 0)
    for (let round = 0; round < 3; round++) {
      lost = empty.map((day) => {
        const near = days.filter((it) => it >= 0 && it <= 99 && Math.abs(it - day) <= 28)
        const sold = near.reduce((sum, it) => sum + units(it), 0)
        const exposure = near.reduce((sum, it) => {
          const at = empty.indexOf(it)
          return sum + weight(it) * (at < 0 ? 1 : 1 - lost[at])
        }, 0)
        return 1 - servedShare((sold / exposure) * weight(day), units(day))
      })
    }
    const [ofOther, soldOut] = found()
    expect(ofOther).toEqual([])
    expect(soldOut.map(({ day }) => day - MONDAY)).toEqual(empty)
    soldOut.forEach(({ lostShare }, i) => {
      expect(lostShare).toBeCloseTo(lost[i], 9)
      expect(lostShare).toBeGreaterThan(0)
    })
  })
})

/** Four units sold and bought every day from a Monday on, with four more on the shelf. */
function weeks(changes: (day: number) => Partial<Entry>) {
  const entries = steady(140).map((it, day) => ({
    ...it,
    bought: day === 0 ? 8 : 4,
    ...changes(day),
  }))
  return buildPanel(totalsOf(entries, { purchaseDate: true }), { frequency: 'week' })
}

function steady(days: number): Entry[] {
  return Array.from({ length: days }, (_, day) => ({ product: 'a', day: MONDAY + day, sold: 4 }))
}

/** Mean time of the last of `sold` customers among days on which so many came. */
function drawnShare(expected: number, sold: number): number {
  const random = seededRandom(1)
  let sum = 0
  let count = 0
  for (let day = 0; day < 200_000; day++) {
    let time = 0
    for (let customer = 0; customer < sold; customer++) time -= Math.log(1 - random()) / expected
    if (time >= 1) continue
    sum += time
    count++
  }
  return sum / count
}
