import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { MILLISECONDS_A_DAY } from '../../base/day.ts'
import type { RecordedType } from '../../ledger/events/event.ts'
import type { Append, AppendOutcome, EventLog } from '../../ledger/events/event-log.ts'
import type { Engine } from '../engine/engine.ts'

/** What Prometheus is told. No label has more values than there are routes and kinds of events. */
export type ServiceMetrics = {
  registry: Registry
  /** A request was answered. */
  answered(request: { method: string; route: string; status: number; seconds: number }): void
  /** The same ledger, which counts what is recorded in it and what waits for that. */
  counting(log: EventLog): EventLog
  /** Whether the ledger took something when it was last tried. */
  ledgerWritable(writable: boolean): void
}

export function serviceMetrics(engine: Engine): ServiceMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Histogram({
    name: 'cd4ml_http_request_duration_seconds',
    help: 'Time from a request to its answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const recorded = new Counter({
    name: 'cd4ml_events_recorded_total',
    help: 'Events added to the ledger: forecasts, orders, decisions and what sold',
    labelNames: ['type'],
    registers,
  })
  for (const type of Object.values(COUNTED)) recorded.inc({ type }, 0)
  const queue = new Gauge({
    name: 'cd4ml_ledger_queue',
    help: 'Requests that wait for the ledger to have written what they record',
    registers,
  })
  const failures = new Counter({
    name: 'cd4ml_ledger_failures_total',
    help: 'Requests that could not be recorded',
    registers,
  })
  const writable = new Gauge({
    name: 'cd4ml_ledger_writable',
    help: '1 where the ledger took something when it was last tried, otherwise 0',
    registers,
  })
  ofProduction(engine, registers)

  return {
    registry,
    answered({ method, route, status, seconds }) {
      requests.observe({ method, route, status }, seconds)
    },
    counting: (log) => ({
      async append(append) {
        queue.inc()
        try {
          const outcome = await log.append(append)
          for (const type of added(append, outcome)) recorded.inc({ type })
          return outcome
        } catch (error) {
          failures.inc()
          throw error
        } finally {
          queue.dec()
        }
      },
      byId: (ids) => log.byId(ids),
      find: (query) => log.find(query),
      after: (cursor, limit) => log.after(cursor, limit),
      notes: (ids) => log.notes(ids),
      writable: () => log.writable(),
      close: () => log.close(),
    }),
    ledgerWritable: (is) => writable.set(is ? 1 : 0),
  }
}

const COUNTED: Record<RecordedType, string> = {
  'cd4ml.forecast.v1': 'forecast',
  'cd4ml.order.v1': 'order',
  'cd4ml.decision.v1': 'decision',
  'cd4ml.actual.v1': 'actual',
  'cd4ml.receipt.v1': 'receipt',
}

/** The kinds of the events that are new in the ledger. */
function added({ events }: Append, outcome: AppendOutcome): string[] {
  if (outcome.outcome !== 'appended') return []
  return events.filter(({ id }) => !outcome.known.has(id)).map(({ type }) => COUNTED[type])
}

function ofProduction(engine: Engine, registers: Registry[]): void {
  new Gauge({
    name: 'cd4ml_model_info',
    help: '1, with the version in production and the first digits of its digest',
    labelNames: ['version', 'digest'],
    registers,
    collect() {
      const { version, model } = engine.current().basis
      this.reset()
      this.set({ version, digest: model.slice(0, 12) }, 1)
    },
  })
  new Gauge({
    name: 'cd4ml_shadow_info',
    help: '1, with the first digits of the digest of the model that is tried beside production; nothing where none is',
    labelNames: ['digest'],
    registers,
    collect() {
      const { shadow } = engine.current()
      this.reset()
      if (shadow) this.set({ digest: shadow.model.slice(0, 12) }, 1)
    },
  })
  new Gauge({
    name: 'cd4ml_model_age_days',
    help: 'Days since the last one that the model in production was trained on',
    registers,
    collect() {
      this.set(daysSince(engine.current().trainedThrough))
    },
  })
  new Gauge({
    name: 'cd4ml_data_age_days',
    help: 'Days since the last one whose sales are known',
    registers,
    collect() {
      this.set(daysSince(engine.current().basis.salesThrough))
    },
  })
  new Gauge({
    name: 'cd4ml_version_refused',
    help: '1 where newer sales or a newer version could not take over, otherwise 0',
    registers,
    collect() {
      this.set(engine.current().refused ? 1 : 0)
    },
  })
}

/** Whole days from an ISO day to today, in UTC: nobody is woken up by an hour. */
function daysSince(iso: string): number {
  return Math.floor((Date.now() - Date.parse(iso)) / MILLISECONDS_A_DAY)
}
