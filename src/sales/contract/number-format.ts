/**
 * A function from text to number for plain decimal notation: an optional sign, digits (in groups of
 * three, or of India's lakh and crore, where `groupChar` is given and used), and a fraction after
 * `decimalChar`. Undefined for anything else, such as `0x10`, `1e3` (the trace of a spreadsheet that
 * has rounded), `NaN`, digits grouped in other ways (`0.123` are no thousands), or 10^15 and more,
 * where doubles no longer hold every cent.
 *
 * Where `bareNumber` is false, a currency or a unit may stand around the number (`R$ 12,90`,
 * `11 UN`), and what accountants and typesetters write for a minus is one: `1,000-`, `(1,000)`, `- 3`
 * and the sign of Unicode.
 */
export function numberParser({
  decimalChar,
  groupChar,
  integer,
  bareNumber = true,
}: {
  decimalChar: string
  groupChar: string | undefined
  integer: boolean
  bareNumber?: boolean
}): (text: string) => number | undefined {
  const body = bodyOf(decimalChar, groupChar, integer)
  const regex = bareNumber
    ? new RegExp(`^([+-]?)(${body})$`)
    : new RegExp(
        `^(?:${SIGN}${CURRENCY}${SIGN}(${body})([\\u2212-]?)${UNIT}|\\(${CURRENCY}(${body})\\))$`,
        'u',
      )
  return (text) => {
    const match = regex.exec(text)
    if (match === null) return undefined
    const [, ...parts] = match
    const digits = parts.find((part) => part !== undefined && /\d/.test(part)) ?? ''
    const signs = parts.filter((part) => part === '-' || part === '\u2212').length
    if (signs > 1) return undefined
    const ungrouped = groupChar === undefined ? digits : digits.replaceAll(groupChar, '')
    const value = Number(decimalChar === '.' ? ungrouped : ungrouped.replace(decimalChar, '.'))
    if (!(value < 1e15)) return undefined
    return (signs === 1 || text.startsWith('(')) && value !== 0 ? -value : value
  }
}

const SIGN = '(?:([+\u2212-])\\s?)?'
const CURRENCY = '(?:[\\p{L}\\p{Sc}]+(?:\\.(?=\\s))?\\s*)?'
const UNIT = '(?:\\s*[\\p{L}\\p{Sc}%][\\p{L}\\p{Sc}%.]*)?'

function bodyOf(decimalChar: string, groupChar: string | undefined, integer: boolean): string {
  const point = literal(decimalChar)
  const group = groupChar === undefined ? '' : literal(groupChar)
  const grouped =
    groupChar === undefined
      ? ''
      : `|[1-9]\\d{0,2}(?:${group}\\d{3})+|[1-9]\\d?(?:${group}\\d{2})+${group}\\d{3}`
  const whole = `(?:\\d+${grouped})`
  return integer ? whole : `(?:${whole}(?:${point}\\d+)?|${point}\\d+)`
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
