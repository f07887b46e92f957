import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { bytesOf, type NumberArray } from '../../base/number-array.ts'
import { remembered } from '../../base/remembered.ts'
import { withPath } from '../../base/write-file.ts'
import { type SeriesKey, startsOf, textsInOrder } from './daily-totals.ts'
import type { TotalsStore } from './kept-totals.ts'
import { filledMeasures, noMeasures } from './measures.ts'
import { releaseTotals } from './merged-totals.ts'

/** As a `TotalsStore`; `close` removes what is kept, and nothing can be loaded any more. */
export type TotalsOnDisk = TotalsStore & { close(): Promise<void> }

/**
 * Keeps totals in a new file, array after array, so that a range of series is a range of each. What
 * stays in memory of them are their series and texts, and those that are equal once for all.
 */
export function totalsOnDisk(path: string, entriesAtOnce = MOST_ENTRIES): TotalsOnDisk {
  const file = openSync(path, 'wx+')
  const keyOf = sharedKeys()
  const textOf = sharedTexts()
  let size = 0
  const append = (array: NumberArray): number => {
    const at = size
    size += array.byteLength
    transfer(path, array, at, (bytes, position) =>
      writeSync(file, bytes, 0, bytes.length, position),
    )
    return at
  }
  const readInto = (array: NumberArray, at: number) =>
    transfer(path, array, at, (bytes, position) => readSync(file, bytes, 0, bytes.length, position))
  return {
    entriesAtOnce,
    keep(totals) {
      const { columns } = totals
      const series = totals.series.map(keyOf)
      const names = totals.names.map(textOf)
      const categories = totals.categories.map(textOf)
      const starts = startsOf(totals)
      const days = append(totals.day)
      const filled = filledMeasures(totals).map(
        ([measure, array]) => [measure, append(array)] as const,
      )
      releaseTotals(totals)
      return {
        series,
        starts,
        load(from, to) {
          const first = starts[from]
          const entries = starts[to] - first
          const day = new Int32Array(entries)
          readInto(day, days + first * day.BYTES_PER_ELEMENT)
          const measures = noMeasures(entries)
          for (const [measure, at] of filled) {
            const array = measures[measure]
            readInto(array, at + first * array.BYTES_PER_ELEMENT)
          }
          const seriesIndex = new Int32Array(entries)
          for (let index = from; index < to; index++) {
            seriesIndex.fill(index - from, starts[index] - first, starts[index + 1] - first)
          }
          return {
            ...measures,
            series: series.slice(from, to),
            seriesIndex,
            day,
            ...textsInOrder(measures, { names, categories }),
            columns,
          }
        },
      }
    },
    free: releaseTotals,
    async close() {
      closeSync(file)
      await rm(path, { force: true })
    },
  }
}

/** Some 200 MB as they stand in memory. */
const MOST_ENTRIES = 2e6

/** Moves all bytes of an array between it and the place in the file where it stands. */
function transfer(
  path: string,
  array: NumberArray,
  at: number,
  move: (bytes: Uint8Array, position: number) => number,
): void {
  const bytes = bytesOf(array)
  for (let done = 0; done < bytes.length; ) {
    try {
      const moved = move(bytes.subarray(done, done + 2 ** 30), at + done)
      if (moved === 0) throw new Error('the file is shorter than what was written to it')
      done += moved
    } catch (error) {
      throw withPath(error, path)
    }
  }
}

function sharedTexts(): (text: string) => string {
  const texts = new Map<string, string>()
  return (text) => remembered(texts, text, () => text)
}

function sharedKeys(): (key: SeriesKey) => SeriesKey {
  const products = new Map<string, Map<string | undefined, SeriesKey>>()
  return (key) => {
    const stores = remembered(products, key.productId, () => new Map())
    return remembered(stores, key.storeId, () => key)
  }
}
