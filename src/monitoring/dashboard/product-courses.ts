import { isoFromDay } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import { type Frequency, firstDay, periodOf } from '../../demand/calendar.ts'
import { uncensoredUnitsOf } from '../../demand/demand-estimate.ts'
import type { Panel, Series } from '../../demand/panel.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import type { PublishedForecasts } from '../../ledger/published-forecasts.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { ProductionOrigin } from '../origins/production-origin.ts'

/** What sold of a series, what was forecast of it in production, and what is expected. */
export type SeriesCourse = {
  product: string
  store?: string
  name?: string
  category?: string
  /** The last periods, and all those of blocks that are over, the oldest first. */
  past: PastPeriod[]
  /** The newest published forecast. */
  ahead: (Expected & { from: string })[]
}

/** A period that begins on the ISO day `from`. */
export type PastPeriod = {
  from: string
  /** Units that could have been sold; absent where nobody knows. */
  actual?: number
  /** Absent where none was published for it at the beginning of its block. */
  forecast?: Expected & { naive: number }
}

/** Units: mean and 80% interval. */
type Expected = { mean: number; low: number; high: number }

/** Of the forecasts whose sales are known: units, and by how many units they were off. */
export type CourseTotals = { periods: number; actual: number; model: number; naive: number }

export function courseTotals({ past }: Pick<SeriesCourse, 'past'>): CourseTotals {
  const totals = { periods: 0, actual: 0, model: 0, naive: 0 }
  for (const { actual, forecast } of past) {
    if (actual === undefined || forecast === undefined) continue
    totals.periods += 1
    totals.actual += actual
    totals.model += Math.abs(forecast.mean - actual)
    totals.naive += Math.abs(forecast.naive - actual)
  }
  return totals
}

/** The courses of all series, to which parts of the sales are added as they are looked at. */
export type ProductCourses = {
  /** The newest sales of a part; gives what takes its origins, of blocks, which do not overlap. */
  addPart(panel: Panel): (origin: ProductionOrigin) => void
  /**
   * Of every series that the sales know or that was forecast, in the order of their ids.
   *
   * @param newest - the forecasts that are published now
   */
  courses(newest: PublishedForecasts | undefined): SeriesCourse[]
}

/** @param periods - how many periods a block has */
export function newCourses(periods: number): ProductCourses {
  const courses = new Map<string, Course>()
  return {
    addPart(panel) {
      addSales(courses, panel)
      const { frequency } = panel
      return (origin) => addOrigin(courses, origin, periods, frequency)
    },
    courses(newest) {
      for (const { product, store, name, category, mean, quantiles } of newest?.series ?? []) {
        const key = { productId: product, storeId: store, name, category }
        const { course } = remembered(courses, seriesId(key), () => newCourse(key))
        course.ahead = mean.map((units, h) => ({
          from: newest!.from[h],
          mean: units,
          ...interval(quantiles[h], newest!.levels),
        }))
      }
      return [...courses]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { course, past }]) => ({
          ...course,
          past: [...past].sort(([a], [b]) => a - b).map(([, period]) => period),
        }))
    },
  }
}

/** A course that is being made, with its periods as `periodOf` counts them. */
type Course = { course: SeriesCourse; past: Map<number, PastPeriod> }

/** What sold in the last periods: two years of weeks would be more than a chart shows. */
const SHOWN_PERIODS = 52

function addSales(courses: Map<string, Course>, panel: Panel): void {
  const { series, periods, firstPeriod } = panel
  for (const [i, key] of series.entries()) {
    const { past } = remembered(courses, seriesId(key), () => newCourse(key))
    for (let t = Math.max(0, periods - SHOWN_PERIODS); t < periods; t++) {
      const cell = i * periods + t
      if (Number.isNaN(panel.units[cell])) continue
      past.set(
        firstPeriod + t,
        periodWith(panel.frequency, firstPeriod + t, uncensoredUnitsOf(panel, cell)),
      )
    }
  }
}

function addOrigin(
  courses: Map<string, Course>,
  { rows, model, naive }: ProductionOrigin,
  periods: number,
  frequency: Frequency,
): void {
  const { series, horizon } = rows
  const first = periodOf(frequency, rows.day + 1)
  for (const [i, key] of series.entries()) {
    const { past } = remembered(courses, seriesId(key), () => newCourse(key))
    for (let h = 0; h < Math.min(periods, horizon); h++) {
      const cell = i * horizon + h
      if (Number.isNaN(model.mean[cell])) continue
      past.set(first + h, {
        ...periodWith(frequency, first + h, rows.actual[cell]),
        forecast: {
          mean: model.mean[cell],
          ...interval(model.quantiles.subarray(cell * LEVELS.length, (cell + 1) * LEVELS.length)),
          naive: naive.mean[cell],
        },
      })
    }
  }
}

function newCourse({ productId, storeId, name, category }: Series): Course {
  return {
    course: {
      product: productId,
      ...(storeId !== undefined && { store: storeId }),
      ...(name !== undefined && { name }),
      ...(category !== undefined && { category }),
      past: [],
      ahead: [],
    },
    past: new Map(),
  }
}

function periodWith(frequency: Frequency, period: number, actual: number): PastPeriod {
  return {
    from: isoFromDay(firstDay(frequency, period)),
    ...(!Number.isNaN(actual) && { actual }),
  }
}

/** The 80% interval among quantiles at these levels. */
function interval(
  quantiles: ArrayLike<number>,
  levels: readonly number[] = LEVELS,
): { low: number; high: number } {
  return { low: quantiles[levels.indexOf(0.1)], high: quantiles[levels.indexOf(0.9)] }
}
