import type { IncomingMessage } from 'node:http'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import type { Engine } from '../engine/engine.ts'
import type { ServiceMetrics } from './metrics.ts'
import { Readiness, readinessOf } from './readiness.ts'

export type OpsOptions = { engine: Engine; log: EventLog; metrics: ServiceMetrics }

/**
 * What the service tells of itself to who runs it, and how it behaves under load and when it ends.
 * To be registered before all routes, for which its hooks are.
 */
export function opsRoutes(options: OpsOptions): FastifyPluginAsync {
  // What is added holds for the routes beside it: https://fastify.dev/docs/latest/Reference/Plugins/
  return Object.assign(async (app: FastifyInstance) => await addOps(app, options), {
    [Symbol.for('skip-override')]: true,
  })
}

async function addOps(app: FastifyInstance, { engine, log, metrics }: OpsOptions): Promise<void> {
  const readiness = readinessOf({ engine, log }, () => performance.now(), metrics.ledgerWritable)

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    metrics.answered({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    })
    done()
  })
  await app.register(underPressure, {
    maxEventLoopDelay: LONGEST_DELAY,
    sampleInterval: OVERLOAD_WINDOW,
    retryAfter: RETRY_AFTER,
    message: 'more is asked than can be answered at the moment',
  })

  let givenUp: NodeJS.Timeout | undefined
  app.addHook('onSend', ({ raw }, reply, payload, done) => {
    // A connection that was kept for the next request would keep the server from closing. Of a body
    // that is refused before it has come, Node would read the rest, were it a gigabyte.
    if (givenUp || hasMoreThan(app.initialConfig.bodyLimit, raw))
      reply.header('connection', 'close')
    done(null, payload)
  })
  app.addHook('preClose', (done) => {
    readiness.close()
    givenUp = setTimeout(() => app.server.closeAllConnections(), LONGEST_CLOSE).unref()
    done()
  })
  app.addHook('onClose', async () => clearTimeout(givenUp))

  app.get(
    '/health/live',
    { config: OPEN, schema: { tags: TAGS, operationId: 'isAlive', response: { 200: Alive } } },
    async () => ({
      status: 'live' as const,
    }),
  )
  app.get(
    '/health/ready',
    {
      config: OPEN,
      schema: { tags: TAGS, operationId: 'isReady', response: { 200: Readiness, 503: Readiness } },
    },
    async (_request, reply) => {
      const now = await readiness.now()
      reply.header('cache-control', 'no-store')
      return reply.code(now.status === 'ready' ? 200 : 503).send(now)
    },
  )
  app.get('/metrics', { config: MEASURED }, async (_request, reply) => {
    await readiness.now()
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}

/** Whether more bytes than that are on their way, or it is not known how many. */
function hasMoreThan(bytes = 0, { complete, headers }: IncomingMessage): boolean {
  if (complete) return false
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > bytes
}

/** What is in the document of the service has one. */
const TAGS = ['operation'] as const

const Alive = object({ status: Type.Literal('live') })

/** Milliseconds that timers are late, on average over the window, from which on requests are refused. */
const LONGEST_DELAY = 1000
/** Milliseconds: recording a list of 10,000 takes one of them or two, and is no overload. */
const OVERLOAD_WINDOW = 5000
/** Seconds. */
const RETRY_AFTER = 2
/** Milliseconds in which what was accepted is answered before the connections are cut. */
const LONGEST_CLOSE = 10_000

/** Who watches a service has to see most of all when it is under pressure. */
const calm = { pressureHandler: () => undefined }
const OPEN = { scope: 'public', rateLimit: false, ...calm } as const
const MEASURED = { scope: 'read', ...calm } as const
