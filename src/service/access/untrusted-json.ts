import { HttpError } from '../api/problem.ts'

/**
 * The value that a text is JSON of. Throws an `HttpError` where it is none, where it nests so deep
 * that whoever walks through it would not come back, and where a key would change what all objects
 * are, once it is copied.
 */
export function untrustedJson(text: string): unknown {
  const value = parsed(text)
  const problem = problemIn(value, LEVELS)
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

/** No record has more, and what takes a value along recursively survives no depth. */
const LEVELS = 20
