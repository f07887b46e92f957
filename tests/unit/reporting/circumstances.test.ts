import { describe, expect, it } from 'vitest'
import {
  checkHealthRecord,
  type HealthRecord,
} from '../../../src/monitoring/health/health-record.ts'
import { circumstances } from '../../../src/reporting/circumstances.ts'
import { healthIssue, whyNowSection } from '../../../src/reporting/health-alarm.ts'
import { healthAt, healthRecord } from '../monitoring/health/examples.ts'
import { expectApproved } from './languages.ts'

const stability = { chance: 0.01, limit: 0.12 }
const spans = {
  now: { from: '2026-10-05', to: '2026-11-01' },
  before: { from: '2025-10-06', to: '2025-11-02' },
}

/** All that can be wrong at once. */
const troubled: Partial<HealthRecord> = {
  drift: {
    outcome: 'compared',
    with: 'the same season a year before',
    ...spans,
    columns: [
      {
        column: 'category',
        values: { index: 0.3, ...stability },
        unknown: { now: 0.25, before: 0.01, index: 0.4, ...stability },
      },
      { column: 'weekday', values: { index: 0.05, ...stability } },
    ],
    prices: { series: 1204, median: 0.112, limit: 0.06 },
    assortment: {
      now: { series: 1100, units: 15_000 },
      before: { series: 1000, units: 10_000 },
      new: { series: 300, share: 0.21 },
      gone: { series: 200, share: 0.1 },
      unknownToModel: { series: 1, share: 0.07 },
      withoutSales: 0.1538,
      storesGone: ['Loja 7'],
    },
  },
  supply: {
    outcome: 'known',
    from: '2026-10-19',
    to: '2026-11-01',
    stockOuts: {
      outcome: 'known',
      time: 0.031,
      series: 81,
      of: 1100,
      lost: { units: 212.4, share: 0.014 },
    },
    waste: { outcome: 'known', units: 96, share: 0.01, cost: { money: 310.5, units: 90 } },
  },
  ages: {
    model: { trainedThrough: '2026-10-18', days: 400, maxAge: 365 },
    sales: { through: '2026-11-01', days: 9, rhythm: 1, due: true },
  },
  runs: {
    forecasts: {
      made: 10,
      kept: 2,
      rhythm: 1,
      absent: 3,
      last: { at: '2026-11-02T07:47:00.000Z', problem: 'The data is invalid.' },
    },
    retraining: { at: '2026-10-26T06:23:00.000Z', exitCode: 3 },
  },
  revised: [
    {
      from: '2026-10-19',
      to: '2026-10-25',
      reported: '2026-10-26T08:00:00.000Z',
      before: 0.31,
      now: 0.4,
    },
    {
      from: '2026-10-12',
      to: '2026-10-18',
      reported: '2026-10-26T08:00:00.000Z',
      before: 0.3,
      now: 0.31,
    },
  ],
  reports: {
    reports: 60,
    ahead: { reports: 20, units: 480 },
    known: { reports: 39, otherwise: 4, difference: 0.034 },
    late: 1,
    orphaned: { forecasts: 0, decisions: 2, reports: 1 },
  },
  ledger: {
    publications: 14,
    orphaned: 3,
    leftOut: [],
    checked: {
      id: '20261019T074700000Z-1f0c7a2e',
      outcome: 'otherwise',
      series: 60,
      otherwise: 60,
      difference: 0.5,
    },
  },
}

/** Nothing is known. */
const unknown: Partial<HealthRecord> = {
  drift: { outcome: 'cannot tell', reason: 'the history is too short' },
  supply: {
    outcome: 'known',
    from: '2026-10-19',
    to: '2026-11-01',
    stockOuts: {
      outcome: 'cannot tell',
      reason: 'the sales have neither stock nor purchases',
    },
    waste: {
      outcome: 'cannot tell',
      reason: 'the sales have no purchases with days of expiry',
    },
  },
}

/** A publication that could be made again. */
const proven = (series: number): Partial<HealthRecord> => ({
  ledger: {
    ...healthRecord().ledger,
    checked: {
      id: '20261019T074700000Z-1f0c7a2e',
      outcome: 'same',
      series,
      otherwise: 0,
      difference: 0,
    },
  },
})

describe('whoever reads of the circumstances of a model', () => {
  it('reads each of them as a sentence', async () => {
    await expectApproved('circumstances', (language) => {
      const sentences = [troubled, unknown, proven(1), proven(1200)].flatMap((changes) =>
        Object.values(circumstances(healthRecord(changes), language)).flat(),
      )
      return [...new Set(sentences)].map((sentence) => `- ${sentence}\n`).join('')
    })
  })

  it('reads of what a record can hold', () => {
    for (const changes of [troubled, unknown]) {
      expect(() => checkHealthRecord(healthRecord(changes), 'health.json')).not.toThrow()
    }
  })

  it('reads nothing of runs and sales where all is as it should be', () => {
    const quiet: Partial<HealthRecord> = {
      runs: { forecasts: { made: 14, kept: 0, rhythm: 1, absent: 0 } },
      revised: [],
      reports: {
        reports: 0,
        ahead: { reports: 0, units: 0 },
        known: { reports: 0, otherwise: 0, difference: 0 },
        late: 0,
        orphaned: { forecasts: 0, decisions: 0, reports: 0 },
      },
    }
    const { runs, sales } = circumstances(healthRecord(quiet), 'en')
    expect([...runs, ...sales]).toEqual([])
  })

  it('reads in the issue of a level that was reached what in the sales may explain it', () => {
    const { drift } = troubled
    if (drift?.outcome !== 'compared') throw new Error('nothing is compared')
    const storesGone = ['[Loja](https://example.org) @everyone', '# 7']
    const assortment = { ...drift.assortment, storesGone }
    const explained = healthAt('degraded', { drift: { ...drift, assortment } })
    const reader = { repository: 'https://github.com/shop/demand', language: 'en' as const }
    const { body } = healthIssue(explained, { ...reader, replaced: undefined, restores: undefined })
    expect(body).toContain('- Prices are 11.2% higher')
    expect(body).not.toContain('[Loja](https://example.org)')
    expect(body).not.toContain('@everyone')
    expect(whyNowSection(explained, reader)).toContain('- Prices are 11.2% higher')
    const { body: unexplained } = healthIssue(healthAt('degraded'), {
      ...reader,
      replaced: 2,
      restores: undefined,
    })
    expect(unexplained).not.toContain('different in the sales')
  })
})
