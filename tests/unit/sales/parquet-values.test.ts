import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { dateParser, timeWriter } from '../../../src/sales/contract/date-format.ts'
import { hybridRuns } from '../../../src/sales/reading/parquet-encodings.ts'
import { cellText } from '../../../src/sales/reading/parquet-values.ts'

type Element = NonNullable<Parameters<typeof cellText>[0]['element']>

/** What the values of a column of this kind are written as. */
function written(element: Partial<Element>, field: object = {}, timeZone?: string) {
  const column = { name: 'x', element: { name: 'x', ...element } as Element }
  const usual = { type: 'any', format: 'default', decimalChar: '.' }
  return cellText(column, { ...usual, ...field }, timeZone)
}

describe('a value of Parquet is the text that CSV would have, exactly', () => {
  const decimal = (scale: number) => ({ converted_type: 'DECIMAL' as const, scale, precision: 38 })

  test.each([
    [1290n, 2, '12.9'],
    [-5n, 2, '-0.05'],
    [0n, 10, '0'],
    [1_200n, 0, '1200'],
    [12_345_678_901_234_567_890_123_456_789n, 10, '1234567890123456789.0123456789'],
  ])('decimals: %s with %i digits is %s', (unscaled, scale, text) => {
    const hex = BigInt.asUintN(128, unscaled).toString(16).padStart(32, '0')
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
    const fixed = { type: 'FIXED_LEN_BYTE_ARRAY' as const, type_length: 16, ...decimal(scale) }
    expect(written(fixed)(bytes)).toBe(text)
    const small = unscaled < 2n ** 63n
    if (small) expect(written({ type: 'INT64', ...decimal(scale) })(unscaled)).toBe(text)
  })

  test.each([
    ['DOUBLE', 12.9, '12.9'],
    ['DOUBLE', 1e-7, '0.0000001'],
    ['DOUBLE', 1.5e21, '1500000000000000000000'],
    ['DOUBLE', Number.NaN, 'NaN'],
    ['FLOAT', Math.fround(12.9), '12.9'],
    ['FLOAT', Math.fround(99_999.99), '99999.99'],
    ['FLOAT', 16_777_216, '16777216'],
  ] as const)('%s %d is %s', (type, value, text) => {
    expect(written({ type }, { type: 'number' })(value)).toBe(text)
  })

  test('numbers have the decimal sign of the field, so that one contract serves both', () => {
    expect(written({ type: 'DOUBLE' }, { type: 'number', decimalChar: ',' })(-2.5)).toBe('-2,5')
    expect(
      written({ type: 'INT64', ...decimal(2) }, { type: 'number', decimalChar: ',' })(250n),
    ).toBe('2,5')
  })

  test('ids of 64 bits are not rounded, with a sign or without', () => {
    expect(written({ type: 'INT64' })(-(2n ** 63n))).toBe('-9223372036854775808')
    expect(written({ type: 'INT64', converted_type: 'UINT_64' })(-1n)).toBe('18446744073709551615')
    expect(written({ type: 'INT32', converted_type: 'UINT_32' })(-1)).toBe('4294967295')
  })

  const local = {
    logical_type: { type: 'TIMESTAMP' as const, unit: 'MICROS' as const, isAdjustedToUTC: false },
  }
  const instant = { logical_type: { ...local.logical_type, isAdjustedToUTC: true } }
  const micros = (iso: string) => BigInt(Date.parse(iso)) * 1000n

  test('times before 1970 and with fractions are of the day on which they are', () => {
    const write = written({ type: 'INT64', ...local }, { type: 'datetime' })
    expect(write(-1n)).toBe('1969-12-31T23:59:59')
    expect(write(micros('2026-01-05T22:30:00.999Z'))).toBe('2026-01-05T22:30:00')
  })

  test('instants are of the day in their place, also where clocks are changed', () => {
    const in_ = (zone: string) => written({ type: 'INT64', ...instant }, { type: 'datetime' }, zone)
    expect(in_('America/Sao_Paulo')(micros('2026-01-06T02:59:59Z'))).toBe('2026-01-05T23:59:59')
    expect(in_('America/Sao_Paulo')(micros('2018-11-04T02:30:00Z'))).toBe('2018-11-03T23:30:00')
    expect(in_('America/Sao_Paulo')(micros('2018-11-04T03:30:00Z'))).toBe('2018-11-04T01:30:00')
    expect(in_('Asia/Kathmandu')(micros('2026-01-05T18:20:00Z'))).toBe('2026-01-06T00:05:00')
    expect(in_('Pacific/Kiritimati')(micros('2026-01-05T10:00:00Z'))).toBe('2026-01-06T00:00:00')
    expect(() => written({ type: 'INT64', ...instant }, { type: 'datetime' })).toThrow()
  })

  test('what is no day of a year with four digits is no date', () => {
    const write = written({ type: 'INT32', converted_type: 'DATE' }, { type: 'date' })
    expect(write(2_932_896)).toBe('9999-12-31')
    expect(write(2_932_897)).toBe('day 2932897')
    expect(write(-(2 ** 31))).toBe('day -2147483648')
  })

  test.each([
    ['DOUBLE', 'string'],
    ['DOUBLE', 'date'],
    ['BOOLEAN', 'number'],
    ['INT64', 'boolean'],
  ] as const)('%s is refused as %s', (type, field) => {
    expect(() => written({ type }, { type: field })).toThrow('column-type')
  })
})

it('a time is written as its format reads it', () => {
  const formats = fc.constantFrom(
    ...['default', '%d/%m/%Y', '%m/%d/%Y', '%Y%m%d', '%d.%m.%Y', '%Y-%m-%d %H:%M:%S.%f %z'],
  )
  const days = fc.integer({ min: -719_162, max: 2_932_896 })
  const type = fc.constantFrom('date' as const, 'datetime' as const)
  fc.assert(
    fc.property(
      formats,
      type,
      days,
      fc.integer({ min: 0, max: 86_399 }),
      (format, type, day, second) => {
        const text = timeWriter(type, format)?.({ day, second }) ?? ''
        expect([text, dateParser(type, format)(text)]).toEqual([text, day])
      },
    ),
  )
  for (const format of ['%d/%m/%y', '%d %b %Y', '%Y-%m', '%d/%m/%Y %I:%M %p']) {
    expect(timeWriter('date', format)).toBeUndefined()
  }
  expect(isoFromDay(2_932_896)).toBe('9999-12-31')
})

it('runs of numbers never are more than the rows, whatever they claim', () => {
  const run = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f, 3])
  expect([...hybridRuns(run, 2, 5)]).toEqual([3, 3, 3, 3, 3])
  expect([...hybridRuns(Buffer.from([3, 0b10001000, 0b11000110, 0b11111010]), 3, 8)]).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7,
  ])
  expect(() => hybridRuns(Buffer.from([0xff, 0xff, 0x03, 1]), 3, 8)).toThrow()
  expect(() => hybridRuns(Buffer.from([]), 1, 1)).toThrow()
})
