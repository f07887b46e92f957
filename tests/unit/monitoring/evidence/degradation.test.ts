import { describe, expect, it } from 'vitest'
import { UserError } from '../../../../src/base/errors.ts'
import { checker } from '../../../../src/base/schema.ts'
import { usualMonitoring } from '../../../../src/evaluation/gate/policy.ts'
import {
  blockStandings,
  Degradation,
  thresholds,
} from '../../../../src/monitoring/evidence/degradation.ts'
import { expectationFrom, observationOf } from '../../../../src/monitoring/evidence/expectation.ts'
import { wreckLimit } from '../../../../src/monitoring/evidence/wreck-limit.ts'

const backtest = [-0.3, -0.2, -0.25, -0.31, -0.18, -0.22, -0.27, -0.24, -0.21, -0.29, -0.26, -0.23]
const expected = expectationFrom(backtest, 0.05)!
const year = { blocksInYear: 52, years: 100 }
const wreck = wreckLimit(backtest, expected, year)
const promise = { ...expected, wreck }

describe('what the backtest lets expect', () => {
  it('leaves room for what few origins do not know, and for the luck of the one chosen', () => {
    // Mean -0.24667, sd 0.04097, t(0.9; 11) = 1.36343.
    const half = (1.36343 * 0.04097) / Math.sqrt(12)
    expect(expected.limit).toBeCloseTo(-0.24667 + half + Math.log(1.05), 4)
    expect(expected.scale).toBeCloseTo(1.5 * 0.04097, 4)
  })

  it('takes three alike origins for luck, and not for certainty', () => {
    const few = expectationFrom([-0.25, -0.25, -0.25], 0.05)!
    expect(few).toMatchObject({ origins: 3, priorWeight: 5 })
    expect(few.spread).toBeCloseTo(0.12 * Math.sqrt(5 / 7), 10)
  })

  it('rests on two origins, if there are no more', () => {
    expect(expectationFrom([-0.25, -0.2], 0.05)).toMatchObject({ origins: 2, priorWeight: 6 })
  })

  it('is nothing where there is one origin, or one in which nothing was lost', () => {
    expect(expectationFrom([-0.2], 0.05)).toBeUndefined()
    expect(expectationFrom([-0.2, Number.NEGATIVE_INFINITY, -0.3], 0.05)).toBeUndefined()
  })

  it('weighs no block more than fully, however bad', () => {
    expect(observationOf(expected, 40)).toBe(1)
    expect(observationOf(expected, -40)).toBe(-1)
    expect(observationOf(expected, expected.limit)).toBe(0)
  })
})

describe('whoever runs a model is told how it stands', () => {
  const levelsOf = (logRatios: number[]) =>
    blockStandings(logRatios, promise, 52, usualMonitoring).map(({ level }) => level)

  it('quietly, for three years as in the backtest', () => {
    const years = Array.from({ length: 13 }, () => backtest).flat()
    expect(new Set(levelsOf(years))).toEqual(new Set(['as promised']))
  })

  it('to watch, then degraded, where it is somewhat worse from some week on', () => {
    const worse = backtest.map((logRatio) => logRatio + 0.12)
    const levels = levelsOf([...backtest, ...worse, ...worse])
    expect(levels.slice(0, 12)).toEqual(Array(12).fill('as promised'))
    const [watch, degraded] = [levels.indexOf('watch'), levels.indexOf('degraded')]
    expect(watch).toBeGreaterThan(12)
    expect(degraded).toBeGreaterThan(watch)
  })

  it('of a wreck in the second of two weeks that no year has, and not of one alone', () => {
    const bad = wreck + 0.01
    const levels = levelsOf([-0.25, bad, -0.25, bad, bad])
    expect(levels.map((level) => level === 'wreck')).toEqual([false, false, false, false, true])
  })

  it('the same until another version is in production, once it is degraded or a wreck', () => {
    const good = Array.from({ length: 200 }, () => expected.limit - 2 * expected.scale)
    const worse = Array.from({ length: 30 }, () => expected.limit + 0.5 * expected.scale)
    const degraded = levelsOf([...worse, ...good])
    expect(degraded.indexOf('degraded')).toBeGreaterThan(2)
    expect(degraded.at(-1)).toBe('degraded')
    const bad = wreck + 0.01
    const wrecked = levelsOf([bad, bad, ...worse, ...good])
    expect(new Set(wrecked.slice(1))).toEqual(new Set(['wreck']))
    expect(levelsOf([...worse, bad, bad]).at(-1)).toBe('wreck')
  })

  it('to watch as long as the evidence for it lasts, whatever a retraining came to', () => {
    const worse = Array.from({ length: 9 }, () => expected.limit + 0.6 * expected.scale)
    const good = Array.from({ length: 30 }, () => expected.limit - 0.6 * expected.scale)
    const stood = blockStandings([...worse, ...good], promise, 52, usualMonitoring)
    const watched = stood.map(({ level }) => level === 'watch')
    expect(watched).toContain(true)
    expect(watched.at(-1)).toBe(false)
    expect(stood.map(({ level }) => level)).not.toContain('degraded')
    expect(watched).toEqual(stood.map(({ evidence }) => evidence.r >= 52))
  })

  it('from the very block on that reaches a threshold, and not of one that only touches the limit', () => {
    const worse = Array.from({ length: 20 }, () => expected.limit + 0.6 * expected.scale)
    const at = blockStandings(worse, promise, 52, usualMonitoring)[9].evidence
    const exact = { watch: at.r / 52, degraded: at.e }
    const levels = blockStandings(worse, promise, 52, { ...exact, degraded: 1e6 })
    expect(levels.findIndex(({ level }) => level === 'watch')).toBe(9)
    const alarms = blockStandings(worse, promise, 52, { ...exact, watch: 100 })
    expect(alarms.findIndex(({ level }) => level === 'degraded')).toBe(9)
    expect(levelsOf([wreck, wreck])).not.toContain('wreck')
    expect(levelsOf([wreck, wreck + 0.01])).not.toContain('wreck')
    expect(levelsOf([wreck + 0.01, wreck])).not.toContain('wreck')
    expect(levelsOf([wreck + 0.01])).not.toContain('wreck')
  })

  it('by one of four levels, and by nothing else', () => {
    const check = checker(Degradation)
    const levels = ['as promised', 'watch', 'degraded', 'wreck']
    expect(levels.map((level) => check(level, 'health'))).toEqual(levels)
    expect(() => check('', 'health')).toThrow(UserError)
  })

  it('by the limits of the policy', () => {
    const worse = Array.from({ length: 40 }, () => expected.limit + 0.4 * expected.scale)
    const first = (limits: { watch: number; degraded: number }) =>
      blockStandings(worse, promise, 52, limits).map(({ level }) => level)
    const usual = first(usualMonitoring)
    expect(first({ watch: 3, degraded: 20 }).indexOf('watch')).toBeGreaterThan(
      usual.indexOf('watch'),
    )
    expect(first({ watch: 1, degraded: 1000 }).indexOf('degraded')).toBeGreaterThan(
      usual.indexOf('degraded'),
    )
  })

  it('over half a year at least where a chain orders once a month', () => {
    expect(blockStandings([0], promise, 12, usualMonitoring)[0].evidence.span).toBe(26)
    expect(thresholds(12, usualMonitoring)).toEqual({ watch: 26, degraded: 20 })
    expect(thresholds(52, { watch: 2, degraded: 100 })).toEqual({ watch: 104, degraded: 100 })
  })
})

describe('the limit of a wreck', () => {
  it('lies beyond all that the backtest has seen, and farther where that knows less', () => {
    expect(wreck).toBeGreaterThan(Math.max(...backtest))
    const four = backtest.slice(0, 4)
    expect(wreckLimit(four, expectationFrom(four, 0.05)!, year)).toBeGreaterThan(wreck)
  })

  it('is the same each time that it is asked for', () => {
    expect(wreckLimit(backtest, expected, year)).toBe(wreck)
  })
})
