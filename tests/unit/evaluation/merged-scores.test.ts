import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  comparedScores,
  mergedScores,
  type PartScores,
} from '../../../src/evaluation/gate/compared-scores.ts'
import {
  type Comparison,
  evaluationOf,
  judgedScores,
} from '../../../src/evaluation/gate/comparison.ts'
import {
  mergedOrdering,
  orderingComparison,
  type SimulatedOrdering,
} from '../../../src/evaluation/scoring/ordering-simulation.ts'
import type { OriginForecast, OriginRows } from '../../../src/evaluation/scoring/rows.ts'
import { barePolicy, contender, history, levels } from './examples.ts'

const rows = history()
const whole: Comparison = {
  rows,
  challenger: contender(rows, 0.1, 1),
  champion: contender(rows, 0.2, 2),
  baseline: contender(rows, 0.4, 3),
  levels,
  frequency: 'week',
  horizon: rows[0].horizon,
  policy: barePolicy,
  sameModel: false,
}
const series = rows[0].series.length

describe('the verdict over the parts of a chain', () => {
  test('is that over all its series, however they are parted', () => {
    const parted = fc.array(fc.nat({ max: 3 }), { minLength: series, maxLength: series })
    fc.assert(
      fc.property(parted, (partOf) => {
        const merged = judgedScores(mergedScores(partsBy(partOf), settingsOf(whole)))
        const { segments, ...verdict } = merged
        const undivided = evaluationOf(whole)
        expect(near(verdict)).toEqual(near({ ...undivided, segments: undefined }))
        const others = segments.filter(({ by }) => by !== 'part')
        expect(near(others)).toEqual(near(undivided.segments))
      }),
      { numRuns: 20 },
    )
  })

  test('has every part as a segment, whose rows are all rows', () => {
    const { segments, rows: scored } = judgedScores(
      mergedScores(partsBy(rows[0].series.map((_, i) => i % 2)), settingsOf(whole)),
    )
    const parts = segments.filter(({ by }) => by === 'part')
    expect(parts.map(({ name }) => name)).toEqual(['part 0', 'part 1'])
    expect(parts.reduce((sum, part) => sum + part.rows, 0)).toBe(scored)
    expect(parts.every(({ difference }) => difference !== undefined)).toBe(true)
  })

  test('knows the origins of a part that was too young for the first ones', () => {
    const parts = partsBy(rows[0].series.map((_, i) => i % 2))
    const young = { ...parts[1], scores: comparedScores(without(comparisonOf(1), 2)) }
    const { origins, segments } = judgedScores(mergedScores([parts[0], young], settingsOf(whole)))
    expect(origins).toHaveLength(rows.length)
    const [old, late] = segments.filter(({ by }) => by === 'part')
    expect(late.rows).toBe((old.rows / rows.length) * (rows.length - 2))
  })
})

describe('what ordering comes to over the parts of a chain', () => {
  const shelf = (cost: number) => ({
    demand: 10,
    short: 1,
    expired: 0,
    lostMargin: cost,
    urgentReorders: 0,
    waste: 0,
    holding: 0,
    cost: 0,
  })
  const simulated = (from: number, costs: number[]): SimulatedOrdering => ({
    outcome: 'simulated',
    from,
    through: 20_100,
    shelves: {
      challenger: costs.map(shelf),
      baseline: costs.map((cost) => shelf(2 * cost + 1)),
      lastPeriod: costs.map(shelf),
    },
  })
  const none: SimulatedOrdering = { outcome: 'not simulated', reason: 'no origin' }

  test('is that over all shelves, from the first day of any of them', () => {
    const parts = [simulated(20_014, [3, 5]), none, simulated(20_000, [8, 1, 2])]
    expect(orderingComparison(mergedOrdering(parts), 0.95)).toEqual(
      orderingComparison(simulated(20_000, [3, 5, 8, 1, 2]), 0.95),
    )
  })

  test('is nothing where no part could be simulated, and says why', () => {
    expect(mergedOrdering([none, none])).toEqual(none)
  })
})

function settingsOf({ sameModel }: Comparison) {
  const named = ({ model, chosen }: Comparison['baseline']) => ({ model, chosen })
  return {
    sameModel,
    contenders: {
      challenger: named(whole.challenger),
      champion: named(whole.champion!),
      baseline: named(whole.baseline),
    },
  }
}

/** The scores of each part by itself: series i is in part `partOf[i]`. */
function partsBy(partOf: number[]): PartScores[] {
  return [...new Set(partOf)].sort().map((part) => ({
    name: `part ${part}`,
    scores: comparedScores(onlySeries(whole, (index) => partOf[index] === part)),
  }))
}

function comparisonOf(part: number): Comparison {
  return onlySeries(whole, (index) => index % 2 === part)
}

function onlySeries(of: Comparison, isIn: (index: number) => boolean): Comparison {
  const cut = <T extends Float64Array>(values: T, width: number) =>
    Float64Array.from([...values].filter((_, cell) => isIn(Math.floor(cell / width))))
  const forecasts = ({ mean, quantiles }: OriginForecast) => ({
    mean: cut(mean, of.horizon),
    quantiles: cut(quantiles, of.horizon * levels.length),
  })
  const contenderOf = (it: Comparison['baseline']) => ({
    ...it,
    forecasts: it.forecasts.map(forecasts),
  })
  return {
    ...of,
    rows: of.rows.map(
      (origin): OriginRows => ({
        ...origin,
        series: origin.series.filter((_, index) => isIn(index)),
        volumeClasses: origin.volumeClasses.filter((_, index) => isIn(index)),
        actual: cut(origin.actual, origin.horizon),
        naiveAbsoluteError: cut(origin.naiveAbsoluteError, 1),
        naiveSquaredError: cut(origin.naiveSquaredError, 1),
      }),
    ),
    challenger: contenderOf(of.challenger),
    champion: contenderOf(of.champion!),
    baseline: contenderOf(of.baseline),
  }
}

/** Without the first so many origins. */
function without(of: Comparison, first: number): Comparison {
  const later = (it: Comparison['baseline']) => ({
    ...it,
    chosen: it.chosen.slice(first),
    forecasts: it.forecasts.slice(first),
  })
  return {
    ...of,
    rows: of.rows.slice(first),
    challenger: later(of.challenger),
    champion: later(of.champion!),
    baseline: later(of.baseline),
  }
}

/** Sums of other groups of the same numbers differ in the last digits. */
function near(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, it) => (typeof it === 'number' ? Number(it.toPrecision(9)) : it)),
  )
}
