import { isAscii, isUtf8 } from 'node:buffer'
import type { SchemaElement } from 'hyparquet'
import { civilFromDay, MILLISECONDS_A_DAY } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import { localTime } from '../../base/today.ts'
import { timeWriter, type WrittenTime } from '../contract/date-format.ts'
import type { Field } from '../contract/field.ts'
import type { ParquetColumn } from './parquet-file.ts'
import { damaged, unsupported } from './parquet-refusals.ts'
import { FileRefused } from './text-checks.ts'

/** A value as Parquet stores it, before its type is looked at. */
export type StoredValue = number | bigint | boolean | Uint8Array

/** What the values of a column are. */
export type ParquetKind =
  | { kind: 'text' }
  | { kind: 'uuid' }
  | { kind: 'integer'; unsignedBits: 32 | 64 | undefined }
  | { kind: 'decimal'; scale: number }
  | { kind: 'float'; bits: 32 | 64 }
  | { kind: 'boolean' }
  | { kind: 'date' }
  /** An instant is the same moment all over the world: its day depends on the place. */
  | { kind: 'timestamp'; perSecond: bigint; isInstant: boolean }

/** What the values of a column are; throws `FileRefused` where they are nothing that a cell can hold. */
export function kindOf({ name, element }: ParquetColumn): ParquetKind {
  if (element === undefined) {
    throw unsupported('it is nested: each row holds a list or a record of values', name)
  }
  const { type, converted_type: converted, logical_type: logical } = element
  const refuse = (what: string) => unsupported(what, name)
  if (logical?.type === 'NULL') return { kind: 'text' }
  if (logical?.type === 'DECIMAL' || converted === 'DECIMAL') return decimalKind(element, refuse)
  if (type === 'INT96') {
    throw refuse('INT96, which does not say whether it is a time of the place or of UTC')
  }
  if (type === 'BOOLEAN') return { kind: 'boolean' }
  if (type === 'FLOAT') return { kind: 'float', bits: 32 }
  if (type === 'DOUBLE') return { kind: 'float', bits: 64 }
  if (type === 'INT32' || type === 'INT64') return wholeKind(element, refuse)
  if (logical?.type === 'UUID') {
    if (element.type_length !== 16) throw damaged('a UUID of other than 16 bytes')
    return { kind: 'uuid' }
  }
  const texts = ['STRING', 'ENUM', 'JSON', undefined]
  const convertedTexts = ['UTF8', 'ENUM', 'JSON', undefined]
  const isText = texts.includes(logical?.type) && convertedTexts.includes(converted)
  if (type === 'BYTE_ARRAY' && isText) return { kind: 'text' }
  throw refuse(nameOf(element))
}

/**
 * How a column's values are written as the cells of its field: as CSV of the same rows would hold
 * them, exactly. Without a field, as CSV is usually written. Throws `FileRefused` where values of this
 * kind are not what the field says, whatever they are, or where a time zone is needed to tell days.
 */
export function cellText(
  column: ParquetColumn,
  field: Pick<Field, 'type' | 'format' | 'decimalChar'> | undefined,
  timeZone: string | undefined,
): (value: StoredValue) => string {
  const kind = kindOf(column)
  if (field !== undefined) refuseOtherType(column, kind, field)
  const write = writerOf(column.name, kind, field, timeZone)
  const decimalChar = field?.type === 'number' ? field.decimalChar : '.'
  if (decimalChar === '.' || !['decimal', 'float'].includes(kind.kind)) return write
  return (value) => write(value).replace('.', decimalChar)
}

const takes: { [kind in ParquetKind['kind']]: readonly string[] } = {
  // Text is read by the format of the field, as in CSV; days are often written as 20261031.
  text: ['string', 'any', 'number', 'integer', 'boolean', 'year', 'date', 'datetime'],
  uuid: ['string', 'any'],
  integer: ['string', 'any', 'number', 'integer', 'year', 'date', 'datetime'],
  decimal: ['string', 'any', 'number', 'integer', 'year', 'date', 'datetime'],
  float: ['number', 'integer'],
  boolean: ['boolean', 'string', 'any'],
  date: ['date', 'datetime', 'string', 'any'],
  timestamp: ['date', 'datetime', 'string', 'any'],
}

function refuseOtherType(
  { name, element }: ParquetColumn,
  { kind }: ParquetKind,
  field: { type: string },
) {
  if (takes[kind].includes(field.type)) return
  const why = kind === 'float' ? ', which may have been rounded' : ''
  const value = `the column is ${element && nameOf(element)}${why}, the field is ${field.type}`
  throw new FileRefused('column-type', value, { column: name })
}

function decimalKind(
  { type, type_length: length, scale, logical_type: logical }: SchemaElement,
  refuse: (what: string) => FileRefused,
): ParquetKind {
  const digits = (logical?.type === 'DECIMAL' ? logical.scale : scale) ?? 0
  if (scale !== undefined && scale !== digits) throw damaged('a decimal that has two scales')
  const isStored =
    type === 'INT32' ||
    type === 'INT64' ||
    type === 'BYTE_ARRAY' ||
    (type === 'FIXED_LEN_BYTE_ARRAY' && length !== undefined && length > 0 && length <= 32)
  if (!isStored || !(digits >= 0 && digits <= 76)) throw refuse('a decimal that cannot be')
  return { kind: 'decimal', scale: digits }
}

function wholeKind(element: SchemaElement, refuse: (what: string) => FileRefused): ParquetKind {
  const { type, converted_type: converted, logical_type: logical } = element
  if (logical?.type === 'TIMESTAMP') {
    const perSecond = perSecondOf[logical.unit]
    return { kind: 'timestamp', perSecond, isInstant: logical.isAdjustedToUTC }
  }
  if (logical?.type === 'DATE' || converted === 'DATE') return { kind: 'date' }
  // What older programs write is in UTC: LogicalTypes.md of the format.
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS') {
    const perSecond = converted === 'TIMESTAMP_MILLIS' ? 1000n : 1_000_000n
    return { kind: 'timestamp', perSecond, isInstant: true }
  }
  if (logical?.type === 'TIME' || converted?.startsWith('TIME_')) throw refuse(nameOf(element))
  const isUnsigned =
    converted?.startsWith('UINT_') || (logical?.type === 'INTEGER' && !logical.isSigned)
  return { kind: 'integer', unsignedBits: isUnsigned ? (type === 'INT32' ? 32 : 64) : undefined }
}

const perSecondOf = { MILLIS: 1000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n }

function nameOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): string {
  return [type, logical?.type ?? converted].filter(Boolean).join(' ')
}

function writerOf(
  name: string,
  kind: ParquetKind,
  field: Pick<Field, 'type' | 'format'> | undefined,
  timeZone: string | undefined,
): (value: StoredValue) => string {
  switch (kind.kind) {
    case 'text':
      return (value) => utf8(bytesOf(value), name)
    case 'uuid':
      return (value) => uuidText(bytesOf(value))
    case 'boolean':
      return String
    case 'integer': {
      const { unsignedBits } = kind
      if (unsignedBits === undefined) return String
      return (value) => String(BigInt.asUintN(unsignedBits, wholeOf(value)))
    }
    case 'decimal':
      return (value) => decimalText(wholeOf(value), kind.scale)
    case 'float':
      return (value) => floatText(Number(value), kind.bits)
    case 'date': {
      const write = writeTimes(name, field)
      return (value) => write({ day: Number(value), second: 0 })
    }
    case 'timestamp': {
      const write = writeTimes(name, field)
      const { perSecond, isInstant } = kind
      if (!isInstant) return (value) => write(splitTime(secondsOf(wholeOf(value), perSecond)))
      if (timeZone === undefined && field !== undefined) {
        throw new FileRefused('time-zone-missing', `instants in UTC`, { column: name })
      }
      const inPlace = placed(timeZone ?? 'UTC')
      return (value) => write(inPlace(secondsOf(wholeOf(value), perSecond)))
    }
  }
}

/** As the field writes them; a date that has a time is written with it, and so is none. */
function writeTimes(name: string, field: Pick<Field, 'type' | 'format'> | undefined) {
  const type = field?.type
  const isTime = type === 'date' || type === 'datetime'
  const write = isTime ? timeWriter(type, field?.format ?? 'default') : isoText
  if (write === undefined) {
    const value = `the format ${JSON.stringify(field?.format)} writes days in words or without a century`
    throw new FileRefused('column-type', value, { column: name })
  }
  return (time: WrittenTime): string => {
    if (!(time.day >= FIRST_DAY && time.day <= LAST_DAY)) return `day ${time.day}`
    return field?.type === 'date' && time.second !== 0 ? isoText(time) : write(time)
  }
}

/** 0001-01-01 and 9999-12-31. */
const FIRST_DAY = -719_162
const LAST_DAY = 2_932_896

function isoText({ day, second }: WrittenTime): string {
  const { year, month, dayOfMonth } = civilFromDay(day)
  const date = `${padded(year, 4)}-${padded(month)}-${padded(dayOfMonth)}`
  if (second === 0) return date
  const clock = [second / 3600, (second / 60) % 60, second % 60].map((part) =>
    padded(Math.floor(part)),
  )
  return `${date}T${clock.join(':')}`
}

function padded(number: number, length = 2): string {
  return String(number).padStart(length, '0')
}

function secondsOf(value: bigint, perSecond: bigint): number {
  const seconds = value / perSecond
  return Number(value < 0n && seconds * perSecond !== value ? seconds - 1n : seconds)
}

const SECONDS_A_DAY = MILLISECONDS_A_DAY / 1000

function splitTime(seconds: number): WrittenTime {
  const day = Math.floor(seconds / SECONDS_A_DAY)
  return { day, second: seconds - day * SECONDS_A_DAY }
}

/** The time of a place, of seconds in UTC. Zones change at quarters of an hour. */
function placed(timeZone: string): (seconds: number) => WrittenTime {
  const quarter = 15 * 60
  const offsets = new Map<number, number>()
  return (seconds) => {
    const first = Math.floor(seconds / quarter) * quarter
    if (!(Math.abs(first) <= 8.64e12 / 1.1)) return { day: Number.NaN, second: 0 }
    const offset = remembered(
      offsets,
      first,
      () => localTime(new Date(first * 1000), timeZone) - first,
    )
    return splitTime(seconds + offset)
  }
}

function wholeOf(value: StoredValue): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return BigInt(value)
  const bytes = bytesOf(value)
  if (bytes.length === 0) return 0n
  const whole = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  return BigInt.asIntN(8 * bytes.length, whole)
}

function bytesOf(value: StoredValue): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw damaged('a value that is no text')
}

/** `12.90` is `12.9`: of one number, one text. */
function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '')
  return `${unscaled < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`
}

/** The shortest decimal that is stored as this number. */
function floatText(value: number, bits: 32 | 64): string {
  return bits === 64 ? plain(value) : plain(shortestFloat(value))
}

function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}

/** Without an exponent, which is no notation of sales. */
function plain(value: number): string {
  const text = String(value)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (match === null) return text
  const [, sign, first, rest = '', exponent] = match
  const point = Number(exponent)
  return point < 0
    ? `${sign}0.${'0'.repeat(-point - 1)}${first}${rest}`
    : `${sign}${first}${rest.padEnd(point, '0')}`
}

function utf8(bytes: Uint8Array, column: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isAscii(buffer)) return buffer.toString('latin1')
  if (isUtf8(buffer)) return buffer.toString('utf8')
  const shown = buffer.subarray(0, 200).toString('latin1')
  throw new FileRefused('encoding-wrong', shown, { column })
}

function uuidText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
