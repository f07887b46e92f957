import { describe, expect, it } from 'vitest'
import type { Frequency } from '../../../src/demand/calendar.ts'
import { reportingFrequency } from '../../../src/demand/reporting-frequency.ts'
import { suitingPeriods } from '../../../src/demand/suiting-periods.ts'
import { dayOf, type Entry, totalsOf } from './totals.ts'

const MONDAY = dayOf('2024-01-01')

/** A sale every so many days, as often as asked for. */
function every(days: number, times: number, sold = 1): Entry[] {
  return Array.from({ length: times }, (_, index) => ({
    product: 'a',
    day: MONDAY + index * days,
    sold,
  }))
}

/** A sale on the first of so many months. */
function monthly(times: number, sold = 1): Entry[] {
  return Array.from({ length: times }, (_, index) => {
    const month = String((index % 12) + 1).padStart(2, '0')
    return { product: 'a', day: `${2020 + Math.floor(index / 12)}-${month}-01`, sold }
  })
}

describe('a new project forecasts what its history can carry', () => {
  it.each<[string, Entry[], Frequency | undefined, Frequency, number]>([
    ['weeks, as soon as four of them can be judged', every(1, 48 * 7), undefined, 'week', 4],
    ['days where only three could', every(1, 48 * 7 - 7), undefined, 'day', 14],
    ['as many days as a twelfth of them', every(1, 59), undefined, 'day', 4],
    ['a day at least', every(1, 5), undefined, 'day', 1],
    ['weeks, ten at most', every(1, 52 * 7 * 3), undefined, 'week', 10],
    ['days where that is asked for, fourteen at most', every(1, 52 * 7), 'day', 'day', 14],
    ['months where that is asked for', every(1, 366), 'month', 'month', 1],
    ['weeks of totals of weeks, however few', every(7, 24), undefined, 'week', 2],
    ['months of totals of months', monthly(24), undefined, 'month', 2],
    ['six months at most', monthly(96), undefined, 'month', 6],
    ['nothing known', [{ product: 'a', day: MONDAY, bought: 1 }], undefined, 'day', 1],
  ])('%s', (_, entries, asked, frequency, horizon) => {
    expect(suitingPeriods(totalsOf(entries), asked)).toEqual({ frequency, horizon })
  })
})

describe('totals are told from rare sales by how regularly they come', () => {
  const weeksWithout = (missing: number[], weeks: number) =>
    every(7, weeks).filter((_, week) => !missing.includes(week))

  it.each<[string, Entry[], Frequency]>([
    ['three months', monthly(3), 'month'],
    ['two months prove nothing', monthly(2), 'day'],
    ['four weeks', every(7, 4), 'week'],
    ['three weeks prove nothing', every(7, 3), 'day'],
    ['three of four weeks', weeksWithout([2, 4], 8), 'week'],
    ['fewer than three of four weeks', weeksWithout([2, 4, 5], 9), 'day'],
    ['two sales in one week', [...every(7, 9), { product: 'b', day: MONDAY + 1, sold: 1 }], 'day'],
    ['a row on each Monday that sold nothing', every(7, 9, 0), 'day'],
    [
      'weeks in which goods came back',
      every(7, 4, 0).map((it) => ({ ...it, returned: 1 })),
      'week',
    ],
    ['four weeks of which three sold', [...every(7, 3), ...every(7, 4, 0).slice(3)], 'day'],
    ['days', every(1, 30), 'day'],
  ])('%s', (_, entries, frequency) => {
    expect(reportingFrequency(totalsOf(entries))).toBe(frequency)
  })
})
