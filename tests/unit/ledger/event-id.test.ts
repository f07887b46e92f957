import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkRecordedEvent } from '../../../src/ledger/events/event.ts'
import { eventIdOf } from '../../../src/ledger/events/event-id.ts'

const moment = fc
  .integer({ min: 0, max: 2 ** 42 })
  .map((milliseconds) => new Date(milliseconds).toISOString())

it('calls the same event the same wherever it is written down, and sorts events by their moments', () => {
  fc.assert(
    fc.property(moment, moment, fc.string(), fc.string(), (at, later, text, other) => {
      expect(() => checkRecordedEvent(receipt(eventIdOf(at, text)), 'event')).not.toThrow()
      expect(eventIdOf(at, text)).toBe(eventIdOf(at, text))
      if (text !== other) expect(eventIdOf(at, text)).not.toBe(eventIdOf(at, other))
      if (at < later) expect(eventIdOf(at, text) < eventIdOf(later, other)).toBe(true)
    }),
  )
})

function receipt(id: string) {
  return {
    specversion: '1.0',
    id,
    source: '/cd4ml/files',
    time: '2026-11-02T10:00:00.000Z',
    subject: '1042',
    datacontenttype: 'application/json',
    type: 'cd4ml.receipt.v1',
    data: { product: '1042', day: '2026-11-02', units: 3 },
  }
}
