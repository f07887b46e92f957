import { STATUS_CODES } from 'node:http'
import { type Static, Type } from 'typebox'
import { FieldProblem } from '../../base/schema.ts'
import { object } from '../../base/schema-parts.ts'

/** What every error is answered as: problem details, https://www.rfc-editor.org/rfc/rfc9457. */
export const Problem = object(
  {
    type: Type.Literal('about:blank'),
    /** What the status means, as HTTP has it. */
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    /** What is wrong, and what to do about it. */
    detail: Type.String(),
    /** The request, as the log of the service names it. */
    instance: Type.String(),
    errors: Type.Optional(Type.Array(FieldProblem)),
  },
  { $id: 'Problem' },
)
export type Problem = Static<typeof Problem>

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8'

/** Ends a request with an error that whoever asked can understand. */
export class HttpError extends Error {
  readonly status: number
  readonly errors: FieldProblem[] | undefined
  readonly headers: Record<string, string>

  constructor(
    status: number,
    detail: string,
    more: { errors?: FieldProblem[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'HttpError'
    this.status = status
    this.errors = more.errors
    this.headers = more.headers ?? {}
  }
}

export function problem(
  { status, message, errors }: Pick<HttpError, 'status' | 'message' | 'errors'>,
  requestId: string,
): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    instance: `urn:cd4ml:request:${encodeURIComponent(requestId)}`,
    ...(errors && { errors }),
  }
}
