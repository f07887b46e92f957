import { HttpError } from './problem.ts'

/**
 * The value that a text is JSON of. Throws an `HttpError` where it is none, where it nests so deep or
 * has so many keys that whoever walks through it would not come back soon, where a key would change
 * what all objects are, once it is copied, and where an object says two things under one key.
 */
export function untrustedJson(text: string): unknown {
  const keys = keysWritten(text)
  const value = parsed(text)
  const problem = problemIn(value)
  if (problem !== undefined) throw refused(problem)
  if (keysIn(value) < keys) throw refused('an object in it has the same key twice')
  return value
}

/** How many keys stand in a text, if it is JSON. Throws where it nests too deep, or has too many. */
function keysWritten(json: string): number {
  let keys = 0
  let isText = false
  const keysOfOpen: number[] = []
  for (let i = 0; i < json.length; i++) {
    const sign = json[i]
    if (sign === '"') isText = !isText
    else if (isText) i += sign === '\\' ? 1 : 0
    else if (sign === ':') {
      keys++
      if (++keysOfOpen[keysOfOpen.length - 1] > MOST_KEYS) {
        throw refused(`an object in it has more than ${MOST_KEYS} keys`)
      }
    } else if (sign === '{' || sign === '[') {
      if (keysOfOpen.push(0) > LEVELS) {
        throw refused(`it has lists and objects in each other, more than ${LEVELS} levels of them`)
      }
    } else if (sign === '}' || sign === ']') keysOfOpen.pop()
  }
  return keys
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const { message } = cause as SyntaxError
    throw new HttpError(400, `The body is no JSON that can be read: ${message}.`, { cause })
  }
}

function problemIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Object.hasOwn(value, '__proto__')) return 'it has a key __proto__'
  if ('constructor' in value && hasPrototype(value.constructor)) {
    return 'it has a key constructor with a key prototype'
  }
  for (const part of Object.values(value)) {
    const problem = problemIn(part)
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

function refused(problem: string): HttpError {
  return new HttpError(400, `The body is not taken: ${problem}.`)
}

/** No record has more, and what takes a value along recursively survives no depth. */
const LEVELS = 20

/** No record has more, and an object of a million keys takes seconds to make. */
const MOST_KEYS = 1000
