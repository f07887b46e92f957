import { type Day, dayFromCivil } from '../day.ts'
import { type Place, UserError } from '../errors.ts'

/**
 * A function from text to day for a format of strptime, such as `%d/%m/%Y`; undefined where the text
 * does not match or the calendar has no such day. `default` is ISO 8601: `%Y-%m-%d` for a date,
 * that and a time for a datetime. The time of day must be possible and is dropped: a day is a day
 * where the clock of the till says so.
 *
 * Two-digit years (`%y`) are read as POSIX says: 69–99 are 1969–1999, 00–68 are 2000–2068.
 * Throws `UserError` at `place` for a format without day, month and year, or with other tokens.
 */
export function dateParser(
  type: 'date' | 'datetime',
  format: string,
  place: Place = {},
): (text: string) => Day | undefined {
  const parts = tokens(format === 'default' ? isoFormat[type] : format, place)
  const regex = new RegExp(`^${parts.map(({ regex }) => regex).join('')}$`)
  const names = parts.flatMap(({ name }) => (name ? [name] : []))
  return (text) => {
    const match = regex.exec(text)
    if (!match) return undefined
    let year = Number.NaN
    let month = Number.NaN
    let dayOfMonth = Number.NaN
    for (const [index, name] of names.entries()) {
      const value = Number(match[index + 1])
      if (name === 'Y') year = value
      else if (name === 'y') year = value < 69 ? 2000 + value : 1900 + value
      else if (name === 'm') month = value
      else if (name === 'd') dayOfMonth = value
      else if (value > highest[name]) return undefined
    }
    return dayFromCivil(year, month, dayOfMonth)
  }
}

const isoFormat = { date: '%Y-%m-%d', datetime: '%Y-%m-%dT%H:%M:%S%z' }

type Name = 'Y' | 'y' | 'm' | 'd' | 'H' | 'M' | 'S'
type Token = { name: Name | undefined; regex: string }

const highest = { H: 23, M: 59, S: 60 }

function tokens(format: string, place: Place): Token[] {
  const parts = format.match(/%.?|[^%]+/gsu) ?? []
  const result = parts.map((part, index) => {
    // Where two numbers touch, one digit would leave open which of them is short.
    const touches = isNumber(parts[index - 1]) || isNumber(parts[index + 1])
    const digits = touches ? '(\\d{2})' : '(\\d{1,2})'
    if (!part.startsWith('%')) return { name: undefined, regex: literal(part) }
    const letter = part[1]
    if (letter === '%') return { name: undefined, regex: '%' }
    if (letter === 'f') return { name: undefined, regex: '\\d{1,9}' }
    if (letter === 'z') return { name: undefined, regex: '(?:Z|[+-]\\d{2}:?\\d{2})?' }
    if (letter === 'Y') return { name: letter, regex: '(\\d{4})' } as const
    if (letter === 'y') return { name: letter, regex: '(\\d{2})' } as const
    if (isName(letter)) return { name: letter, regex: digits }
    throw new UserError(`${JSON.stringify(format)} holds ${JSON.stringify(part)}`, {
      ...place,
      remedy: 'A format is made of %d, %m, %Y, %y, %H, %M, %S, %f, %z, as in "%d/%m/%Y".',
    })
  })
  const count = (...names: Name[]) =>
    result.filter(({ name }) => name !== undefined && names.includes(name)).length
  if (count('d') !== 1 || count('m') !== 1 || count('Y', 'y') !== 1) {
    throw new UserError(`${JSON.stringify(format)} does not say day, month and year once each`, {
      ...place,
      remedy: 'Write a format such as "%d/%m/%Y".',
    })
  }
  return result
}

function isNumber(part: string | undefined): boolean {
  return part !== undefined && /^%[YymdHMSf]$/.test(part)
}

function isName(letter: string): letter is Name {
  return ['m', 'd', 'H', 'M', 'S'].includes(letter)
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
