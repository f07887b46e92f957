import { randomUUIDv7 } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { unitsSoldIn } from '../../../src/demand/units-sold.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import type { EventOf } from '../../../src/ledger/events/event.ts'
import { salesActuals } from '../../../src/service/recording/sales-actuals.ts'
import { type Entry, totalsOf } from '../../unit/demand/totals.ts'
import { decisionEvent, orderEvent } from '../ledger/recorded.ts'
import { openLog, type Store, stores } from '../ledger/stores.ts'

let all: Store[]
beforeAll(async () => {
  all = await stores()
})

const first = dayFromIso('2026-03-02')!
const by = { source: '/cd4ml/service', time: '2026-04-01T08:00:00.000Z' }

/** Sales of so many days, 3 a day of `a` and of `b`, which the days of `changes` sold otherwise. */
function sales(days: number, changes: Record<number, number> = {}) {
  const entries = ['a', 'b'].flatMap((product) =>
    Array.from({ length: days }, (_, i): Entry => {
      return { product, day: first + i, sold: changes[i] ?? 3 }
    }),
  )
  const soldOf = unitsSoldIn(totalsOf(entries), first + days - 1)
  const salesThrough = new Date((first + days - 1) * 86_400_000).toISOString().slice(0, 10)
  return {
    basis: {
      version: 1,
      model: 'a'.repeat(64),
      data: String(days).padStart(40, '0'),
      salesThrough,
    },
    soldOf,
  }
}

/** An engine whose sales can be exchanged. */
function engineOf(now: ReturnType<typeof sales>) {
  return {
    now,
    async sold(spans: readonly { product: string; from: string; to: string }[]) {
      const { basis, soldOf } = this.now
      return {
        basis,
        sold: spans.map(({ product, from, to }) =>
          soldOf(product, dayFromIso(from)!, dayFromIso(to)!),
        ),
      }
    },
  }
}

function forecast(product: string, from: string, to: string): EventOf<'cd4ml.forecast.v1'> {
  return {
    specversion: '1.0',
    id: randomUUIDv7(),
    source: '/cd4ml/service',
    time: '2026-03-05T08:00:00.000Z',
    subject: product,
    datacontenttype: 'application/json',
    type: 'cd4ml.forecast.v1',
    data: {
      product,
      from,
      to,
      mean: 9,
      quantiles: LEVELS.map(() => 9),
      restsOn: 'series',
      basis: sales(1).basis,
    },
  }
}

describe.each(['SQLite', 'PostgreSQL'])('in %s, the ledger shows what really sold', (name) => {
  it('once for the same days, when they are over, and corrected where newer sales say otherwise', async (context) => {
    const log = await ledger(name, context)
    if (!log) return
    const week = ['2026-03-09', '2026-03-15'] as const
    await log.append({
      events: [
        forecast('a', ...week),
        forecast('a', ...week),
        forecast('b', '2026-03-16', '2026-03-29'),
        forecast('gone', ...week),
      ],
    })
    const engine = engineOf(sales(10))
    const actuals = salesActuals(engine, log)
    expect(await actuals.record(by)).toBe(0)

    engine.now = sales(14)
    expect(await actuals.record(by)).toBe(1)
    expect(await actuals.record(by)).toBe(0)
    expect(await soldIn(log)).toEqual([['a', 21, undefined]])

    // Of two replicas, and after a start, nobody says it again.
    expect(await salesActuals(engine, log).record(by)).toBe(0)
    const others = [salesActuals(engine, log), salesActuals(engine, log)]
    engine.now = sales(28, { 9: 5, 20: 0 })
    await Promise.all([actuals, ...others].map((it) => it.record(by)))
    expect(await soldIn(log)).toEqual([
      ['a', 23, expect.any(String)],
      ['b', 39, undefined],
    ])
    const every = await log.find({ type: 'cd4ml.actual.v1', limit: 10, superseded: true })
    expect(every).toHaveLength(3)
    const correction = every.find(({ supersedes }) => supersedes)
    expect(every.find(({ id }) => id === correction?.supersedes)?.data.units).toBe(21)
    expect(correction?.data.source).toEqual({
      from: 'sales',
      data: engine.now.basis.data,
      salesThrough: '2026-03-29',
    })
  })

  it('of an order that a buyer decided on, on the days that it had to last; of no other', async (context) => {
    const log = await ledger(name, context)
    if (!log) return
    const [decided, other] = [orderEvent({ product: 'a' }), orderEvent({ product: 'b' })].map(
      (order) => ({
        ...order,
        data: { ...order.data, advice: { units: 9, from: '2026-03-09', through: '2026-03-15' } },
      }),
    )
    await log.append({ events: [decided, other] })
    const actuals = salesActuals(engineOf(sales(14)), log)
    expect(await actuals.record(by)).toBe(0)
    await log.append({ events: [decisionEvent(decided)] })
    expect(await actuals.record(by)).toBe(1)
    expect(await soldIn(log)).toEqual([['a', 21, undefined]])
  })

  it('as a report has corrected it, whatever the sales say later', async (context) => {
    const log = await ledger(name, context)
    if (!log) return
    await log.append({ events: [forecast('a', '2026-03-09', '2026-03-15')] })
    const engine = engineOf(sales(14))
    const actuals = salesActuals(engine, log)
    await actuals.record(by)
    const [said] = await log.find({ type: 'cd4ml.actual.v1', limit: 1 })
    await log.append({
      events: [
        {
          ...said,
          id: randomUUIDv7(),
          data: { ...said.data, units: 99, source: { from: 'report' } },
          supersedes: said.id,
        },
      ],
    })
    engine.now = sales(20, { 8: 1 })
    expect(await actuals.record(by)).toBe(0)
    expect(await soldIn(log)).toEqual([['a', 99, said.id]])
  })
})

async function ledger(name: string, context: { skip(): void }) {
  const store = all.find((it) => it.name === name)
  if (!store) return context.skip()
  return await openLog(await store.newLedger())
}

async function soldIn(log: Awaited<ReturnType<typeof openLog>>) {
  const actuals = await log.find({ type: 'cd4ml.actual.v1', limit: 100 })
  return actuals
    .map(({ subject, data, supersedes }) => [subject, data.units, supersedes])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}
