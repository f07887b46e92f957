/** Where a user's mistake stands: what can be opened and looked at. */
export type Place = { file?: string; line?: number; key?: string }

/**
 * A mistake that the user can mend. Its message says what was expected, what came, where, and what
 * to do next. Shells print it without a stack trace and exit with 2.
 *
 * @example
 * throw new UserError('horizon must be a whole number of at least 1, but is "ten"', {
 *   file: 'recipe.yml', key: 'horizon', remedy: 'Write a number, such as horizon: 10.',
 * })
 */
export class UserError extends Error {
  /** The message without place and remedy. */
  readonly what: string
  readonly place: Place
  readonly remedy: string | undefined

  constructor(what: string, options: Place & { remedy?: string; cause?: unknown } = {}) {
    const { file, line, key, remedy, cause } = options
    super(message(what, { file, line, key }, remedy), cause === undefined ? undefined : { cause })
    this.name = 'UserError'
    this.what = what
    this.place = { ...(file && { file }), ...(line && { line }), ...(key && { key }) }
    this.remedy = remedy
  }
}

/** The work, whose mistakes of users say this remedy where they have none of their own. */
export async function withRemedy<T>(remedy: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof UserError) || cause.remedy !== undefined) throw cause
    throw new UserError(cause.what, { ...cause.place, remedy, cause })
  }
}

/**
 * What some work gives; undefined where a user's mistake stops it, and nothing is lost without it.
 * Any other error goes on.
 */
export function unlessMistaken<T>(work: () => Promise<T>): Promise<T | undefined>
export function unlessMistaken<T>(work: () => T): T | undefined
export function unlessMistaken<T>(work: () => T | Promise<T>) {
  try {
    const made = work()
    return made instanceof Promise ? made.catch(undefinedIfMistaken) : made
  } catch (error) {
    return undefinedIfMistaken(error)
  }
}

function undefinedIfMistaken(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error
}

/** A text from outside as messages show it. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

function message(
  what: string,
  { file, line, key }: { [name in keyof Place]: Place[name] | undefined },
  remedy: string | undefined,
): string {
  const position = file && (line ? `${file}:${line}` : file)
  const head = [position, key].filter(Boolean).join(': ')
  return [head ? `${head}: ${what}` : what, remedy].filter(Boolean).join('\n  ')
}
