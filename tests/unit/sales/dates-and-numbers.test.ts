import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayFromIso, isoFromDay } from '../../../src/base/day.ts'
import { UserError } from '../../../src/base/errors.ts'
import { dateParser } from '../../../src/sales/contract/date-format.ts'
import { numberParser } from '../../../src/sales/contract/number-format.ts'

const brazilian = numberParser({ decimalChar: ',', groupChar: '.', integer: false })
const plain = numberParser({ decimalChar: '.', groupChar: undefined, integer: false })

test.each([
  ['1.234,56', 1234.56],
  ['1234,56', 1234.56],
  ['0,5', 0.5],
  [',50', 0.5],
  ['-3', -3],
  ['+3', 3],
  ['1.234.567', 1234567],
])('a Brazilian price of %s is read as it is meant', (text, value) => {
  expect(brazilian(text)).toBe(value)
})

test.each([
  '4.59', // a decimal point would become a factor of 100
  '12.34,5',
  '1.2345,6',
  '1,2,3',
  '5,',
  '1 234',
  '0x10',
  '1e3',
  'NaN',
  'Infinity',
  '',
  ' ',
  '--1',
  'R$ 5,00',
  '9'.repeat(400),
  '٣',
])('the price %j is refused instead of guessed', (text) => {
  expect(brazilian(text)).toBeUndefined()
})

test('a decimal comma is not read as a group of thousands', () => {
  expect(plain('1,234')).toBeUndefined()
})

test('half a unit is no whole number', () => {
  const integer = numberParser({ decimalChar: '.', groupChar: undefined, integer: true })
  expect(integer('1.5')).toBeUndefined()
  expect(integer('12')).toBe(12)
})

test('what JavaScript prints as a plain decimal is read back to the same number', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
      const text = String(value)
      fc.pre(!text.includes('e'))
      expect(plain(text)).toBe(Number(text))
    }),
    { numRuns: 200 },
  )
})

test('31 February is no day, 29 February is one in leap years', () => {
  const parse = dateParser('date', '%d/%m/%Y')
  expect(parse('31/02/2025')).toBeUndefined()
  expect(parse('29/02/2025')).toBeUndefined()
  expect(parse('29/02/2024')).toBe(dayFromIso('2024-02-29'))
})

test('day and month are not swapped where the order of the contract makes no sense', () => {
  expect(dateParser('date', '%d/%m/%Y')('12/31/2025')).toBeUndefined()
})

test('a two-digit year is refused under %Y and read as POSIX says under %y', () => {
  expect(dateParser('date', '%d/%m/%Y')('05/03/25')).toBeUndefined()
  const parse = dateParser('date', '%d/%m/%y')
  expect(parse('05/03/25')).toBe(dayFromIso('2025-03-05'))
  expect(parse('05/03/68')).toBe(dayFromIso('2068-03-05'))
  expect(parse('05/03/69')).toBe(dayFromIso('1969-03-05'))
  expect(parse('05/03/2025')).toBeUndefined()
})

test('a spreadsheet may have dropped leading zeros, except where digits touch', () => {
  expect(dateParser('date', '%d/%m/%Y')('5/3/2025')).toBe(dayFromIso('2025-03-05'))
  expect(dateParser('date', '%d%m%Y')('1122025')).toBeUndefined()
  expect(dateParser('date', '%d%m%Y')('11022025')).toBe(dayFromIso('2025-02-11'))
})

test('the time of a datetime is dropped, but must exist', () => {
  const parse = dateParser('datetime', '%Y-%m-%d %H:%M:%S')
  expect(parse('2010-12-01 08:26:00')).toBe(dayFromIso('2010-12-01'))
  expect(parse('2010-12-01 25:26:00')).toBeUndefined()
  expect(parse('2010-12-01')).toBeUndefined()
  expect(dateParser('datetime', 'default')('2010-12-01T23:59:59Z')).toBe(dayFromIso('2010-12-01'))
})

test('every day is read back from how a format prints it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 100_000 }), (day) => {
      const [year, month, dayOfMonth] = isoFromDay(day).split('-')
      expect(dateParser('date', 'default')(isoFromDay(day))).toBe(day)
      expect(dateParser('date', '%d.%m.%Y')(`${dayOfMonth}.${month}.${year}`)).toBe(day)
    }),
    { numRuns: 200 },
  )
})

test.each(['%d/%m', '%m/%m/%Y', '%Y-%m-%d-%d', 'dd/mm/yyyy'])(
  'the format %s is refused when the contract is read, not when a row fails',
  (format) => {
    expect(() => dateParser('date', format, { file: 'c.json', key: 'k' })).toThrow(UserError)
  },
)

test.each([
  ['%d/%m/%Y %I:%M %p', '5/3/2025 12:05 PM', '2025-03-05'],
  ['%m/%d/%Y %I:%M:%S %p', '03/05/2025 1:05:00 a.m.', '2025-03-05'],
  ['%Y-%m-%d %H:%M:%S %z', '2025-03-05 23:59:59 -0300', '2025-03-05'],
  ['%Y-%m-%d %H:%M:%S%z', '2025-03-05 23:59:59+00', '2025-03-05'],
  ['%Y-%m-%d %H:%M:%S %z', '2025-03-05 23:59:59 UTC', '2025-03-05'],
  ['%b %d, %Y', 'Mar 5, 2025', '2025-03-05'],
  ['%d %B %Y', '5 März 2025', '2025-03-05'],
  ['%d de %B de %Y', '5 de março de 2025', '2025-03-05'],
  ['%d-%b-%y', '05-MRZ-25', '2025-03-05'],
  ['%d %b %Y', '05 févr. 2025', '2025-02-05'],
  ['%d/%b/%Y', '05/dez/2025', '2025-12-05'],
  ['%a, %d %b %Y', 'Wed, 5 ago 2025', '2025-08-05'],
  ['%Y-%m', '2025-03', '2025-03-01'],
  ['%b %Y', 'ene 2025', '2025-01-01'],
])('a till that writes %s is understood: %s', (format, text, day) => {
  expect(dateParser('datetime', format)(text)).toBe(dayFromIso(day))
})

test.each([
  ['%d/%m/%Y %I:%M %p', '05/03/2025 13:05 PM'],
  ['%d/%m/%Y %I:%M %p', '05/03/2025 00:05 AM'],
  ['%d %b %Y', '05 jui 2025'], // French June or July
  ['%d %b %Y', '05 marte 2025'],
  ['%Y-%m', '2025-13'],
])('under %s, %s is no day', (format, text) => {
  expect(dateParser('datetime', format)(text)).toBe(undefined)
})

test.each([
  ['R$ 1.234,50', 1234.5],
  ['-R$ 12,90', -12.9],
  ['12,90 €', 12.9],
  ['11 UN', 11],
  ['2,5 kg', 2.5],
  ['1.000-', -1000],
  ['(12,50)', -12.5],
])('where numbers are not bare, %s is what an accountant means by it', (text, value) => {
  const parse = numberParser({
    decimalChar: ',',
    groupChar: '.',
    integer: false,
    bareNumber: false,
  })
  expect(parse(text)).toBe(value)
})

test.each(['11 x 2', '12 UN/6', '--5', '-5-', 'kg', '7,8E+12', '1.2 kg'])(
  'where numbers are not bare, %j is still none',
  (text) => {
    const notation = { decimalChar: ',', groupChar: '.', integer: false, bareNumber: false }
    expect(numberParser(notation)(text)).toBe(undefined)
  },
)

test('a group of thousands does not begin with 0: 0.500 is half a kilogram, 1,23,456 a lakh', () => {
  expect(brazilian('0.500')).toBe(undefined)
  const indian = numberParser({ decimalChar: '.', groupChar: ',', integer: false })
  expect(indian('1,23,456.5')).toBe(123456.5)
})

test.each<[format: string, days: string[], none: string[]]>([
  [
    '%Y-%m-%dT%H:%M:%S%z',
    ['Z', 'UTC', '-03', '+0300', '-03:00', ''].map((zone) => `2025-03-05T00:00:60${zone}`),
    ['X', '-3', '-', '-03:0', '-03:', '-030', '-03000', 'Z0', '+'].map(
      (zone) => `2025-03-05T00:00:00${zone}`,
    ),
  ],
  [
    '%H:%M:%S %d/%m/%Y',
    ['23:59:60 5/3/2025', '0:0:0 05/03/2025'],
    ['24:00:00 5/3/2025', '23:60:00 5/3/2025', '23:59:61 5/3/2025', ':00:00 5/3/2025'],
  ],
  [
    '%d/%m/%Y %I %p',
    ['5/3/2025 12 AM', '5/3/2025 1 p. m.', '5/3/2025 1 pm'],
    ['5/3/2025 0 AM', '5/3/2025 13 AM', '5/3/2025 1 xm', '5/3/2025 1 ', '5/3/2025 1 pmx'],
  ],
  [
    '%d/%m/%Y %S.%f',
    ['5/3/2025 00.1', '5/3/2025 00.123456789'],
    ['5/3/2025 00.', '5/3/2025 00.1234567890'],
  ],
  [
    '%d %m %Y',
    ['5th 3 2025', '5º 3 2025', '5er 3 2025', '5 3 2025'],
    ['5x 3 2025', '5the 3 2025', '5 3th 2025', '0 3 2025', '5 0 2025', '5 3 025'],
  ],
  ['%dth %m %Y', ['5th 3 2025'], ['5thth 3 2025', '5 3 2025']],
  [
    '%A %d. %b. %Y',
    ['Mi. 5. Mar.. 2025', 'mercoledì 5. mar.. 2025', 'quarta-feira 5. mar.. 2025'],
    ['5. mar.. 2025', ' 5. mar.. 2025', '. 5. mar.. 2025'],
  ],
  ['%d%%%m%%%Y', ['5%3%2025'], ['5%%3%%2025', '532025']],
  ['%Y%m%d', ['20250305'], ['2025035', '202503051', '2025 305', 'x20250305']],
])('under %s the fifth of March is read, and nothing that is nearly it', (format, days, none) => {
  const parse = dateParser('datetime', format)
  for (const text of days) expect(parse(text), text).toBe(dayFromIso('2025-03-05'))
  for (const text of none) expect(parse(text), text).toBeUndefined()
})

test.each([
  ['%d/%m/%Y %f2', 'holds "%f" beside other digits'],
  ['%d/%m/%Y %Q', 'holds "%Q"'],
  ['%d/%m/%Y %', 'holds "%"'],
  ['%d/%d/%m/%Y', 'holds %d twice'],
  ['%d/%m/%b/%Y', 'does not say day, month and year once each'],
  ['%d/%m/%y/%Y', 'does not say day, month and year once each'],
  ['%d/%Y', 'does not say day, month and year once each'],
])('the format %s is refused, which %s', (format, what) => {
  expect(() => dateParser('date', format)).toThrow(`${JSON.stringify(format)} ${what}`)
})

test.each<[string, Parameters<typeof numberParser>[0], [string, number | undefined][]]>([
  [
    'a bare number',
    { decimalChar: '.', groupChar: ',', integer: false },
    [
      ['999999999999999', 999_999_999_999_999],
      ['1000000000000000', undefined],
      ['-0', 0],
      ['-0.5', -0.5],
      ['12,345', 12_345],
      ['1,234,567', 1_234_567],
      ['12,34,567', 1_234_567],
      ['1234,567', undefined],
      ['123,45,678', undefined],
      ['0,123', undefined],
      ['1,23', undefined],
      ['1,2345', undefined],
      ['(1)', undefined],
      ['1-', undefined],
    ],
  ],
  [
    'a whole number',
    { decimalChar: '.', groupChar: undefined, integer: true },
    [
      ['007', 7],
      ['1.0', undefined],
      ['.5', undefined],
      ['+4', 4],
    ],
  ],
  [
    'an amount with its currency or unit',
    { decimalChar: '.', groupChar: ',', integer: false, bareNumber: false },
    [
      ['- 3', -3],
      ['\u22123', -3],
      ['3\u2212', -3],
      ['$ -3', -3],
      ['-$3', -3],
      ['- $ - 3', undefined],
      ['-3-', undefined],
      ['(0)', 0],
      ['(3)', -3],
      ['(-3)', undefined],
      ['(3', undefined],
      ['(US$ 1,234.50)', -1234.5],
      ['Rs. 1,234', 1234],
      ['12 %', 12],
      ['3 pcs.', 3],
      ['+3 kg', 3],
    ],
  ],
])('%s is what stands there, and nothing else is one', (_, notation, cases) => {
  const parse = numberParser(notation)
  for (const [text, value] of cases) expect(parse(text), text).toBe(value)
})
