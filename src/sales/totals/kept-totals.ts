import { type DailyTotals, type SeriesKey, startsOf } from './daily-totals.ts'

/** Totals that are kept until they are needed: all of them, or a range of their series. */
export type KeptTotals = {
  /** n, sorted as those of totals are. */
  series: readonly SeriesKey[]
  /** n + 1: the first entry of each series, and the end of the last. */
  starts: Int32Array
  /** What the series `from` to before `to` sold, as if there had been no others. */
  load(from: number, to: number): DailyTotals
}

/** Where totals are kept, and what that asks of those who look at them. */
export type TotalsStore = {
  /** So many entries, and those of one more product, are held at once. */
  entriesAtOnce: number
  /** Takes totals over: nobody else looks at them any more. */
  keep(totals: DailyTotals): KeptTotals
  /** Called when nobody looks any more at what was loaded. */
  free(totals: DailyTotals): void
}

/** In memory, all at once: what is loaded is what was kept. */
export const totalsInMemory: TotalsStore = {
  entriesAtOnce: Number.POSITIVE_INFINITY,
  keep: (totals) => ({ series: totals.series, starts: startsOf(totals), load: () => totals }),
  free: () => {},
}
