import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dayFromIso, isoFromDay } from '../../base/day.ts'
import type { Language } from '../../base/language.ts'
import { turns } from '../../base/turns.ts'
import { writeWhole } from '../../base/write-file.ts'
import type { Append, EventLog } from '../../ledger/events/event-log.ts'
import type { Engine } from '../engine/engine.ts'
import { prepareForecasts, type RecordedForecast } from '../recording/forecasts.ts'
import { prepareOrders, type RecordedOrder } from '../recording/orders.ts'
import { dataDigest, type Recording } from '../recording/prepared.ts'
import { forecastsFile, ordersFile } from './given-files.ts'

/**
 * Records what to order of every series, and the forecasts of the days that these orders are for,
 * then writes both into `folder`, each under the day in whose morning is ordered: whole or not at all,
 * and only where they differ from what stands there. What was recorded before keeps its event.
 * Rejects with `LedgerUnavailable` where nothing can be recorded.
 */
export async function giveOut(
  { engine, log }: { engine: Engine; log: EventLog },
  { folder, language, by }: { folder: string; language: Language; by: Recording },
): Promise<void> {
  const prepared = await prepareOrders(engine, undefined, by)
  const answers = prepared.answers(await recordedInParts(log, prepared))
  const orders = answers.flatMap((it) => (it.outcome === 'answered' ? it.answer : []))
  if (orders.length === 0) return
  const [{ day }] = orders
  const forecasts = await forecastsFor(orders, { engine, log }, by)
  await writeChanged(join(folder, `orders-${day}.csv`), ordersFile(orders, language))
  await writeChanged(join(folder, `forecasts-${day}.csv`), forecastsFile(forecasts, language))
}

async function forecastsFor(
  orders: readonly RecordedOrder[],
  { engine, log }: { engine: Engine; log: EventLog },
  by: Recording,
): Promise<RecordedForecast[]> {
  const { events, answers } = await prepareForecasts(engine, orders.map(questionOf), by)
  const once = new Map(
    events.flatMap((event) => {
      if (event.type !== 'cd4ml.forecast.v1') return []
      // With the same of production it is the same forecast, whatever is tried beside it by now.
      const { shadow: _, ...data } = event.data
      return [[event.id, `exchange forecast ${dataDigest({ data })}`] as const]
    }),
  )
  const known = await recordedInParts(log, { events, once })
  return answers(known).flatMap((it) =>
    it.outcome === 'answered'
      ? [{ ...it.answer, id: known.get(it.answer.id) ?? it.answer.id }]
      : [],
  )
}

/** Whoever asks the service waits for a part at most. Returns what the ledger had already. */
async function recordedInParts(
  log: EventLog,
  { events, once }: Pick<Append, 'events' | 'once'>,
): Promise<Map<string, string>> {
  const known = new Map<string, string>()
  const turn = turns(1)
  for (let from = 0; from < events.length; from += PART) {
    await turn()
    const part = events.slice(from, from + PART)
    const appended = await log.append({ events: part, ...(once && { once }) })
    if (appended.outcome !== 'appended') continue
    for (const [id, earlier] of appended.known) known.set(id, earlier)
  }
  return known
}

const PART = 500

/** The days that the order is for; a week where it is not known which these are. */
function questionOf({ order, day }: RecordedOrder): object {
  const { productId: product, storeId: store } = order
  const series = { product, ...(store !== undefined && { store }) }
  if (order.outcome !== 'unknown') return { ...series, from: order.from, to: order.through }
  const first = dayFromIso(day)
  if (first === undefined) throw new Error(`an order has the day ${day}`)
  return { ...series, from: day, to: isoFromDay(first + 6) }
}

async function writeChanged(path: string, content: string): Promise<void> {
  const there = await readFile(path, 'utf8').catch(() => undefined)
  if (there !== content) await writeWhole(path, content)
}
