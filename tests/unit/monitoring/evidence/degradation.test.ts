import { describe, expect, it } from 'vitest'
import { standings } from '../../../../src/monitoring/evidence/degradation.ts'
import { expectationFrom, observationOf } from '../../../../src/monitoring/evidence/expectation.ts'
import { wreckLimit } from '../../../../src/monitoring/evidence/wreck-limit.ts'

const backtest = [-0.3, -0.2, -0.25, -0.31, -0.18, -0.22, -0.27, -0.24, -0.21, -0.29, -0.26, -0.23]
const expected = expectationFrom(backtest, 0.05)!
const year = { blocksInYear: 52, years: 100 }
const wreck = wreckLimit(backtest, expected, year)

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
    standings(logRatios, { expected, wreck }, 52).map(({ level }) => level)

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

  it('over half a year at least where a chain orders once a month', () => {
    expect(standings([0], { expected, wreck }, 12)[0].evidence.span).toBe(26)
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
