import { type Place, UserError } from '../../base/errors.ts'
import type { Constraints } from './contract-schema.ts'
import { dateParser } from './date-format.ts'
import { linearPattern } from './linear-pattern.ts'
import { numberParser } from './number-format.ts'

/** More are no sales but a table that was turned on its side. */
export const MOST_FIELDS = 5000

export type Field = {
  name: string
  type: string
  format: string
  decimalChar: string
  groupChar: string | undefined
  /** False: a currency or a unit may stand with the number. */
  bareNumber: boolean
  constraints: Constraints
}

export type Dialect = {
  delimiter: string
  /** Undefined: cells are never quoted. */
  quoteChar: string | undefined
  doubleQuote: boolean
  header: boolean
  /** The line of the header; what stands above it is no part of the table. */
  headerRow: number
}

/**
 * What the cells of a field are as numbers: amounts, days, 1 and 0 for true and false. A function
 * that gives undefined for a text that is not of the field's type; undefined where every text is.
 *
 * Throws `UserError` at `place` for a type, format or sign that would not be heeded, or that makes
 * numbers mean something else.
 */
export function fieldParser(
  field: Field,
  place: Place = {},
): ((text: string) => number | undefined) | undefined {
  const { type, format, decimalChar, groupChar, bareNumber } = field
  if (type === 'date' || type === 'datetime') return dateParser(type, format, at(place, 'format'))
  if (format !== 'default') {
    throw new UserError(`a format of ${type} is not supported: it would be ignored`, {
      ...at(place, 'format'),
      remedy: 'Remove it; constraints.pattern says how a text must look.',
    })
  }
  if (type === 'number' || type === 'integer') {
    return numberParser({ decimalChar, groupChar, bareNumber, integer: type === 'integer' })
  }
  if (type === 'boolean') return (text) => truth.get(text)
  if (type === 'year') return (text) => (/^\d{4}$/.test(text) ? Number(text) : undefined)
  if (type === 'string' || type === 'any') return undefined
  throw new UserError(`the type ${JSON.stringify(type)} is not supported: it would be ignored`, {
    ...at(place, 'type'),
    remedy: 'Write string, any, number, integer, boolean, year, date or datetime.',
  })
}

/**
 * Whether a cell is what the field's constraints allow. Limits and enumerated values are compared as
 * what they mean, patterns and lengths as text.
 *
 * Throws `UserError` at `place` for a constraint that cannot hold as it is written.
 */
export function constraintCheck(field: Field, place: Place = {}): (text: string) => boolean {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = field.constraints
  const parse = fieldParser(field, place)
  const lowest = limitOf('minimum', Number.NEGATIVE_INFINITY)
  const highest = limitOf('maximum', Number.POSITIVE_INFINITY)
  const isLike =
    pattern === undefined ? undefined : linearPattern(pattern, inConstraints('pattern'))
  const isListed = listCheck(field, parse, inConstraints('enum'))
  return (text) => {
    const value = parse?.(text)
    const length = lengthOf(text)
    return (
      (value === undefined || (value >= lowest && value <= highest)) &&
      length >= minLength &&
      length <= maxLength &&
      (isLike === undefined || isLike(text)) &&
      (isListed === undefined || isListed(text, value))
    )
  }

  function limitOf(key: 'minimum' | 'maximum', otherwise: number): number {
    const limit = field.constraints[key]
    return limit === undefined ? otherwise : meant(limit, field, parse, inConstraints(key))
  }

  function inConstraints(key: keyof Constraints): Place {
    return at(place, `constraints.${key}`)
  }
}

/** In characters, of which JavaScript counts some, such as emoji, twice. */
function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}

/** Throws `UserError` where a sign of a number could be taken for something else in its cell. */
export function checkSigns(
  raw: { type?: string; decimalChar?: string; groupChar?: string },
  { delimiter, quoteChar }: Dialect,
  place: Place,
): void {
  const { type = 'any', decimalChar = '.', groupChar } = raw
  for (const [key, types] of [
    ['decimalChar', ['number']],
    ['groupChar', ['number', 'integer']],
  ] as const) {
    const sign = raw[key]
    if (sign === undefined) continue
    const refuse = (what: string, remedy: string) =>
      new UserError(what, { ...at(place, key), remedy })
    if (!(types as readonly string[]).includes(type)) {
      throw refuse(`is for numbers, but the type is ${type}`, 'Remove it, or correct the type.')
    }
    if (!usualSigns[key].includes(sign) || sign === quoteChar) {
      const usual = usualSigns[key].map((char) => JSON.stringify(char)).join(', ')
      throw refuse(`must be one of ${usual}, but is ${JSON.stringify(sign)}`, 'Correct it.')
    }
    if (sign === delimiter && quoteChar === undefined) {
      throw refuse('parts the cells as well', 'Use another delimiter, or quote the cells.')
    }
  }
  if (type === 'number' && groupChar === decimalChar) {
    throw new UserError(
      `decimalChar and groupChar must differ, but both are ${JSON.stringify(groupChar)}`,
      { ...at(place, 'groupChar'), remedy: 'In 1.234,56 decimalChar is "," and groupChar is ".".' },
    )
  }
}

/** With a digit, a letter or a sign among them, one number could be read as another. */
const usualSigns = {
  decimalChar: ['.', ',', '٫'],
  groupChar: ['.', ',', ' ', "'", '’', '٬', '\u00A0', '\u202F', '\u2009'],
}

const truth = new Map([
  ...['true', 'True', 'TRUE', '1'].map((text) => [text, 1] as const),
  ...['false', 'False', 'FALSE', '0'].map((text) => [text, 0] as const),
])

type Parse = ReturnType<typeof fieldParser>

/** A limit as a number or day. */
function meant(limit: number | string | boolean, field: Field, parse: Parse, place: Place): number {
  const isDay = field.type === 'date' || field.type === 'datetime'
  const value = typeof limit === 'number' && !isDay ? limit : parse?.(String(limit))
  if (parse !== undefined && value !== undefined) return value
  throw new UserError(
    parse === undefined
      ? `is for numbers and days, but the type is ${field.type}`
      : `must be written as the field's own values are, but is ${JSON.stringify(limit)}`,
    { ...place, remedy: parse === undefined ? 'Remove it, or correct the type.' : 'Correct it.' },
  )
}

function listCheck(field: Field, parse: Parse, place: Place) {
  const list = field.constraints.enum
  if (list === undefined) return undefined
  const texts = new Set(list.map(String))
  if (parse === undefined) return (text: string) => texts.has(text)
  const values = new Set(list.map((value) => meant(value, field, parse, place)))
  return (_: string, value: number | undefined) => value !== undefined && values.has(value)
}

function at(place: Place, key: string): Place {
  return { ...place, key: place.key === undefined ? key : `${place.key}.${key}` }
}
