// Orders to Sankhya Om as purchase orders that nobody has confirmed, and back what was confirmed and
// what arrived, over its gateway: https://developer.sankhya.com.br/reference
// node integrations/sankhya.ts send | bring
import {
  type AdvisedOrder,
  advisedOrders,
  firstDay,
  putDecisions,
  putReceipts,
} from './exchange-folder.ts'
import { askedJson, createdOnce, type Pause, patiently, setting } from './requests.ts'

export type Sankhya = {
  url: string
  /** Of the application in the developers' area, and of the screen "Configurações Gateway". */
  clientId: string
  clientSecret: string
  xToken: string
  /** CODEMP of each store; '' where there are none. */
  companies: Record<string, string>
  /** CODTIPOPER of purchase orders, and of the purchases by which goods arrive. */
  orderOperation: string
  purchaseOperation: string
  /** CODTIPVENDA, the terms of payment. */
  terms: string
  exchange: string
  pause: Pause
}

/** One order for each supplier (and store): what is there for that day already is left as it is. */
export async function sendToSankhya(sankhya: Sankhya): Promise<string[]> {
  const orders = (await advisedOrders(sankhya.exchange)).filter(({ units }) => units > 0)
  const token = await tokenOf(sankhya)
  const suppliers = new Map<string, string>()
  for (const { product } of orders) {
    const [found] = await load(sankhya, token, 'Produto', ['CODPARCFORN', 'CODVOL'], {
      where: 'this.CODPROD = ?',
      values: [product],
    })
    if (found?.CODPARCFORN) suppliers.set(product, found.CODPARCFORN)
  }
  const said = orders
    .filter(({ product }) => !suppliers.has(product))
    .map(({ product }) => `${product}: not in Sankhya, or without a supplier there`)
  const known = orders.filter(({ product }) => suppliers.has(product))
  const notes = Map.groupBy(known, ({ product, store }) =>
    JSON.stringify([suppliers.get(product), store]),
  )
  for (const [key, lines] of notes) {
    const [supplier, store]: [string, string] = JSON.parse(key)
    const [{ day }] = lines
    const mark = `cd4ml ${day} ${store}`.trim()
    const note = {
      cabecalho: cells({
        NUNOTA: '',
        CODPARC: supplier,
        CODEMP: sankhya.companies[store],
        DTNEG: day.split('-').reverse().join('/'),
        CODTIPOPER: sankhya.orderOperation,
        CODTIPVENDA: sankhya.terms,
        TIPMOV: 'O',
        OBSERVACAO: mark,
      }),
      itens: {
        INFORMARPRECO: 'False',
        item: lines.map(({ product, units }) =>
          cells({ NUNOTA: '', CODPROD: product, QTDNEG: String(units) }),
        ),
      },
    }
    const outcome = await createdOnce(
      async () => {
        const there = {
          where: 'this.OBSERVACAO = ? AND this.CODPARC = ?',
          values: [mark, supplier],
        }
        return (await load(sankhya, token, 'CabecalhoNota', ['NUNOTA'], there)).length > 0
      },
      () =>
        accepted(fetch(...request(sankhya, token, 'mgecom', 'CACSP.incluirNota', { nota: note }))),
      sankhya.pause,
    )
    said.push(`${mark}, supplier ${supplier}: ${outcome}`)
  }
  return said
}

/** What was confirmed (STATUSNOTA L) is decided. */
export async function bringFromSankhya(sankhya: Sankhya): Promise<void> {
  const token = await tokenOf(sankhya)
  const items = async (operation: string, where: string, ...values: string[]) => {
    const fields = [
      'CODPROD',
      'QTDNEG',
      'CabecalhoNota_OBSERVACAO',
      'CabecalhoNota_CODEMP',
      'CabecalhoNota_DTENTSAI',
    ]
    return load(sankhya, token, 'ItemNota', fields, {
      where: `CabecalhoNota.CODTIPOPER = ? AND CabecalhoNota.STATUSNOTA = 'L'${where}`,
      values: [operation, ...values],
    })
  }
  const ordered = await items(
    sankhya.orderOperation,
    " AND CabecalhoNota.OBSERVACAO LIKE 'cd4ml %'",
  )
  const since = (await firstDay(sankhya.exchange)).split('-').reverse().join('/')
  const received = await items(sankhya.purchaseOperation, ' AND CabecalhoNota.DTENTSAI >= ?', since)
  const storeOf = (company: string) =>
    Object.entries(sankhya.companies).find(([, code]) => code === company)?.[0] ?? ''
  await putDecisions(
    sankhya.exchange,
    'sankhya-decisions.csv',
    ordered.map((row): AdvisedOrder => {
      const [, day, ...store] = row.CabecalhoNota_OBSERVACAO.split(' ')
      return { product: row.CODPROD, store: store.join(' '), day, units: Number(row.QTDNEG) }
    }),
  )
  await putReceipts(
    sankhya.exchange,
    'sankhya-receipts.csv',
    received.map((row): AdvisedOrder => {
      const day = row.CabecalhoNota_DTENTSAI.slice(0, 10).split('/').reverse().join('-')
      const store = storeOf(row.CabecalhoNota_CODEMP)
      return { product: row.CODPROD, store, day, units: Number(row.QTDNEG) }
    }),
  )
}

async function tokenOf({ url, clientId, clientSecret, xToken, pause }: Sankhya): Promise<string> {
  const body = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: 'client_credentials',
  })
  const init = { method: 'POST', headers: { 'x-token': xToken }, body }
  return (await askedJson<{ access_token: string }>(`${url}/authenticate`, init, pause))
    .access_token
}

type Loaded = {
  status: string
  statusMessage?: string
  responseBody?: {
    entities: {
      hasMoreResult: string
      entity?: Record<string, { $?: string }> | Record<string, { $?: string }>[]
    }
  }
}

/** All records of an entity, page by page, by the names of the fields: `PATH_FIELD` of another entity. */
async function load(
  sankhya: Sankhya,
  token: string,
  entity: string,
  fields: string[],
  { where, values }: { where: string; values: string[] },
): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = []
  const paths = Map.groupBy(fields, (field) => (field.includes('_') ? field.split('_')[0] : ''))
  // The fields come back numbered, in the order in which the paths ask for them.
  const order = [...paths.values()].flat()
  for (let page = 0; ; page++) {
    const dataSet = {
      rootEntity: entity,
      includePresentationFields: 'N',
      tryJoinedFields: 'true',
      offsetPage: String(page),
      criteria: {
        expression: { $: where },
        parameter: values.map((value) => ({ $: value, type: typeOf(value) })),
      },
      entity: [...paths].map(([path, names]) => ({
        path,
        fieldset: {
          list: names.map((name) => name.slice(path === '' ? 0 : path.length + 1)).join(','),
        },
      })),
    }
    const [url, init] = request(sankhya, token, 'mge', 'CRUDServiceProvider.loadRecords', {
      dataSet,
    })
    const { status, statusMessage, responseBody } = await askedJson<Loaded>(
      url,
      init,
      sankhya.pause,
    )
    if (status !== '1' || !responseBody) throw new Error(`${entity}: ${statusMessage}`)
    const { entity: found = [], hasMoreResult } = responseBody.entities
    for (const record of [found].flat()) {
      rows.push(Object.fromEntries(order.map((name, i) => [name, record[`f${i}`]?.$ ?? ''])))
    }
    if (hasMoreResult !== 'true') return rows
  }
}

/** The gateway answers 200 where it refuses, too, and says so inside. */
async function accepted(answering: Promise<Response>): Promise<Response> {
  const answer = await answering
  if (!answer.ok) return answer
  const said = (await answer.clone().json()) as { status: string; statusMessage?: string }
  return said.status === '1' ? answer : new Response(said.statusMessage, { status: 422 })
}

function request({ url }: Sankhya, token: string, module: string, service: string, body: object) {
  const address = `${url}/gateway/v1/${module}/service.sbr?serviceName=${service}&outputType=json`
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const text = JSON.stringify({ serviceName: service, requestBody: body })
  const init: RequestInit = { method: 'POST', headers, body: text }
  return [address, init] as const
}

function typeOf(value: string): 'I' | 'D' | 'S' {
  return /^\d+$/.test(value) ? 'I' : /^\d\d\/\d\d\/\d{4}$/.test(value) ? 'D' : 'S'
}

function cells(values: Record<string, string>): Record<string, { $?: string }> {
  return Object.fromEntries(
    Object.entries(values).map(([name, $]) => [name, $ === '' ? {} : { $ }]),
  )
}

if (import.meta.main) {
  const sankhya: Sankhya = {
    url: setting('SANKHYA_URL'),
    clientId: setting('SANKHYA_CLIENT_ID'),
    clientSecret: setting('SANKHYA_CLIENT_SECRET'),
    xToken: setting('SANKHYA_X_TOKEN'),
    companies: JSON.parse(setting('SANKHYA_COMPANIES')),
    orderOperation: setting('SANKHYA_ORDER_OPERATION'),
    purchaseOperation: setting('SANKHYA_PURCHASE_OPERATION'),
    terms: setting('SANKHYA_TERMS'),
    exchange: setting('CD4ML_EXCHANGE'),
    pause: patiently,
  }
  if (process.argv[2] === 'send') console.log((await sendToSankhya(sankhya)).join('\n'))
  else if (process.argv[2] === 'bring') await bringFromSankhya(sankhya)
  else throw new Error('node integrations/sankhya.ts send | bring')
}
