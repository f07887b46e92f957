import { expect, test } from 'vitest'
import { countUntil, FindingLog, undated } from '../../../src/sales/reading/finding-log.ts'

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

test('a million findings are counted and a handful kept', () => {
  const log = new FindingLog()
  for (let line = 1; line <= 1_000_000; line++) log.add('name-missing', 'name', line, '', 20_000)
  const [finding] = log.finish(20_000)
  expect(countUntil(finding.days, 20_000)).toBe(1_000_000)
  expect(finding.examples.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})
