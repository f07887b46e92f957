import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { UserError } from '../../base/errors.ts'
import { CannotSupersede, CursorRefused, LedgerUnavailable } from '../../ledger/events/event-log.ts'
import { EngineUnavailable } from '../engine/engine.ts'
import { HttpError, PROBLEM_JSON, problem } from '../http/problem.ts'

/**
 * Has every error of a server answered as problem details, and tells nobody outside what a bug says.
 * People who ask for a page that is not there get one, where there are pages.
 */
export function answerErrors(
  app: FastifyInstance,
  notFoundPage?: (request: FastifyRequest) => string,
): void {
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) => {
    if (notFoundPage && request.headers.accept?.includes('text/html')) {
      reply.status(404).header('content-type', 'text/html; charset=utf-8')
      return reply.serializer(String).send(notFoundPage(request))
    }
    const detail = 'There is nothing at this address. /openapi.json lists what there is.'
    return answerProblem(new HttpError(404, detail), request, reply)
  })
}

/** Also of an address that no route can be found for, which Fastify has no handler for. */
export function answerError(
  error: FastifyError,
  request: Pick<FastifyRequest, 'id' | 'log'>,
  reply: Pick<FastifyReply, 'status'>,
) {
  const known = httpError(error)
  if (known.status >= 500) request.log.error({ err: error }, 'failed')
  return answerProblem(known, request, reply)
}

function answerProblem(
  error: HttpError,
  request: Pick<FastifyRequest, 'id'>,
  reply: Pick<FastifyReply, 'status'>,
) {
  return reply
    .status(error.status)
    .headers(error.headers)
    .header('content-type', PROBLEM_JSON)
    .serializer(JSON.stringify)
    .send(problem(error, request.id))
}

function httpError(error: FastifyError): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof LedgerUnavailable) {
    return new HttpError(
      503,
      'The ledger cannot be written or read now, and nothing is answered that is not recorded. Send the same again later.',
      { headers: { 'retry-after': '5' } },
    )
  }
  if (error instanceof EngineUnavailable) {
    return new HttpError(503, 'The model is being loaded again. Send the same again in a moment.', {
      headers: { 'retry-after': '5' },
    })
  }
  if (error instanceof CursorRefused) return new HttpError(400, sentence(error))
  if (error instanceof CannotSupersede) return new HttpError(409, sentence(error))
  const { statusCode = 500 } = error
  if (statusCode < 400 || statusCode >= 500) {
    return statusCode === 503
      ? new HttpError(503, 'The service is closing or overloaded. Send the same again later.', {
          headers: { 'retry-after': '5' },
        })
      : new HttpError(500, 'This is a bug of cd4ml, not a mistake of yours. The log has more.')
  }
  return new HttpError(statusCode, says[error.code] ?? error.message)
}

function sentence({ what, remedy }: UserError): string {
  return [`${what.charAt(0).toUpperCase()}${what.slice(1)}.`, remedy].filter(Boolean).join(' ')
}

/** What Fastify refuses by itself, with what to do about it. */
const says: { [code: string]: string } = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is too large. Send fewer records at a time.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE:
    'The body must be application/json or text/csv, as its Content-Type says.',
  FST_ERR_MAX_PARAM_LENGTH: 'The address is longer than any that there is.',
  FST_ERR_BAD_URL: 'The address cannot be read: what it escapes by % is no text.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty.',
}
