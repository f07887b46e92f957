import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checker } from '../../../../src/base/schema.ts'
import { buildPanel } from '../../../../src/demand/panel.ts'
import { reportingFrequency } from '../../../../src/demand/reporting-frequency.ts'
import {
  SupplySince,
  supplyIn,
  supplySince,
} from '../../../../src/monitoring/context/supply-since.ts'
import type { DailyTotals } from '../../../../src/sales/totals/daily-totals.ts'
import { type Entry, someEntries, totalsOf } from '../../demand/totals.ts'

const START = 20_000
const purchases = { purchaseDate: true, expiryDate: true, cost: true }

describe('whoever fills the shelves is told since the promotion', () => {
  it('for how long how many products were missing, and what that has cost in sales', () => {
    // Ten a day; bread is out on five days of the last twenty, milk never.
    const entries = [...daily('bread', (day) => day < 50 || day >= 55), ...daily('milk')]
    const { stockOuts } = known(totalsOf(entries, { stock: true }), 40)
    expect(stockOuts).toMatchObject({ outcome: 'known', series: 1, of: 2 })
    if (stockOuts.outcome === 'cannot tell') throw new Error('it can')
    // The day before has sold its last unit.
    expect(stockOuts.time).toBeGreaterThanOrEqual(5 / 40)
    expect(stockOuts.time).toBeLessThan(5.5 / 40)
    expect(stockOuts.lost.units).toBeCloseTo(50, -1)
    expect(stockOuts.lost.share).toBeCloseTo(50 / 400, 1)
  })

  it('of nothing that happened before the promotion', () => {
    const entries = daily('bread', (day) => day < 20 || day >= 25)
    expect(known(totalsOf(entries, { stock: true }), 40).stockOuts).toEqual({
      outcome: 'known',
      time: 0,
      series: 0,
      of: 1,
      lost: { units: 0, share: 0 },
    })
  })

  it('what was thrown away, in units and in money', () => {
    const entries: Entry[] = [
      ...daily('bread').map((entry) => ({ ...entry, bought: 12, cost: 2 })),
      { product: 'cake', day: START + 45, bought: 5, sold: 1 },
      { product: 'cake', day: START + 46, expired: 4 },
    ]
    entries.push({ product: 'bread', day: START + 60, expired: 7 })
    const late = entries.map((entry) =>
      entry.product === 'bread' && entry.day === START + 44 ? { ...entry, expired: 10 } : entry,
    )
    expect(known(totalsOf(late, purchases), 40).waste).toEqual({
      outcome: 'known',
      units: 14,
      share: 14 / (14 + 200 + 1),
      cost: { money: 20, units: 10 },
    })
  })

  it('that it cannot be told, where the files know no stock, no purchase, no period', () => {
    const totals = totalsOf(daily('bread'))
    expect(known(totals, 40)).toMatchObject({
      stockOuts: { outcome: 'cannot tell' },
      waste: { outcome: 'cannot tell' },
    })
    expect(since(totals, 60)).toEqual({ outcome: 'cannot tell', reason: 'no period is over yet' })
  })
})

it('writes a record that the ledger takes, whatever sold', () => {
  const check = checker(SupplySince)
  fc.assert(
    fc.property(someEntries, fc.integer({ min: -10, max: 130 }), (entries, day) => {
      const totals = totalsOf(entries, { ...purchases, stock: day % 2 === 0 })
      const supply = since(totals, day)
      expect(check(JSON.parse(JSON.stringify(supply)), 'health.json')).toEqual(supply)
    }),
    { numRuns: 100 },
  )
})

function known(totals: DailyTotals, day: number) {
  const supply = since(totals, day)
  if (supply.outcome === 'cannot tell') throw new Error('nothing is over')
  return supply
}

function since(totals: DailyTotals, day: number): SupplySince {
  const panel = buildPanel(totals, { frequency: reportingFrequency(totals) })
  return supplySince(totals, panel, START + day, [supplyIn(totals, panel, START + day)])
}

/** Ten customers' units on each of sixty days, one on the first, none on those without stock. */
function daily(product: string, hasStock: (day: number) => boolean = () => true): Entry[] {
  return Array.from({ length: 60 }, (_, day) => {
    const inStock = hasStock(day)
    return {
      product,
      day: START + day,
      sold: !inStock ? 0 : day === 0 ? 1 : 10,
      stock: inStock && hasStock(day + 1) ? 50 : 0,
    }
  })
}
