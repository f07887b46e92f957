import { type Day, isoFromDay } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import { type Frequency, firstDay, periodOf } from '../../demand/calendar.ts'
import type { VolumeClass } from '../../demand/volume-class.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import type { PublishedForecasts } from '../../ledger/published-forecasts.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { ProductionOrigin } from '../origins/production-origin.ts'

/** What was forecast of a series in production, and what became of it. */
export type ProductCourse = {
  product: string
  store?: string
  name?: string
  category?: string
  volumeClass?: VolumeClass
  /** Periods of the blocks that are over, the oldest first. */
  past: PastPeriod[]
  /** The newest published forecast. */
  ahead: Expected[]
}

/** Units that were expected of a period that begins on the ISO day `from`: mean and 80% interval. */
export type Expected = { from: string; mean: number; low: number; high: number }

export type PastPeriod = Expected & {
  version: number
  /** What could have been sold; absent where nobody knows. */
  actual?: number
  naive: number
}

/** Of the periods whose sales are known: units, and by how many units the forecasts were off. */
export type CourseTotals = { periods: number; actual: number; model: number; naive: number }

/**
 * The course of every series that was forecast, the worst first: by units that the forecasts were
 * off, then by its id.
 *
 * @param origins - of blocks, which do not overlap, the oldest first
 * @param periods - how many periods a block has
 */
export function productCourses(
  origins: readonly ProductionOrigin[],
  { frequency, periods }: { frequency: Frequency; periods: number },
  newest: PublishedForecasts | undefined,
): ProductCourse[] {
  const courses = new Map<string, ProductCourse>()
  for (const origin of origins) addOrigin(courses, origin, frequency, periods)
  for (const { product, store, name, category, mean, quantiles } of newest?.series ?? []) {
    const key = { productId: product, ...(store !== undefined && { storeId: store }) }
    const course = remembered(courses, seriesId(key), () => ({
      ...named(key, name, category),
      past: [],
      ahead: [],
    }))
    course.ahead = mean.map((units, h) => ({
      from: newest!.from[h],
      mean: units,
      ...interval(quantiles[h], newest!.levels),
    }))
  }
  return [...courses]
    .map(([id, course]) => ({ id, course, off: courseTotals(course).model }))
    .sort((a, b) => b.off - a.off || (a.id < b.id ? -1 : 1))
    .map(({ course }) => course)
}

export function courseTotals({ past }: Pick<ProductCourse, 'past'>): CourseTotals {
  const totals = { periods: 0, actual: 0, model: 0, naive: 0 }
  for (const { actual, mean, naive } of past) {
    if (actual === undefined) continue
    totals.periods += 1
    totals.actual += actual
    totals.model += Math.abs(mean - actual)
    totals.naive += Math.abs(naive - actual)
  }
  return totals
}

function addOrigin(
  courses: Map<string, ProductCourse>,
  { version, rows, model, naive }: ProductionOrigin,
  frequency: Frequency,
  periods: number,
): void {
  const { series, horizon } = rows
  const days = firstDays(rows.day, Math.min(periods, horizon), frequency)
  for (const [i, { name, category, ...key }] of series.entries()) {
    const course = remembered(courses, seriesId(key), () => ({
      ...named(key, name, category),
      past: [],
      ahead: [],
    }))
    // As the newest sales call it.
    Object.assign(course, named(key, name, category), { volumeClass: rows.volumeClasses[i] })
    for (const [h, from] of days.entries()) {
      const cell = i * horizon + h
      const actual = rows.actual[cell]
      course.past.push({
        from,
        version,
        mean: model.mean[cell],
        ...interval(model.quantiles.subarray(cell * LEVELS.length, (cell + 1) * LEVELS.length)),
        naive: naive.mean[cell],
        ...(!Number.isNaN(actual) && { actual }),
      })
    }
  }
}

function named(
  { productId, storeId }: { productId: string; storeId?: string | undefined },
  name: string | undefined,
  category: string | undefined,
) {
  return {
    product: productId,
    ...(storeId !== undefined && { store: storeId }),
    ...(name !== undefined && { name }),
    ...(category !== undefined && { category }),
  }
}

/** ISO days: the first one of each of the periods after a day. */
function firstDays(day: Day, periods: number, frequency: Frequency): string[] {
  const first = periodOf(frequency, day + 1)
  return Array.from({ length: periods }, (_, h) => isoFromDay(firstDay(frequency, first + h)))
}

/** The 80% interval among quantiles at these levels. */
function interval(
  quantiles: ArrayLike<number>,
  levels: readonly number[] = LEVELS,
): { low: number; high: number } {
  return { low: quantiles[levels.indexOf(0.1)], high: quantiles[levels.indexOf(0.9)] }
}
