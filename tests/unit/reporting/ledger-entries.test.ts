import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../../src/ledger/events/ledger-entries.ts'
import { entryText } from '../../../src/reporting/ledger-entries.ts'
import {
  decisionEvent,
  forecastEvent,
  orderEvent,
  receiptEvent,
} from '../../integration/ledger/recorded.ts'
import { naughty } from './examples.ts'
import { languages } from './languages.ts'

const names: Parameters<typeof entryText>[1] = {
  language: 'en',
  timeZone: 'America/Sao_Paulo',
  reasons: [{ id: 'event', en: 'Local event', 'pt-BR': 'Evento local' }],
  products: new Map([['1042', 'Biscoito Maria 400g']]),
  persons: new Map([['buyer-1', 'Maria Souza']]),
}
// Late in the evening in São Paulo, the day before.
const time = '2026-02-01T01:30:00.000Z'
const forecast = forecastEvent({ product: '1042', store: '7' }, { time })
const advised = orderEvent({ product: '2001' }, { time })
const order = {
  ...advised,
  data: {
    ...advised.data,
    advice: { ...advised.data.advice, forecast: { mean: 31.4, p10: 22.2, p90: 40.9 } },
  },
}
const decided = (of: LedgerEntry['of'], data = {}) => {
  const event = decisionEvent(of, { time: '2026-02-01T12:20:00.000Z' })
  return { ...event, data: { ...event.data, ...data } }
}
const followed = { decision: 'followed', quantity: 24, reason: undefined, by: 'buyer-9' } as const
const entries: LedgerEntry[] = [
  {
    of: forecast,
    decision: { event: decided(forecast), note: 'festa da cidade' },
    receipts: [],
    sold: { units: 18, days: 28, knownDays: 28, censoredDays: 2 },
  },
  {
    of: order,
    decision: { event: decided(order, followed) },
    receipts: [receiptEvent(order)],
    sold: { units: 3.5, days: 7, knownDays: 2, censoredDays: 0 },
  },
  {
    of: { ...order, data: { ...order.data, outcome: 'enough', advice: { units: 0 } } },
    decision: { event: decided(order, { decision: 'none', quantity: undefined, reason: 'gone' }) },
    receipts: [],
  },
  { of: { ...order, data: { ...order.data, outcome: 'unknown', advice: {} } }, receipts: [] },
  { of: forecast, receipts: [] },
]

describe('the ledger on a terminal', () => {
  it.each(languages)('reads as it was last approved, in %s', async (language) => {
    const text = entries.map((entry) => entryText(entry, { ...names, language })).join('\n')
    await expect(text).toMatchFileSnapshot(`__golden__/ledger-entries.${language}.txt`)
  })

  it.each(naughty)('no name or note adds a line or moves the cursor: $what', ({ text }) => {
    const of = forecastEvent({ product: text, store: text })
    const decision = { event: decided(of, { reason: 'event' }), note: text }
    const hostile = entryText(
      { of, decision, receipts: [], sold: { units: 1, days: 1, knownDays: 1, censoredDays: 0 } },
      {
        ...names,
        reasons: [{ id: 'event', en: text, 'pt-BR': text }],
        products: new Map([[text, text]]),
        persons: new Map([['buyer-1', text]]),
      },
    )
    expect(hostile).not.toMatch(/[^\n\P{Cc}]|\p{Cf}|\p{Cs}/u)
    expect(hostile.trimEnd().split('\n')).toHaveLength(4)
  })
})
