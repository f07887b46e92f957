import { expect, test } from 'vitest'
import { overlaps } from '../../../src/sales/checks/overlaps.ts'
import { salesOfFile } from '../../../src/sales/checks/sales-sums.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { dayOf, type Entry, totalsOf } from '../demand/totals.ts'

const START = dayOf('2026-01-01')

/** Sales of a product on consecutive days, from the n-th of January on. */
function sold(units: number[], from = 1, product = 'milk'): Entry[] {
  return units.map((sold, index) => ({ product, day: START + from - 1 + index, sold }))
}

function found(one: Entry[], other: Entry[], until = START + 99): string[] {
  const files = [one, other].map((entries, index) => ({
    name: `${index + 1}.csv`,
    totals: totalsOf(entries),
  }))
  return overlapsOf(files, until)
}

/** Of files whose series are one slice. */
function overlapsOf(files: { name: string; totals: DailyTotals }[], until: number): string[] {
  return overlaps(
    files.map(({ name, totals }) => ({ name, sold: salesOfFile(totals, until) })),
    [files.map(({ totals }) => totals)],
  )
}

const five = sold([7, 31, 5, 12, 9])

test.each<[string, Entry[], Entry[], string[]]>([
  [
    'all of it',
    five,
    five,
    ['2.csv and 1.csv: 2026-01-01 to 2026-01-05, 5 of 5 sales are in both'],
  ],
  [
    'a part of the other one',
    sold([31, 5, 12], 2),
    five,
    ['2.csv and 1.csv: 2026-01-02 to 2026-01-04, 3 of 3 sales are in both'],
  ],
  [
    'the days before and after',
    sold([1, 2, 7, 31], -1),
    sold([7, 31, 5]),
    ['2.csv and 1.csv: 2026-01-01 to 2026-01-02, 2 of 2 sales are in both'],
  ],
  [
    'four of five sales, one was corrected',
    five,
    sold([7, 31, 5, 12, 8]),
    ['2.csv and 1.csv: 2026-01-01 to 2026-01-04, 4 of 5 sales are in both'],
  ],
  ['three of four', sold([7, 31, 5, 12]), sold([7, 31, 5, 8]), []],
  ['other days', five, sold([7, 31, 5, 12, 9], 6), []],
  ['one day that is the same by chance', sold([254]), sold([254]), []],
  [
    'one day that is hardly the same by chance',
    sold([255]),
    sold([255]),
    ['2.csv and 1.csv: 2026-01-01, 1 of 1 sales are in both'],
  ],
  ['another product', five, sold([7, 31, 5, 12, 9], 1, 'bread'), []],
  [
    'the smaller file is said to repeat',
    [...five, ...sold([2, 3, 4, 5, 6], 1, 'bread')],
    five,
    ['2.csv and 1.csv: 2026-01-01 to 2026-01-05, 5 of 5 sales are in both'],
  ],
  [
    'the smaller file is said to repeat, whichever it is',
    five,
    [...five, ...sold([2, 3, 4, 5, 6], 1, 'bread')],
    ['1.csv and 2.csv: 2026-01-01 to 2026-01-05, 5 of 5 sales are in both'],
  ],
])('a file that repeats another is refused: %s', (_, one, other, said) => {
  expect(found(one, other)).toEqual(said)
})

test('what was brought back has to be the same too, and says as much as what was sold', () => {
  const back = (units: number, day: number): Entry => {
    return { product: 'milk', day: START + day, returned: units }
  }
  const one = [back(15, 0), back(15, 1)]
  expect(found(one, one)).toHaveLength(1)
  expect(found(one, [back(15, 0), back(14, 1)])).toEqual([])
  const few = [0, 1].map((day) => ({ ...back(1, day), sold: 14 }))
  expect(found(few, few)).toHaveLength(1)
  const bothWays = one.map((entry) => ({ ...entry, sold: 3 }))
  expect(found(bothWays, one)).toEqual([])
})

test('deliveries alone are no sales, and part no days', () => {
  const bought: Entry[] = [0, 1, 2].map((day) => ({
    product: 'milk',
    day: START + day,
    bought: 99,
  }))
  expect(found(bought, bought)).toEqual([])
  const between = [
    ...sold([200], 1),
    { product: 'milk', day: START + 1, bought: 9 },
    ...sold([90], 3),
  ]
  expect(found(between, [...sold([200], 1), ...sold([90], 3)])).toEqual([
    '2.csv and 1.csv: 2026-01-01 to 2026-01-03, 2 of 2 sales are in both',
  ])
})

test('a file is looked at until the last sale of any product, wherever that stands', () => {
  const entries = [...sold([8, 9, 7, 6, 5], 1, 'bread'), ...sold([7, 31, 5])]
  expect(found(entries, entries)).toEqual([
    '2.csv and 1.csv: 2026-01-01 to 2026-01-05, 8 of 8 sales are in both',
  ])
})

test('deliveries that differ do not hide that the sales are the same', () => {
  const bought = (product: string): Entry[] =>
    [0, 1, 2].map((day) => ({ product, day: START + day, bought: 9 }))
  expect(found([...five, ...bought('rice')], [...five, ...bought('corn')])).toHaveLength(1)
})

test('the sales of one product are not taken for those of the next, nor those of one day', () => {
  const other = [...sold([7, 31, 5]), ...sold([1], 2, 'zebra'), ...sold([12, 9], 4, 'zebra')]
  expect(found(five, other)).toEqual([])
  const [first, , , , last] = sold([30, 30, 30, 30, 30])
  expect(found(sold([30, 30, 30, 30, 30]), [first, last])).toEqual([
    '2.csv and 1.csv: 2026-01-01 to 2026-01-05, 2 of 2 sales are in both',
  ])
})

test('nothing later than the day that is looked at makes files overlap', () => {
  expect(found(five, five, START)).toEqual([])
  expect(found(five, five, START + 1)).toEqual([
    '2.csv and 1.csv: 2026-01-01 to 2026-01-02, 2 of 2 sales are in both',
  ])
  expect(found(five, five, START - 1)).toEqual([])
})

test('of three files, each two that repeat each other are named', () => {
  const files = ['a', 'b', 'c'].map((name) => ({ name, totals: totalsOf(five) }))
  expect(overlapsOf(files, START + 99).map((line) => line.slice(0, 7))).toEqual([
    'b and a',
    'c and a',
    'c and b',
  ])
})

test('a product that one of the files has alone hides no overlap of the others', () => {
  const one = [...sold([1], 1, 'a'), ...five]
  const other = [...five, ...sold([1], 5, 'zebra')]
  expect(found(one, other)).toEqual([
    '2.csv and 1.csv: 2026-01-01 to 2026-01-05, 5 of 6 sales are in both',
  ])
})
