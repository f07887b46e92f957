import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { onTestFinished } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import type { Language } from '../../../src/base/language.ts'
import type { EventLog } from '../../../src/ledger/events/event-log.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { readDecisionReasons } from '../../../src/ordering/decision-reasons.ts'
import { openExchange } from '../../../src/service/exchange/exchange.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { engineOf, SHELVES, type Shelf, TODAY } from './exchange-engine.ts'

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
      settings: () => ({ language, reasons }),
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
    open,
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
