import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { loggedError } from './logged-error.ts'

/**
 * The options of Fastify by which it logs: one JSON object a line, one line a request, with its id.
 * Addresses, headers and bodies are never in it, so that no token, no code of a login, no name and
 * no free text can be. A `stream` stands in for standard output.
 */
export function loggingOptions(stream?: { write(line: string): void }) {
  return {
    logger: {
      level: 'info',
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label }) },
      // Whoever logs a request, a reply or an error, by mistake or by habit, logs no more than this.
      serializers: { req: described, res: answered, err: loggedError, error: loggedError },
      ...(stream && { stream }),
    },
    logController: new ServiceLog({ requestIdLogLabel: 'request' }),
    requestIdHeader: false as const,
    genReqId: requestId,
  }
}

/** The id that a request came with, where it is one, otherwise a new one. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
}

class ServiceLog extends LogController {
  override incomingRequest(): void {
    // The line that says how it ended has all of it.
  }

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const line = { ...described(request), ...answered(reply), ms: Math.round(reply.elapsedTime) }
    if (error) reply.log.error({ ...line, err: error }, 'request failed')
    else reply.log.info(line, 'request')
  }

  override defaultErrorLog(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
    if (reply.statusCode >= 500) reply.log.error({ err: error }, 'error')
  }

  override writeHeadError(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
    reply.log.warn({ err: error }, 'the head of an answer could not be written')
  }

  override routeNotFound(): void {
    // As above.
  }
}

/** The route instead of the address, which has what people look for and codes of a login. */
function described({ method, routeOptions }: FastifyRequest) {
  return { method, route: routeOptions?.url ?? 'none' }
}

function answered({ statusCode }: { statusCode: number }) {
  return { status: statusCode }
}
