import { expect, test } from 'vitest'
import { countUntil, dated, FindingLog, undated } from '../../../src/sales/reading/finding-log.ts'

test('a report as of an early day still shows examples of what it counts', () => {
  const log = new FindingLog()
  for (let line = 1; line <= 1000; line++) log.add('ragged-row', undefined, line, '', 1000 - line)
  const [finding] = log.finish(1000)
  expect(countUntil(finding.days, 4)).toBe(5)
  expect(finding.examples.filter(({ day }) => day <= 4)).toHaveLength(5)
  expect(finding.examples[0].line).toBe(1000)
})

test('a row without any date is counted on the last day of its file, not lost', () => {
  const log = new FindingLog()
  log.add('date-unreadable', 'sold', 7, 'x', undated)
  const [finding] = log.finish(20_000)
  expect(countUntil(finding.days, 19_999)).toBe(0)
  expect(countUntil(finding.days, 20_000)).toBe(1)
  expect(finding.examples).toEqual([{ line: 7, value: 'x', day: 20_000 }])
})

test('findings are told apart by rule and column, and their texts are cut, not their count', () => {
  const log = new FindingLog()
  log.add('sentinel', 'price', 1, 'x'.repeat(300), 5)
  log.add('sentinel', 'cost', 2, 'y', 5)
  log.add('sentinel', undefined, 3, 'z', 5)
  log.add('left-out', 'price', 4, 'z', 5)
  log.add('sentinel', 'price', 5, 'z', 6)
  const found = log.finish(6)
  expect(found.map(({ rule, column, days }) => [rule, column, countUntil(days, 6)])).toEqual([
    ['sentinel', 'price', 2],
    ['sentinel', 'cost', 1],
    ['sentinel', undefined, 1],
    ['left-out', 'price', 1],
  ])
  expect(found[0].examples).toEqual([
    { line: 1, value: 'x'.repeat(200), day: 5 },
    { line: 5, value: 'z', day: 6 },
  ])
})

test('of more findings than are kept the earliest stay, in the order of days and lines', () => {
  const log = new FindingLog()
  const days = [7, 3, 3, 9, 1, 8, 8, 8, 8, 8, 8, 2, 9]
  for (const [line, day] of days.entries()) log.add('sentinel', 'price', line, '', day)
  const kept = log.finish(9)[0].examples.map(({ day, line }) => [day, line])
  expect(kept).toEqual([
    [1, 4],
    [2, 11],
    [3, 1],
    [3, 2],
    [7, 0],
    [8, 5],
    [8, 6],
    [8, 7],
    [8, 8],
    [8, 9],
  ])
})

test('what is undated is counted with what the last day has already', () => {
  const counts = new Map([
    [3, 2],
    [4, 5],
    [undated, 7],
  ])
  expect(dated(counts, 4)).toEqual(
    new Map([
      [3, 2],
      [4, 12],
    ]),
  )
  expect(dated(counts, 9)).toEqual(
    new Map([
      [3, 2],
      [4, 5],
      [9, 7],
    ]),
  )
  expect(counts.get(undated)).toBe(7)
  const none = new Map([[3, 2]])
  expect(dated(none, 4)).toBe(none)
})

test('a million findings are counted and a handful kept', () => {
  const log = new FindingLog()
  for (let line = 1; line <= 1_000_000; line++) log.add('name-missing', 'name', line, '', 20_000)
  const [finding] = log.finish(20_000)
  expect(countUntil(finding.days, 20_000)).toBe(1_000_000)
  expect(finding.examples.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})
