import type { Day } from '../../base/day.ts'
import { lastDay } from '../../demand/calendar.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { spanForecaster } from '../../forecasting/model.ts'
import type { BuyingTerms } from '../../ordering/buying-terms.ts'
import { decideOrder } from '../../ordering/order-decision.ts'
import type { Delivery } from '../../ordering/supply.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { MadeForecast } from '../backtest.ts'

/** What a buyer looks at on the morning of an order. */
export type Situation = {
  /** As `seriesId`. */
  id: string
  day: Day
  /** Index of the latest origin. */
  origin: number
  terms: BuyingTerms
  price: number
  cost: number
  shelfLife: number | undefined
  /** On hand and on order, in the order of arrival. */
  stock: Delivery[]
  /** What could have been sold in the last lead time and review period, in units. */
  lately: number
}

/** Decides how many units to order. */
export type Buyer = (situation: Situation) => number

/**
 * Orders what costs least by the forecasts of each origin: those of one model, or of several, the first
 * one that knows a series.
 */
export function modelBuyer(made: MadeForecast[][]): Buyer {
  const at = made.map((models) => new Map(models.flatMap(forecastedSeries).reverse()))
  return ({ id, origin, ...moment }) => {
    const known = at[origin].get(id)
    if (!known) return 0
    const { spanOf, row, end } = known
    const demandOn = (from: Day, to: Day) => ({ ...spanOf(row, from, to), levels: LEVELS })
    return decideOrder({ ...moment, end, demandOn }).units
  }
}

function forecastedSeries({ calibration, panel, forecast }: MadeForecast) {
  const spanOf = spanForecaster({ calibration }, panel, forecast)
  const end = lastDay(panel.frequency, forecast.firstPeriod + forecast.horizon - 1)
  return panel.series.map((series, row) => [seriesId(series), { spanOf, row, end }] as const)
}

/** Orders up to what could have been sold in the last lead time and review period. */
export function lastPeriodBuyer({ lately, stock, terms }: Situation): number {
  const there = stock.reduce((sum, { units }) => sum + units, 0)
  return terms.pack * Math.max(0, Math.ceil((lately - there) / terms.pack))
}
