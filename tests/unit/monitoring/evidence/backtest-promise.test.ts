import { describe, expect, it } from 'vitest'
import { dayFromIso, isoFromDay } from '../../../../src/base/day.ts'
import { checker } from '../../../../src/base/schema.ts'
import type { OriginLosses } from '../../../../src/evaluation/gate/origin-losses.ts'
import { usualMonitoring } from '../../../../src/evaluation/gate/policy.ts'
import {
  BacktestPromise,
  NoPromise,
  promiseFrom,
} from '../../../../src/monitoring/evidence/backtest-promise.ts'
import { expectationFrom } from '../../../../src/monitoring/evidence/expectation.ts'

const FIRST = dayFromIso('2026-01-04')!
const weekly = { periods: 1, inYear: 52 }

/** Of an origin so many weeks after the first one: it loses these shares of what seasonal naive does. */
function losses(
  week: number,
  shares: number[],
  kind: OriginLosses['kind'] = 'scored',
): OriginLosses {
  return {
    day: isoFromDay(FIRST + 7 * week),
    kind,
    periods: shares.map((_, index) => index + 1),
    challenger: shares,
    baseline: shares.map(() => 1),
  }
}

function promised(all: OriginLosses[] | undefined, block = weekly, limits = usualMonitoring) {
  return promiseFrom({ frequency: 'week', ...(all && { losses: all }) }, block, limits)
}

const shares = [0.8, 0.75, 0.9, 0.7, 0.85]

describe('what a version promises', () => {
  it('rests on all origins, also on those that it was chosen on, and says how many these are', () => {
    const all = shares.map((share, k) => losses(4 * k, [share], k < 2 ? 'searched' : 'scored'))
    expect(promised(all)).toMatchObject({
      outcome: 'promised',
      promise: { ...expectationFrom(shares.map(Math.log), 0.05), origins: 5, searched: 2 },
    })
  })

  it('is about blocks as long as those that production is judged on', () => {
    const all = shares.map((share, k) => losses(4 * k, [1, share, 1]))
    expect(promised(all, { periods: 2, inYear: 26 })).toMatchObject({
      promise: { mean: expectationFrom(shares.map(Math.log), 0.05)!.mean },
    })
  })

  it('counts no week twice where the origins of a refresh are closer together than that', () => {
    const ofWeek = (week: number) => losses(week, [1, 1, 1, shares[week % 5]].slice(0, 9 - week))
    const refresh = Array.from({ length: 9 }, (_, week) => ofWeek(week))
    const found = promised([losses(-8, [1, 1, 1, 0.8], 'searched'), ...refresh], {
      periods: 4,
      inYear: 13,
    })
    // The newest whole block begins in week 5, the one before it in week 1.
    expect(found).toMatchObject({ promise: { origins: 3, searched: 1 } })
    expect(found).toMatchObject({
      promise: { mean: expectationFrom([0.8, shares[1], shares[0]].map(Math.log), 0.05)!.mean },
    })
  })

  it('is of what the model loses against seasonal naive, in whatever the loss is measured', () => {
    const all = shares.map((share, k) => losses(4 * k, [share]))
    const tenfold = all.map(({ challenger, baseline, ...origin }) => ({
      ...origin,
      challenger: challenger.map((loss) => 16 * loss),
      baseline: baseline.map((loss) => 16 * loss),
    }))
    expect(promised(tenfold)).toEqual(promised(all))
  })

  it('is there where a model did as seasonal naive at some origins, and otherwise at others', () => {
    const all = [1, ...shares].map((share, k) => losses(4 * k, [share]))
    expect(promised(all)).toMatchObject({ outcome: 'promised', promise: { origins: 6 } })
  })

  it('can be written into a health record as it is', () => {
    const found = promised(shares.map((share, k) => losses(4 * k, [share])))
    const check = checker(BacktestPromise)
    if (found.outcome !== 'promised') throw new Error(found.reason)
    expect(check(found.promise, 'health')).toEqual(found.promise)
    const { wreck: _, ...without } = found.promise
    expect(() => check(without, 'health')).toThrow('wreck')
    expect(() => check({ ...found.promise, luck: 1 }, 'health')).toThrow('luck')
    expect(() => check({ ...found.promise, limit: '0' }, 'health')).toThrow('limit')
  })

  it('allows as much as the policy does, and calls rarer weeks a wreck where that says so', () => {
    const all = shares.map((share, k) => losses(4 * k, [share]))
    const limitOf = (limits: typeof usualMonitoring) => {
      const found = promised(all, weekly, limits)
      return found.outcome === 'promised' ? found.promise : undefined
    }
    const usual = limitOf(usualMonitoring)!
    const patient = limitOf({ ...usualMonitoring, allowance: 0.2, wreckYears: 1000 })!
    expect(patient.limit - usual.limit).toBeCloseTo(Math.log(1.2 / 1.05), 10)
    expect(patient.wreck).toBeGreaterThan(usual.wreck)
  })
})

describe('a version promises nothing, and that is said,', () => {
  it.each([
    ['in an evaluation of before it was told', undefined],
    ['of one origin', [losses(0, [0.8])]],
    ['of origins whose horizon is shorter than a block', shares.map((_, k) => losses(4 * k, []))],
    [
      'where nobody lost anything',
      shares.map((_, k) => ({ ...losses(4 * k, [0]), baseline: [0] })),
    ],
    ['where it is what it would be measured by', shares.map((_, k) => losses(4 * k, [1]))],
  ])('%s', (_, all) => {
    expect(promised(all)).toEqual({ outcome: 'cannot tell', reason: expect.any(String) })
  })

  it('with the reason that holds', () => {
    const reasonOf = (all: OriginLosses[] | undefined) => {
      const found = promised(all)
      return found.outcome === 'cannot tell' && checker(NoPromise)(found.reason, 'health')
    }
    expect(reasonOf(undefined)).toMatch('no losses by origin')
    expect(reasonOf([losses(0, [0.8])])).toMatch('too few origins')
    expect(reasonOf([])).toMatch('too few origins')
    expect(reasonOf(shares.map((_, k) => losses(4 * k, [1])))).toMatch('seasonal naive')
  })
})

it('weeks that are alike to the last digit leave a spread to measure by', () => {
  const found = promised(Array.from({ length: 9 }, (_, k) => losses(4 * k, [0.8])))
  expect(found).toMatchObject({ promise: { spread: 0.01 } })
})
