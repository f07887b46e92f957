import { describe, expect, it } from 'vitest'
import { movingAverage } from '../../src/forecasting/moving-average.ts'
import { forecastNewSeries } from '../../src/forecasting/new-series.ts'
import { seasonalNaive } from '../../src/forecasting/seasonal-naive.ts'
import { fitAndForecast, panelOf } from './forecasting-panels.ts'

const unknown = Number.NaN

describe('seasonal naive', () => {
  it('repeats the same weekday of last week, for as many weeks as it is asked', () => {
    const panel = panelOf([[9, 9, 9, 1, 2, 3, 4, 5, 6, 7]], { frequency: 'day' })
    expect(fitAndForecast(seasonalNaive, panel, 16)).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7, 1, 2],
    ])
  })

  it('repeats the week of last year, 52 weeks back', () => {
    const weeks = Array.from({ length: 60 }, (_, week) => week)
    expect(fitAndForecast(seasonalNaive, panelOf([weeks]), 3)).toEqual([[8, 9, 10]])
  })

  it('takes the last known value where last season is unknown or out of stock', () => {
    const units = [
      [1, 0, 3, 4, 5, 6, 7],
      [unknown, unknown, unknown, unknown, 8, 9, unknown],
    ]
    const stockedShare = [[1, 0.2, 1, 1, 1, 1, 1], new Array(7).fill(1)]
    const panel = panelOf(units, { frequency: 'day', stockedShare })
    expect(fitAndForecast(seasonalNaive, panel, 7)).toEqual([
      [1, 7, 3, 4, 5, 6, 7],
      [9, 9, 9, 9, 8, 9, 9],
    ])
  })
})

describe('the moving average', () => {
  it('is the mean of the last known values, out-of-stock weeks passed over', () => {
    const units = [[100, 2, 4, 0, 9]]
    const panel = panelOf(units, { stockedShare: [[1, 1, 1, 0, 1]] })
    expect(fitAndForecast(movingAverage, panel, 2, { window: 3 })).toEqual([[5, 5]])
  })

  it('takes what there is where less is known than the window asks for', () => {
    expect(fitAndForecast(movingAverage, panelOf([[unknown, 4, 8]]), 1, { window: 8 })).toEqual([
      [6],
    ])
  })
})

describe('a product without history', () => {
  const series = (...categories: (string | undefined)[]) =>
    panelOf(
      categories.map(() => [1]),
      { categories },
    )

  it('is forecast as the middle product of its category, period by period', () => {
    const forecast = Float64Array.from([1, 9, 2, 8, 3, 7, 99, 99, unknown, unknown])
    forecastNewSeries(forecast, series('tea', 'tea', 'tea', 'salt', 'tea'), 2)
    expect(Array.from(forecast.subarray(8))).toEqual([2, 8])
  })

  it('is forecast as the products of its category of about its price', () => {
    const prices = [...Array.from({ length: 20 }, (_, peer) => 2 + peer), 4, Number.NaN]
    const panel = panelOf(
      prices.map(() => [1]),
      { price: prices.map((price) => [price]), categories: prices.map(() => 'tea') },
    )
    const forecast = Float64Array.from(prices, (_, peer) => (peer < 20 ? 100 - peer : unknown))
    forecastNewSeries(forecast, panel, 1)
    // The seven nearest in proportion cost 2 to 8; without a price, all twenty count.
    expect(Array.from(forecast.subarray(20))).toEqual([97, 90.5])
  })

  it('is forecast as the middle product of the chain where its category is new too', () => {
    const forecast = Float64Array.from([1, 5, 6, unknown, unknown])
    forecastNewSeries(forecast, series('tea', 'tea', 'salt', 'pepper', undefined), 1)
    expect(Array.from(forecast)).toEqual([1, 5, 6, 5, 5])
  })

  it('is forecast as nothing where nothing is known of any', () => {
    const forecast = Float64Array.from([unknown, unknown])
    forecastNewSeries(forecast, series('tea', undefined), 1)
    expect(Array.from(forecast)).toEqual([0, 0])
  })
})
