import { createHash } from 'node:crypto'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import type { Engine } from '../../../src/service/engine/engine.ts'

export const TODAY = '2026-11-02'

/** A series of a chain that is small enough to be known by heart: what to order is its units. */
export type Shelf = { product: string; store?: string; units: number }

export const SHELVES: Shelf[] = [
  { product: '0042', units: 24 },
  { product: '1042', units: 8 },
  { product: 'café', units: 12 },
]

export type TestEngine = Engine & { sell(shelves: Shelf[]): void }

export function engineOf(first: Shelf[]): TestEngine {
  let shelves = first
  const listeners: Parameters<Engine['onChange']>[0][] = []
  const basis = () => ({
    version: 3,
    model: 'a'.repeat(64),
    data: createHash('sha1').update(JSON.stringify(shelves)).digest('hex'),
    salesThrough: '2026-11-01',
  })
  const current = () => ({
    basis: basis(),
    modelName: 'seasonal-naive',
    trainedThrough: '2026-10-31',
    orderDay: TODAY,
    inputs: {
      $schema: 'https://json-schema.org/draft/2020-12/schema' as const,
      type: 'object' as const,
      properties: {},
      required: [],
      additionalProperties: false as const,
    },
    series: shelves.map(({ product, store }) => ({ product, ...(store && { store }) })),
    age: { through: '2026-11-01', days: 1, rhythm: 1 },
  })
  return {
    current,
    async forecasts(questions) {
      const answers = (
        questions as { product: string; store?: string; from: string; to: string }[]
      ).map((question) => {
        const { units } = shelves.find(({ product }) => product === question.product) ?? {
          units: 0,
        }
        const mean = units + 0.123456
        return {
          outcome: 'answered' as const,
          answer: {
            ...question,
            mean,
            quantiles: LEVELS.map(() => mean),
            restsOn: 'series' as const,
          },
        }
      })
      return { basis: basis(), answers }
    },
    async orders() {
      const answer = shelves.map(({ product, store, units }) => ({
        order: {
          productId: product,
          ...(store && { storeId: store }),
          outcome: 'order' as const,
          units,
          packs: units,
          pack: 1,
          arrives: TODAY,
          from: TODAY,
          through: '2026-11-12',
          forecast: { mean: units, p10: 1, p90: 40 },
          onHand: 3,
          expiring: 0,
          price: 4.5,
          cost: 2.5,
          costShort: 2,
          costOver: 0.1,
          criticalRatio: 0.95,
          decidedBy: 'costs' as const,
        },
      }))
      return { basis: basis(), day: TODAY, answers: [{ outcome: 'answered', answer }] }
    },
    product: async () => undefined,
    onChange: (listener) => void listeners.push(listener),
    close: async () => {},
    sell(other) {
      shelves = other
      for (const listener of listeners) listener(current())
    },
  }
}
