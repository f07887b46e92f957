/** How numbers and texts from outside are written for people, wherever that is. */

/** 541909 → `541,909`. */
export function integer(value: number): string {
  return wholeFormat.format(value)
}

/** 0.1234 → `12.3%`. */
export function percent(share: number): string {
  return percentFormat.format(share)
}

/** 1 → `1 origin`, 12 → `12 origins`. */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${integer(count)} ${count === 1 ? noun : nouns}`
}

/** The first `length` characters, with an ellipsis for the last one where there are more. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text
  // A character is at most two code units: what lies beyond needs no look.
  const characters = [...text.slice(0, 2 * length + 2)]
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text
}

/** The text on one line, with control, format and bidirectional characters made visible. */
export function visibleText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
  })
}

// A fixed locale: a report must not depend on the machine that writes it.
const wholeFormat = new Intl.NumberFormat('en-US', {
  signDisplay: 'negative',
  maximumFractionDigits: 0,
})
const percentFormat = new Intl.NumberFormat('en-US', {
  style: 'percent',
  signDisplay: 'negative',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
})
