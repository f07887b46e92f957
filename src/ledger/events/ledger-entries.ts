import { type Day, dayFromIso } from '../../base/day.ts'
import type { EventOf } from './event.ts'
import type { ReadableLog } from './event-index.ts'
import type { EventLogQuery } from './event-log.ts'

/** What was forecast or advised to order, with what became of it. */
export type LedgerEntry = {
  of: EventOf<'cd4ml.forecast.v1' | 'cd4ml.order.v1'>
  decision?: { event: EventOf<'cd4ml.decision.v1'>; note?: string }
  /** What arrived of the order. */
  receipts: EventOf<'cd4ml.receipt.v1'>[]
  /** Absent where the ledger knows of none of its days what sold. */
  sold?: SoldOnDays
}

/** Units sold on the days of a forecast or an order, as far as they are known. */
export type SoldOnDays = {
  units: number
  days: number
  /** How many of these are known; all where what sold is final. */
  knownDays: number
  /** Days without stock among them, on which more could have sold. */
  censoredDays: number
}

/** The last that happened first: a decision brings what it is on to the top. */
export async function ledgerEntries(
  log: ReadableLog,
  query: Pick<EventLogQuery<'cd4ml.order.v1'>, 'subjects' | 'product' | 'since' | 'limit'>,
): Promise<LedgerEntry[]> {
  const [forecasts, orders, decided] = [
    await log.find({ ...query, type: 'cd4ml.forecast.v1' }),
    await log.find({ ...query, type: 'cd4ml.order.v1' }),
    await log.find({ ...query, type: 'cd4ml.decision.v1' }),
  ]
  const answers = new Map<string, LedgerEntry['of']>(
    [...forecasts, ...orders].map((event) => [event.id, event]),
  )
  const lastTime = new Map([...answers].map(([id, { time }]) => [id, time]))
  for (const { time, data } of decided.toReversed()) lastTime.set(data.of.id, time)
  const ids = [...lastTime]
    .sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0))
    .slice(0, query.limit)
    .map(([id]) => id)
  for (const [id, event] of await log.byId(ids.filter((id) => !answers.has(id)))) {
    if (isAnswer(event)) answers.set(id, event)
  }
  return await withOutcomes(
    log,
    ids.flatMap((id) => answers.get(id) ?? []),
  )
}

/** Whether it is what somebody can decide on. */
export function isAnswer(event: { type: string }): event is LedgerEntry['of'] {
  return event.type === 'cd4ml.forecast.v1' || event.type === 'cd4ml.order.v1'
}

async function withOutcomes(
  log: ReadableLog,
  answers: LedgerEntry['of'][],
): Promise<LedgerEntry[]> {
  const of = answers.map(({ id }) => id)
  const subjects = [...new Set(answers.map(({ subject }) => subject))]
  const decisions = await log.find({ type: 'cd4ml.decision.v1', of, limit: EVERYTHING })
  const receipts = await log.find({ type: 'cd4ml.receipt.v1', of, limit: EVERYTHING })
  const actuals = await log.find({ type: 'cd4ml.actual.v1', subjects, limit: EVERYTHING })
  const notes = await log.notes(decisions.map(({ id }) => id))
  const decisionOf = new Map(decisions.toReversed().map((event) => [event.data.of.id, event]))
  const receiptsOf = Map.groupBy(receipts.toReversed(), ({ data }) => data.order)
  const actualsOf = Map.groupBy(actuals, ({ subject }) => subject)
  return answers.map((answer) => {
    const decision = decisionOf.get(answer.id)
    const note = decision && notes.get(decision.id)
    const sold = soldOn(daysOf(answer), actualsOf.get(answer.subject) ?? [])
    return {
      of: answer,
      ...(decision && { decision: { event: decision, ...(note !== undefined && { note }) } }),
      receipts: receiptsOf.get(answer.id) ?? [],
      ...(sold && { sold }),
    }
  })
}

/** Of a few answers: less than anybody has. */
const EVERYTHING = 1_000_000

/** ISO days: those that were forecast, or that the order has to last. */
export function daysOf({
  type,
  data,
}: LedgerEntry['of']): { from: string; to: string } | undefined {
  if (type === 'cd4ml.forecast.v1') return data
  const { from, through: to } = data.advice
  return typeof from === 'string' && typeof to === 'string' ? { from, to } : undefined
}

/**
 * What sold on some days, each counted once: where reports of several spans tell of a day, the sales
 * files go before another system, the longer span before its parts, and the later report first.
 * `actuals`: of the series, the newest first.
 */
export function soldOn(
  asked: { from: string; to: string } | undefined,
  actuals: readonly EventOf<'cd4ml.actual.v1'>[],
): SoldOnDays | undefined {
  const days = asked && span(asked)
  if (!days) return undefined
  const inside = actuals
    .flatMap(({ data }) => {
      const its = span(data)
      return its && its.from >= days.from && its.to <= days.to ? [{ ...data, ...its }] : []
    })
    .sort((a, b) => rank(b) - rank(a))
  const taken: typeof inside = []
  for (const one of inside) {
    if (taken.every(({ from, to }) => one.to < from || one.from > to)) taken.push(one)
  }
  if (taken.length === 0) return undefined
  const sum = (of: (one: (typeof taken)[number]) => number) =>
    taken.reduce((total, one) => total + of(one), 0)
  return {
    units: sum(({ units }) => units),
    days: lengthOf(days),
    knownDays: sum(lengthOf),
    censoredDays: sum(({ censoredDays = 0 }) => censoredDays),
  }
}

type Span = { from: Day; to: Day }

function span({ from, to }: { from: string; to: string }): Span | undefined {
  const [first, last] = [dayFromIso(from), dayFromIso(to)]
  return first !== undefined && last !== undefined && first <= last
    ? { from: first, to: last }
    : undefined
}

function lengthOf({ from, to }: Span): number {
  return to - from + 1
}

/** Days count below the source: no span has a million of them. */
function rank(actual: Span & { source: { from: 'sales' | 'report' } }): number {
  return (actual.source.from === 'sales' ? 10_000_000 : 0) + lengthOf(actual)
}
