import { type Day, isoFromDay } from '../../base/day.ts'
import type { DailyTotals } from '../totals/daily-totals.ts'
import { runsBySeries, type SeriesRun } from '../totals/merged-totals.ts'
import { type FileSales, hasSales } from './sales-sums.ts'

/**
 * A line for each two files of which one repeats what the other sold: an export that overlaps with
 * another, that is contained in it, or that was made again with corrections. `slices` has of each
 * slice of the series what every file sold, in the order of `files`.
 *
 * What a series sold on a day is compared, over the days between the later first and the earlier
 * last sale of the two: files that part the same days by store, by category or by till have hardly
 * anything in common there. That few things are alike by chance is no overlap (see `leastSurprise`).
 */
export function overlaps(files: NamedSales[], slices: Iterable<DailyTotals[]>): string[] {
  const pairs = pairsOf(files.map(({ sold }) => sold.entriesOn))
  for (const totals of slices) {
    for (const { own } of runsBySeries(totals)) {
      const runs = new Map(own.map((run) => [run.part, run]))
      for (const one of own) {
        for (const [file, pair] of pairs[one.part]) {
          const other = runs.get(file)
          if (other) addAlike(pair, totals, one, other)
        }
      }
    }
  }
  return pairs.flatMap((others, one) =>
    [...others].flatMap(([other, pair]) => overlapOf(files[one], files[other], pair)),
  )
}

type NamedSales = { name: string; sold: Pick<FileSales, 'entriesOn'> }

/** Of a file whose sales are in another one too, most are: the others were corrected since. */
const leastShare = 0.8

/**
 * In bits: what comes about once in 256 times. That two sales of n units are the same by
 * chance is taken for one case in n + 1.
 */
const leastSurprise = 8

/** Two files that sold at the same time: on which days, and what of it is the same in both. */
type Pair = { from: Day; to: Day; alike: number; surprise: number; first: Day; last: Day }

/** Of each file those with a later one, by its position. */
function pairsOf(files: Map<Day, number>[]): Map<number, Pair>[] {
  const spans = files.map((entriesOn) => {
    const days = Int32Array.from(entriesOn.keys()).sort()
    return { first: days[0], last: days.at(-1)! }
  })
  return spans.map((one, position) => {
    const others = spans.flatMap((other, index): [number, Pair][] => {
      const from = Math.max(one.first, other.first)
      const to = Math.min(one.last, other.last)
      if (index <= position || !(from <= to)) return []
      return [[index, { from, to, alike: 0, surprise: 0, first: to, last: from }]]
    })
    return new Map(others)
  })
}

/** The entries of a series that are the same in both. Both stand in the order of their days. */
function addAlike(pair: Pair, totals: DailyTotals[], one: SeriesRun, other: SeriesRun): void {
  const [a, b] = [totals[one.part], totals[other.part]]
  let j = other.from
  for (let i = one.from; i < one.to; i++) {
    const day = a.day[i]
    if (day < pair.from || day > pair.to || !hasSales(a, i)) continue
    while (j < other.to && b.day[j] < day) j++
    if (j === other.to) return
    if (b.day[j] !== day || a.sold[i] !== b.sold[j] || a.returned[i] !== b.returned[j]) continue
    pair.alike++
    pair.surprise += Math.log2(1 + a.sold[i] + a.returned[i])
    if (day < pair.first) pair.first = day
    if (day > pair.last) pair.last = day
  }
}

function overlapOf(one: NamedSales, other: NamedSales, pair: Pair): string[] {
  const { alike, surprise, first, last } = pair
  if (surprise < leastSurprise) return []
  const ofOne = entriesWithin(one, pair)
  const ofOther = entriesWithin(other, pair)
  const [repeated, repeating, all] =
    ofOne < ofOther ? [one.name, other.name, ofOne] : [other.name, one.name, ofOther]
  if (alike < leastShare * all) return []
  const days = first === last ? isoFromDay(first) : `${isoFromDay(first)} to ${isoFromDay(last)}`
  return [`${repeated} and ${repeating}: ${days}, ${alike} of ${all} sales are in both`]
}

function entriesWithin({ sold }: NamedSales, { from, to }: Pair): number {
  let entries = 0
  for (const [day, ofDay] of sold.entriesOn) if (day >= from && day <= to) entries += ofDay
  return entries
}
