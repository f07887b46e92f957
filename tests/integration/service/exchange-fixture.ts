import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { onTestFinished } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import type { Language } from '../../../src/base/language.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import type { EventLog } from '../../../src/ledger/events/event-log.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { readDecisionReasons } from '../../../src/ordering/decision-reasons.ts'
import type { Engine } from '../../../src/service/engine/engine.ts'
import { openExchange } from '../../../src/service/exchange/exchange.ts'
import { put, temporaryFolder } from '../../repository.ts'

export const TODAY = '2026-11-02'

/** A series of a chain that is small enough to be known by heart: what to order is its units. */
export type Shelf = { product: string; store?: string; units: number }

export const SHELVES: Shelf[] = [
  { product: '0042', units: 24 },
  { product: '1042', units: 8 },
  { product: 'café', units: 12 },
]

/** An exchange with a ledger of its own; `restart` opens it anew, as after the process was killed. */
export async function startExchange(
  options: { language?: Language; shelves?: Shelf[]; wrap?: (log: EventLog) => EventLog } = {},
) {
  const { language = 'en', shelves = SHELVES, wrap = (log: EventLog) => log } = options
  const folder = await temporaryFolder()
  const log = sqlEventLog(await openDatabase(`sqlite:${join(folder, 'ledger.sqlite')}`))
  onTestFinished(() => log.close())
  const engine = engineOf(shelves)
  const reasons = await readDecisionReasons(folder)
  const today = dayFromIso(TODAY) ?? 0
  const open = (used = log as EventLog) =>
    openExchange({
      folder: join(folder, 'exchange'),
      engine,
      log: wrap(used),
      language,
      reasons,
      today: () => today,
      now: () => `${TODAY}T09:30:00.000Z`,
      onProblem: (error) => {
        throw error
      },
    })
  let exchange = await open()
  const path = (name: string) => join(folder, 'exchange', name)
  return {
    folder: join(folder, 'exchange'),
    log,
    engine,
    path,
    tick: () => exchange.tick(),
    /** Until whatever was put in has rested. */
    settle: async () => {
      for (let look = 0; look < 7; look++) await exchange.tick()
    },
    restart: async (used?: EventLog) => {
      exchange = await open(used)
    },
    put: (name: string, content: string | Uint8Array) => put(path('in'), { [name]: content }),
    read: (name: string) => readFile(path(name), 'utf8'),
    names: async (name: string) => (await readdir(path(name))).sort(),
    /** The rows of an answer, by its columns. */
    answer: async (name: string) => rowsOf(await readFile(path(`answers/${name}`), 'utf8')),
    /** The orders that were given out, by their columns. */
    orders: async () => rowsOf(await readFile(path(`out/orders-${TODAY}.csv`), 'utf8')),
  }
}

/** The rows of CSV by its columns. */
export function rowsOf(text: string): Record<string, string>[] {
  const [header] = text.split('\n', 1)
  return parse(text, { bom: true, columns: true, delimiter: header.includes(';') ? ';' : ',' })
}

export type TestEngine = Engine & { sell(shelves: Shelf[]): void }

function engineOf(first: Shelf[]): TestEngine {
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
          from: TODAY,
          through: '2026-11-12',
          arrives: TODAY,
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
