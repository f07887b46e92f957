import { release } from '../../base/memory.ts'
import {
  bySeries,
  type DailyTotals,
  type SeriesKey,
  seriesId,
  textsInOrder,
} from './daily-totals.ts'
import { addMeasures, equalMeasuresOnce, noMeasures } from './measures.ts'

/**
 * What several totals add up to, in the order given: where two state a name, a category or a stock,
 * the later one stands. It holds no more than the parts and the result.
 */
export function mergeTotals(columns: DailyTotals['columns'], parts: DailyTotals[]): DailyTotals {
  if (parts.length === 1) return parts[0]
  const { series, seriesIndex, day, positions } = mergedEntries(parts)
  const measures = noMeasures(day.length)
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  }
  for (const [index, part] of parts.entries()) {
    addMeasures(measures, positions[index], {
      ...part,
      nameIndex: renumbered(part.nameIndex, part.names.map(numberOf)),
      categoryIndex: renumbered(part.categoryIndex, part.categories.map(numberOf)),
    })
  }
  const all = [...numbers.keys()]
  const texts = textsInOrder(measures, { names: all, categories: all })
  return {
    ...equalMeasuresOnce(measures),
    series,
    seriesIndex,
    day,
    ...texts,
    columns,
  }
}

/** Gives the memory of totals back at once, for those that nobody looks at any more. */
export function releaseTotals(totals: DailyTotals): void {
  // Measures that are equal are one array.
  for (const value of new Set(Object.values(totals))) if (ArrayBuffer.isView(value)) release(value)
}

type MergedEntries = Pick<DailyTotals, 'series' | 'seriesIndex' | 'day'> & {
  /** By part: which of the merged entries each of its own is part of. */
  positions: Int32Array[]
}

/** Series by series, every day on which any of the parts has an entry. */
function mergedEntries(parts: DailyTotals[]): MergedEntries {
  const runs = runsBySeries(parts)
  const most = parts.reduce((entries, { day }) => entries + day.length, 0)
  const positions = parts.map(({ day }) => new Int32Array(day.length))
  const seriesIndex = new Int32Array(most)
  const days = new Int32Array(most)
  let size = 0
  for (const [index, { own }] of runs.entries()) {
    const start = size
    for (const { part, from, to } of own) {
      days.set(parts[part].day.subarray(from, to), size)
      size += to - from
    }
    size = start + sortedDistinct(days.subarray(start, size))
    seriesIndex.fill(index, start, size)
    for (const { part, from, to } of own) {
      for (let entry = from, at = start; entry < to; entry++) {
        while (days[at] < parts[part].day[entry]) at++
        positions[part][entry] = at
      }
    }
  }
  return {
    series: runs.map(({ key }) => key),
    seriesIndex: seriesIndex.slice(0, size),
    day: days.slice(0, size),
    positions,
  }
}

/** The entries `from` to before `to` of a part: those of one series, ascending by day. */
export type SeriesRun = { part: number; from: number; to: number }

/** In the order of the series; those of one series in the order of the parts. */
export function runsBySeries(parts: DailyTotals[]): { key: SeriesKey; own: SeriesRun[] }[] {
  const found = new Map<string, { key: SeriesKey; own: SeriesRun[] }>()
  for (const [part, { series, seriesIndex }] of parts.entries()) {
    for (let from = 0, to = 0; from < seriesIndex.length; from = to) {
      while (seriesIndex[to] === seriesIndex[from]) to++
      const key = series[seriesIndex[from]]
      const id = seriesId(key)
      const known = found.get(id)
      if (known) known.own.push({ part, from, to })
      else found.set(id, { key, own: [{ part, from, to }] })
    }
  }
  return [...found.values()].sort((a, b) => bySeries(a.key, b.key))
}

/** Sorts in place, each once at the beginning; returns how many those are. */
function sortedDistinct(values: Int32Array): number {
  values.sort()
  let count = 0
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== values[i - 1]) values[count++] = values[i]
  }
  return count
}

function renumbered(index: Int32Array, numbers: number[]): Int32Array {
  return index.map((text) => (text < 0 ? -1 : numbers[text]))
}
