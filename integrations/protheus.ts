// Orders to TOTVS Protheus as purchase requests, and back what was approved and what arrived: written
// over its REST models (FWModel), read by its generic query. https://tdn.totvs.com, "WS REST FWMODEL"
// node integrations/protheus.ts send | bring
import {
  type AdvisedOrder,
  advisedOrders,
  firstDay,
  putDecisions,
  putReceipts,
} from './exchange-folder.ts'
import { askedJson, createdOnce, type Pause, patiently, setting } from './requests.ts'

export type Protheus = {
  /** Of the REST service, such as https://erp.example/rest. */
  url: string
  user: string
  password: string
  /** Company and branch of each store, such as `01,0101`; of '' where there are no stores. */
  branches: Record<string, string>
  /** The model of the purchase requests, and its parts for the heading and the items. */
  model: { id: string; heading: string; items: string }
  exchange: string
  pause: Pause
}

/** One request for each store: what is there for that day already is left as it is. */
export async function sendToProtheus(protheus: Protheus): Promise<string[]> {
  const orders = (await advisedOrders(protheus.exchange)).filter(({ units }) => units > 0)
  const said: string[] = []
  for (const [store, lines] of Map.groupBy(orders, (it) => it.store)) {
    const branch = protheus.branches[store]
    if (branch === undefined) {
      said.push(`store ${store}: no branch is set for it`)
      continue
    }
    const [{ day }] = lines
    const mark = `cd4ml ${day}`
    const { id, heading, items } = protheus.model
    const body = {
      id,
      operation: INSERT,
      models: [
        {
          id: heading,
          modeltype: 'FIELDS',
          fields: fields({ C1_EMISSAO: day.replaceAll('-', ''), C1_SOLICIT: 'cd4ml' }),
          models: [
            {
              id: items,
              modeltype: 'GRID',
              items: lines.map(({ product, units }, i) => ({
                id: i + 1,
                deleted: 0,
                fields: fields({ C1_PRODUTO: product, C1_QUANT: String(units), C1_OBS: mark }),
              })),
            },
          ],
        },
      ],
    }
    const outcome = await createdOnce(
      async () =>
        (await query(protheus, branch, 'SC1', ['C1_NUM'], `C1_OBS = '${mark}'`)).length > 0,
      () =>
        fetch(`${protheus.url}/fwmodel/${id}`, {
          method: 'POST',
          headers: headers(protheus, branch),
          body: JSON.stringify(body),
        }),
      protheus.pause,
    )
    said.push(`${mark} ${store}`.trim().concat(`: ${outcome}`))
  }
  return said
}

/** MVC's number for adding. */
const INSERT = 3

/** What was approved (C1_APROV L) or refused (R) is decided. */
export async function bringFromProtheus(protheus: Protheus): Promise<void> {
  const ordered: AdvisedOrder[] = []
  const received: AdvisedOrder[] = []
  const since = (await firstDay(protheus.exchange)).replaceAll('-', '')
  for (const [store, branch] of Object.entries(protheus.branches)) {
    const asked = (table: string, columns: string[], where: string) =>
      query(protheus, branch, table, columns, where)
    const requests = await asked(
      'SC1',
      ['C1_PRODUTO', 'C1_QUANT', 'C1_OBS', 'C1_APROV'],
      "C1_OBS LIKE 'cd4ml %' AND C1_APROV IN ('L','R')",
    )
    for (const row of requests) {
      const units = row.c1_aprov === 'R' ? 0 : Number(row.c1_quant)
      const day = row.c1_obs.slice('cd4ml '.length)
      ordered.push({ product: row.c1_produto, store, day, units })
    }
    const arrivals = await asked(
      'SD1',
      ['D1_COD', 'D1_QUANT', 'D1_DTDIGIT'],
      `D1_PEDIDO <> ' ' AND D1_DTDIGIT >= '${since}'`,
    )
    for (const row of arrivals) {
      const day = row.d1_dtdigit.replace(/^(\d{4})-?(\d\d)-?(\d\d).*$/, '$1-$2-$3')
      received.push({ product: row.d1_cod, store, day, units: Number(row.d1_quant) })
    }
  }
  await putDecisions(protheus.exchange, 'protheus-decisions.csv', ordered)
  await putReceipts(protheus.exchange, 'protheus-receipts.csv', received)
}

type Page = { items: Record<string, unknown>[]; hasNext: boolean }

/** All rows of a table that are not deleted, page by page; names come back in small letters. */
async function query(
  protheus: Protheus,
  branch: string,
  table: string,
  columns: string[],
  where: string,
): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = []
  for (let page = 1; ; page++) {
    const url = new URL(`${protheus.url}/api/framework/v1/genericQuery`)
    url.searchParams.set('tables', table)
    url.searchParams.set('fields', columns.join(','))
    url.searchParams.set('where', `${table}.D_E_L_E_T_ = ' ' AND ${where}`)
    url.searchParams.set('page', String(page))
    const init = { headers: headers(protheus, branch) }
    const { items, hasNext } = await askedJson<Page>(url.href, init, protheus.pause)
    // Texts are as long as their columns.
    for (const item of items) {
      const cells = Object.entries(item).map(([name, cell]) => [name, String(cell).trim()])
      rows.push(Object.fromEntries(cells))
    }
    if (!hasNext) return rows
  }
}

function headers({ user, password }: Protheus, branch: string): Record<string, string> {
  return {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    'content-type': 'application/json',
    tenantId: branch,
  }
}

function fields(values: Record<string, string>): { id: string; value: string }[] {
  return Object.entries(values).map(([id, value]) => ({ id, value }))
}

if (import.meta.main) {
  const protheus: Protheus = {
    url: setting('PROTHEUS_URL'),
    user: setting('PROTHEUS_USER'),
    password: setting('PROTHEUS_PASSWORD'),
    branches: JSON.parse(setting('PROTHEUS_BRANCHES')),
    model: JSON.parse(setting('PROTHEUS_MODEL')),
    exchange: setting('CD4ML_EXCHANGE'),
    pause: patiently,
  }
  if (process.argv[2] === 'send') console.log((await sendToProtheus(protheus)).join('\n'))
  else if (process.argv[2] === 'bring') await bringFromProtheus(protheus)
  else throw new Error('node integrations/protheus.ts send | bring')
}
