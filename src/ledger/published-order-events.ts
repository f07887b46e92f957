import { parse } from 'csv-parse/sync'
import { unguarded } from '../base/csv-text.ts'
import { MILLISECONDS_A_DAY } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { contentText } from './content.ts'
import type { EventOf } from './events/event.ts'
import { eventIdOf } from './events/event-id.ts'
import { subjectOf } from './events/subject.ts'
import type { ForecastRecord } from './forecast-record.ts'
import { type LedgerFiles, readRecords } from './ledger.ts'
import { momentOf } from './plausible.ts'

/**
 * The orders that were published for these ISO days, as events that have not been written down: the
 * newest publication of each day is what people saw. Those that do not say what they rest on are left
 * out. `newest` are the orders of the newest publication of all.
 */
export async function publishedOrderEvents(
  files: LedgerFiles,
  days: ReadonlySet<string>,
): Promise<{ events: EventOf<'cd4ml.order.v1'>[]; newest: EventOf<'cd4ml.order.v1'>[] }> {
  const sought = new Set(days)
  const [first] = [...days].sort()
  // The orders of a morning are not published earlier than the evening before, anywhere on earth.
  const earliest =
    first === undefined
      ? '~'
      : momentOf(new Date(Date.parse(first) - 2 * MILLISECONDS_A_DAY).toISOString())
  const events: EventOf<'cd4ml.order.v1'>[] = []
  let newest: EventOf<'cd4ml.order.v1'>[] | undefined
  for (const id of (await files.names('forecasts')).sort().reverse()) {
    if (newest !== undefined && (sought.size === 0 || id < earliest)) break
    const record = await recordOf(files, id)
    if (record?.outcome !== 'made' || record.orders?.outcome !== 'made' || !record.basis) continue
    const isSought = sought.delete(record.orders.day)
    if (!isSought && newest !== undefined) continue
    const ordered = await eventsOf(files, record)
    newest ??= ordered
    if (isSought) events.push(...ordered)
  }
  return { events, newest: newest ?? [] }
}

async function recordOf(files: LedgerFiles, id: string): Promise<ForecastRecord | undefined> {
  const only = { ...files, names: async () => [id] }
  return (await readRecords(only, { kind: 'forecasts' })).records.at(0)
}

async function eventsOf(
  files: LedgerFiles,
  { at, basis, orders }: Extract<ForecastRecord, { outcome: 'made' }>,
): Promise<EventOf<'cd4ml.order.v1'>[]> {
  if (orders?.outcome !== 'made' || basis === undefined) return []
  const bytes = await files.read(orders.files.csv)
  if (bytes === undefined) return []
  const text = orders.files.csv.endsWith('.gz')
    ? contentText(orders.files.csv, bytes)
    : new TextDecoder().decode(bytes)
  return rowsOf(text, orders.files.csv).map((row) => {
    const product = unguarded(row.product_id)
    const store = row.store_id ? unguarded(row.store_id) : undefined
    const series = { product, ...(store !== undefined && { store }) }
    const subject = subjectOf(series)
    const { order, from, through, on_hand } = row
    const isKnown = order !== ''
    return {
      specversion: '1.0',
      id: eventIdOf(at, `order ${orders.day} ${subject}`),
      source: '/cd4ml/publication',
      time: at,
      subject,
      datacontenttype: 'application/json',
      type: 'cd4ml.order.v1',
      data: {
        ...series,
        day: orders.day,
        outcome: isKnown ? (Number(order) > 0 ? 'order' : 'enough') : 'unknown',
        advice: isKnown ? { units: Number(order), from, through, onHand: Number(on_hand) } : {},
        basis,
      },
    }
  })
}

function rowsOf(text: string, file: string): Record<string, string>[] {
  try {
    return parse(text, { columns: true })
  } catch (cause) {
    throw new UserError('is no CSV that cd4ml wrote', { file, cause })
  }
}
