import { csvText } from '../base/csv-text.ts'
import { counted, shortened } from '../base/wording.ts'
import type { SeriesOrder } from '../ordering/forecaster.ts'
import { terminalText } from './aligned-columns.ts'

/**
 * All orders as CSV, as `csvText` writes it: `product_id`, `store_id` where any row has one, `order`
 * (units; empty where it is not known), `from`, `through`, `on_hand`, `reason`.
 */
export function orderCsv(rows: SeriesOrder[]): string {
  const stores = rows.some(({ storeId }) => storeId !== undefined)
  const header = ['product_id', ...(stores ? ['store_id'] : []), ...columns, 'reason']
  const records = rows.map((row) => [
    row.productId,
    ...(stores ? [row.storeId ?? ''] : []),
    ...(row.outcome === 'unknown'
      ? columns.map(() => '')
      : [row.units, row.from, row.through, row.onHand]),
    row.reason,
  ])
  return csvText([header, ...records])
}

/**
 * The orders for a terminal, one line each; how many need none or are not known; and what is not
 * ordered as it would be sold at a loss.
 */
export function orderText(rows: SeriesOrder[]): string {
  const ordered = rows.filter(({ outcome }) => outcome === 'order')
  const enough = rows.filter(({ outcome }) => outcome === 'enough')
  const unprofitable = rows.filter(({ outcome }) => outcome === 'unprofitable')
  const unknown = rows.filter(({ outcome }) => outcome === 'unknown')
  const losing = unprofitable.length > 0 ? ` ${unprofitable.length} not worth it,` : ''
  return [
    ...ordered.map((row) => `${terminalText(`${subject(row)}: ${row.reason}`, 400)}\n`),
    `${counted(ordered.length, 'series', 'series')} to order, ${enough.length} with enough,${losing} ${unknown.length} not known.\n`,
    ...unprofitable.map((row) => `${terminalText(`${subject(row)}: ${row.reason}`, 400)}\n`),
    ...unknown.slice(0, 1).map(({ reason }) => `${terminalText(reason, 400)}\n`),
  ].join('')
}

const columns = ['order', 'from', 'through', 'on_hand']

function subject({ productId, storeId, name }: SeriesOrder): string {
  const id = shortened(productId, 60)
  const product = name ? `${shortened(name, 60)} (${id})` : id
  return storeId === undefined ? product : `${product} in store ${shortened(storeId, 60)}`
}
