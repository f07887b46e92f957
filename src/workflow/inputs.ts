import { type Day, dayFromIso } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { RECORD_ID } from '../ledger/run-record.ts'

/** Makes a value of an input's text, or says what it should have been. Empty text: not given. */
export type Reader<T> = (text: string) => { value: T } | { expected: string }

export type Readers = Record<string, Reader<unknown>>

/** What the readers make of their inputs, by the inputs' names. */
export type InputValues<R extends Readers> = {
  [name in keyof R]: R[name] extends Reader<infer T> ? T : never
}

/**
 * Reads every input of an action. `textOf` gives the text of an input, empty where there is none.
 * Throws a `UserError` that names the input, what came, and what was expected.
 */
export function readActionInputs<R extends Readers>(
  readers: R,
  textOf: (name: string) => string,
): InputValues<R> {
  const values = Object.entries(readers).map(([name, read]) => {
    const text = textOf(name)
    const result = read(text)
    if ('value' in result) return [name, result.value] as const
    const got = text === '' ? 'nothing' : JSON.stringify(text.slice(0, SHOWN))
    throw new UserError(`input ${name} must be ${result.expected}, but got ${got}`, {
      remedy: `Correct it under with: in the workflow, or in the form that started it.`,
    })
  })
  // The entries have just been made one by one from the readers of the same names.
  return Object.fromEntries(values) as InputValues<R>
}

/** As another reader; undefined where the input is empty. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (text) => (text === '' ? { value: undefined } : read(text))
}

/** A file or folder, relative to the workspace. */
export const path: Reader<string> = (text) =>
  isLine(text) ? { value: text } : { expected: 'a path such as data' }

/** A branch, a tag or a commit. */
export const revision: Reader<string> = (text) =>
  isLine(text) ? { value: text } : { expected: 'a branch or a commit such as main' }

/** An ISO day as a number of days. */
export const day: Reader<Day> = (text) => {
  const value = dayFromIso(text)
  return value === undefined ? { expected: 'an existing day such as 2026-10-31' } : { value }
}

/** A moment of UTC in ISO 8601. */
export const moment: Reader<string> = (text) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && !Number.isNaN(Date.parse(text))
    ? { value: text }
    : { expected: 'a moment such as 2026-10-31T06:23:00Z' }

/** A whole number of at least 1. */
export const count: Reader<number> = (text) =>
  /^[1-9]\d{0,8}$/.test(text)
    ? { value: Number(text) }
    : { expected: 'a whole number of at least 1' }

/** One line of text for people. */
export const line: Reader<string> = (text) =>
  isLine(text) ? { value: text } : { expected: 'one line of text' }

/** What another step said, folded into one line. */
export const said: Reader<string> = (text) => {
  const value = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return value === '' ? { expected: 'a sentence' } : { value }
}

/** What names a record of the ledger. */
export const recordName: Reader<string> = (text) =>
  RECORD_ID.test(text)
    ? { value: text }
    : { expected: 'the id of a record in the ledger such as 20261102T093000000Z-1f0c7a2e' }

/** One of these words. */
export function choice<T extends string>(...words: T[]): Reader<T> {
  return (text) => {
    const value = words.find((word) => word === text)
    return value === undefined ? { expected: `one of ${words.join(', ')}` } : { value }
  }
}

/** Some of these words, or none. */
export function choices<T extends string>(...words: T[]): Reader<T[]> {
  return (text) => {
    const said = text.split(/[\s,]+/).filter((word) => word !== '')
    const value = words.filter((word) => said.includes(word))
    return said.every((word) => value.some((known) => known === word))
      ? { value }
      : { expected: `some of ${words.join(', ')}` }
  }
}

/** What GitHub's API is called with. It is never shown: `actionOf` masks inputs of this reader. */
export const token: Reader<string> = (text) =>
  text === '' ? { expected: `a token such as \${{ github.token }}` } : { value: text }

const SHOWN = 80

function isLine(text: string): boolean {
  return text !== '' && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
}
