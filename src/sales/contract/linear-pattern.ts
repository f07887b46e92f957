import { RE2JS } from 're2js'
import { type Place, UserError } from '../../base/errors.ts'

/**
 * Whether a text as a whole is like the pattern, in time that grows with the text's length alone: a
 * contract cannot make reading hang. The syntax is RE2's, which is that of JavaScript and of XML
 * Schema without what needs backtracking. Throws `UserError` at `place` for a pattern that has it.
 */
export function linearPattern(pattern: string, place: Place = {}): (text: string) => boolean {
  const compiled = compile(pattern, place)
  return (text) => text.length <= LONGEST && compiled.matches(text)
}

/** Characters; nothing that is longer is like any pattern. */
const LONGEST = 10_000

function compile(pattern: string, place: Place): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(`the pattern ${JSON.stringify(pattern)} cannot be used: ${why}`, {
      ...place,
      remedy: 'Write it without looking ahead or behind, back references and huge repetitions.',
      cause,
    })
  }
}
