import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { uncensoredUnits } from '../../../src/demand/demand-estimate.ts'
import { buildPanel } from '../../../src/demand/panel.ts'
import { servedShare } from '../../../src/demand/sell-outs.ts'
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
