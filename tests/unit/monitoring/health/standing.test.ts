import { describe, expect, it } from 'vitest'
import { dayFromIso, isoFromDay } from '../../../../src/base/day.ts'
import { usualMonitoring } from '../../../../src/evaluation/gate/policy.ts'
import { LEVELS } from '../../../../src/forecasting/levels.ts'
import { accuracyOf } from '../../../../src/monitoring/health/accuracy.ts'
import { standingOf } from '../../../../src/monitoring/health/standing.ts'
import { type OriginSums, originSums } from '../../../../src/monitoring/origins/origin-sums.ts'
import type {
  ProductionBlock,
  ProductionOrigin,
} from '../../../../src/monitoring/origins/production-origin.ts'
import { evaluation } from '../../reporting/examples.ts'

const MONDAY = dayFromIso('2026-10-05')!
const week = { frequency: 'week', periods: 1, inYear: 52 } as const

/** Backtests in which the model lost 20% less than naive, more or less. */
const losses = [0.7, 0.8, 0.9, 0.75, 0.85, 0.8, 0.95, 0.68, 0.8].map((own, k) => ({
  day: isoFromDay(MONDAY - 1 - 70 * (9 - k)),
  kind: 'scored' as const,
  periods: [1, 2],
  challenger: [own, own],
  baseline: [1, 1],
}))
const promised = evaluation({ decidedBy: 'wape', losses, horizon: 2, frequency: 'week' })
const input = { version: 3, evaluation: promised, limits: usualMonitoring, block: week }

describe('a version is held to what it promised', () => {
  it('block by block, by what it lost against seasonal naive within the block', () => {
    const { standing, blocks } = standingOf({
      ...input,
      blocks: [seen(0, { errors: [2, 50] }), seen(1)],
    })
    expect(standing).toMatchObject({
      outcome: 'judged',
      level: 'as promised',
      counted: 2,
      untold: 0,
    })
    // Of two series that sold 10 and 30, it was wrong by 2 each, naive by 4.
    expect(blocks[0]).toMatchObject({
      outcome: 'counted',
      from: '2026-10-05',
      to: '2026-10-11',
      loss: { model: 4 / 40, naive: 8 / 40 },
      logRatio: Math.log(0.5),
      series: 2,
      forecasts: 'published',
    })
  })

  it('and called worse where it is, from cheap to loud, and by the limits of the policy', () => {
    const bad = (weeks: number) =>
      Array.from({ length: weeks }, (_, k) => seen(k, { errors: [4, 0] }))
    const level = (weeks: number, limits = usualMonitoring) => {
      const { standing } = standingOf({ ...input, limits, blocks: bad(weeks) })
      return standing.outcome === 'judged' ? standing.level : standing.reason
    }
    const levels = Array.from({ length: 20 }, (_, k) => level(k + 1))
    expect([...new Set(levels)]).toEqual(['as promised', 'watch', 'degraded'])
    const strict = { ...usualMonitoring, degraded: 2, wreckYears: 10_000 }
    expect(levels.indexOf('degraded')).toBeGreaterThan(
      Array.from({ length: 20 }, (_, k) => level(k + 1, strict)).indexOf('degraded'),
    )
  })

  it('at once where two blocks in a row are a wreck', () => {
    const { standing } = standingOf({
      ...input,
      blocks: [seen(0), seen(1, { errors: [40, 0] }), seen(2, { errors: [40, 0] })],
    })
    expect(standing).toMatchObject({ level: 'wreck' })
  })
})

describe('nothing is told of a block', () => {
  const told = (blocks: ProductionBlock[]) => standingOf({ ...input, blocks })

  it('of which there are no forecasts, and why not stands in the record', () => {
    const missing = { from: MONDAY, to: MONDAY + 6, outcome: 'no forecasts' as const, problem: 'x' }
    const { standing, blocks } = told([missing, seen(1)])
    expect(blocks[0]).toMatchObject({
      outcome: 'cannot tell',
      reason: 'no forecasts',
      forecasts: 'missing',
    })
    expect(standing).toMatchObject({ counted: 1, untold: 1 })
  })

  it('of whose demand less is known than the policy asks', () => {
    const reason = (knownDemand: number, silentStores: string[] = []) => {
      const [block] = told([seen(0, { knownDemand, silentStores })]).blocks
      return block.outcome === 'cannot tell' ? [block.reason, block.stores] : block.outcome
    }
    expect(reason(0.8)).toBe('counted')
    expect(reason(0.79)).toEqual(['too little of the demand known', undefined])
    expect(reason(0.79, ['harbour', 'centre'])).toEqual(['sales missing', ['harbour', 'centre']])
    expect(reason(0, [''])).toEqual(['sales missing', undefined])
    // One store of many that is closed hides little.
    expect(reason(0.9, ['harbour'])).toBe('counted')
  })

  it('in which nothing sold, or naive was never wrong', () => {
    for (const changes of [{ sold: [0, 0] }, { naiveErrors: 0 }]) {
      expect(told([seen(0, changes)]).blocks[0]).toMatchObject({ reason: 'nothing to compare' })
    }
  })

  it('and of a version as long as no block can be told, or none is over', () => {
    expect(told([]).standing).toEqual({ outcome: 'cannot tell', reason: 'no block is over yet' })
    expect(told([seen(0, { knownDemand: 0.1 })]).standing).toEqual({
      outcome: 'cannot tell',
      reason: 'no block could be told',
    })
  })

  it('of what it promised where the backtest says nothing of it: what it lost is still told', () => {
    const { losses: _, ...earlier } = promised
    const { standing, blocks } = standingOf({ ...input, evaluation: earlier, blocks: [seen(0)] })
    expect(standing).toMatchObject({ outcome: 'cannot tell' })
    expect(blocks).toMatchObject([{ outcome: 'measured', loss: { model: 0.1, naive: 0.2 } }])
  })
})

describe('every metric of the backtest is told', () => {
  const metrics = (wape: number) => ({ wape, rmsse: 0.7 })
  const segment = (by: 'category' | 'horizon', name: string, wape: number) => ({
    by,
    name,
    rows: 1,
    challenger: metrics(wape),
    baseline: metrics(1),
  })
  const backtest = evaluation({
    horizon: 2,
    segments: [
      segment('horizon', '1', 0.1),
      segment('horizon', '2', 0.4),
      segment('category', 'bakery', 0.2),
    ],
  })
  // The second week of the second block is not over.
  const origins = [origin(0, { errors: [2, 6] }), origin(1, { errors: [1, Number.NaN] })]
  const parts = accuracyOf(origins, backtest)
  const of = (by: string, name = '') => parts.find((part) => part.by === by && part.name === name)

  it('of all, and of each block, horizon, category, class and store', () => {
    expect(parts.map(({ by, name }) => `${by} ${name}`)).toEqual([
      'all ',
      'block 2026-10-05',
      'block 2026-10-12',
      'horizon 1',
      'horizon 2',
      'category bakery',
      'category dairy',
      'volume class low',
      'volume class high',
      'store centre',
      'store harbour',
    ])
    expect(of('all')).toMatchObject({
      rows: 6,
      model: { wape: (4 + 12 + 2) / 120 },
      naive: { wape: 24 / 120 },
    })
    expect(of('block', '2026-10-05')).toMatchObject({ rows: 2, model: { wape: 4 / 40 } })
    expect(of('horizon', '1')).toMatchObject({ rows: 4, model: { wape: 6 / 80 } })
    expect(of('store', 'harbour')).toMatchObject({ rows: 3, model: { wape: 9 / 90, bias: 9 / 90 } })
  })

  it('beside what was promised of it, where anything was', () => {
    expect(of('horizon', '2')?.promised).toEqual(metrics(0.4))
    expect(of('category', 'bakery')?.promised).toEqual(metrics(0.2))
    expect(of('category', 'dairy')?.promised).toBeUndefined()
    expect(of('store', 'centre')?.promised).toBeUndefined()
    // Two thirds of what sold was forecast a week ahead; RMSSE is no sum over rows.
    expect(of('all')?.promised).toEqual({ wape: expect.closeTo((2 * 0.1 + 0.4) / 3, 12) })
  })

  it('of nothing where no block is over', () => expect(accuracyOf([], backtest)).toEqual([]))
})

type Changes = {
  /** By which the model is wrong of both series, by horizon; NaN where a period is not over. */
  errors?: number[]
  naiveErrors?: number
  sold?: number[]
  knownDemand?: number
  silentStores?: string[]
}

/** The week after so many others, in which two series sold 10 and 30; each forecast two weeks ahead. */
function seen(weeks: number, changes: Changes = {}): ProductionBlock {
  const from = MONDAY + 7 * weeks
  return { from, to: from + 6, outcome: 'seen', origin: origin(weeks, changes), orphaned: 0 }
}

function origin(weeks: number, changes: Changes = {}): OriginSums {
  const { errors = [2, 2], naiveErrors = 4, sold = [10, 30] } = changes
  const actual = Float64Array.from(
    sold.flatMap((units) => errors.map((error) => (Number.isNaN(error) ? error : units))),
  )
  const forecast = (error: (h: number) => number) => {
    const mean = actual.map((units, cell) => units + error(cell % 2))
    const quantiles = Float64Array.from([...mean].flatMap((units) => LEVELS.map(() => units)))
    return { mean, quantiles }
  }
  const series = (productId: string, category: string, storeId: string) => ({
    ...{ productId, category, storeId, name: undefined },
  })
  const seen: ProductionOrigin = {
    rows: {
      day: MONDAY - 1 + 7 * weeks,
      horizon: 2,
      series: [series('1', 'bakery', 'centre'), series('2', 'dairy', 'harbour')],
      volumeClasses: ['low', 'high'],
      actual,
      naiveAbsoluteError: Float64Array.of(1, 1),
      naiveSquaredError: Float64Array.of(1, 1),
    },
    model: forecast((h) => errors[h]),
    naive: forecast(() => naiveErrors),
    forecasts: { from: 'published', id: `${weeks}`, at: '2026-10-05T08:00:00.000Z' },
    demand: { all: 1, known: changes.knownDemand ?? 1 },
    silentStores: changes.silentStores ?? [],
    unforecast: 0,
  }
  return originSums(seen, { periods: 1, horizon: 2 })
}
