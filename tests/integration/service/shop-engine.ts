import { dayFromIso, isoFromDay } from '../../../src/base/day.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import { type QuestionSchema, questionSchema } from '../../../src/forecasting/question-schema.ts'
import type { SeriesOrder } from '../../../src/ordering/forecaster.ts'
import { seriesId } from '../../../src/sales/totals/daily-totals.ts'
import type {
  Answered,
  Engine,
  ForecastAnswered,
  InProduction,
  OrderAnswered,
  ProductView,
  SeriesShown,
} from '../../../src/service/engine/engine.ts'

/** An engine that says what it is told: of a shop with these orders, on any forecast 20 units. */
export function shopEngine(orders: SeriesOrder[]) {
  let now = { orders, version: 1, inputs: INPUTS, day: '2026-11-02' }
  const current = (): InProduction => ({
    basis: {
      version: now.version,
      model: String(now.version).padStart(64, '0'),
      data: 'd'.repeat(40),
      salesThrough: '2026-11-01',
    },
    modelName: 'seasonal-naive',
    trainedThrough: '2026-11-01',
    orderDay: now.day,
    inputs: now.inputs,
    series: now.orders.map(shown),
    age: { through: '2026-11-01', days: 1, rhythm: 1 },
  })
  const engine: Engine = {
    current,
    forecasts: async (questions) => ({
      basis: current().basis,
      answers: questions.map((question) => answered(question, now.orders)),
    }),
    orders: async (questions) => ({
      basis: current().basis,
      day: current().orderDay,
      answers: (questions ?? now.orders.map(shown)).map((question): Answered<OrderAnswered[]> => {
        const found = now.orders.filter((order) => isAsked(order, question))
        return found.length > 0
          ? { outcome: 'answered', answer: found.map(withCosts) }
          : { outcome: 'refused', problems: [{ field: '/product', expected: 'must be sold' }] }
      }),
    }),
    product: async (product, store) => {
      const found = now.orders.find((order) => isAsked(order, { product, store }))
      return found && { basis: current().basis, view: viewOf(found) }
    },
    onChange: () => {},
    close: async () => {},
  }
  return {
    ...engine,
    /** Another version, or other sales, take over. */
    change(to: Partial<typeof now>): void {
      now = { ...now, ...to }
    },
  }
}

/** With a planned price, as a model may ask for one. */
const plain = questionSchema([{ storeId: 'Norte' }])
const INPUTS: QuestionSchema = {
  ...plain,
  properties: {
    ...plain.properties,
    price: {
      type: 'number',
      exclusiveMinimum: 0,
      'x-title': { en: 'Planned price', 'pt-BR': 'Preço planejado' },
    },
  },
}

function shown({ productId, storeId, name, category }: SeriesOrder): SeriesShown {
  return {
    product: productId,
    ...(storeId !== undefined && { store: storeId }),
    ...(name !== undefined && { name }),
    ...(category !== undefined && { category }),
  }
}

function isAsked(order: SeriesOrder, question: unknown): boolean {
  const { product, store } = question as { product: string; store?: string }
  const storeId = store ?? order.storeId
  return (
    seriesId(order) === seriesId({ productId: product, ...(storeId !== undefined && { storeId }) })
  )
}

function withCosts(order: SeriesOrder): OrderAnswered {
  if (order.outcome === 'unknown') return { order }
  const { units, pack } = order
  const amounts = [...new Set([0, units, units + pack, units + 2 * pack])]
  const alternatives = amounts.map((it) => ({ units: it, cost: 5 + Math.abs(it - units) * 1.5 }))
  return { order, costs: { advised: 5, alternatives } }
}

function answered(question: unknown, orders: SeriesOrder[]): Answered<ForecastAnswered> {
  const { from, to, price } = question as { from?: string; to?: string; price?: unknown }
  const found = orders.find((order) => isAsked(order, question))
  const refused = (field: string, came: unknown, expected: string) => ({
    outcome: 'refused' as const,
    problems: [{ field, came: String(came), expected }],
  })
  if (!found) return refused('/product', '', 'must be sold here')
  if (dayFromIso(from ?? '') === undefined) return refused('/from', from, 'must be a day')
  if (dayFromIso(to ?? '') === undefined) return refused('/to', to, 'must be a day')
  if (price !== undefined && typeof price !== 'number') {
    return refused('/price', price, 'must be number')
  }
  const answer = {
    ...shown(found),
    from: from!,
    to: to!,
    mean: 20,
    quantiles: quantiles(20),
    restsOn: 'series' as const,
    baseline: { mean: 18 },
  }
  return { outcome: 'answered', answer }
}

function viewOf(order: SeriesOrder): ProductView {
  const first = dayFromIso('2024-11-04')!
  const week = (index: number) => isoFromDay(first + 7 * index)
  return {
    ...shown(order),
    frequency: 'week',
    history: Array.from({ length: 104 }, (_, i) => ({
      from: week(i),
      units: Math.round(20 + 8 * Math.sin(i / 8)),
      censored: i % 17 === 0,
    })),
    ahead: Array.from({ length: 10 }, (_, i) => ({
      from: week(104 + i),
      mean: 20,
      quantiles: quantiles(20),
    })),
    stock: [{ units: 9, lastDay: '2026-11-12' }, { units: 22 }],
    order: withCosts(order),
    backtest: { wape: 0.31, naiveWape: 0.44 },
  }
}

function quantiles(mean: number): number[] {
  return LEVELS.map((level) => mean * (0.4 + 1.2 * level))
}
