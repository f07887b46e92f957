import { describe, expect, it } from 'vitest'
import { originRows } from '../../../src/evaluation/scoring/origin-rows.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { totalsOf } from '../demand/totals.ts'
import { FIRST_WEEK, panelOf } from '../forecasting/panels.ts'
import { OPENING } from './shop.ts'

describe('the rows of an origin', () => {
  it('are what sold in each period after it', () => {
    const known = panelOf([[3, 4, 5]])
    const later = panelOf([[3, 4, 5, 6, 0, 8]])
    expect([...originRows(known, later, 2).actual]).toEqual([6, 0])
    expect([...originRows(known, later, 4).actual]).toEqual([6, 0, 8, Number.NaN])
  })

  it('are found where the later history begins earlier or holds more products', () => {
    const known = panelOf([[3, 4, 5]], { firstPeriod: FIRST_WEEK + 1 })
    const later = panelOf([
      [0, 3, 4, 5, 6, 7],
      [1, 1, 1, 1, 1, 1],
    ])
    expect([...originRows(known, later, 2).actual]).toEqual([6, 7])
  })

  it('stay within their series where the later history is shorter, or lacks it', () => {
    const known = panelOf([[3, 4, 5]], { firstPeriod: FIRST_WEEK })
    const [own, other] = panelOf([[1], [1]]).series
    const later = (firstPeriod: number, series: typeof known.series) => ({
      ...panelOf(
        series.map((_, row) => [10 * row + 6, 10 * row + 7, 10 * row + 8]),
        { firstPeriod },
      ),
      series,
    })
    const actual = (of: ReturnType<typeof later>) => [...originRows(known, of, 3).actual]
    expect(actual(later(FIRST_WEEK + 2, [own, other]))).toEqual([7, 8, Number.NaN])
    expect(actual(later(FIRST_WEEK + 4, [other, own]))).toEqual([Number.NaN, 16, 17])
    expect(actual(later(FIRST_WEEK + 3, [own, other]))).toEqual([6, 7, 8])
    expect(actual(later(FIRST_WEEK, [other]))).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })

  it('leave out what had stopped selling, so that nobody is praised for forecasting nothing', () => {
    const stopped = [5, ...new Array(9).fill(0)]
    const { actual } = originRows(
      panelOf([stopped, new Array(10).fill(1)]),
      panelOf([
        [...stopped, 0],
        [...new Array(10).fill(1), 2],
      ]),
      1,
    )
    expect([...actual]).toEqual([Number.NaN, 2])
  })

  it('are what could have been sold where stock ran out, but for weeks that say little of it', () => {
    const later = panelOf([[3, 4, 5, 3, 1]], { stockedShare: [[1, 1, 1, 0.75, 0.3]] })
    expect([...originRows(panelOf([[3, 4, 5]]), later, 2).actual]).toEqual([4, Number.NaN])
  })

  it('leave out a product that was not on offer yet, though its delivery is in the books', () => {
    const day = OPENING + 5 * 7
    const weeks = Array.from({ length: 8 }, (_, week) => ({
      product: 'old',
      day: OPENING + 7 * week,
      sold: 2,
    }))
    const daily = weeks.flatMap((entry) => [entry, { ...entry, day: entry.day + 3 }])
    const expired = { product: 'expired', day: day - 2, expired: 1 }
    const history = openHistory(
      totalsOf([...daily, expired, { product: 'expired', day: day + 9, sold: 4 }]),
    )
    const view = { frequency: 'week', censoring: true } as const
    const known = history.panel(view, day - 1)
    const { series, actual } = originRows(known, history.panel(view), 2)
    expect(series.map(({ productId }) => productId)).toEqual(['expired', 'old'])
    expect([...actual]).toEqual([Number.NaN, Number.NaN, 4, 4])
  })

  it('carry the error of the seasonal naive forecast within what was known, and no later', () => {
    const season = Array.from({ length: 52 }, (_, week) => week)
    const known = panelOf([[...season, 3, 3]])
    const later = panelOf([[...season, 3, 3, 999]])
    const { naiveAbsoluteError, naiveSquaredError } = originRows(known, later, 1)
    expect([...naiveAbsoluteError]).toEqual([2.5])
    expect([...naiveSquaredError]).toEqual([(9 + 4) / 2])
  })

  it('carry that error of each series by itself, over the periods that are known of it', () => {
    const known = panelOf([
      [1, 2, 4, 4],
      [100, Number.NaN, 90, 70],
    ])
    const { naiveAbsoluteError, naiveSquaredError } = originRows(known, known, 1)
    expect([...naiveAbsoluteError]).toEqual([1, 20])
    expect([...naiveSquaredError]).toEqual([5 / 3, 400])
  })

  it('take the error of the last value where no season is over yet', () => {
    const { naiveAbsoluteError } = originRows(panelOf([[1, 2, 4]]), panelOf([[1, 2, 4, 9]]), 1)
    expect([...naiveAbsoluteError]).toEqual([1.5])
    const year = [...new Array(51).fill(1), 3]
    expect([...originRows(panelOf([year]), panelOf([year]), 1).naiveAbsoluteError]).toEqual([
      2 / 51,
    ])
  })
})
