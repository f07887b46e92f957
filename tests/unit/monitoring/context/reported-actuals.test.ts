import { describe, expect, it } from 'vitest'
import type { EventOf, RecordedEvent } from '../../../../src/ledger/events/event.ts'
import { subjectOf } from '../../../../src/ledger/events/subject.ts'
import {
  reportedActuals,
  soldAsReported,
} from '../../../../src/monitoring/context/reported-actuals.ts'
import { seriesId } from '../../../../src/sales/totals/daily-totals.ts'
import { dayOf, totalsOf } from '../../demand/totals.ts'

const totals = totalsOf(
  Array.from({ length: 14 }, (_, i) => ({
    product: 'bread',
    day: dayOf('2026-03-02') + i,
    sold: 3,
  })),
)

describe('of what another system reports as sold is said', () => {
  it('whether the sales files say the same, each correction instead of what it corrects', () => {
    const wrong = report('2026-03-02', '2026-03-08', 30)
    const events = [
      wrong,
      { ...report('2026-03-02', '2026-03-08', 21), supersedes: wrong.id },
      report('2026-03-09', '2026-03-15', 14),
    ]
    expect(told(events).known).toEqual({ reports: 2, otherwise: 1, difference: 7 / 42 })
  })

  it('how much lies ahead of the sales files, which no sum of absurd numbers breaks', () => {
    expect(told([report('2026-03-16', '2026-03-22', 20)]).ahead).toEqual({ reports: 1, units: 20 })
    const absurd = ['16', '17', '18'].map((day) => report(`2026-03-${day}`, '2026-03-22', 1e15))
    expect(told(absurd).ahead).toEqual({ reports: 3, units: 1e15 })
  })

  it('which came after their days had been reported on', () => {
    const early = report('2026-03-02', '2026-03-03', 6, '2026-03-04T10:00:00.000Z')
    const late = report('2026-03-04', '2026-03-05', 6, '2026-03-09T10:00:00.000Z')
    expect(told([early, late]).late).toBe(1)
  })

  it('which are of products that the sales do not know, and decisions on them', () => {
    const events = [
      report('2026-03-02', '2026-03-08', 30, undefined, 'renamed'),
      decision('renamed'),
    ]
    expect(told([...events, decision('bread')])).toMatchObject({
      known: { reports: 0 },
      orphaned: { forecasts: 0, decisions: 1, reports: 1 },
    })
  })

  it('nothing of what the service itself took from the sales files', () => {
    const event = report('2026-03-02', '2026-03-08', 30)
    const data = {
      ...event.data,
      source: { from: 'sales' as const, data: 'd'.repeat(40), salesThrough: '2026-03-15' },
    }
    expect(told([{ ...event, data }])).toMatchObject({ reports: 0, known: { reports: 0 } })
  })
})

function told(events: readonly RecordedEvent[]) {
  const reportedOn = [{ to: '2026-03-08', at: '2026-03-09T08:00:00.000Z' }]
  const known = new Set(totals.series.map(seriesId))
  return reportedActuals({
    events,
    isKnown: (series) => known.has(series),
    sold: soldAsReported(totals, events),
    salesThrough: dayOf('2026-03-15'),
    reportedOn,
  })
}

let made = 0

function envelope(product: string, time: string) {
  return {
    specversion: '1.0' as const,
    id: `01900000-0000-7000-8000-${String(made++).padStart(12, '0')}`,
    source: '/cd4ml/service',
    time,
    subject: subjectOf({ product }),
    datacontenttype: 'application/json' as const,
  }
}

function report(
  from: string,
  to: string,
  units: number,
  time = '2026-03-08T22:00:00.000Z',
  product = 'bread',
): EventOf<'cd4ml.actual.v1'> {
  const data = { product, from, to, units, source: { from: 'report' as const } }
  return { ...envelope(product, time), type: 'cd4ml.actual.v1', data }
}

function decision(product: string): EventOf<'cd4ml.decision.v1'> {
  const of = { type: 'order' as const, id: '01900000-0000-7000-8000-999999999999' }
  const data = { product, of, decision: 'followed' as const, by: 'buyer-1' }
  return { ...envelope(product, '2026-03-05T08:00:00.000Z'), type: 'cd4ml.decision.v1', data }
}
