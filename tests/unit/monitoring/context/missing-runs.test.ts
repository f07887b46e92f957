import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ForecastRecord } from '../../../../src/ledger/forecast-record.ts'
import type { RunRecord } from '../../../../src/ledger/run-record.ts'
import { missingRuns } from '../../../../src/monitoring/context/missing-runs.ts'

const START = Date.parse('2026-03-02T07:47:00.000Z')

describe('whoever relies on the forecasts is told of runs that are missing', () => {
  it('none, where the workflow ran every day, some minutes late', () => {
    expect(missing([0, 1.01, 2.02, 3, 4, 5, 6.01, 7], 7.5)).toEqual({
      made: 8,
      kept: 0,
      rhythm: 1,
      absent: 0,
    })
  })

  it.each([
    ['once a week', [0, 7, 14, 21, 28, 35, 42, 49], 55, 7],
    ['on working days', [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16], 18.5, 3],
    ['on Mondays and Thursdays', [0, 3, 7, 10, 14, 17, 21, 24], 28.6, 4],
  ])('none, where it runs %s', (_, days, now, rhythm) => {
    expect(missing(days, now)).toMatchObject({ rhythm, absent: 0 })
  })

  it('those of a time in which nothing ran, daily or weekly, in the middle or at the end', () => {
    const daily = [0, 1, 2, 3, 4, 5, 6, 7]
    expect(missing([...daily, 14, 15], 15.5)).toMatchObject({ rhythm: 1, absent: 6 })
    expect(missing(daily, 13.9)).toMatchObject({ rhythm: 1, absent: 6 })
    const weekly = daily.map((week) => 7 * week)
    expect(missing([...weekly, 63, 70], 71)).toMatchObject({ rhythm: 7, absent: 1 })
  })

  it('none before the promotion', () => {
    const days = [0, 1, 2, 3, 4, 5, 6, 7, 18, 19, 20]
    expect(missing(days, 20.5, at(19))).toEqual({ made: 2, kept: 0, rhythm: 1, absent: 0 })
  })

  it('nothing of a rhythm that nobody can see yet', () => {
    expect(missing([0, 3, 4], 20)).toEqual({ made: 3, kept: 0, absent: 0 })
  })

  it('that the last forecasts had to be kept, and why', () => {
    const kept: ForecastRecord = {
      format: 'cd4ml-forecasts/2',
      outcome: 'kept',
      at: at(4),
      problem: 'The data is invalid.',
    }
    const { forecasts } = missingRuns({
      forecasts: [...[0, 1, 2, 3].map(made), kept],
      runs: [],
      since: at(0),
      at: at(4.5),
    })
    expect(forecasts).toMatchObject({
      made: 4,
      kept: 1,
      absent: 0,
      last: { at: at(4), problem: 'The data is invalid.' },
    })
  })

  it('how the last retraining ended, and no experiment on a laptop or in a pull request', () => {
    const run = (day: number, kind: 'train' | 'compare', event?: string) =>
      ({
        kind,
        startedAt: at(day),
        exitCode: day,
        ...(event && { workflow: { url: 'https://example.org', event } }),
      }) as RunRecord
    const runs = [
      run(1, 'compare', 'schedule'),
      run(2, 'train', 'schedule'),
      run(3, 'compare', 'pull_request'),
      run(4, 'compare'),
    ]
    const { retraining } = missingRuns({ forecasts: [], runs, since: at(0), at: at(5) })
    expect(retraining).toEqual({ at: at(1), exitCode: 1 })
  })
})

it('never calls more absent than days have passed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 }), (days) => {
      const sorted = days.toSorted((a, b) => a - b)
      expect(missing(sorted, 61).absent).toBeLessThanOrEqual(61 - (sorted[0] ?? 0))
    }),
  )
})

function missing(days: number[], now: number, since = at(0)) {
  const { last: _, ...rest } = missingRuns({
    forecasts: days.map(made),
    runs: [],
    since,
    at: at(now),
  }).forecasts
  return rest
}

function made(day: number): ForecastRecord {
  return {
    format: 'cd4ml-forecasts/2',
    outcome: 'made',
    at: at(day),
    version: 1,
    model: 'ridge',
    salesThrough: '2026-03-01',
    from: '2026-03-02',
    through: '2026-03-08',
    series: 1,
    files: { json: 'forecasts/a' },
  }
}

/** So many days after the first. */
function at(day: number): string {
  return new Date(START + day * 24 * 60 * 60 * 1000).toISOString()
}
