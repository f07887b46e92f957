import { type Day, isoFromDay } from '../../base/day.ts'
import { type DailyTotals, seriesId } from '../totals/daily-totals.ts'

/** What one file sold, up to the day that is looked at. */
export type FileSales = { name: string; totals: DailyTotals }

/**
 * A line for each two files of which one repeats what the other sold: an export that overlaps with
 * another, that is contained in it, or that was made again with corrections.
 *
 * What a series sold on a day is compared, over the days between the later first and the earlier
 * last sale of the two: files that part the same days by store, by category or by till have hardly
 * anything in common there. That few things are alike by chance is no overlap (see `leastSurprise`).
 */
export function overlaps(files: FileSales[], lastVisibleDay: Day): string[] {
  const index = new Map<string, number>()
  const sales = files.map((file) => numbered(file, index, lastVisibleDay))
  return sales.flatMap((one, position) =>
    sales.slice(position + 1).flatMap((other) => overlapOf(one, other)),
  )
}

/** Of a file whose sales are in another one too, most are: the others were corrected since. */
const leastShare = 0.8

/**
 * In bits: what comes about once in 256 times. That two sales of n units are the same by
 * chance is taken for one case in n + 1.
 */
const leastSurprise = 8

type Run = { from: number; to: number }

type Sales = FileSales & {
  first: Day
  last: Day
  /** Where the entries of a series stand, by its number. */
  runs: Map<number, Run>
}

function numbered(file: FileSales, index: Map<string, number>, until: Day): Sales {
  const { totals } = file
  const runs = new Map<number, Run>()
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let from = 0, to = 0; from < totals.day.length; from = to) {
    const series = totals.seriesIndex[from]
    for (; to < totals.day.length && totals.seriesIndex[to] === series; to++) {
      const day = totals.day[to]
      if (day > until || !hasSales(totals, to)) continue
      if (day < first) first = day
      if (day > last) last = day
    }
    const id = seriesId(totals.series[series])
    const number = index.get(id) ?? index.size
    index.set(id, number)
    runs.set(number, { from, to })
  }
  return { ...file, first, last, runs }
}

function hasSales({ sold, returned }: DailyTotals, entry: number): boolean {
  return sold[entry] !== 0 || returned[entry] !== 0
}

function overlapOf(one: Sales, other: Sales): string[] {
  const from = Math.max(one.first, other.first)
  const to = Math.min(one.last, other.last)
  if (!(from <= to)) return []
  const ofOne = entriesWithin(one, from, to)
  const ofOther = entriesWithin(other, from, to)
  const { alike, surprise, first, last } = alikeWithin(one, other, from, to)
  const [repeated, repeating, all] =
    ofOne < ofOther ? [one.name, other.name, ofOne] : [other.name, one.name, ofOther]
  if (alike < leastShare * all || surprise < leastSurprise) return []
  const days = first === last ? isoFromDay(first) : `${isoFromDay(first)} to ${isoFromDay(last)}`
  return [`${repeated} and ${repeating}: ${days}, ${alike} of ${all} sales are in both`]
}

function entriesWithin({ totals }: Sales, from: Day, to: Day): number {
  let entries = 0
  for (let i = 0; i < totals.day.length; i++) {
    if (totals.day[i] >= from && totals.day[i] <= to && hasSales(totals, i)) entries++
  }
  return entries
}

/** The entries that are the same in both. Those of a series stand in the order of their days. */
function alikeWithin(one: Sales, other: Sales, from: Day, to: Day) {
  const [a, b] = [one.totals, other.totals]
  let alike = 0
  let surprise = 0
  let [first, last] = [to, from]
  for (const [series, runOfOne] of one.runs) {
    const runOfOther = other.runs.get(series)
    if (runOfOther === undefined) continue
    let j = runOfOther.from
    for (let i = runOfOne.from; i < runOfOne.to; i++) {
      const day = a.day[i]
      if (day < from || day > to || !hasSales(a, i)) continue
      while (j < runOfOther.to && b.day[j] < day) j++
      if (j === runOfOther.to) break
      if (b.day[j] !== day || a.sold[i] !== b.sold[j] || a.returned[i] !== b.returned[j]) continue
      alike++
      surprise += Math.log2(1 + a.sold[i] + a.returned[i])
      if (day < first) first = day
      if (day > last) last = day
    }
  }
  return { alike, surprise, first, last }
}
