import { describe, expect, test } from 'vitest'
import type { SeriesForecast } from '../../../src/ordering/forecaster.ts'
import { forecastAnswer, forecastCsv } from '../../../src/reporting/forecast-table.ts'
import { naughty } from './examples.ts'

describe('forecasts as CSV', () => {
  test('has the columns that the buyer and the scripts expect', () => {
    expect(forecastCsv([row()])).toBe(
      'product_id,period,mean,p10,p50,p90\n1042,2026-12-01,312.4,255,310.3333,380\n',
    )
  })

  test('has a store column where there are stores', () => {
    expect(forecastCsv([row({ storeId: '0007' }), row()])).toBe(
      'product_id,store_id,period,mean,p10,p50,p90\n' +
        '1042,0007,2026-12-01,312.4,255,310.3333,380\n' +
        '1042,,2026-12-01,312.4,255,310.3333,380\n',
    )
  })

  test.each([',', '"', '\n', '\r'])(
    'an id with %j is quoted: some readers end a line at each',
    (char) => {
      const field = `"a${char.replace('"', '""')}b"`
      expect(forecastCsv([row({ productId: `a${char}b` })])).toContain(`\n${field},2026-12-01,`)
    },
  )

  test.each([
    [1e-9, '0'],
    [-1e-9, '0'],
    [0.00005, '0.0001'],
    [1234567.5, '1234567.5'],
    [1e21, '1000000000000000000000'],
  ])('%d is a plain decimal', (mean, expected) => {
    expect(
      forecastCsv([row({ mean })])
        .split('\n')[1]
        .split(',')[2],
    ).toBe(expected)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is refused, not left blank', (p90) => {
    expect(() => forecastCsv([row({ p90 })])).toThrow('cannot be a cell')
  })
})

describe("the answer to the buyer's question", () => {
  test('says how many units, and how sure that is', () => {
    expect(forecastAnswer(row({ name: 'Biscoito Maria 400g' }), '2026-12', 'en')).toBe(
      'Biscoito Maria 400g (1042), 2026-12: 312 units; 80% interval 255 to 380',
    )
  })

  test('does not round a slow seller to nothing', () => {
    expect(forecastAnswer(row({ mean: 0.34, p10: 0, p90: 1.2 }), '2026-12', 'en')).toBe(
      '1042, 2026-12: 0.3 units; 80% interval 0 to 1.2',
    )
  })

  test.each([
    [190, 'en', '190 if nothing were planned; effect of the plan: +122'],
    [190.7, 'en', '191 if nothing were planned; effect of the plan: +121'],
    [400, 'en', '400 if nothing were planned; effect of the plan: −88'],
    [190, 'pt-BR', '190 se nada estivesse planejado; efeito do plano: +122'],
  ] as const)('says what a plan adds to %d, in %s', (mean, language, expected) => {
    const answer = forecastAnswer(row({ withoutPlan: { mean } }), '2026-12', language)
    expect(answer).toContain(expected)
  })

  test('names the store, and says where a category stands in for the product', () => {
    const unsold = row({ storeId: 'SP-01', basis: 'category', category: 'Biscoitos' })
    const answer = forecastAnswer(unsold, '2026-12', 'en')
    expect(answer).toBe(
      '1042 in store SP-01, 2026-12: 312 units; 80% interval 255 to 380; no period is over in which it was on sale, so this is the forecast of its category, Biscoitos',
    )
  })

  test.each(naughty)('a name cannot move the cursor or start a line: $what', ({ text }) => {
    const answer = forecastAnswer(
      row({ productId: text, storeId: text, name: text }),
      '2026-12',
      'en',
    )
    expect(answer).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}/u)
    expect(answer).toContain('312 units')
  })
})

function row(overrides: Partial<SeriesForecast> = {}) {
  return {
    productId: '1042',
    from: '2026-12-01',
    basis: 'series' as const,
    mean: 312.4,
    p10: 255,
    p50: 310.33333,
    p90: 380,
    ...overrides,
  }
}
