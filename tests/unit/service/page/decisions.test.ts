import { expect, it } from 'vitest'
import type { EventOf } from '../../../../src/ledger/events/event.ts'
import { readDecisionReasons } from '../../../../src/ordering/decision-reasons.ts'
import { saveDecisions, sentForm } from '../../../../src/service/page/decisions.ts'
import { envelope } from '../../../../src/service/recording/prepared.ts'
import { memoryLog } from '../memory-log.ts'

const reasons = await readDecisionReasons('.')
const now = () => new Date('2026-11-27T12:00:00.000Z')
const product = { product: '1016' }
const forecast: EventOf<'cd4ml.forecast.v1'> = {
  ...envelope({ source: '/cd4ml/page', time: now().toISOString() }, product),
  type: 'cd4ml.forecast.v1',
  data: {
    ...product,
    from: '2027-02-01',
    to: '2027-02-28',
    mean: 31.25000001,
    quantiles: Array(13).fill(30),
    restsOn: 'series',
    basis: { version: 3, model: 'a'.repeat(64), data: 'b'.repeat(40), salesThrough: '2026-11-26' },
  },
}

it.each([
  ['31,25', 'followed'],
  ['31,2', 'changed'],
])('a buyer who types %s where 31.25 was forecast has %s it', async (quantity, decision) => {
  const log = memoryLog()
  await log.append({ events: [forecast] })
  const typed = { 'choice.0': 'change', 'quantity.0': quantity, 'reason.0': reasons[0].id }
  const form = sentForm({ 'of.0': forecast.id, ...typed })
  const parts = { log, reasons, person: 'p-1', now, language: 'en' as const }
  const saved = await saveDecisions(form, { ...parts, current: async () => new Map() })
  expect(saved).toEqual({ outcome: 'saved', count: 1 })
  expect(log.events.at(-1)).toMatchObject({ data: { decision } })
})
