/**
 * A function from text to number for plain decimal notation: an optional sign, digits (in groups of
 * three where `groupChar` is given and used), and a fraction after `decimalChar`. Undefined for
 * anything else, such as `0x10`, `1e3` (the trace of a spreadsheet that has rounded), `NaN`, digits
 * grouped in other ways, or 10^15 and more, where doubles no longer hold every cent.
 */
export function numberParser({
  decimalChar,
  groupChar,
  integer,
}: {
  decimalChar: string
  groupChar: string | undefined
  integer: boolean
}): (text: string) => number | undefined {
  const point = literal(decimalChar)
  const grouped = groupChar === undefined ? '' : `|\\d{1,3}(?:${literal(groupChar)}\\d{3})+`
  const whole = `(?:\\d+${grouped})`
  const regex = new RegExp(
    integer ? `^[+-]?${whole}$` : `^[+-]?(?:${whole}(?:${point}\\d+)?|${point}\\d+)$`,
  )
  return (text) => {
    if (!regex.test(text)) return undefined
    const digits = groupChar === undefined ? text : text.replaceAll(groupChar, '')
    const value = Number(decimalChar === '.' ? digits : digits.replace(decimalChar, '.'))
    return Math.abs(value) < 1e15 ? value : undefined
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
