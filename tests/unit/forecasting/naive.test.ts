import { describe, expect, it } from 'vitest'
import { movingAverage } from '../../../src/forecasting/families/moving-average.ts'
import { seasonalNaive } from '../../../src/forecasting/families/seasonal-naive.ts'
import { fitAndForecast, panelOf } from './panels.ts'

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
