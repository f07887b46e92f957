import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../src/base/canonical-json.ts'
import {
  checkForecastRecord,
  type KeptForecasts,
  type MadeForecasts,
} from '../../../src/ledger/forecast-record.ts'
import {
  addForecasts,
  addRuns,
  emptyLeaderboard,
  type Leaderboard,
  leaderboardFrom,
  MOST_RUNS,
  publishedOrders,
} from '../../../src/ledger/leaderboard.ts'
import type { RunRecord } from '../../../src/ledger/run-record.ts'
import { kept, made, madeWithOrders, run } from '../reporting/examples.ts'

const bytes = (leaderboard: Leaderboard) => canonicalJson(leaderboard)

const NOW = '2026-11-06T12:00:00.000Z'

function readBack(content: object) {
  return leaderboardFrom(Buffer.from(JSON.stringify(content)), 'leaderboard.json', NOW)
}

describe('leaderboard of the ledger', () => {
  test('runs that race each other into the ledger give the same bytes in any order, and twice', () => {
    const runs = Array.from({ length: 12 }, (_, i) => runNumber(i))
    const whole = bytes(addRuns(emptyLeaderboard, runs))
    fc.assert(
      fc.property(
        fc.shuffledSubarray(runs, { minLength: runs.length }),
        fc.nat(runs.length),
        (shuffled, cut) => {
          const parts = [shuffled.slice(0, cut), shuffled.slice(cut), shuffled.slice(0, 3)]
          expect(bytes(parts.reduce<Leaderboard>(addRuns, emptyLeaderboard))).toBe(whole)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('it stays bounded, and keeps the newest runs, whichever came first', () => {
    const runs = Array.from({ length: MOST_RUNS + 20 }, (_, i) => runNumber(i))
    const forward = addRuns(emptyLeaderboard, runs)
    expect(forward.runs).toHaveLength(MOST_RUNS)
    expect(forward.runs[0].id).toBe(runs.at(-1)?.id)
    expect(forward.runs.at(-1)?.id).toBe(runs[20].id)
    const backward = [...runs].reverse().map((one) => [one])
    expect(bytes(backward.reduce<Leaderboard>(addRuns, emptyLeaderboard))).toBe(bytes(forward))
  })

  test('two records that claim the same id do not make it depend on who was first', () => {
    const pair = [run({ branch: 'a' }), run({ branch: 'b' })]
    const [one, other] = [pair, [...pair].reverse()].map((runs) => addRuns(emptyLeaderboard, runs))
    expect(bytes(one)).toBe(bytes(other))
    expect(one.runs).toHaveLength(1)
  })

  test('trainings are left out: they say nothing about being better', () => {
    expect(addRuns(emptyLeaderboard, [run({ kind: 'train' })]).runs).toEqual([])
  })

  test('a record from before comparisons were kept still counts', () => {
    const { comparison: _, ...old } = run()
    expect(addRuns(emptyLeaderboard, [old]).runs).toEqual([
      expect.objectContaining({ id: old.id, verdict: 'better' }),
    ])
  })

  test('the deciding metric is what is listed', () => {
    const comparison = { ...run().comparison!, decidedBy: 'wape' as const }
    expect(addRuns(emptyLeaderboard, [run({ comparison })]).runs[0].value).toBe(0.31)
  })

  test('what was written is read back as it was', () => {
    const leaderboard = addForecasts(addRuns(emptyLeaderboard, [run()]), [made(), kept()])
    expect(readBack(leaderboard)).toEqual({ leaderboard, leftOut: 0 })
  })

  test('entries that are damaged or of the future hide neither a real run nor newer forecasts', () => {
    const honest = addForecasts(addRuns(emptyLeaderboard, [run()]), [kept()])
    const future = '9999-12-31T23:59:59.999Z'
    const forged = [
      ...Array.from({ length: MOST_RUNS }, (_, i) => ({
        ...honest.runs[0],
        id: `99991231T235959999Z-${String(i).padStart(8, '0')}`,
        startedAt: future,
      })),
      { ...honest.runs[0], id: '99991231T235959999Z-0a1b2c3d' },
      { ...honest.runs[0], verdict: 'best' },
      { ...honest.runs[0], verdict: 'worse' },
      null,
    ]
    const read = readBack({
      ...honest,
      runs: [...forged, ...honest.runs],
      forecasts: { ...honest.forecasts, made: made({ at: future }) },
    })
    expect(read).toEqual({ leaderboard: honest, leftOut: forged.length + 1 })
    const published = addForecasts(read.leaderboard, [made({ at: NOW })]).forecasts.made
    expect(published?.at).toBe(NOW)
  })

  test.each(['{', 'null', '[]', '{"format":"cd4ml-leaderboard/1"}'])(
    'a file that is no leaderboard at all, %s, is said to be none',
    (text) => {
      expect(() => leaderboardFrom(Buffer.from(text), 'leaderboard.json', NOW)).toThrow(
        /^leaderboard\.json: /,
      )
    },
  )
})

describe('state of the published forecasts', () => {
  test('attempts in any order leave the newest forecasts, and a later failure only', () => {
    const records = [
      made({ at: '2026-11-02T06:00:00.000Z' }),
      kept({ at: '2026-11-03T06:00:00.000Z' }),
      made({ at: '2026-11-04T06:00:00.000Z' }),
      kept({ at: '2026-11-05T06:00:00.000Z' }),
      kept({ at: '2026-11-06T06:00:00.000Z' }),
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: 5 }), (shuffled) => {
        const { forecasts } = shuffled
          .map((record) => [record])
          .reduce<Leaderboard>(addForecasts, emptyLeaderboard)
        expect([forecasts.made?.at, forecasts.kept?.at]).toEqual([records[2].at, records[4].at])
      }),
      { numRuns: 30 },
    )
  })

  test('attempts in any order leave the newest orders, and why there are none of today', () => {
    const broken = { outcome: 'kept' as const, problem: 'ordering.yml: must be a mapping' }
    const records = [
      madeWithOrders({ at: '2026-11-01T06:00:00.000Z' }),
      madeWithOrders({ at: '2026-11-02T06:00:00.000Z' }),
      made({ at: '2026-11-03T06:00:00.000Z' }),
      made({ at: '2026-11-04T06:00:00.000Z', orders: broken }),
    ]
    const whole = bytes(addForecasts(emptyLeaderboard, records))
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: 4 }), (shuffled) => {
        const parts = [...shuffled, ...records.slice(0, 2)].map((record) => [record])
        expect(bytes(parts.reduce<Leaderboard>(addForecasts, emptyLeaderboard))).toBe(whole)
      }),
      { numRuns: 30 },
    )
    const { leaderboard } = readBack(JSON.parse(whole))
    expect(bytes(leaderboard)).toBe(whole)
    expect(publishedOrders(leaderboard)).toMatchObject({
      at: records[1].at,
      stale: { at: records[3].at, problem: broken.problem },
    })
    const failed = addForecasts(leaderboard, [kept({ at: '2026-11-05T06:00:00.000Z' })])
    expect(publishedOrders(failed)?.stale).toMatchObject({ at: '2026-11-05T06:00:00.000Z' })
    const mended = addForecasts(failed, [madeWithOrders({ at: '2026-11-06T06:00:00.000Z' })])
    expect(publishedOrders(mended)).toMatchObject({
      at: '2026-11-06T06:00:00.000Z',
      stale: undefined,
    })
    expect(publishedOrders(addForecasts(emptyLeaderboard, [made()]))).toBeUndefined()
  })

  test('a failure that was overcome is not shown any more', () => {
    const { forecasts } = addForecasts(emptyLeaderboard, [
      kept({ at: '2026-11-03T06:00:00.000Z' }),
      made({ at: '2026-11-04T06:00:00.000Z' }),
    ])
    expect(forecasts.kept).toBeUndefined()
  })

  test.each([
    ['a path out of the folder of forecasts', { files: { csv: '../x', json: 'forecasts/x.json' } }],
    [
      'a path that climbs out of it',
      { files: { csv: 'forecasts/a/../../x.csv', json: 'forecasts/x.json' } },
    ],
    ['a link that is no web page', { workflow: { url: 'javascript:alert(1)', event: 'push' } }],
    [
      'a link that ends too early',
      { workflow: { url: 'https://a.example/1)[x](b', event: 'push' } },
    ],
    ['a day that does not exist', { through: '2026-02-31' }],
  ] satisfies [string, Partial<MadeForecasts>][])('%s is refused at the door', (_, wrong) => {
    expect(() => checkForecastRecord(made(wrong), 'forecast.json')).toThrow(/^forecast\.json: /)
    expect(checkForecastRecord(made(), 'forecast.json')).toEqual(made())
  })

  test('a reason is required for keeping the last ones', () => {
    const silent: KeptForecasts = kept({ problem: '' })
    expect(() => checkForecastRecord(silent, 'forecast.json')).toThrow('problem')
    expect(checkForecastRecord(kept(), 'forecast.json')).toEqual(kept())
  })
})

function runNumber(index: number): RunRecord {
  const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString()
  return run({ id: `${startedAt.replaceAll(/[-:.]/g, '')}-0a1b2c3d`, startedAt })
}
