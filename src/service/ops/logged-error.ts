import { UserError } from '../../base/errors.ts'

/**
 * What a log says of an error: what kind it is and where it comes from. Its own message is left out,
 * because it can quote what somebody wrote: the JSON of a note, the row of a database. A `UserError`
 * says what is wrong with the project that is served.
 */
export type LoggedError = {
  type: string
  /** Of a `UserError`; what SQLite calls its code, a fixed sentence; otherwise nothing. */
  message: string
  /** Such as `ENOSPC` of the system, `ERR_SQLITE_ERROR` of Node or the SQLSTATE of PostgreSQL. */
  code?: string
  /** What the system was asked for. */
  syscall?: string
  /** The calls that led there, one a line. */
  stack: string
  cause?: LoggedError
}

/** Returns what a log may say of an error, with its causes down to the fifth. */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' }
  const { code, syscall, errstr } = error as Error & Partial<Record<Detail, unknown>>
  return {
    type: error.constructor.name,
    message: error instanceof UserError ? error.message : isText(errstr) ? errstr : '',
    ...(isWord(code) && { code }),
    ...(isWord(syscall) && { syscall }),
    stack: calls(error),
    ...(error.cause !== undefined && depth < 5 && { cause: loggedError(error.cause, depth + 1) }),
  }
}

type Detail = 'code' | 'syscall' | 'errstr'

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isWord(value: unknown): value is string {
  return isText(value) && /^\w{1,60}$/.test(value)
}

/** The lines of the stack that name a place in the code: a message can have several lines itself. */
function calls({ stack = '', message }: Error): string {
  const at = stack.indexOf(message)
  const below = at < 0 ? stack : stack.slice(at + message.length)
  return Array.from(below.matchAll(/^ {4}at (.*)$/gm), ([, call]) => call).join('\n')
}
