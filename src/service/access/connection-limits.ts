import { STATUS_CODES } from 'node:http'
import type { FastifyServerOptions } from 'fastify'
import { PROBLEM_JSON, problem } from '../http/problem.ts'

/**
 * How long a client may take, before anybody knows who it is: whoever sends a byte a minute, or reads
 * none, holds a connection only so long. Options of Fastify.
 *
 * @param trustProxy - addresses of proxies in front, whose `X-Forwarded-…` are believed; none
 *   otherwise, because everybody can send these
 */
export function connectionLimits(trustProxy?: string) {
  return {
    ...(trustProxy !== undefined && { trustProxy }),
    /** A whole request, its body included. */
    requestTimeout: 30_000,
    /** A connection on which nothing moves. */
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    http: {
      /** The head of a request. */
      headersTimeout: 10_000,
      /** How often the two are looked at. */
      connectionsCheckingInterval: 2_000,
    },
    clientErrorHandler: answerBrokenRequest,
  } satisfies FastifyServerOptions & { http: object }
}

type ClientErrorHandler = NonNullable<FastifyServerOptions['clientErrorHandler']>

/** What could not be read as HTTP is refused as everything else is, where somebody still listens. */
const answerBrokenRequest: ClientErrorHandler = ({ code }, socket) => {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, detail } = says[code] ?? {
    status: 400,
    detail: 'This is no HTTP that can be read.',
  }
  const body = JSON.stringify(problem({ status, message: detail, errors: undefined }, 'none'))
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `Content-Type: ${PROBLEM_JSON}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

const says: { [code: string]: { status: number; detail: string } } = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request did not arrive in time.' },
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The headers are too large.' },
}
