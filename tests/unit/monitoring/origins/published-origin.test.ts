import { describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../../src/base/day.ts'
import { firstDay } from '../../../../src/demand/calendar.ts'
import { originRows } from '../../../../src/evaluation/scoring/origin-rows.ts'
import { LEVELS } from '../../../../src/forecasting/levels.ts'
import type { MadeForecasts } from '../../../../src/ledger/forecast-record.ts'
import type { PublishedForecasts } from '../../../../src/ledger/published-forecasts.ts'
import {
  publicationsByStart,
  publicationsOf,
} from '../../../../src/monitoring/origins/known-publication.ts'
import { publishedOrigin } from '../../../../src/monitoring/origins/published-origin.ts'
import { FIRST_WEEK, panelOf } from '../../forecasting/panels.ts'
import { made } from '../../reporting/examples.ts'

const known = panelOf([
  [3, 4, 5],
  [6, 7, 8],
])
const rows = originRows(
  known,
  panelOf([
    [3, 4, 5, 6, 7],
    [6, 7, 8, 9, 10],
  ]),
  2,
)

describe('what was published is put beside what sold', () => {
  it('series by series and week by week, in whatever order it was written', () => {
    const { mean, quantiles } = publishedOrigin(published(['1', '0']), rows, 'f')
    expect([...mean]).toEqual([100, 101, 0, 1])
    expect(quantiles[0]).toBe(100 + LEVELS[0])
    expect(quantiles[3 * LEVELS.length + 6]).toBe(1 + LEVELS[6])
  })

  it('with nothing for what was not published, or not so far ahead', () => {
    const short = published(['1'], { periods: 1 })
    expect([...publishedOrigin(short, rows, 'f').mean]).toEqual([
      Number.NaN,
      Number.NaN,
      0,
      Number.NaN,
    ])
  })

  it.each([
    ['another frequency', { frequency: 'day' as const }],
    ['other periods', { first: 4 }],
    ['other levels', { levels: [0.1, 0.5, 0.9] }],
  ])('unless it is of %s: that is refused', (_, changes) => {
    expect(() => publishedOrigin(published(['0'], changes), rows, 'f')).toThrow(/^f: /)
  })
})

describe('the forecasts of a block are those of the version', () => {
  const by = { version: 3, model: 'a'.repeat(64), since: '2026-10-30T12:00:00.000Z' }
  const basis = { version: 3, model: by.model, data: 'b'.repeat(40), salesThrough: '2026-11-01' }
  const first = { from: '2026-11-02', salesThrough: '2026-11-01', version: 3 }
  const of = (id: string, changes: Partial<MadeForecasts>) => ({
    id,
    record: made({ ...first, basis, ...changes }),
  })
  const ids = (all: ReturnType<typeof of>[]) =>
    [...publicationsByStart(publicationsOf(all, by), 'week').values()].map((some) =>
      some.map(({ id }) => id),
    )

  it('that were published first, before those that were published again', () => {
    const late = of('late', { at: '2026-11-03T08:00:00.000Z' })
    const early = of('early', { at: '2026-11-02T08:00:00.000Z' })
    const next = of('next', { from: '2026-11-09', at: '2026-11-09T08:00:00.000Z' })
    expect(ids([late, next, early])).toEqual([['early', 'late'], ['next']])
  })

  it('and no others: not of another version, model or time in production, nor made with the week at hand', () => {
    const others = [
      of('version', { version: 2 }),
      of('model', { basis: { ...basis, model: 'c'.repeat(64) } }),
      of('earlier life', { at: '2026-10-26T08:00:00.000Z' }),
      of('later sales', { salesThrough: '2026-11-09' }),
      of('sales of the week', { salesThrough: '2026-11-08' }),
      of('within the week', { from: '2026-11-04' }),
    ]
    expect(ids(others)).toEqual([])
    const { basis: _, ...earlier } = of('earlier format', {}).record
    expect(ids([{ id: 'earlier format', record: earlier }])).toEqual([['earlier format']])
  })
})

type Changes = { frequency?: 'day' | 'week'; first?: number; levels?: number[]; periods?: number }

/** Of each series a hundred more than of the one before it, and one more each week. */
function published(products: string[], changes: Changes = {}): PublishedForecasts {
  const { frequency = 'week', first = 3, levels = LEVELS, periods = 2 } = changes
  const ahead = Array.from({ length: periods }, (_, h) => h)
  return {
    frequency,
    from: ahead.map((h) => isoFromDay(firstDay('week', FIRST_WEEK + first + h))),
    levels,
    series: products.map((product, i) => ({
      product,
      restsOn: 'series',
      mean: ahead.map((h) => 100 * i + h),
      quantiles: ahead.map((h) => levels.map((level) => 100 * i + h + level)),
    })),
  }
}
