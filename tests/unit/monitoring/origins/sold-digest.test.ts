import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { soldDigests } from '../../../../src/monitoring/origins/sold-digest.ts'
import { type Entry, someEntries, totalsOf } from '../../demand/totals.ts'

const SPANS = [
  { from: 20_000, to: 20_029 },
  { from: 20_030, to: 20_089 },
]

it('tells a block whose sales have changed from one whose neighbours have, whatever sold', () => {
  fc.assert(
    fc.property(someEntries, fc.nat(), (entries, pick) => {
      const sales = entries.filter((entry) => (entry.sold ?? 0) > 0 && Number(entry.day) < 20_090)
      fc.pre(sales.length > 0)
      const changed = sales[pick % sales.length]
      const [before, after] = [entries, entries.map((entry) => corrected(entry, changed))].map(
        (all) => soldDigests(totalsOf(all), SPANS),
      )
      const inFirst = Number(changed.day) < 20_030
      expect(before[0] === after[0]).toBe(!inFirst)
      expect(before[1] === after[1]).toBe(inFirst)
    }),
  )
})

it('tells nothing of a series that comes later, or of stock and purchases', () => {
  const entries: Entry[] = [{ product: 'b', day: 20_001, sold: 2, bought: 3, stock: 4 }]
  const more: Entry[] = [
    { product: 'b', day: 20_001, sold: 2, bought: 5 },
    { product: 'a', day: 20_100, sold: 1 },
  ]
  expect(soldDigests(totalsOf(more), SPANS)).toEqual(soldDigests(totalsOf(entries), SPANS))
})

function corrected(entry: Entry, changed: Entry): Entry {
  return entry === changed ? { ...entry, sold: (entry.sold ?? 0) + 1 } : entry
}
