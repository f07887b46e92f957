import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { csvText, unguarded } from '../src/base/csv-text.ts'

/** What to order of a product (in a store) on the morning of an ISO day, in units. */
export type AdvisedOrder = { product: string; store: string; day: string; units: number }

/** The orders of a day, or of the newest one, of which something is to be ordered or not. */
export async function advisedOrders(exchange: string, day?: string): Promise<AdvisedOrder[]> {
  const out = join(exchange, 'out')
  const names = (await readdir(out)).filter((name) => ORDERS.test(name))
  const name = day === undefined ? names.sort().at(-1) : `orders-${day}.csv`
  if (name === undefined || !names.includes(name)) return []
  const text = await readFile(join(out, name), 'utf8')
  const delimiter = text.split('\n', 1)[0].includes(';') ? ';' : ','
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true, delimiter })
  return rows.flatMap((row) => {
    const units = row.order ?? row.pedido
    if (units === '') return []
    return {
      product: unguarded(row.product_id ?? row.produto),
      store: unguarded(row.store_id ?? row.loja),
      day: name.slice('orders-'.length, -'.csv'.length),
      units: Number(units.replace(',', '.')),
    }
  })
}

/** ISO day: the first one of the orders that are in the folder. Throws where there are none. */
export async function firstDay(exchange: string): Promise<string> {
  const names = await readdir(join(exchange, 'out'))
  const [name] = names.filter((it) => ORDERS.test(it)).sort()
  if (name === undefined) throw new Error(`there are no orders in ${exchange}/out yet`)
  return name.slice('orders-'.length, -'.csv'.length)
}

const ORDERS = /^orders-\d{4}-\d\d-\d\d\.csv$/

/** Hands over what was ordered, beside what was advised for that day. */
export async function putDecisions(exchange: string, name: string, ordered: AdvisedOrder[]) {
  const rows: (string | number)[][] = []
  for (const [day, ofDay] of Map.groupBy(ordered, (it) => it.day)) {
    const advised = await advisedOrders(exchange, day)
    for (const { product, store, units } of ofDay) {
      const order = advised.find((it) => it.product === product && it.store === store)
      if (order === undefined) continue
      const isFollowed = order.units === units
      rows.push([
        ...[product, store, day, isFollowed ? 'followed' : 'changed'],
        ...(isFollowed ? ['', ''] : [units, 'other']),
      ])
    }
  }
  await put(exchange, name, [
    ['product', 'store', 'day', 'decision', 'quantity', 'reason'],
    ...rows,
  ])
}

/** Hands over what arrived: all of a day in one row. */
export async function putReceipts(exchange: string, name: string, received: AdvisedOrder[]) {
  const days = Map.groupBy(received, ({ product, store, day }) =>
    JSON.stringify([product, store, day]),
  )
  const rows = [...days.values()].map((parts) => {
    const [{ product, store, day }] = parts
    return [product, store, day, parts.reduce((sum, { units }) => sum + units, 0)]
  })
  await put(exchange, name, [['product', 'store', 'day', 'received'], ...rows])
}

/** Whole or not at all: a name that ends in .partial is left alone. */
async function put(exchange: string, name: string, rows: (string | number)[][]): Promise<void> {
  if (rows.length === 1) return
  const path = join(exchange, 'in', name)
  await writeFile(`${path}.partial`, csvText(rows))
  await rename(`${path}.partial`, path)
}
