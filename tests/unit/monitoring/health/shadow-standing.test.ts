import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../../src/base/random.ts'
import { LEVELS } from '../../../../src/forecasting/levels.ts'
import type { Shadow } from '../../../../src/ledger/shadow.ts'
import {
  type ShadowInput,
  shadowStanding,
} from '../../../../src/monitoring/health/shadow-standing.ts'
import { originSums } from '../../../../src/monitoring/origins/origin-sums.ts'
import type { ProductionOrigin } from '../../../../src/monitoring/origins/production-origin.ts'

const shadow: Shadow = {
  model: 'a'.repeat(64),
  name: 'ridge (penalty 10)',
  recipe: 'one',
  run: '20261102T093000000Z-0a1b2c3d',
}
const published = { shadow: { outcome: 'made' as const, ...shadow, json: 'content/aa/x' } }

describe('whether what is tried beside production is better', () => {
  test('is said with the size, however often it was fitted again by the same recipe', () => {
    const origins = blocks(20, { own: 10, beside: 8 })
    origins[3].shadow!.model = 'b'.repeat(64)
    const standing = of(origins)
    expect(standing).toMatchObject({
      outcome: 'judged',
      shadow,
      from: '1970-01-05',
      blocks: 20,
      untold: 0,
      threshold: 20,
    })
    if (standing.outcome !== 'judged') throw new Error('it is judged')
    expect(standing.e).toBeGreaterThan(20)
    // Cut to what one block may weigh.
    const { estimate, low, high } = standing.difference
    expect(estimate).toBeCloseTo(Math.exp(-0.15) - 1, 9)
    expect(low).toBeLessThanOrEqual(estimate)
    expect(high).toBeGreaterThan(estimate)
    expect(high).toBeLessThan(0)
  })

  test('is not said of one that forecasts the same, nor of one that is worse', () => {
    for (const beside of [10, 12]) {
      expect(of(blocks(52, { own: 10, beside }))).toMatchObject({
        e: expect.closeTo(beside === 10 ? 1 : 0, 1),
      })
    }
  })

  test('is judged on the rows that both forecast, of blocks that enough is known of', () => {
    const origins = blocks(3, { own: 10, beside: 8 })
    // Of the first product it says nothing, where production is far off.
    origins[0].shadow!.forecast.mean[0] = Number.NaN
    origins[0].model.mean[0] = 1e6
    origins[1].demand.known = 0.7
    const standing = of(origins)
    expect(standing).toMatchObject({ blocks: 2, untold: 1 })
    expect(standing).toMatchObject({
      difference: { estimate: expect.closeTo(Math.exp(-0.15) - 1, 9) },
    })
  })

  test.each<[string, Partial<ShadowInput>]>([
    ['nothing is tried beside production', { publications: [{}] }],
    ['nothing is tried beside production', { publications: [] }],
    ['nothing is tried beside production', { limits: { knownDemand: 0.8, shadow: 'none' } }],
    [
      'the shadow could not forecast',
      { publications: [{ shadow: { outcome: 'none', problem: 'model.json: is no JSON' } }] },
    ],
    ['no block of the shadow is over yet', { origins: [] }],
    [
      'no block of the shadow is over yet',
      {
        publications: [published, { shadow: { ...published.shadow, recipe: 'another' } }],
      },
    ],
    ['no block could be told', { limits: { knownDemand: 1, shadow: 'newest' } }],
  ])('cannot be told, because %s', (reason, changes) => {
    const origins = blocks(4, { own: 10, beside: 8 })
    expect(of(origins, changes)).toMatchObject({ outcome: 'cannot tell', reason })
  })

  test('is told of the shadow before where the newest publication could not forecast by it', () => {
    const broken = { shadow: { outcome: 'none' as const, problem: 'it took too long' } }
    expect(
      of(blocks(4, { own: 10, beside: 8 }), { publications: [published, broken] }),
    ).toMatchObject({
      outcome: 'judged',
      blocks: 4,
    })
  })

  test('is called better within a year in 5% at most of the years in which it is as good', () => {
    const random = seededRandom(7)
    const noise = () => Math.exp(0.05 * (random() + random() + random() + random() - 2) * 1.73)
    const years = Array.from({ length: 400 }, () => {
      const origins = Array.from({ length: 52 }, (_, block) =>
        origin(block, 10 * noise(), 10 * noise()),
      )
      return origins.some((_, last) => {
        // Every quarter: to look every week costs more and finds little more.
        if (last % 13 !== 12) return false
        const standing = of(origins.slice(0, last + 1))
        return standing.outcome === 'judged' && standing.e >= 20
      })
    })
    expect(years.filter(Boolean).length).toBeLessThanOrEqual(20)
  })
})

function of(origins: ProductionOrigin[], changes: Partial<ShadowInput> = {}) {
  return shadowStanding({
    origins: origins.map((origin) => originSums(origin, { periods: 1, horizon: 1 })),
    publications: [published],
    metric: 'wape',
    limits: { knownDemand: 0.8, shadow: 'newest' },
    ...changes,
  })
}

function blocks(count: number, off: { own: number; beside: number }): ProductionOrigin[] {
  return Array.from({ length: count }, (_, block) => origin(block, off.own, off.beside))
}

/** Two products that sold 100 each in a week, off by so many units each. */
function origin(block: number, own: number, beside: number): ProductionOrigin {
  const forecast = (off: number) => ({
    mean: Float64Array.of(100 + off, 100 - off),
    quantiles: new Float64Array(2 * LEVELS.length).fill(100),
  })
  return {
    rows: {
      day: 3 + 7 * block,
      horizon: 1,
      series: ['P1', 'P2'].map((productId) => ({
        productId,
        storeId: undefined,
        name: undefined,
        category: undefined,
      })),
      volumeClasses: ['high', 'high'],
      actual: Float64Array.of(100, 100),
      naiveAbsoluteError: Float64Array.of(10, 10),
      naiveSquaredError: Float64Array.of(100, 100),
    },
    model: forecast(own),
    naive: forecast(20),
    shadow: { ...shadow, forecast: forecast(beside) },
    forecasts: { from: 'published', id: '1', at: '2026-11-02T09:45:00.000Z' },
    demand: { all: 1, known: 0.95 },
    silentStores: [],
    unforecast: 0,
  }
}
