import { expect, it } from 'vitest'
import { ledgerEntries } from '../../../src/ledger/events/ledger-entries.ts'
import { actualEvent, decisionEvent, forecastEvent, orderEvent, receiptEvent } from './recorded.ts'
import { openLog, sqlite } from './stores.ts'

const newLog = async () => await openLog(await sqlite.newLedger())
const at = (day: string) => ({ time: `${day}T10:00:00.000Z` })

it('puts forecast, decision, note, receipts and what sold together, the last that happened first', async () => {
  const log = await newLog()
  const forecast = forecastEvent({ product: 'P1' }, at('2026-01-31'))
  const order = orderEvent({ product: 'P2' }, at('2026-02-01'))
  const followed = decisionEvent(forecast, at('2026-02-02'))
  const corrected = decisionEvent(forecast, { ...at('2026-02-03'), supersedes: followed.id })
  const receipts = [receiptEvent(order, at('2026-02-03')), receiptEvent(order, at('2026-02-04'))]
  await log.append({ events: [forecast, order, followed, ...receipts] })
  await log.append({
    events: [
      corrected,
      actualEvent({ product: 'P1' }, { from: '2026-02-01', to: '2026-02-28', units: 7 }),
    ],
    notes: new Map([[corrected.id, { person: 'buyer-1', text: 'festa' }]]),
  })
  expect(await ledgerEntries(log, { limit: 10 })).toEqual([
    {
      of: forecast,
      decision: { event: corrected, note: 'festa' },
      receipts: [],
      sold: { units: 7, days: 28, knownDays: 28, censoredDays: 0 },
    },
    { of: order, receipts },
  ])
})

it('brings a forecast of long ago to the top that is decided on today, also where few are asked for', async () => {
  const log = await newLog()
  const old = forecastEvent({ product: 'P1' }, at('2025-01-01'))
  const orders = Array.from({ length: 5 }, () => orderEvent({ product: 'P2' }, at('2026-02-01')))
  const decision = decisionEvent(old, at('2026-02-02'))
  await log.append({ events: [old, ...orders, decision] })
  for (const query of [
    { limit: 1 },
    { limit: 1, since: decision.time },
    { limit: 1, product: 'P1' },
  ]) {
    const entries = await ledgerEntries(log, query)
    expect(entries.map(({ of }) => of.id)).toEqual([old.id])
  }
})

it('finds a product in all of its stores or in one, and no other whose id begins or reads like it', async () => {
  const log = await newLog()
  const series = [
    { product: 'P1' },
    { product: 'P1', store: 'A' },
    { product: 'P1', store: '\u{10ffff}ÿ' },
    { product: 'P11' },
    { product: 'P1",' },
    { product: 'P1","A' },
    { product: 'P', store: '1' },
  ]
  await log.append({ events: series.map((it) => forecastEvent(it)) })
  const found = await ledgerEntries(log, { limit: 10, product: 'P1' })
  expect(found.map(({ of }) => of.data.store).sort()).toEqual(['A', '\u{10ffff}ÿ', undefined])
  const quoted = await ledgerEntries(log, { limit: 10, product: 'P1",' })
  expect(quoted.map(({ of }) => of.data.product)).toEqual(['P1",'])
})

it('counts what sold on each day once, the sales files before another system, and says what is not known', async () => {
  const log = await newLog()
  const series = { product: 'P1' }
  const actuals = [
    // Before and after what was forecast.
    actualEvent(series, { from: '2026-01-31', to: '2026-02-01', units: 1000 }),
    actualEvent(series, { from: '2026-02-28', to: '2026-03-01', units: 1000 }),
    actualEvent(series, { from: '2026-02-01', to: '2026-02-10', units: 10, censoredDays: 2 }),
    actualEvent(series, { from: '2026-02-02', to: '2026-02-02', units: 500 }),
    actualEvent(series, { from: '2026-02-10', to: '2026-02-25', units: 700 }, 'report'),
    actualEvent(series, { from: '2026-02-11', to: '2026-02-11', units: 3 }, 'report'),
    actualEvent({ product: 'P2' }, { from: '2026-02-12', to: '2026-02-12', units: 1000 }),
  ]
  await log.append({ events: [forecastEvent(series), ...actuals] })
  const [{ sold }] = await ledgerEntries(log, { limit: 1 })
  expect(sold).toEqual({ units: 13, days: 28, knownDays: 11, censoredDays: 2 })
})
