/**
 * JSON whose bytes depend on the content alone: keys in code-point order, two spaces, a final
 * newline, arrays of numbers on one line. Throws on NaN and infinities, which JSON would turn into
 * null without a word.
 */
export function canonicalJson(value: unknown): string {
  return `${render(value, '')}\n`
}

function render(value: unknown, indent: string): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`${value} has no representation in JSON`)
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const deeper = `${indent}  `
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    if (value.every((item) => typeof item === 'number')) {
      return `[${value.map((item) => render(item, '')).join(', ')}]`
    }
    const items = value.map((item) => deeper + render(item, deeper))
    return `[\n${items.join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return '{}'
  const lines = entries.map(
    ([key, item]) => `${deeper}${JSON.stringify(key)}: ${render(item, deeper)}`,
  )
  return `{\n${lines.join(',\n')}\n${indent}}`
}
