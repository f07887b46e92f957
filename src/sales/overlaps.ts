import { type Day, isoFromDay } from '../day.ts'
import { type DailyTotals, seriesId } from './daily-totals.ts'

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

/** Entries with sales or returns, by series and day in ascending order. */
type Sales = {
  name: string
  first: Day
  last: Day
  series: number[]
  day: Day[]
  sold: number[]
  returned: number[]
}

function numbered({ name, totals }: FileSales, index: Map<string, number>, until: Day): Sales {
  const sales: Sales = {
    name,
    first: Number.POSITIVE_INFINITY,
    last: Number.NEGATIVE_INFINITY,
    series: [],
    day: [],
    sold: [],
    returned: [],
  }
  const numbers = totals.series.map((key) => {
    const id = seriesId(key)
    const number = index.get(id) ?? index.size
    index.set(id, number)
    return number
  })
  for (let i = 0; i < totals.day.length; i++) {
    const day = totals.day[i]
    if (day > until || (totals.sold[i] === 0 && totals.returned[i] === 0)) continue
    sales.series.push(numbers[totals.seriesIndex[i]])
    sales.day.push(day)
    sales.sold.push(totals.sold[i])
    sales.returned.push(totals.returned[i])
    if (day < sales.first) sales.first = day
    if (day > sales.last) sales.last = day
  }
  return sales
}

function overlapOf(one: Sales, other: Sales): string[] {
  const from = Math.max(one.first, other.first)
  const to = Math.min(one.last, other.last)
  if (!(from <= to)) return []
  const entries = new Map<number, Map<Day, number>>()
  let ofOther = 0
  for (let i = 0; i < other.day.length; i++) {
    const day = other.day[i]
    if (day < from || day > to) continue
    ofOther++
    const days = entries.get(other.series[i])
    if (days === undefined) entries.set(other.series[i], new Map([[day, i]]))
    else days.set(day, i)
  }
  let ofOne = 0
  let surprise = 0
  const alike: Day[] = []
  for (let i = 0; i < one.day.length; i++) {
    const day = one.day[i]
    if (day < from || day > to) continue
    ofOne++
    const same = entries.get(one.series[i])?.get(day)
    if (same === undefined) continue
    const [sold, returned] = [one.sold[i], one.returned[i]]
    if (sold !== other.sold[same] || returned !== other.returned[same]) continue
    alike.push(day)
    surprise += Math.log2(1 + sold + returned)
  }
  const [repeated, repeating, all] =
    ofOne < ofOther ? [one.name, other.name, ofOne] : [other.name, one.name, ofOther]
  if (alike.length < leastShare * all || surprise < leastSurprise) return []
  const [first, last] = [
    alike.reduce((a, b) => Math.min(a, b)),
    alike.reduce((a, b) => Math.max(a, b)),
  ]
  const days = first === last ? isoFromDay(first) : `${isoFromDay(first)} to ${isoFromDay(last)}`
  return [`${repeated} and ${repeating}: ${days}, ${alike.length} of ${all} sales are in both`]
}
