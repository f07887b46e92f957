import { type Frequency, season } from '../../../src/demand/calendar.ts'
import type { Panel } from '../../../src/demand/panel.ts'
import type { Family, FitContext, Settings } from '../../../src/forecasting/families/family.ts'

/** The week that begins on Monday 2024-01-01. */
export const FIRST_WEEK = 2818

type Shape = {
  frequency?: Frequency
  firstPeriod?: number
  categories?: (string | undefined)[]
  price?: number[][]
  stockedShare?: number[][]
}

/** A panel of the given units, one row a series; at price 10 and never out of stock by default. */
export function panelOf(units: number[][], shape: Shape = {}): Panel {
  const periods = units[0]?.length ?? 0
  const all = (value: number) => units.map((row) => row.map(() => value))
  return {
    frequency: shape.frequency ?? 'week',
    series: units.map((_, index) => ({
      productId: String(index),
      storeId: undefined,
      name: undefined,
      category: shape.categories?.[index],
    })),
    firstPeriod: shape.firstPeriod ?? FIRST_WEEK,
    periods,
    units: Float64Array.from(units.flat()),
    stockedShare: Float64Array.from((shape.stockedShare ?? all(1)).flat()),
    firstShare: new Float64Array(units.length).fill(1),
    price: Float64Array.from((shape.price ?? all(10)).flat()),
    weekdayShares: new Float64Array(units.length * 7).fill(1 / 7),
  }
}

export function contextOf(frequency: Frequency, horizon: number): FitContext {
  return { horizon, season: season(frequency), holidays: 'BR', seed: 1 }
}

export function defaultsOf(family: Family): Settings {
  return Object.fromEntries(
    Object.entries(family.settings).map(([key, { default: value }]) => [key, value]),
  )
}

/** What is true of a model of few trees is true of one of many, and many take long to fit. */
export function quickSettings(family: Family): Settings {
  return { ...defaultsOf(family), ...(family.name === 'boosted-trees' && { trees: 15 }) }
}

/** A model of the family: its parameters, and what it forecasts. */
export function fitted(family: Family, panel: Panel, settings: Settings, context: FitContext) {
  const parameters = family.fit(panel, settings, context)
  const forecast = (of: Panel, horizon: number) => family.forecast(of, horizon, parameters)
  return { parameters, forecast }
}

/** One array a series. */
export function fitAndForecast(
  family: Family,
  panel: Panel,
  horizon: number,
  settings: Settings = {},
): number[][] {
  const context = contextOf(panel.frequency, horizon)
  const all = { ...defaultsOf(family), ...settings }
  const forecast = fitted(family, panel, all, context).forecast(panel, horizon)
  return panel.series.map((_, index) =>
    Array.from(forecast.subarray(index * horizon, (index + 1) * horizon)),
  )
}
