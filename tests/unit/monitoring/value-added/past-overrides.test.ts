import { describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../../src/base/day.ts'
import type { RecordedEvent } from '../../../../src/ledger/events/event.ts'
import { eventIdOf } from '../../../../src/ledger/events/event-id.ts'
import { eventIndex } from '../../../../src/ledger/events/event-index.ts'
import { pastOverrides } from '../../../../src/monitoring/value-added/past-overrides.ts'
import { dayOf } from '../../demand/totals.ts'
import { decisionOn } from './decided.ts'
import { actualOf } from './sold.ts'

const TODAY = dayOf('2026-11-02')

describe('the last overrides of a product', () => {
  it('are told by direction: those after which what sold was closer to the forecast went too far', async () => {
    const raises = Array.from({ length: 14 }, (_, i) => ({ to: 50, sold: i < 11 ? 33 : 44 }))
    const cuts = Array.from({ length: 9 }, (_, i) => ({ to: 30, sold: i < 3 ? 31 : 20 }))
    expect(await told([...raises, ...cuts])).toEqual([
      { direction: 'raised', judged: 14, tooFar: 11, censored: 0 },
      { direction: 'cut', judged: 9, tooFar: 3, censored: 0 },
    ])
  })

  it('are not told where they are few: it would be chance', async () => {
    expect(await told(Array.from({ length: 7 }, () => ({ to: 50, sold: 33 })))).toEqual([])
  })

  it('that emptied the shelf are not called right: they are counted apart', async () => {
    const known = Array.from({ length: 8 }, () => ({ to: 30, sold: 20 }))
    const empty = Array.from({ length: 5 }, () => ({ to: 30, sold: 20, censoredDays: 2 }))
    expect(await told([...known, ...empty])).toEqual([
      { direction: 'cut', judged: 8, tooFar: 0, censored: 5 },
    ])
    expect(await told([...empty, ...empty])).toEqual([])
  })

  it('that sold out are judged where what sold says enough, so that right raises are not left out', async () => {
    const wrong = Array.from({ length: 6 }, () => ({ to: 50, sold: 33 }))
    const right = Array.from({ length: 5 }, () => ({ to: 50, sold: 42, censoredDays: 1 }))
    const unknown = Array.from({ length: 4 }, () => ({ to: 50, sold: 33, censoredDays: 3 }))
    expect(await told([...wrong, ...right, ...unknown])).toEqual([
      { direction: 'raised', judged: 11, tooFar: 6, censored: 4 },
    ])
    const short = Array.from({ length: 9 }, () => ({ to: 30, sold: 31, censoredDays: 1 }))
    expect(await told(short)).toEqual([{ direction: 'cut', judged: 9, tooFar: 9, censored: 0 }])
  })

  it('are those that still count: what was then followed or put off is no raise, as advised no cut', async () => {
    const raises = Array.from({ length: 9 }, () => ({ to: 50, sold: 33 }))
    const followed = raises.map((one) => ({ ...one, afterwards: 'followed' as const }))
    expect(await told([...raises, ...followed])).toEqual([
      { direction: 'raised', judged: 9, tooFar: 9, censored: 0 },
    ])
    expect(await told([...raises.slice(1), { ...raises[0], afterwards: 'none' }])).toEqual([
      { direction: 'raised', judged: 8, tooFar: 8, censored: 0 },
    ])
    expect(await told(raises.map((one) => ({ ...one, afterwards: 'changed' as const })))).toEqual(
      [],
    )
  })

  it('for a truck or a shelf say nothing of the demand, and are not held against it', async () => {
    const supplier = Array.from({ length: 14 }, () => ({ to: 50, sold: 33, reason: 'supplier' }))
    expect(await told(supplier)).toEqual([])
  })

  it('are the recent ones, whose days are over, without those of other products', async () => {
    const old = Array.from({ length: 10 }, () => ({ to: 50, sold: 33, before: 380 }))
    const open = Array.from({ length: 10 }, () => ({ to: 50 }))
    const foreign = Array.from({ length: 10 }, () => ({ to: 50, sold: 33, product: 'b' }))
    expect(await told([...old, ...open, ...foreign])).toEqual([])
    const many = Array.from({ length: 25 }, (_, i) => ({ to: 50, sold: i < 20 ? 33 : 44 }))
    expect(await told(many)).toEqual([{ direction: 'raised', judged: 20, tooFar: 20, censored: 0 }])
  })

  it('are looked up in one question to the ledger where few were decided', async () => {
    const log = eventIndex([])
    const asked: string[] = []
    await pastOverrides(
      {
        find: async (query) => {
          asked.push(query.type)
          return await log.find(query)
        },
        byId: async () => expect.unreachable(),
      },
      { subjects: ['a'], today: TODAY, aboutDemand: new Set() },
    )
    expect(asked).toEqual(['cd4ml.decision.v1'])
  })
})

type Override = {
  /** Units, where 40 were advised and 32 forecast. */
  to: number
  sold?: number
  censoredDays?: number
  reason?: string
  product?: string
  /** What was decided on the same order later, as advised. */
  afterwards?: 'followed' | 'changed' | 'none'
  /** Days before the last order. */
  before?: number
}

/** The first of them is the newest. */
async function told(overrides: readonly Override[]) {
  const events = overrides.flatMap(
    (
      { to, sold, censoredDays, reason = 'promotion', product = 'a', afterwards, before = 0 },
      i,
    ) => {
      const day = TODAY - 10 - 8 * i - before
      const days = { from: isoFromDay(day), through: isoFromDay(day + 7) }
      const advice = { units: 40, ...days, forecast: { mean: 32, p10: 20, p90: 44 } }
      const decided = decisionOn(product, { day, decided: to, advice, reason })
      const [order, decision] = decided
      const later: RecordedEvent[] =
        afterwards === undefined
          ? []
          : [
              {
                ...decision,
                id: eventIdOf(decision.time, `later ${product}`),
                data: { ...decision.data, decision: afterwards, quantity: 40 },
              },
            ]
      const became: RecordedEvent[] =
        sold === undefined
          ? []
          : [actualOf(order, { units: sold, ...(censoredDays && { censoredDays }) })]
      return [...decided, ...later, ...became]
    },
  )
  return await pastOverrides(eventIndex(events), {
    subjects: ['a'],
    today: TODAY,
    aboutDemand: new Set(['promotion']),
  })
}
