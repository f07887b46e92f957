import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { subjectOf } from '../../../src/ledger/events/subject.ts'
import {
  type PublishedForecasts,
  publishedForecasts,
  publishedText,
} from '../../../src/ledger/published-forecasts.ts'

const FILE = 'content/ab/x.ndjson.gz'

const units = fc.double({ min: 0, max: 1e9, noNaN: true })
const forecasts = fc
  .record({ periods: fc.integer({ min: 1, max: 4 }), levels: fc.integer({ min: 1, max: 4 }) })
  .chain(({ periods, levels }) => {
    const perPeriod = <T>(of: fc.Arbitrary<T>) =>
      fc.array(of, { minLength: periods, maxLength: periods })
    const series = fc.record(
      {
        product: fc.string({ unit: 'grapheme' }),
        store: fc.string(),
        restsOn: fc.constantFrom('series' as const, 'category' as const),
        mean: perPeriod(units),
        quantiles: perPeriod(
          fc
            .array(units, { minLength: levels, maxLength: levels })
            .map((of) => of.toSorted((a, b) => a - b)),
        ),
      },
      { requiredKeys: ['product', 'restsOn', 'mean', 'quantiles'] },
    )
    return fc.record({
      frequency: fc.constant('week' as const),
      from: fc.constant(Array(periods).fill('2026-11-02')),
      levels: fc.constant(Array.from({ length: levels }, (_, i) => (i + 1) / (levels + 1))),
      series: fc.uniqueArray(series, { maxLength: 5, selector: subjectOf }),
    })
  })

describe('published forecasts', () => {
  test('whoever replays them reads every series, period and level, to five digits', () => {
    fc.assert(
      fc.property(forecasts, (published) => {
        const read = publishedForecasts(publishedText(published), FILE)
        expect({ ...read, series: [] }).toEqual({ ...published, series: [] })
        expect(read.series).toHaveLength(published.series.length)
        for (const [i, series] of published.series.entries()) {
          const numbers = (of: PublishedForecasts['series'][number]) => [
            ...of.mean,
            ...of.quantiles.flat(),
          ]
          expect({ ...read.series[i], mean: [], quantiles: [] }).toEqual({
            ...series,
            mean: [],
            quantiles: [],
          })
          for (const [n, units] of numbers(series).entries()) {
            expect(Math.abs(numbers(read.series[i])[n] - units)).toBeLessThanOrEqual(1e-4 * units)
          }
        }
      }),
    )
  })

  test('who reads a file that was cut off anywhere is told so', () => {
    const text = publishedText(example())
    for (let length = 0; length < text.length; length++) {
      expect(() => publishedForecasts(text.slice(0, length), FILE)).toThrow(FILE)
    }
  })

  test('who reads what somebody wrote into them reads forecasts, or is told the line', () => {
    const text = publishedText(example())
    const place = {
      at: fc.nat(text.length),
      length: fc.nat(5),
      written: fc.string({ maxLength: 6 }),
    }
    const known = fc.constantFrom('1e300', 'NaN', '-', 'null', '[]', '"', '\n', '\ud800', '1e-320')
    fc.assert(
      fc.property(fc.record({ ...place, written: fc.oneof(place.written, known) }), (edit) => {
        const edited = text.slice(0, edit.at) + edit.written + text.slice(edit.at + edit.length)
        try {
          const { series } = publishedForecasts(edited, FILE)
          const units = series.flatMap(({ mean, quantiles }) => [...mean, ...quantiles.flat()])
          expect(units.every((value) => Math.abs(value) <= 1e15)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(UserError)
          expect(String(error)).toContain(FILE)
        }
      }),
      { numRuns: 500 },
    )
  })

  test.each<[string, (of: PublishedForecasts) => void]>([
    ['a period is missing', ({ series }) => series[0].mean.pop()],
    ['a level is missing', ({ series }) => series[0].quantiles[0].pop()],
    ['the quantiles fall', ({ series }) => series[0].quantiles[1].reverse()],
    ['a series is there twice', ({ series }) => series.push(series[0])],
    ['the number is one that nobody sells', ({ series }) => series[0].mean.fill(1e300)],
    ['a day does not exist', ({ from }) => from.splice(0, 1, '2026-02-30')],
  ])('are not read where %s, and the line is named', (_, spoil) => {
    const spoilt = example()
    spoil(spoilt)
    expect(() => publishedForecasts(publishedText(spoilt), FILE)).toThrow(/ndjson\.gz:[123]/)
  })

  test('a forecast that is no number is a bug, and never published', () => {
    const spoilt = example()
    spoilt.series[0].mean[0] = Number.NaN
    expect(() => publishedText(spoilt)).toThrow(TypeError)
  })
})

function example(): PublishedForecasts {
  return {
    frequency: 'week',
    from: ['2026-11-02', '2026-11-09'],
    levels: [0.1, 0.9],
    series: [
      {
        product: '1042',
        restsOn: 'series',
        mean: [3, 4],
        quantiles: [
          [1, 5],
          [2, 6],
        ],
      },
    ],
  }
}
