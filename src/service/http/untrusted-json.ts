import { HttpError } from './problem.ts'

/**
 * The value that a text is JSON of. Throws an `HttpError` where it is none, where it nests so deep
 * that whoever walks through it would not come back, where a key would change what all objects are,
 * once it is copied, and where an object says two things under one key.
 */
export function untrustedJson(text: string): unknown {
  const value = parsed(text)
  const problem =
    problemIn(value, LEVELS) ??
    (keysIn(value) < keysWritten(text) ? 'an object in it has the same key twice' : undefined)
  if (problem !== undefined) throw new HttpError(400, `The body is not taken: ${problem}.`)
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const { message } = cause as SyntaxError
    throw new HttpError(400, `The body is no JSON that can be read: ${message}.`, { cause })
  }
}

function problemIn(value: unknown, levels: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (levels === 0)
    return `it has lists and objects in each other, more than ${LEVELS} levels of them`
  if (Array.isArray(value)) return firstProblem(value, levels)
  if (Object.hasOwn(value, '__proto__')) return 'it has a key __proto__'
  if ('constructor' in value && hasPrototype(value.constructor)) {
    return 'it has a key constructor with a key prototype'
  }
  return firstProblem(Object.values(value), levels)
}

function firstProblem(values: unknown[], levels: number): string | undefined {
  for (const value of values) {
    const problem = problemIn(value, levels - 1)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Whether it came so: every object has a constructor of its own, which is a function. */
function hasPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const parts = Object.values(value)
  return parts.reduce(
    (sum: number, part) => sum + keysIn(part),
    Array.isArray(value) ? 0 : parts.length,
  )
}

/** As many as there are colons outside of texts. */
function keysWritten(json: string): number {
  let keys = 0
  let isText = false
  for (let i = 0; i < json.length; i++) {
    const sign = json[i]
    if (sign === '"') isText = !isText
    else if (isText && sign === '\\') i++
    else if (!isText && sign === ':') keys++
  }
  return keys
}

/** No record has more, and what takes a value along recursively survives no depth. */
const LEVELS = 20
