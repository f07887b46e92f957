import { dayFromIso, isoFromDay } from '../../base/day.ts'
import { BoundedMap } from '../../base/remembered.ts'
import { advisedUnits } from '../../ledger/events/advised.ts'
import type { EventOf, RecordedEvent } from '../../ledger/events/event.ts'
import { type EventLog, LedgerUnavailable } from '../../ledger/events/event-log.ts'
import { type AttentionReason, attention } from '../../ordering/attention.ts'
import type { SeriesOrder } from '../../ordering/forecaster.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { Engine } from '../engine/engine.ts'
import { prepareOrders } from '../recording/orders.ts'
import { recorded } from '../recording/prepared.ts'

/** An order as a row of a page shows it. */
export type OrderRow = {
  order: SeriesOrder
  /** The series, as `seriesId` writes it. */
  subject: string
  attention: AttentionReason[]
  /** What was decided on the order of this day, where anything was. */
  decided?: PastDecision
  /** The event by which the ledger has this order; absent where it takes none now. */
  event?: string
}

/** A decision that counts. */
export type PastDecision = {
  id: string
  /** The event of the order or the forecast that it is on, and what was advised there. */
  on: string
  advised: number | undefined
  decision: 'followed' | 'changed' | 'none'
  quantity?: number
  reason?: string
  by: string
  /** ISO 8601 in UTC. */
  time: string
}

export type OrdersOfDay = {
  /** ISO day: the one in whose morning is ordered. */
  day: string
  rows: OrderRow[]
  /** Whether decisions can be saved now. */
  writable: boolean
}

/** The orders of the day with what was decided on them: read often, each version's advice once. */
export function ordersOfDay({
  engine,
  log,
  now,
}: {
  engine: Engine
  log: EventLog
  now: () => Date
}) {
  let kept: { key: string; day: string; orders: Promise<SeriesOrder[]> } | undefined
  let before: { day: string; ordered: Promise<Map<string, number>> } | undefined
  const advised = new BoundedMap<string, OnEvent>(MOST_KEPT)

  const advice = () => {
    const { basis, orderDay } = engine.current()
    const key = JSON.stringify([basis, orderDay])
    if (kept?.key !== key) {
      kept = { key, day: orderDay, orders: allOrders(engine) }
      kept.orders.catch(() => {
        kept = undefined
      })
    }
    return kept
  }

  /** The decisions on orders of a time, the newest first, with what they were on. */
  const decisions = async (since: string) => {
    const found = await log.find({ type: 'cd4ml.decision.v1', since, limit: MOST_DECISIONS })
    const missing = found.map(({ data }) => data.of.id).filter((id) => !advised.has(id))
    for (const [id, event] of await log.byId([...new Set(missing)])) advised.set(id, onEvent(event))
    return found.map((event) => ({ event, on: advised.get(event.data.of.id) }))
  }

  const orderedBefore = (day: string) => {
    if (before?.day !== day) {
      before = { day, ordered: lastOrdered(decisions, day) }
      before.ordered.catch(() => {
        before = undefined
      })
    }
    return before.ordered
  }

  /** All of them, with what was decided; reads go on where the ledger cannot be reached. */
  const all = async (): Promise<OrdersOfDay> => {
    const { day, orders } = advice()
    const advisedNow = await orders
    const known = await unlessUnavailable(async () => ({
      last: await orderedBefore(day),
      decided: decidedOn(day, await decisions(daysBefore(day, 2))),
    }))
    const rows = advisedNow.map((order): OrderRow => {
      const subject = seriesId(order)
      const decided = known?.decided.get(subject)
      return {
        order,
        subject,
        attention: attention(order, { lastOrdered: known?.last.get(subject) }),
        ...(decided && { decided }),
      }
    })
    return { day, rows, writable: known !== undefined }
  }

  /** Records the orders that are shown, and says by which events: what is shown is what is recorded. */
  const shown = async (rows: readonly OrderRow[]): Promise<OrderRow[]> => {
    const by = { source: SOURCE, time: now().toISOString() }
    const questions = rows.map(({ order: { productId: product, storeId: store } }) => ({
      product,
      ...(store !== undefined && { store }),
    }))
    const prepared = await prepareOrders(engine, questions, by)
    const known = await unlessUnavailable(() => recorded(log, prepared))
    const answers = known ?? prepared.answers(new Map())
    return rows.map((row, i) => {
      const answered = answers[i]
      if (answered.outcome === 'refused') return row
      const [{ order, id }] = answered.answer
      return { ...row, order, ...(known && { event: id }) }
    })
  }

  return {
    all,
    shown,
    /** Those of some series, recorded as shown, by their subjects. */
    async current(subjects: readonly string[]): Promise<Map<string, OrderRow>> {
      const wanted = new Set(subjects)
      const { rows } = await all()
      const found = await shown(rows.filter(({ subject }) => wanted.has(subject)))
      return new Map(found.map((row) => [row.subject, row]))
    },
  }
}

/** As events of the service name it. */
export const SOURCE = '/cd4ml/page'

/** What work on the ledger gives; undefined where that cannot be reached now. */
export async function unlessUnavailable<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof LedgerUnavailable) return undefined
    throw error
  }
}

/** What a decision is on. */
type OnEvent = { day: string | undefined; advised: number | undefined }

const MOST_KEPT = 50_000
const MOST_DECISIONS = 20_000

/** How far back the last order is looked for. */
const DAYS_BEFORE = 60

async function allOrders(engine: Engine): Promise<SeriesOrder[]> {
  const { answers } = await engine.orders()
  return answers.flatMap((it) =>
    it.outcome === 'answered' ? it.answer.map(({ order }) => order) : [],
  )
}

function onEvent(event: RecordedEvent): OnEvent {
  const day = event.type === 'cd4ml.order.v1' ? event.data.day : undefined
  return { day, advised: advisedUnits(event) }
}

type Found = { event: EventOf<'cd4ml.decision.v1'>; on: OnEvent | undefined }

/** The newest decision of every series on an order of this day. */
function decidedOn(day: string, found: readonly Found[]): Map<string, PastDecision> {
  const decided = new Map<string, PastDecision>()
  for (const { event, on } of found) {
    if (on?.day !== day || decided.has(event.subject)) continue
    decided.set(event.subject, pastDecision(event, on.advised))
  }
  return decided
}

/** A decision as pages show it. */
export function pastDecision(
  { id, time, data: { of, decision, quantity, reason, by } }: EventOf<'cd4ml.decision.v1'>,
  advised: number | undefined,
): PastDecision {
  return {
    id,
    on: of.id,
    advised,
    decision,
    ...(quantity !== undefined && { quantity }),
    ...(reason !== undefined && { reason }),
    by,
    time,
  }
}

/** Units of every series that were ordered the last time before this day. */
async function lastOrdered(
  decisions: (since: string) => Promise<Found[]>,
  day: string,
): Promise<Map<string, number>> {
  const ordered = new Map<string, number>()
  for (const { event, on } of await decisions(daysBefore(day, DAYS_BEFORE))) {
    const { quantity } = event.data
    if (on?.day === undefined || on.day >= day || !quantity) continue
    if (!ordered.has(event.subject)) ordered.set(event.subject, quantity)
  }
  return ordered
}

/** The beginning of a day so many days before, as a moment: ISO 8601 in UTC. */
function daysBefore(day: string, days: number): string {
  return `${isoFromDay((dayFromIso(day) ?? 0) - days)}T00:00:00.000Z`
}
