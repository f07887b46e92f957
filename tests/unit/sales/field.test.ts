import { expect, test } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import {
  checkSigns,
  constraintCheck,
  type Dialect,
  type Field,
  fieldParser,
} from '../../../src/sales/contract/field.ts'

function field(type: string, of: Partial<Field> = {}): Field {
  return {
    name: 'x',
    type,
    format: 'default',
    decimalChar: '.',
    groupChar: undefined,
    bareNumber: true,
    constraints: {},
    ...of,
  }
}

test.each<[string, [string, number | undefined][]]>([
  [
    'boolean',
    [
      ['true', 1],
      ['1', 1],
      ['FALSE', 0],
      ['0', 0],
      ['yes', undefined],
    ],
  ],
  [
    'year',
    [
      ['2025', 2025],
      ['0000', 0],
      ['25', undefined],
      ['20255', undefined],
      ['x2025', undefined],
    ],
  ],
  [
    'integer',
    [
      ['12', 12],
      ['1.5', undefined],
    ],
  ],
  [
    'number',
    [
      ['1.5', 1.5],
      ['x', undefined],
    ],
  ],
])('a cell of type %s is the number that it means', (type, cases) => {
  const parse = fieldParser(field(type))
  for (const [text, value] of cases) expect(parse?.(text), text).toBe(value)
})

test('a text is whatever stands there, and a type or format that nobody heeds is refused', () => {
  expect(fieldParser(field('string'))).toBeUndefined()
  expect(fieldParser(field('any'))).toBeUndefined()
  expect(() => fieldParser(field('geopoint'), { key: 'f' })).toThrow('f.type: the type "geopoint"')
  expect(() => fieldParser(field('string', { format: 'email' }))).toThrow(
    'format: a format of string',
  )
})

test.each<[string, Field, allowed: string[], refused: string[]]>([
  [
    'numbers',
    field('number', { constraints: { minimum: 1, maximum: 3 } }),
    ['1', '3', '2.5'],
    ['0.9', '3.1'],
  ],
  [
    'days',
    field('date', {
      format: '%d/%m/%Y',
      constraints: { minimum: '01/02/2025', maximum: '03/02/2025' },
    }),
    ['01/02/2025', '3/2/2025'],
    ['31/01/2025', '04/02/2025'],
  ],
  [
    'lengths, in characters',
    field('string', { constraints: { minLength: 2, maxLength: 3 } }),
    ['ab', '🍎🍎🍎', 'ab '],
    ['a', '🍎', 'abcd'],
  ],
  ['patterns', field('string', { constraints: { pattern: 'A\\d' } }), ['A1'], ['A', 'A12', 'xA1']],
  [
    'values of a list',
    field('number', { constraints: { enum: ['1', 2] } }),
    ['1', '1.0', '2'],
    ['3', '12'],
  ],
  [
    'texts of a list',
    field('string', { constraints: { enum: ['a', '1'] } }),
    ['a', '1'],
    ['A', '1.0', ''],
  ],
])('constraints hold for %s, the limits themselves being allowed', (_, of, allowed, refused) => {
  const isAllowed = constraintCheck(of)
  for (const text of allowed) expect(isAllowed(text), text).toBe(true)
  for (const text of refused) expect(isAllowed(text), text).toBe(false)
})

test.each<[string, Field, RegExp]>([
  [
    'a limit of texts',
    field('string', { constraints: { minimum: 1 } }),
    /^f\.constraints\.minimum: is for numbers and days, but the type is string\n.*Remove it/,
  ],
  [
    'a limit that is no value',
    field('number', { constraints: { maximum: 'x' } }),
    /^f\.constraints\.maximum: must be written as the field's own values are, but is "x"\n.*Correct it/,
  ],
  [
    'a day as a number',
    field('date', { constraints: { minimum: 2025 } }),
    /constraints\.minimum: must be written/,
  ],
  [
    'a list with another type',
    field('integer', { constraints: { enum: ['1', 'x'] } }),
    /^f\.constraints\.enum: must be written/,
  ],
])('%s cannot hold as it is written, and is refused', (_, of, message) => {
  expect(() => constraintCheck(of, { key: 'f' })).toThrow(UserError)
  expect(() => constraintCheck(of, { key: 'f' })).toThrow(message)
})

const dialect: Dialect = {
  delimiter: ',',
  quoteChar: '"',
  doubleQuote: true,
  header: true,
  headerRow: 1,
}

test.each<[Parameters<typeof checkSigns>[0], Partial<Dialect>, RegExp | undefined]>([
  [{ type: 'number', decimalChar: ',', groupChar: '.' }, {}, undefined],
  [{ type: 'integer', groupChar: '.' }, {}, undefined],
  [{}, { quoteChar: undefined }, undefined],
  [
    { type: 'integer', decimalChar: ',' },
    {},
    /^decimalChar: is for numbers, but the type is integer/,
  ],
  [{ groupChar: ',' }, {}, /^groupChar: is for numbers, but the type is any/],
  [
    { type: 'number', decimalChar: '1' },
    {},
    /^decimalChar: must be one of ".", ",", "٫", but is "1"/,
  ],
  [{ type: 'number', groupChar: "'" }, { quoteChar: "'" }, /^groupChar: must be one of /],
  [{ type: 'number', decimalChar: ',' }, { quoteChar: undefined }, /^decimalChar: parts the cells/],
  [
    { type: 'number', groupChar: '.' },
    {},
    /^groupChar: decimalChar and groupChar must differ, but both are "."/,
  ],
])(
  'the signs %j are heeded beside %j, or refused where they could mean two things',
  (raw, of, message) => {
    const check = () => checkSigns(raw, { ...dialect, ...of }, {})
    if (message) expect(check).toThrow(message)
    else expect(check).not.toThrow()
  },
)
