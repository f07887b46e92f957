// Orders to Odoo (19 and later) as drafts of purchase orders, and back what was confirmed and what
// arrived, over its JSON-2 API: https://www.odoo.com/documentation/19.0/developer/reference/external_api.html
// node integrations/odoo.ts send | bring
import { type AdvisedOrder, advisedOrders, putDecisions, putReceipts } from './exchange-folder.ts'
import { askedJson, createdOnce, type Pause, patiently, setting } from './requests.ts'

export type Odoo = { url: string; key: string; database: string; exchange: string; pause: Pause }

type Reference = [id: number, name: string]

/** One draft for each supplier (and store): what is there for that day already is left as it is. */
export async function sendToOdoo(odoo: Odoo): Promise<string[]> {
  const orders = (await advisedOrders(odoo.exchange)).filter(({ units }) => units > 0)
  const products = await productsOf(odoo, [['default_code', 'in', orders.map((it) => it.product)]])
  const suppliers = await read<{ id: number; partner_id: Reference }>(
    odoo,
    'product.supplierinfo',
    {
      domain: [['id', 'in', products.flatMap(({ seller_ids }) => seller_ids.slice(0, 1))]],
      fields: ['partner_id'],
    },
  )
  const said: string[] = []
  const drafts = Map.groupBy(orders, ({ product, store }) => {
    const seller = products.find(({ default_code }) => default_code === product)?.seller_ids[0]
    const partner = suppliers.find(({ id }) => id === seller)?.partner_id[0]
    if (partner === undefined) said.push(`${product}: not in Odoo, or without a supplier there`)
    return JSON.stringify([partner ?? null, store])
  })
  for (const [key, lines] of drafts) {
    const [partner, store]: [number | null, string] = JSON.parse(key)
    if (partner === null) continue
    const origin = `cd4ml ${lines[0].day} ${store}`.trim()
    const domain = [
      ['origin', '=', origin],
      ['partner_id', '=', partner],
    ]
    const order_line = lines.map(({ product, units }) => {
      const found = products.find(({ default_code }) => default_code === product)
      return [0, 0, { product_id: found?.id, product_qty: units }]
    })
    const outcome = await createdOnce(
      async () => (await read(odoo, 'purchase.order', { domain, fields: ['id'] })).length > 0,
      () =>
        call(odoo, 'purchase.order', 'create', {
          vals_list: [{ partner_id: partner, origin, order_line }],
        }),
      odoo.pause,
    )
    said.push(`${origin}, supplier ${partner}: ${outcome}`)
  }
  return said
}

/** What was confirmed or cancelled is decided; a draft is not. */
export async function bringFromOdoo(odoo: Odoo): Promise<void> {
  const purchases = await read<{ id: number; origin: string; state: string }>(
    odoo,
    'purchase.order',
    {
      domain: [
        ['origin', '=like', 'cd4ml %'],
        ['state', 'in', ['purchase', 'done', 'cancel']],
      ],
      fields: ['origin', 'state'],
    },
  )
  const lines = await read<{
    id: number
    order_id: Reference
    product_id: Reference
    product_qty: number
  }>(odoo, 'purchase.order.line', {
    domain: [['order_id', 'in', purchases.map(({ id }) => id)]],
    fields: ['order_id', 'product_id', 'product_qty'],
  })
  const moves = await read<{ purchase_line_id: Reference; quantity: number; date: string }>(
    odoo,
    'stock.move',
    {
      domain: [
        ['purchase_line_id', 'in', lines.map(({ id }) => id)],
        ['state', '=', 'done'],
      ],
      fields: ['purchase_line_id', 'quantity', 'date'],
    },
  )
  const products = await productsOf(odoo, [['id', 'in', lines.map((it) => it.product_id[0])]])
  const ordered = lines.map((line): AdvisedOrder & { line: number } => {
    const purchase = purchases.find(({ id }) => id === line.order_id[0])
    const [, day, ...store] = (purchase?.origin ?? '').split(' ')
    const product = products.find(({ id }) => id === line.product_id[0])?.default_code || ''
    const units = purchase?.state === 'cancel' ? 0 : line.product_qty
    return { line: line.id, product, store: store.join(' '), day, units }
  })
  const received = moves.flatMap(({ purchase_line_id: [line], quantity, date }) => {
    const of = ordered.find((it) => it.line === line)
    return of ? [{ ...of, day: date.slice(0, 10), units: quantity }] : []
  })
  await putDecisions(odoo.exchange, 'odoo-decisions.csv', ordered)
  await putReceipts(odoo.exchange, 'odoo-receipts.csv', received)
}

function productsOf(odoo: Odoo, domain: unknown[]) {
  type Product = { id: number; default_code: string | false; seller_ids: number[] }
  return read<Product>(odoo, 'product.product', { domain, fields: ['default_code', 'seller_ids'] })
}

function read<T>(odoo: Odoo, model: string, body: { domain: unknown[]; fields: string[] }) {
  return askedJson<T[]>(...request(odoo, model, 'search_read', body), odoo.pause)
}

function call(odoo: Odoo, model: string, method: string, body: object): Promise<Response> {
  return fetch(...request(odoo, model, method, body))
}

function request({ url, key, database }: Odoo, model: string, method: string, body: object) {
  const headers = {
    authorization: `bearer ${key}`,
    'content-type': 'application/json; charset=utf-8',
    'x-odoo-database': database,
    'user-agent': 'cd4ml',
  }
  const init: RequestInit = { method: 'POST', headers, body: JSON.stringify(body) }
  return [`${url}/json/2/${model}/${method}`, init] as const
}

if (import.meta.main) {
  const odoo: Odoo = {
    url: setting('ODOO_URL'),
    key: setting('ODOO_KEY'),
    database: setting('ODOO_DATABASE'),
    exchange: setting('CD4ML_EXCHANGE'),
    pause: patiently,
  }
  if (process.argv[2] === 'send') console.log((await sendToOdoo(odoo)).join('\n'))
  else if (process.argv[2] === 'bring') await bringFromOdoo(odoo)
  else throw new Error('node integrations/odoo.ts send | bring')
}
