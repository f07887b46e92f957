import { seededRandom } from '../../../src/base/random.ts'
import type { ContenderForecasts } from '../../../src/evaluation/gate/comparison.ts'
import { type Policy, usualMonitoring } from '../../../src/evaluation/gate/policy.ts'
import type { OriginForecast, OriginRows } from '../../../src/evaluation/scoring/rows.ts'

export const levels = [0.025, 0.1, 0.5, 0.9, 0.975]

/** A policy without guardrails: what decides is the difference alone. */
export const barePolicy: Policy = {
  decidedBy: 'weightedQuantileLoss',
  confidence: 0.95,
  minimumImprovement: 0,
  refresh: { gain: 0.05, margin: 0.02, newSeries: 0.1, maxAge: 365 },
  monitoring: usualMonitoring,
  origins: 6,
  minimumOrigins: 4,
  guardrails: {},
}

/** Sales of one origin, one inner array for each series; weekly origins, `horizon` weeks apart. */
export function originRows(
  sales: number[][],
  { origin = 0, categories = [] }: { origin?: number; categories?: string[] } = {},
): OriginRows {
  const horizon = sales[0].length
  return {
    day: 20_000 + 7 * horizon * origin,
    horizon,
    series: sales.map((_, i) => ({
      productId: `p${i}`,
      storeId: undefined,
      name: undefined,
      category: categories[i],
    })),
    volumeClasses: sales.map((_, i) => (['low', 'medium', 'high'] as const)[i % 3]),
    actual: Float64Array.from(sales.flat()),
    naiveAbsoluteError: Float64Array.from(sales, () => 2),
    naiveSquaredError: Float64Array.from(sales, () => 4),
  }
}

/** A forecast of these means, with quantiles at 60%, 80%, 100%, 120% and 140% of them. */
export function forecastOf(means: ArrayLike<number>): OriginForecast {
  const mean = Float64Array.from(means)
  const factors = [0.6, 0.8, 1, 1.2, 1.4]
  const quantiles = Float64Array.from(
    { length: mean.length * factors.length },
    (_, at) => mean[Math.floor(at / factors.length)] * factors[at % factors.length],
  )
  return { mean, quantiles }
}

/** Six origins of 12 products in two categories, four weeks each, with seeded sales around 100. */
export function history(origins = 6): OriginRows[] {
  const random = seededRandom(7)
  const categories = Array.from({ length: 12 }, (_, i) => (i < 6 ? 'Books' : 'Yoghurt'))
  return Array.from({ length: origins }, (_, origin) => {
    const sales = categories.map(() => Array.from({ length: 4 }, () => 80 + 40 * random()))
    return originRows(sales, { origin, categories })
  })
}

/** A model whose forecasts are off by up to `error` (0.1 is 10%) either way. */
export function contender(rows: OriginRows[], error: number, seed: number): ContenderForecasts {
  const random = seededRandom(seed)
  return {
    model: `off by ${error}`,
    chosen: rows.map(() => 'only candidate'),
    forecasts: rows.map(({ actual }) =>
      forecastOf(actual.map((sold) => sold * (1 + error * (2 * random() - 1)))),
    ),
  }
}
