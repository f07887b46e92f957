import type { Degradation } from '../../../../src/monitoring/evidence/degradation.ts'
import type { Block } from '../../../../src/monitoring/health/block.ts'
import type { HealthRecord } from '../../../../src/monitoring/health/health-record.ts'

/** Of a chain that orders for a week, two blocks after version 3 was promoted; all is as promised. */
export function healthRecord(changes: Partial<HealthRecord> = {}): HealthRecord {
  return {
    format: 'cd4ml-health/1',
    at: '2026-11-02T08:00:00.000Z',
    of: 'a'.repeat(64),
    production: {
      version: 3,
      model: 'ridge (penalty 10)',
      since: '2026-10-19T09:00:00.000Z',
      trainedThrough: '2026-10-18',
    },
    sales: { data: 'd'.repeat(40), through: '2026-11-01' },
    decidedBy: 'wape',
    block: { frequency: 'week', periods: 1, inYear: 52 },
    standing: judged('as promised', 2),
    blocks: [countedBlock('2026-10-19', 'as promised'), countedBlock('2026-10-26', 'as promised')],
    accuracy: [],
    ledger: { publications: 14, orphaned: 0, leftOut: [] },
    shadow: { outcome: 'cannot tell', reason: 'nothing is tried beside production' },
    valueAdded: {
      outcome: 'cannot tell',
      reason: 'no decisions are recorded',
      from: '2025-11-03',
      through: '2026-11-01',
      adoption: { followed: 0, changed: 0, none: 0 },
      judged: 0,
      leftOut: [],
      needed: 30,
    },
    drift: { outcome: 'cannot tell', reason: 'the history is too short' },
    supply: { outcome: 'cannot tell', reason: 'no period is over yet' },
    ages: {
      model: { trainedThrough: '2026-10-18', days: 15, maxAge: 365 },
      sales: { through: '2026-11-01', days: 1, rhythm: 1, due: false },
    },
    runs: { forecasts: { made: 14, kept: 0, rhythm: 1, absent: 0 } },
    revised: [],
    reports: {
      reports: 0,
      ahead: { reports: 0, units: 0 },
      known: { reports: 0, otherwise: 0, difference: 0 },
      late: 0,
      orphaned: { forecasts: 0, decisions: 0, reports: 0 },
    },
    ...changes,
  }
}

/** The same chain where the last block brought the level. */
export function healthAt(level: Degradation, changes: Partial<HealthRecord> = {}): HealthRecord {
  return healthRecord({
    of: 'b'.repeat(64),
    standing: judged(level, 2),
    blocks: [countedBlock('2026-10-19', 'as promised'), countedBlock('2026-10-26', level)],
    ...changes,
  })
}

export function judged(level: Degradation, counted: number): HealthRecord['standing'] {
  return {
    outcome: 'judged',
    level,
    promise: {
      limit: -0.1,
      scale: 0.18,
      mean: -0.2,
      spread: 0.12,
      origins: 12,
      priorWeight: 0,
      searched: 4,
      wreck: 0.4,
    },
    thresholds: { watch: 52, degraded: 20 },
    counted,
    untold: 0,
  }
}

/** The week from a Monday. */
export function countedBlock(from: string, level: Degradation): Block {
  const to = new Date(Date.parse(from) + 6 * 86_400_000).toISOString().slice(0, 10)
  const [e, r] = level === 'as promised' ? [1, 2] : level === 'watch' ? [8, 60] : [25, 300]
  return {
    outcome: 'counted',
    from,
    to,
    version: 3,
    forecasts: 'published',
    series: 60,
    knownDemand: 0.97,
    loss: { model: 0.31, naive: 0.4 },
    logRatio: Math.log(0.31 / 0.4),
    e,
    r,
    level,
  }
}
