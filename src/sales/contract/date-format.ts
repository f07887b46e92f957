import { civilFromDay, type Day, dayFromCivil } from '../../base/day.ts'
import { type Place, UserError } from '../../base/errors.ts'
import { monthNamed } from './month-names.ts'

/**
 * A function from text to day for a format of strptime, such as `%d/%m/%Y`; undefined where the text
 * does not match or the calendar has no such day. `default` is ISO 8601: `%Y-%m-%d` for a date,
 * that and a time for a datetime. The time of day must be possible and is dropped: a day is a day
 * where the clock of the till says so. A format without day means the first of the month.
 *
 * `%b` and `%B` take names of months as `monthNamed` does, `%a` and `%A` any word.
 *
 * Two-digit years (`%y`) are read as POSIX says: 69–99 are 1969–1999, 00–68 are 2000–2068.
 * Throws `UserError` at `place` for a format without month and year, or with other tokens.
 */
export function dateParser(
  type: 'date' | 'datetime',
  format: string,
  place: Place = {},
): (text: string) => Day | undefined {
  const parts = tokens(format === 'default' ? isoFormat[type] : format, place)
  const hasDay = parts.some((token) => token.kind === 'digits' && token.name === 'd')
  return (text) => {
    let position = 0
    let year = Number.NaN
    let month = Number.NaN
    let dayOfMonth = hasDay ? Number.NaN : 1
    for (const token of parts) {
      const end = endOf(token, text, position)
      if (end === undefined) return undefined
      if (token.kind === 'digits') {
        const value = Number.parseInt(text.slice(position, end), 10)
        if (token.name === 'Y') year = value
        else if (token.name === 'y') year = value < 69 ? 2000 + value : 1900 + value
        else if (token.name === 'm') month = value
        else if (token.name === 'd') dayOfMonth = value
        else if (value > highest[token.name]) return undefined
        else if (token.name === 'I' && value === 0) return undefined
      } else if (token.kind === 'month') {
        month = monthNamed(text.slice(position, end)) ?? 0
      }
      position = end
    }
    return position === text.length ? dayFromCivil(year, month, dayOfMonth) : undefined
  }
}

/** A time by a clock: seconds of the day, leap seconds aside. */
export type WrittenTime = { day: Day; second: number }

/**
 * Writes times as `dateParser` reads them; undefined for a format that has no one way to write a time,
 * or does not hold its day and century. Its year must have four digits.
 */
export function timeWriter(
  type: 'date' | 'datetime',
  format: string,
): ((time: WrittenTime) => string) | undefined {
  const parts = tokens(format === 'default' ? isoFormat[type] : format, {})
  const isWritable = (token: Token) =>
    token.kind === 'literal' ||
    token.kind === 'zone' ||
    (token.kind === 'digits' && token.name !== 'y' && token.name !== 'I')
  const hasDay = parts.some((token) => token.kind === 'digits' && token.name === 'd')
  if (!hasDay || !parts.every(isWritable)) return undefined
  return ({ day, second }) => {
    const { year, month, dayOfMonth } = civilFromDay(day)
    const [hour, minute] = [Math.floor(second / 3600), Math.floor(second / 60) % 60]
    const of = { Y: year, y: year, m: month, d: dayOfMonth, H: hour, I: hour, M: minute, f: 0 }
    return parts
      .map((token) => {
        if (token.kind === 'literal') return token.text
        if (token.kind !== 'digits') return ''
        const value = token.name === 'S' ? second % 60 : of[token.name]
        return String(value).padStart(token.most === 9 ? 1 : token.most, '0')
      })
      .join('')
  }
}

const isoFormat = { date: '%Y-%m-%d', datetime: '%Y-%m-%dT%H:%M:%S%z' }

const highest = { H: 23, I: 12, M: 59, S: 60, f: 999_999_999 }

type Name = 'Y' | 'y' | 'm' | 'd' | keyof typeof highest

type Token =
  | { kind: 'literal'; text: string }
  | { kind: 'digits'; name: Name; least: number; most: number; mayBeOrdinal?: boolean }
  | { kind: 'zone' }
  | { kind: 'month' }
  | { kind: 'word' }
  | { kind: 'half' }

function tokens(format: string, place: Place): Token[] {
  const parts = format.match(/%.?|[^%]+/gsu) ?? []
  const refuse = (what: string, remedy: string) =>
    new UserError(`${JSON.stringify(format)} ${what}`, { ...place, remedy })
  const directives = parts.filter((part) => part.startsWith('%') && part !== '%%')
  const twice = directives.find((part, index) => directives.indexOf(part) < index)
  if (twice !== undefined) throw refuse(`holds ${twice} twice`, 'Write each part of a date once.')
  const result = parts.map((part, index): Token => {
    if (!part.startsWith('%')) return { kind: 'literal', text: part }
    const letter = part[1]
    if (letter === '%') return { kind: 'literal', text: '%' }
    if (letter === 'z') return { kind: 'zone' }
    if (letter === 'b' || letter === 'B') return { kind: 'month' }
    if (letter === 'a' || letter === 'A') return { kind: 'word' }
    if (letter === 'p') return { kind: 'half' }
    if (letter === 'Y') return { kind: 'digits', name: letter, least: 4, most: 4 }
    if (letter === 'y') return { kind: 'digits', name: letter, least: 2, most: 2 }
    const touches = /\d$/.test(shapeOf(parts[index - 1])) || /^\d/.test(shapeOf(parts[index + 1]))
    if (letter === 'f' && !touches) return { kind: 'digits', name: letter, least: 1, most: 9 }
    // Where two numbers touch, one digit would leave open which of them is short.
    if (isName(letter)) {
      // Unless the format writes letters there itself.
      const mayBeOrdinal = letter === 'd' && !/^[\p{L}º°]/u.test(parts[index + 1] ?? '')
      return { kind: 'digits', name: letter, least: touches ? 2 : 1, most: 2, mayBeOrdinal }
    }
    throw refuse(
      `holds ${JSON.stringify(part)}${letter === 'f' ? ' beside other digits' : ''}`,
      'A format is made of %d, %m, %b, %Y, %y, %H, %I, %p, %M, %S, %f, %z, %a, as in "%d/%m/%Y".',
    )
  })
  const count = (...names: Name[]) =>
    result.filter((token) => token.kind === 'digits' && names.includes(token.name)).length
  const months = count('m') + result.filter(({ kind }) => kind === 'month').length
  if (count('d') > 1 || months !== 1 || count('Y', 'y') !== 1) {
    throw refuse('does not say day, month and year once each', 'Write a format such as "%d/%m/%Y".')
  }
  return result
}

/** The text of a part as far as it can be told: a digit stands for every number. */
function shapeOf(part = ''): string {
  return /^%[YymdHIMSf]$/.test(part) ? '0' : part
}

function isName(letter: string): letter is 'm' | 'd' | 'H' | 'I' | 'M' | 'S' {
  return ['m', 'd', 'H', 'I', 'M', 'S'].includes(letter)
}

/** Where the token that begins at `from` ends; undefined where the text holds something else there. */
function endOf(token: Token, text: string, from: number): number | undefined {
  if (token.kind === 'literal') {
    return text.startsWith(token.text, from) ? from + token.text.length : undefined
  }
  if (token.kind === 'zone') return endOfZone(text, from)
  if (token.kind === 'month') return endOfWord(text, from, /\p{L}/u)
  if (token.kind === 'word') return endOfWord(text, from, /[\p{L}-]/u)
  if (token.kind === 'half') return endOfHalf(text, from)
  const end = from + digitsAt(text, from, token.most)
  if (end - from < token.least) return undefined
  return token.mayBeOrdinal ? endOfOrdinal(text, end) : end
}

/** Of letters, and the point after a word that is cut. */
function endOfWord(text: string, from: number, letter: RegExp): number | undefined {
  let end = from
  while (end < text.length && letter.test(text[end])) end++
  if (end === from) return undefined
  return text[end] === '.' ? end + 1 : end
}

/** `AM`, `pm`, `a.m.`: of the day, which is one day either way. */
function endOfHalf(text: string, from: number): number | undefined {
  const [half] = /^[ap]\.?\s?m\.?/i.exec(text.slice(from, from + 6)) ?? []
  return half === undefined ? undefined : from + half.length
}

/** `1st`, `1er`, `1º`: what languages write behind the number of a day. */
function endOfOrdinal(text: string, from: number): number {
  const [ordinal = ''] = /^(?:st|nd|rd|th|er|º|°)(?!\p{L})/u.exec(text.slice(from, from + 3)) ?? []
  return from + ordinal.length
}

/** `Z`, `UTC`, `-03`, `-0300` or `-03:00`; nothing at all is the clock of the till as well. */
function endOfZone(text: string, from: number): number | undefined {
  if (text[from] === 'Z') return from + 1
  if (text.startsWith('UTC', from)) return from + 3
  if (text[from] !== '+' && text[from] !== '-') return from
  if (digitsAt(text, from + 1, 2) < 2) return undefined
  const minutes = text[from + 3] === ':' ? from + 4 : from + 3
  return digitsAt(text, minutes, 2) === 2 ? minutes + 2 : from + 3
}

function digitsAt(text: string, from: number, most: number): number {
  let digits = 0
  while (digits < most && text[from + digits] >= '0' && text[from + digits] <= '9') digits++
  return digits
}
