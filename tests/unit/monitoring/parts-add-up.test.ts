import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayFromIso, isoFromDay } from '../../../src/base/day.ts'
import { buildPanel } from '../../../src/demand/panel.ts'
import { usualMonitoring } from '../../../src/evaluation/gate/policy.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import type { Shadow } from '../../../src/ledger/shadow.ts'
import { comparedSales, driftOf } from '../../../src/monitoring/drift/drift.ts'
import { accuracyOf } from '../../../src/monitoring/health/accuracy.ts'
import { shadowStanding } from '../../../src/monitoring/health/shadow-standing.ts'
import { standingOf } from '../../../src/monitoring/health/standing.ts'
import { addedStores, storesAfter } from '../../../src/monitoring/origins/known-demand.ts'
import {
  addedOrigins,
  type OriginSums,
  originSums,
} from '../../../src/monitoring/origins/origin-sums.ts'
import type { ProductionOrigin } from '../../../src/monitoring/origins/production-origin.ts'
import { joinedDigests, soldDigests, soldIn } from '../../../src/monitoring/origins/sold-digest.ts'
import {
  salesByStore,
  salesOfStores,
  storeDays,
} from '../../../src/monitoring/origins/store-sales.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { seriesId } from '../../../src/sales/totals/daily-totals.ts'
import { mergeTotals } from '../../../src/sales/totals/merged-totals.ts'
import { salesOfChain, totalsOfSeries } from '../../../src/sales/totals/parts.ts'
import { totalsOf } from '../demand/totals.ts'
import { evaluation } from '../reporting/examples.ts'

const MONDAY = dayFromIso('2026-10-05')!
const HORIZON = 3

describe('what a health record says of a chain is the same, however its sales are parted', () => {
  const backtest = evaluation({
    decidedBy: 'wape',
    horizon: HORIZON,
    losses: [0.7, 0.8, 0.9, 0.75].map((own, k) => ({
      day: isoFromDay(MONDAY - 1 - 70 * (9 - k)),
      kind: 'scored' as const,
      periods: [1, 2],
      challenger: [own, own],
      baseline: [1, 1],
    })),
  })

  it('of the forecasts: their accuracy, the evidence, and the shadow, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(someOrigin, { minLength: 1, maxLength: 3 }), (blocks) => {
        const of = { periods: 2, horizon: HORIZON }
        const together = blocks.map(({ series }, week) => originSums(originOf(week, series), of))
        const byPart = blocks.map(({ series }, week) =>
          addedOrigins(
            [...Map.groupBy(series, ({ part }) => part).values()].map((own) =>
              originSums(originOf(week, own), of),
            ),
          ),
        )
        expect(told(byPart)).toBe(told(together))
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  function told(origins: OriginSums[]): string {
    const { standing, blocks } = standingOf({
      version: 3,
      evaluation: backtest,
      limits: usualMonitoring,
      block: { frequency: 'week', periods: 2, inYear: 26 },
      blocks: origins.map((origin) => ({
        ...{ from: origin.day + 1, to: origin.day + 14, outcome: 'seen' as const },
        ...{ origin, orphaned: 0 },
      })),
    })
    const shadow = shadowStanding({
      origins,
      publications: [{ shadow: { outcome: 'made', ...SHADOW, json: 'content/aa/x' } }],
      metric: 'wape',
      limits: usualMonitoring,
    })
    const record = { standing, blocks, accuracy: accuracyOf(origins, backtest), shadow }
    return JSON.stringify(record, (_, value) =>
      typeof value === 'number' ? Number(value.toPrecision(10)) : value,
    )
  }

  it('of the sales: what drifted, what was corrected since, which stores are silent', () => {
    fc.assert(
      fc.property(
        someSales,
        fc.array(fc.nat({ max: 2 }), { minLength: 8, maxLength: 8 }),
        (sales, partOf) => {
          const totals = inStores(totalsOf(sales))
          const groups = Map.groupBy(totals.series.keys(), (index) => partOf[index % partOf.length])
          const parts = [...groups.values()].map((series) => totalsOfSeries(totals, series))
          const spans = [
            { from: FIRST, to: FIRST + 29 },
            { from: FIRST + 30, to: FIRST + 89 },
          ]
          const digests = joinedDigests(parts.map((part) => soldIn(part, spans)))
          expect(digests).toEqual(soldDigests(totals, spans))
          const stores = salesOfStores(parts.map(storeDays))
          expect(new Map([...stores].sort())).toEqual(new Map([...salesByStore(totals)].sort()))
          const chain = salesOfChain(totals)
          const panel = buildPanel(chain, { frequency: 'day', ignoreStock: true })
          const trainedOn = new Set(totals.series.map(seriesId).slice(0, 3))
          const compared = mergeTotals(
            totals.columns,
            parts.map((part) => comparedSales(part, panel)),
          )
          const drift = (of: DailyTotals) => rounded(driftOf({ totals: of, panel, trainedOn }))
          expect(drift({ ...compared, chain })).toEqual(drift(totals))
          expect(silence(parts)).toEqual(silence([totals]))
        },
      ),
      { seed: 1, numRuns: 60 },
    )
  })
})

/** What stores sold, and usually sell, in the four weeks after the first eight. */
function silence(parts: DailyTotals[]) {
  const periods = 1
  const after = addedStores(
    parts.flatMap((part) => {
      const asOf = FIRST + 55
      if (part.day.every((day) => day > asOf)) return []
      const known = buildPanel(part, { frequency: 'week', ignoreStock: true, asOf })
      const later = buildPanel(part, { frequency: 'week', ignoreStock: true })
      return [storesAfter({ known, later, horizon: 4, periods })]
    }),
  )
  // What sold nothing, and is not usually sold, says nothing.
  const said = [...after].filter(([, { usual, sold }]) => sold.size > 0 || usual.some(Boolean))
  return rounded(
    said.sort().map(([store, { usual, sold }]) => [store, [...usual], [...sold].sort()]),
  )
}

function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one) => (typeof one === 'number' ? Number(one.toPrecision(9)) : one)),
  )
}

const FIRST = dayFromIso('2026-01-05')!
const someSales = fc
  .array(
    fc.record({
      product: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      day: fc.integer({ min: FIRST, max: FIRST + 83 }),
      sold: fc.integer({ min: 0, max: 30 }),
      category: fc.constantFrom('x', 'y', 'z'),
    }),
    { minLength: 20, maxLength: 200 },
  )
  .map((all) => {
    // Every day somebody sells something, so that the chain is known to its end.
    const daily = Array.from({ length: 84 }, (_, day) => {
      return { product: 'a', day: FIRST + day, sold: 3, category: 'x' }
    })
    // How much a young series sells is told by those beside it, which are others in a part.
    const opening = [...'abcdefgh'].map((product) => {
      return { product, day: FIRST, sold: 3, category: 'x' }
    })
    const first = new Map(
      [...all, ...daily, ...opening].reverse().map((it) => [`${it.product} ${it.day}`, it]),
    )
    return [...first.values()]
  })

/** Two stores, which have the series in turns. */
function inStores(totals: DailyTotals): DailyTotals {
  const series = totals.series.map((key, index) => ({
    ...key,
    storeId: index % 2 ? 'hill' : 'sea',
  }))
  return { ...totals, series }
}

const SHADOW: Shadow = {
  model: 'a'.repeat(64),
  name: 'ridge (penalty 10)',
  recipe: 'one',
  run: '20261102T093000000Z-0a1b2c3d',
}

const units = fc.integer({ min: 0, max: 60 })
const ofPeriods = <T>(one: fc.Arbitrary<T>) =>
  fc.array(one, { minLength: HORIZON, maxLength: HORIZON })
const someSeries = fc.record({
  part: fc.nat({ max: 3 }),
  category: fc.constantFrom('bakery', 'dairy', undefined),
  store: fc.constantFrom('hill', 'sea'),
  volumeClass: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
  actual: ofPeriods(fc.option(units, { nil: Number.NaN })),
  model: ofPeriods(units),
  naive: ofPeriods(units),
  shadow: ofPeriods(fc.option(units, { nil: Number.NaN })),
  scale: fc.integer({ min: 0, max: 9 }),
  known: fc.constantFrom(1, 1, 1, 0.5),
})
const someOrigin = fc.record({ series: fc.array(someSeries, { minLength: 1, maxLength: 12 }) })
type SomeSeries = typeof someSeries extends fc.Arbitrary<infer T> ? T : never

function originOf(week: number, all: SomeSeries[]): ProductionOrigin {
  const forecast = (means: number[]) => ({
    mean: Float64Array.from(means),
    quantiles: Float64Array.from(means.flatMap((mean) => LEVELS.map((level) => mean * level * 2))),
  })
  const scales = Float64Array.from(all, ({ scale }) => scale)
  return {
    rows: {
      day: MONDAY - 1 + 14 * week,
      horizon: HORIZON,
      series: all.map(({ category, store }, index) => {
        return { productId: `P${index}`, storeId: store, name: undefined, category }
      }),
      volumeClasses: all.map(({ volumeClass }) => volumeClass),
      actual: Float64Array.from(all.flatMap(({ actual }) => actual)),
      naiveAbsoluteError: scales,
      naiveSquaredError: scales.map((it) => it * it),
    },
    model: forecast(all.flatMap(({ model }) => model)),
    naive: forecast(all.flatMap(({ naive }) => naive)),
    shadow: { ...SHADOW, forecast: forecast(all.flatMap(({ shadow }) => shadow)) },
    forecasts: { from: 'published', id: '1', at: '2026-10-05T08:00:00.000Z' },
    demand: { all: all.length, known: all.reduce((sum, { known }) => sum + known, 0) },
    silentStores: [],
    unforecast: 0,
  }
}
