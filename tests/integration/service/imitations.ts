import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type Asked = {
  method: string
  path: string
  headers: IncomingMessage['headers']
  text: string
}
export type Answered = { status?: number; body: unknown }

/**
 * A server that answers as another system would. `failing` says of the next requests what goes wrong:
 * `before` they are done, or `after`, when only the answer is lost.
 */
export async function imitation(answer: (asked: Asked) => Answered) {
  const failing: ('before' | 'after' | 'no')[] = []
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const { method = '', url = '', headers } = request
    const it = { method, path: decodeURIComponent(url.replaceAll('+', ' ')), headers, text }
    asked.push(it)
    const fails = failing.shift()
    if (fails === 'before') return send(response, { status: 503, body: 'busy' })
    const answered = answer(it)
    if (fails === 'after') return void request.socket.destroy()
    send(response, answered)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked, failing }
}

function send(response: ServerResponse, { status = 200, body }: Answered): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

type Row = Record<string, unknown>

/** Odoo's models as far as the recipe asks for them: domains of `=`, `in` and `=like`. */
export function odooModels(tables: Record<string, Row[]>) {
  const value = (row: Row, field: string) => {
    const it = row[field]
    return Array.isArray(it) && typeof it[1] === 'string' ? it[0] : it
  }
  return ({ headers, path, text }: Asked): Answered => {
    if (headers.authorization !== 'bearer KEY') {
      return { status: 401, body: { name: 'werkzeug.exceptions.Unauthorized' } }
    }
    const [, , , model, method] = path.split('/')
    const body = JSON.parse(text)
    const rows = tables[model]
    if (method === 'create') {
      const ids = body.vals_list.map((values: Row) => {
        const id = 100 + rows.length
        const { order_line: lines = [], ...rest } = values
        rows.push({ ...rest, id, state: 'draft', partner_id: [rest.partner_id, 'supplier'] })
        for (const [, , line] of lines as [0, 0, Row][]) {
          const of = tables['purchase.order.line']
          of.push({
            ...line,
            id: 500 + of.length,
            order_id: [id, 'P'],
            product_id: [line.product_id, 'p'],
          })
        }
        return id
      })
      return { body: ids }
    }
    const fits = (row: Row) =>
      body.domain.every(([field, operator, wanted]: [string, string, unknown]) => {
        const is = value(row, field)
        if (operator === 'in') return (wanted as unknown[]).includes(is)
        if (operator === '=like') return String(is).startsWith(String(wanted).replace('%', ''))
        return is === wanted
      })
    return {
      body: rows
        .filter(fits)
        .map((row) => Object.fromEntries(['id', ...body.fields].map((name) => [name, row[name]]))),
    }
  }
}

/** The gateway of Sankhya: a token for an hour, records a page at a time, notes. */
export function sankhyaGateway(tables: Record<string, Record<string, string>[]>) {
  return ({ headers, path, text }: Asked): Answered => {
    if (path === '/authenticate') {
      const form = new URLSearchParams(text)
      const isKnown = form.get('client_secret') === 'SECRET' && headers['x-token'] === 'XTOKEN'
      return isKnown && form.get('grant_type') === 'client_credentials'
        ? { body: { access_token: 'JWT', expires_in: 3600 } }
        : { status: 401, body: { error: 'invalid_client' } }
    }
    if (headers.authorization !== 'Bearer JWT') return { status: 401, body: {} }
    const { serviceName, requestBody } = JSON.parse(text)
    if (serviceName === 'CACSP.incluirNota') {
      const { cabecalho, itens } = requestBody.nota
      if (cabecalho.CODEMP?.$ === undefined) {
        return { body: { serviceName, status: '0', statusMessage: 'Empresa não informada' } }
      }
      const NUNOTA = String(9000 + tables.CabecalhoNota.length)
      const header = { ...plain(cabecalho), NUNOTA, STATUSNOTA: 'A' }
      tables.CabecalhoNota.push(header)
      for (const item of itens.item) tables.ItemNota.push({ ...plain(item), NUNOTA })
      return { body: { serviceName, status: '1', responseBody: { pk: { NUNOTA: { $: NUNOTA } } } } }
    }
    const { rootEntity, criteria, entity, offsetPage } = requestBody.dataSet
    const values = criteria.parameter.map(({ $ }: { $: string }) => $)
    const rows = tables[rootEntity]
      .map((row) => {
        const header = tables.CabecalhoNota.find(({ NUNOTA }) => NUNOTA === row.NUNOTA) ?? {}
        const joined = Object.entries(header).map(([name, it]) => [`CabecalhoNota.${name}`, it])
        return { ...row, ...Object.fromEntries(joined) } as Record<string, string>
      })
      .filter((row) => holds(criteria.expression.$, [...values], row))
    const fields = entity.flatMap(
      ({ path, fieldset }: { path: string; fieldset: { list: string } }) =>
        fieldset.list.split(',').map((name) => (path ? `${path}.${name}` : name)),
    )
    const record = (row: Record<string, string>) =>
      Object.fromEntries(fields.map((name: string, i: number) => [`f${i}`, { $: row[name] }]))
    const page = rows.slice(2 * Number(offsetPage), 2 * Number(offsetPage) + 2).map(record)
    const hasMoreResult = String(rows.length > 2 * Number(offsetPage) + 2)
    return {
      body: {
        serviceName,
        status: '1',
        responseBody: { entities: { hasMoreResult, entity: page.length === 1 ? page[0] : page } },
      },
    }
  }
}

function plain(cells: Record<string, { $?: string }>): Record<string, string> {
  return Object.fromEntries(Object.entries(cells).map(([name, { $ = '' }]) => [name, $]))
}

/** Conditions joined by AND: `FIELD = ?`, `FIELD >= ?`, `FIELD = 'x'`, `FIELD LIKE 'x%'`, `FIELD IN ('x')`. */
function holds(expression: string, values: string[], row: Record<string, string>): boolean {
  return expression.split(' AND ').every((condition) => {
    const [, field, operator, literal] = /^(\S+) (=|>=|<>|LIKE|IN) (.+)$/.exec(condition) ?? []
    const is = row[field.replace(/^this\./, '')] ?? ''
    const wanted = literal === '?' ? String(values.shift()) : literal.replace(/^'|'$/g, '')
    const sortable = (text: string) => text.slice(0, 10).split('/').reverse().join('')
    if (operator === 'LIKE') return is.startsWith(wanted.replace('%', ''))
    if (operator === 'IN') return literal.includes(`'${is}'`)
    if (operator === '<>') return is !== wanted.trim()
    return operator === '=' ? is === wanted : sortable(is) >= sortable(wanted)
  })
}

/** A REST service of Protheus: its models, and its generic query over tables. */
export function protheusRest(tables: Record<string, Record<string, string>[]>) {
  return ({ headers, method, path, text }: Asked): Answered => {
    const basic = `Basic ${Buffer.from('user:password').toString('base64')}`
    if (headers.authorization !== basic) return { status: 401, body: { errorCode: 401 } }
    if (headers.tenantid !== '01,0101') return { status: 403, body: { errorCode: 403 } }
    if (method === 'POST') {
      const { operation, models } = JSON.parse(text)
      const [{ fields, models: parts }] = models
      if (path !== '/rest/fwmodel/MATA110' || operation !== 3) return { status: 400, body: {} }
      for (const { fields: item } of parts[0].items) {
        tables.SC1.push({ ...named(fields), ...named(item), C1_NUM: '000001', C1_APROV: 'B' })
      }
      return { status: 201, body: {} }
    }
    const query = new URL(path, 'http://protheus').searchParams
    const where = (query.get('where') ?? '').replace(/^\w+\.D_E_L_E_T_ = ' ' AND /, '')
    const rows = tables[query.get('tables') ?? ''].filter((row) => holds(where, [], row))
    const page = Number(query.get('page'))
    const columns = (query.get('fields') ?? '').split(',')
    const items = rows
      .slice(2 * page - 2, 2 * page)
      .map((row) =>
        Object.fromEntries(columns.map((name) => [name.toLowerCase(), `${row[name]} `])),
      )
    return { body: { items, hasNext: rows.length > 2 * page } }
  }
}

function named(fields: { id: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ id, value }) => [id, value]))
}
