/** A quantity that a person typed, or why it is none. */
export type TypedQuantity =
  | { outcome: 'read'; quantity: number }
  | { outcome: 'missing' | 'no number' | 'too large' }
  /** It means one thing to some and another to others: both of them. */
  | { outcome: 'ambiguous'; whole: number; decimal: number }

/**
 * Reads `24`, `1234,5`, `1.234,5`, `1,234.5`, `1.5` and `1.234.567` alike, in whatever language:
 * only what can mean one thing. `1.234` and `1,234` are 1234 to some and a little more than 1 to
 * others.
 */
export function typedQuantity(text: string): TypedQuantity {
  const typed = text.trim()
  if (typed === '') return { outcome: 'missing' }
  const grouped = /^(\d{1,3})([.,])(\d{3})$/.exec(typed)
  if (grouped && Number(grouped[1]) > 0) {
    const [, before, , after] = grouped
    const decimal = Number(`${before}.${after}`)
    return { outcome: 'ambiguous', whole: Number(before + after), decimal }
  }
  const plain = plainNumber(typed)
  if (plain === undefined) return { outcome: 'no number' }
  const quantity = Number(plain)
  return quantity > MOST ? { outcome: 'too large' } : { outcome: 'read', quantity }
}

/** With a point and no groups. */
function plainNumber(typed: string): string | undefined {
  if (/^\d{1,20}$/.test(typed)) return typed
  if (/^\d{1,20}[.,]\d{1,3}$/.test(typed)) return typed.replace(',', '.')
  if (/^\d{1,3}(?:\.\d{3}){1,6}(?:,\d{1,3})?$/.test(typed)) {
    return typed.replaceAll('.', '').replace(',', '.')
  }
  if (/^\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,3})?$/.test(typed)) return typed.replaceAll(',', '')
  return undefined
}

/** More than a chain buys of anything at once. */
const MOST = 1_000_000_000
