import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { EventLog } from '../../ledger/events/event-log.ts'
import type { PromotionHistory } from '../../steps/promotion/history.ts'
import type { Engine } from '../engine/engine.ts'
import type { ServiceSettings } from '../engine/service-settings.ts'
import { actualsRoute } from './actuals.ts'
import { readBodies } from './body.ts'
import { decisionsRoute } from './decisions.ts'
import { addEventsRoute } from './events-route.ts'
import { forecastsRoute } from './forecasts.ts'
import { addLedgerRoutes } from './ledger-routes.ts'
import { ordersRoute } from './orders.ts'
import { addProductionRoutes } from './production-routes.ts'
import { addRecordingRoute } from './recording-routes.ts'
import { addressChecks } from './validation.ts'

export type ApiParts = {
  engine: Engine
  log: EventLog
  /** Which versions were in production, where git knows. */
  versions(): Promise<PromotionHistory | undefined>
  /** As they are now. */
  settings(): ServiceSettings
  now(): Date
}

/** `/v1`: what systems ask and report. */
export function apiRoutes(parts: ApiParts): FastifyPluginAsync {
  return async (app: FastifyInstance) => {
    app.setValidatorCompiler(addressChecks())
    readBodies(app)
    addRecordingRoute(app, parts, forecastsRoute(parts.engine))
    addRecordingRoute(app, parts, ordersRoute(parts.engine))
    addRecordingRoute(app, parts, decisionsRoute(parts))
    addRecordingRoute(app, parts, actualsRoute(parts))
    addProductionRoutes(app, parts)
    addLedgerRoutes(app, parts)
    addEventsRoute(app, parts)
  }
}
