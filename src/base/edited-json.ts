import { isCollection, isScalar, parseDocument } from 'yaml'

type Key = string | number

/**
 * JSON text with another value at a place, all else as it is written; what is missing on the way there
 * comes first.
 */
export function withValue(json: string, keys: Key[], value: unknown): string {
  // JSON is YAML, whose parser tells where in the text each value stands.
  const document = parseDocument(json)
  const found = document.getIn(keys, true)
  if (isScalar(found) || isCollection(found)) {
    const [from = 0, to = 0] = found.range ?? []
    return json.slice(0, from) + indented(value, json, from) + json.slice(to)
  }
  const parent = document.getIn(keys.slice(0, -1), true)
  const key = keys[keys.length - 1]
  if (!isCollection(parent)) return withValue(json, keys.slice(0, -1), { [key]: value })
  const start = (parent.range?.[0] ?? 0) + 1
  const comma = parent.items.length > 0 ? ',' : ''
  const line = `\n${indentAt(json, start)}  `
  const entry = JSON.stringify({ [key]: value }, null, 2)
    .slice(4, -2)
    .replaceAll('\n  ', line)
  return json.slice(0, start) + line + entry + comma + json.slice(start)
}

/** JSON text with one more value in an array, behind that of a place: a copy of it. */
export function withCopy(json: string, keys: Key[]): string {
  const found = parseDocument(json).getIn(keys, true)
  if (!isCollection(found)) throw new Error(`there is nothing at ${keys.join('.')}`)
  const [from = 0, to = 0] = found.range ?? []
  const copy = `,\n${indentAt(json, from)}${json.slice(from, to)}`
  return json.slice(0, to) + copy + json.slice(to)
}

function indented(value: unknown, json: string, at: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indentAt(json, at)}`)
}

function indentAt(json: string, at: number): string {
  const line = json.slice(json.lastIndexOf('\n', at - 1) + 1, at)
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}
