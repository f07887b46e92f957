import { describe, expect, it } from 'vitest'
import type { Day } from '../../../../src/base/day.ts'
import { firstDay } from '../../../../src/demand/calendar.ts'
import type { Panel } from '../../../../src/demand/panel.ts'
import { originRows } from '../../../../src/evaluation/scoring/origin-rows.ts'
import { knownShare } from '../../../../src/monitoring/health/block.ts'
import { knownDemand, storesAfter } from '../../../../src/monitoring/origins/known-demand.ts'
import type { StoreSales } from '../../../../src/monitoring/origins/store-sales.ts'
import { FIRST_WEEK, panelOf } from '../../forecasting/panels.ts'

const WEEKS = 10
const before = (units: number) => new Array<number>(WEEKS).fill(units)
const stocked = (...shares: number[]) => [...new Array<number>(WEEKS).fill(1), ...shares]

describe('of the demand in a block is known', () => {
  it('all where there was stock of everything', () => {
    expect(
      seen([
        [10, [9, 11]],
        [30, [25, 35]],
      ]),
    ).toMatchObject({ knownDemand: 1, unforecast: 0 })
  })

  it('what came while there was stock, each series weighing what it sold until then', () => {
    const found = seen(
      [
        [10, [9, 11]],
        [30, [3, 35]],
      ],
      { stockedShare: [stocked(1, 1), stocked(0.2, 1)] },
    )
    expect(found.knownDemand).toBeCloseTo((10 + 30 * 0.2) / 40, 12)
    // In the second of the two weeks, which is no part of the block, all is known.
    expect(found.actual).toEqual([9, 11, Number.NaN, 35])
  })

  it('over all weeks of the block, where it has several', () => {
    const shares = { stockedShare: [stocked(0.6, 1), stocked(1, 1)] }
    const found = seen(
      [
        [10, [9, 11]],
        [30, [25, 35]],
      ],
      { ...shares, periods: 2 },
    )
    expect(found.knownDemand).toBeCloseTo((0.6 * 10 + 10 + 30 + 30) / 80, 12)
  })

  it('nothing of what was not forecast, which is counted, and not scored', () => {
    const found = seen(
      [
        [10, [9, 11]],
        [30, [25, 35]],
      ],
      { forecast: [true, false] },
    )
    expect(found).toMatchObject({ knownDemand: 0.25, unforecast: 1 })
    expect(found.actual).toEqual([9, 11, Number.NaN, Number.NaN])
  })

  it('and what had stopped selling before is no part of it', () => {
    const stopped = [0, [0, 0]] as [number, number[]]
    expect(seen([[10, [9, 11]], stopped], { forecast: [true, false] })).toMatchObject({
      knownDemand: 1,
      unforecast: 0,
    })
  })

  it('nothing at all where nothing sold before', () => {
    expect(seen([[0, [1, 1]]])).toMatchObject({ knownDemand: 0 })
  })
})

describe('a store of which no sales come', () => {
  const stores = ['centre', 'harbour', 'harbour']

  it('is named, and nobody is praised for forecasting nothing of it, nor blamed', () => {
    const found = seen(
      [
        [10, [9, 11]],
        [20, [0, 18]],
        [10, [0, 8]],
      ],
      { stores },
    )
    expect(found).toMatchObject({ silentStores: ['harbour'], knownDemand: 0.25 })
    expect(found.actual).toEqual([9, 11, Number.NaN, 18, Number.NaN, 8])
  })

  it('is none where one of its products sold, however little', () => {
    const found = seen(
      [
        [10, [9, 11]],
        [20, [0, 18]],
        [10, [1, 8]],
      ],
      { stores },
    )
    expect(found).toMatchObject({ silentStores: [], knownDemand: 1 })
  })

  it('is one of which only the first days of the block are there, until the others come', () => {
    const series: [number, number[]][] = [
      [10, [9, 11]],
      [20, [12, 18]],
      [10, [6, 8]],
    ]
    const thursday = firstDay('week', FIRST_WEEK + WEEKS) + 3
    const late = seen(series, { stores, through: { harbour: thursday } })
    expect(late).toMatchObject({ silentStores: ['harbour'], knownDemand: 0.25 })
    const none = Number.NaN
    expect(late.actual).toEqual([9, 11, none, none, none, none])
    expect(seen(series, { stores, through: { harbour: thursday + 3 } })).toMatchObject({
      silentStores: [],
      knownDemand: 1,
      actual: [9, 11, 12, none, 6, none],
    })
  })

  it('is none where what is still to come of it is little, or nothing because of its weekdays', () => {
    const saturday = firstDay('week', FIRST_WEEK + WEEKS) + 5
    const series: [number, number[]][] = [
      [10, [9, 11]],
      [20, [12, 18]],
      [20, [12, 18]],
    ]
    const of = (options: Options) =>
      seen(series, { stores, through: { harbour: saturday }, ...options }).silentStores
    expect(of({})).toEqual([])
    expect(of({ onWeekday: [1, 1, 1, 1, 1, 1, 3] })).toEqual(['harbour'])
    expect(of({ onWeekday: [1, 1, 1, 1, 1, 1, 0] })).toEqual([])
  })

  it('is none where it had no stock to sell: that much is known', () => {
    const found = seen(
      [
        [10, [9, 11]],
        [20, [0, 18]],
        [10, [0, 8]],
      ],
      { stores, stockedShare: [stocked(1, 1), stocked(0, 1), stocked(0.4, 1)] },
    )
    expect(found).toMatchObject({ silentStores: [], knownDemand: (10 + 4) / 40 })
  })

  it('is none where it sold what has another name now, or is new', () => {
    const found = seen(
      [
        [10, [9, 11]],
        [20, [0, 0]],
        [0, [18, 17]],
      ],
      { stores },
    )
    expect(found).toMatchObject({ silentStores: [], knownDemand: 1 })
    expect(found.actual.slice(2, 4)).toEqual([0, 0])
  })

  it('is none where it sells so little that a block without sales is nothing unusual', () => {
    const found = seen(
      [
        [10, [9, 11]],
        [2, [0, 1]],
        [1, [0, 2]],
      ],
      { stores },
    )
    expect(found).toMatchObject({ silentStores: [], knownDemand: 1 })
    expect(found.actual).toEqual([9, 11, 0, 1, 0, 2])
  })

  it('is the whole chain where the sales know no stores', () => {
    expect(
      seen([
        [10, [0, 11]],
        [30, [0, 35]],
      ]),
    ).toMatchObject({ silentStores: [''], knownDemand: 0 })
  })
})

type Options = {
  stockedShare?: number[][]
  stores?: string[]
  forecast?: boolean[]
  periods?: number
  /** The last day known of a store; of others all are. */
  through?: Record<string, Day>
  onWeekday?: number[]
}

/** Of series that sold so much in each week before, and these units in the two after it. */
function seen(series: [number, number[]][], options: Options = {}) {
  const { stores, periods = 1 } = options
  const inStores = (panel: Panel): Panel => ({
    ...panel,
    series: panel.series.map((it, i) => ({ ...it, storeId: stores?.[i] })),
  })
  const known = inStores(panelOf(series.map(([units]) => before(units))))
  const { stockedShare } = options
  const all = series.map(([units, after]) => [...before(units), ...after])
  const later = inStores(panelOf(all, stockedShare && { stockedShare }))
  const rows = originRows(known, later, 2)
  const mean = rows.actual.map((_, cell) =>
    (options.forecast?.[cell >> 1] ?? true) ? 5 : Number.NaN,
  )
  const model = { mean, quantiles: new Float64Array(mean.length * 13) }
  const sales = later.series.map(({ storeId = '' }): [string, StoreSales] => {
    const through = options.through?.[storeId] ?? Number.POSITIVE_INFINITY
    return [storeId, { through, units: Float64Array.from(options.onWeekday ?? Array(7).fill(1)) }]
  })
  const sellingAfter = storesAfter({ known, later, horizon: 2, periods })
  const found = knownDemand({
    ...{ known, later, rows, model, periods, sellingAfter },
    stores: new Map(sales),
  })
  return { ...found, actual: [...found.actual], knownDemand: knownShare(found) }
}
