import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createToken } from '../../../src/service/access/tokens.ts'
import { scopes } from '../../../src/service/http/identity.ts'
import { REPOSITORY } from '../../project.ts'
import { temporaryFolder } from '../../repository.ts'
import { type ServiceClient, serviceClient } from '../../service-client.ts'
import { serviceParts } from './service-parts.ts'

const now = () => new Date('2026-11-27T12:00:00Z')

let client: ServiceClient
const open: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  const ledger = `sqlite:${join(await temporaryFolder(), 'ledger.sqlite')}`
  const { app, engine, log, database } = await serviceParts({ project: REPOSITORY, ledger, now })
  open.push(
    () => app.close(),
    () => engine.close(),
    () => log.close(),
  )
  const { secret } = await createToken(database, { name: 'shop', scopes, now: now() })
  client = await serviceClient(app, secret)
}, 60_000)

afterAll(async () => {
  for (const close of open) await close()
})

const month = { product: '1016', month: '2027-01' }

describe('a system that asks for forecasts', () => {
  it('gets each with its id, quantiles, intervals, and what it rests on', async () => {
    const { statusCode, data } = await client.post('/v1/forecasts', month)
    expect(statusCode).toBe(200)
    const [made] = data.answers
    expect(made).toMatchObject({ index: 0, status: 200, product: '1016', from: '2027-01-01' })
    expect(made.interval80).toEqual([made.quantiles['0.1'], made.quantiles['0.9']])
    expect(made.interval95).toEqual([made.quantiles['0.025'], made.quantiles['0.975']])
    expect(made.evaluatedUntil < '2027-01-31').toBe(true)
  })

  it('finds in the ledger what it was answered, by its id', async () => {
    const [made] = (await client.post('/v1/forecasts', month)).data.answers
    const { data } = await client.get(`/v1/forecasts/${made.id}`)
    expect(data).toMatchObject({
      id: made.id,
      time: now().toISOString(),
      mean: made.mean,
      quantiles: Object.values(made.quantiles),
      baseline: made.baseline,
      basis: { version: made.version, model: made.model, data: made.data },
    })
  })

  it('has what is wrong with one question answered at its place, and the others all the same', async () => {
    const { statusCode, data } = await client.post('/v1/forecasts', [
      month,
      { product: 'nothing', month: '2027-01' },
      { ...month, month: 'May' },
      null,
      { ...month, price: 2 },
      month,
    ])
    expect(statusCode).toBe(200)
    expect(data.answers.map(({ status }: { status: number }) => status)).toEqual([
      200, 422, 422, 422, 422, 200,
    ])
    expect(data.answers.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    expect(data.answers[1].errors).toMatchObject([{ field: '/product', came: '"nothing"' }])
    expect(data.answers[4].errors).toMatchObject([{ field: '/price' }])
  })

  it('gets a problem for a single question that is wrong', async () => {
    const answer = await client.post('/v1/forecasts', { product: '1016', month: '2020-01' })
    expect(answer.statusCode).toBe(422)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.data).toMatchObject({
      title: 'Unprocessable Entity',
      status: 422,
      errors: [{ field: '/month', came: '2020-01' }],
    })
  })

  it('learns from the model in production what it can ask', async () => {
    const { data } = await client.get('/v1/inputs')
    expect(data).toMatchObject({ type: 'object', required: ['product'] })
  })
})

describe('a system that asks what to order', () => {
  it('gets the order with its reason in its language, its expected cost and what others would cost', async () => {
    const [made] = (await client.post('/v1/orders', { product: '1016' })).data.answers
    expect(made).toMatchObject({ status: 200, product: '1016', packs: expect.any(Number) })
    expect(made.reason).toMatch(/^Order/)
    const costs = made.alternatives.map(({ cost }: { cost: number }) => cost)
    expect(Math.min(...costs)).toBeCloseTo(made.expectedCost, 6)
    for (const [url, headers] of [
      ['/v1/orders?language=pt-BR', {}],
      ['/v1/orders', { 'accept-language': 'de, pt;q=0.9, en;q=0.5' }],
    ] as const) {
      const answer = await client.post(url, { product: '1016' }, headers)
      expect(answer.data.answers[0].reason).toMatch(/^(Pedir|Peça)/)
    }
  })

  it('gets all of them without a question, and each is one event however often it is asked for', async () => {
    const all = async () =>
      (await client.ask({ method: 'POST', url: '/v1/orders' })).data.answers.map(
        ({ id }: { id: string }) => id,
      )
    const ids = await all()
    expect(ids.length).toBeGreaterThan(50)
    expect(await all()).toEqual(ids)
    const stored = await client.get(`/v1/orders/${ids[0]}`)
    expect(stored.data).toMatchObject({ id: ids[0], outcome: expect.any(String) })
  })
})

describe('a buyer’s decision', () => {
  const order = async (product: string) =>
    (await client.post('/v1/orders', { product })).data.answers[0]

  it('is recorded on the order, and found by the product and by the order', async () => {
    const { id, units } = await order('1020')
    const said = { of: id, decision: 'changed', quantity: units + 5, reason: 'event' }
    const { data } = await client.post('/v1/decisions', said)
    expect(data.answers[0]).toMatchObject({ status: 200, of: { id, type: 'order' } })
    const decided = data.answers[0].id
    for (const query of ['product=1020', `of=${id}`, 'since=2026-11-27T00:00:00.000Z']) {
      const found = await client.get(`/v1/decisions?${query}`)
      expect(found.data.decisions.map(({ id }: { id: string }) => id)).toContain(decided)
    }
    for (const query of ['product=1016', 'store=1', 'product=1020&store=1']) {
      expect((await client.get(`/v1/decisions?${query}`)).data.decisions, query).toEqual([])
    }
  })

  it('on what was decided already is refused with the event, and taken as its correction', async () => {
    const { id } = await order('1025')
    const first = (await client.post('/v1/decisions', { of: id, decision: 'none' })).data.answers[0]
    const again = await client.post('/v1/decisions', { of: id, decision: 'followed' })
    expect(again.statusCode).toBe(409)
    expect(again.data.errors[0].expected).toContain(first.id)
    const corrected = { of: id, decision: 'followed', supersedes: first.id }
    expect((await client.post('/v1/decisions', corrected)).statusCode).toBe(200)
    const { decisions } = (await client.get(`/v1/decisions?of=${id}`)).data
    expect(decisions).toMatchObject([{ decision: 'followed', supersedes: first.id }])
  })

  it('keeps its note out of what anybody reads here', async () => {
    const { id, units } = await order('1030')
    const said = { of: id, decision: 'changed', quantity: units + 1, reason: 'other' }
    await client.post('/v1/decisions', { ...said, note: 'Dona Maria asked' })
    for (const url of ['/v1/decisions', '/v1/events?limit=10000', '/v1/decisions?format=csv']) {
      expect((await client.get(url)).body).not.toContain('Maria')
    }
  })
})

describe('what sold', () => {
  const sold = { product: '1016', from: '2026-11-01', to: '2026-11-07', units: 12 }

  it('is recorded once, and corrected by who says so', async () => {
    const first = (await client.post('/v1/actuals', sold)).data.answers[0]
    expect(first).toMatchObject({ status: 200, units: 12, source: { from: 'report' } })
    expect((await client.post('/v1/actuals', sold)).statusCode).toBe(409)
    const correction = { ...sold, units: 14, supersedes: first.id }
    expect((await client.post('/v1/actuals', correction)).statusCode).toBe(200)
    const { actuals } = (await client.get('/v1/actuals?product=1016')).data
    expect(actuals).toMatchObject([{ units: 14 }])
  })

  it.each([
    ['of a product that is not sold here', { product: '9999' }, '/product'],
    ['on days that are not over', { to: '2027-01-01' }, '/to'],
    ['on days that run backward', { to: '2026-10-01' }, '/to'],
    [
      'in place of a decision',
      { supersedes: '01a21d33-1194-7366-99b9-6dffd3084f3c' },
      '/supersedes',
    ],
    ['as a text', { units: '12' }, '/units'],
    ['of less than nothing', { units: -1 }, '/units'],
    ['in a store, where there is one only', { store: '1' }, '/store'],
    ['with more days without stock than days', { censoredDays: 8 }, '/censoredDays'],
  ])('%s is refused', async (_, wrong, field) => {
    const answer = await client.post('/v1/actuals', { ...sold, ...wrong })
    expect(answer.statusCode).toBe(422)
    expect(answer.data.errors).toMatchObject([{ field }])
  })
})

describe('a request that is sent again', () => {
  const key = () => ({ 'idempotency-key': randomUUID() })
  const count = async () => (await client.get('/v1/events?limit=10000')).body.split('\n').length

  it('under the same key gives the same bytes, and nothing is recorded twice', async () => {
    const headers = key()
    const first = await client.post('/v1/forecasts', [month, { product: 'x' }], headers)
    const before = await count()
    const again = await client.post('/v1/forecasts', [month, { product: 'x' }], headers)
    expect(again.body).toBe(first.body)
    expect(again.headers['content-type']).toBe(first.headers['content-type'])
    expect(await count()).toBe(before)
  })

  it('with another address, body, language or format under the same key is refused', async () => {
    const headers = key()
    await client.post('/v1/orders', { product: '1016' }, headers)
    for (const answer of [
      await client.post('/v1/forecasts', { product: '1016' }, headers),
      await client.post('/v1/orders', { product: '1020' }, headers),
      await client.post('/v1/orders?language=pt-BR', { product: '1016' }, headers),
      await client.post('/v1/orders', { product: '1016' }, { ...headers, accept: 'text/csv' }),
    ]) {
      expect(answer.statusCode).toBe(422)
      expect(answer.data.detail).toContain('Idempotency-Key')
    }
  })

  it('five times at once is answered five times by one event', async () => {
    const headers = key()
    const before = await count()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => client.post('/v1/forecasts', month, headers)),
    )
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(await count()).toBe(before + 1)
  })

  it('after a refusal is refused again, and its key is used', async () => {
    const headers = key()
    const refused = await client.post('/v1/forecasts', { product: 'x', month: '2027-01' }, headers)
    expect(refused.statusCode).toBe(422)
    const again = await client.post('/v1/forecasts', { product: 'x', month: '2027-01' }, headers)
    expect(again.body).toBe(refused.body)
    const corrected = await client.post('/v1/forecasts', month, headers)
    expect(corrected.data.detail).toContain('Idempotency-Key')
  })

  it('after a conflict gives the conflict again', async () => {
    const [{ id }] = (await client.post('/v1/orders', { product: '1048' })).data.answers
    const headers = key()
    const said = { of: id, decision: 'none' }
    expect((await client.post('/v1/decisions', said, headers)).statusCode).toBe(200)
    expect((await client.post('/v1/decisions', said, headers)).statusCode).toBe(200)
    const other = key()
    const refused = await client.post('/v1/decisions', said, other)
    expect(refused.statusCode).toBe(409)
    expect((await client.post('/v1/decisions', said, other)).body).toBe(refused.body)
  })

  it.each(['', 'with space', 'é', 'x'.repeat(201)])('has a key, and %j is none', async (text) => {
    const answer = await client.post('/v1/forecasts', month, { 'idempotency-key': text })
    expect(answer.statusCode).toBe(400)
    expect(answer.data.errors).toMatchObject([{ field: '/idempotency-key' }])
  })
})

describe('CSV on the same addresses', () => {
  const csv = (url: string, text: string, headers: Record<string, string> = {}) =>
    client.post(url, text, { 'content-type': 'text/csv', ...headers })

  it('is answered as JSON with the line of each record, or as CSV as it came', async () => {
    const text = 'product;month\r\n1016;2027-01\r\n\r\nnothing;2027-01\r\n'
    const { data } = await csv('/v1/forecasts', text)
    expect(data.answers).toMatchObject([
      { line: 2, status: 200 },
      { line: 4, index: 1, status: 422, errors: [{ field: '/product' }] },
    ])
    const { body, headers } = await csv('/v1/forecasts', text, { accept: 'text/csv' })
    expect(headers['content-type']).toContain('text/csv')
    const [header, first, second] = body.split('\n').map((line) => line.split(';'))
    expect(header.slice(0, 5)).toEqual(['index', 'line', 'status', 'id', 'product'])
    expect(first[header.indexOf('mean')]).toMatch(/^\d+,\d+$/)
    expect(second.at(-1)).toContain('product must be')
  })

  it.each([
    ['text/csv', 'product,month\nCafé,2027-01\n'],
    ['application/json', '[{"product":"Café","month":"2027-01"}]'],
  ])('is read in the characters that an old system writes, as %s', async (type, text) => {
    const sent = (charset: string) =>
      client.ask({
        method: 'POST',
        url: '/v1/forecasts',
        payload: Buffer.from(text, 'latin1'),
        headers: { 'content-type': type + charset },
      })
    for (const name of ['iso-8859-1', 'latin1', '"Windows-1252"']) {
      const answer = await sent(`; charset=${name}`)
      expect(answer.data.answers[0].errors[0].came).toBe('"Café"')
    }
    expect((await sent('')).statusCode).toBe(400)
    expect((await sent('; charset=utf8')).statusCode).toBe(400)
    for (const name of ['utf-16', 'constructor']) {
      expect((await sent(`; charset=${name}`)).statusCode).toBe(415)
    }
  })

  it('is given of lists, also as Excel in Brazil opens it', async () => {
    const { body } = await client.get('/v1/products', { accept: 'text/csv' })
    expect(body).toMatch(/^product,store,name,category\n/)
    const excel = await client.get('/v1/products?format=excel')
    expect(excel.body).toMatch(/^\uFEFFproduct;store;name;category\n/)
  })

  it('takes decisions from a spreadsheet with decimal commas, each line by itself', async () => {
    const [order] = (await client.post('/v1/orders', { product: '1049' })).data.answers
    const { data } = await csv(
      '/v1/decisions',
      `of;decision;quantity;reason\n${order.id};changed;12,5;event\n${order.id};changed;1.500;event\n`,
    )
    expect(data.answers).toMatchObject([
      { status: 200, quantity: 12.5 },
      // The first line tells that commas part decimals.
      { status: 409, line: 3 },
    ])
  })
})

describe('what cannot be understood', () => {
  it.each([
    ['no JSON', '{', {}, 400],
    ['nothing', '', {}, 400],
    ['an empty list', '[]', {}, 400],
    ['a key twice', '{"product": "1016", "month": "2027-01", "month": "2027-02"}', {}, 400],
    ['what is compressed', 'x', { 'content-encoding': 'gzip' }, 415],
    ['another prototype', '{"__proto__": {"product": "1016"}}', {}, 400],
    ['XML', '<a/>', { 'content-type': 'application/xml' }, 415],
    ['no text', 'x', { 'content-type': 'text/csv; charset=utf-16' }, 415],
    ['a form', 'product=1016', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['who wants a picture', '{}', { accept: 'image/png' }, 406],
    ['columns of something else', 'sku\n1\n', { 'content-type': 'text/csv' }, 400],
    ['a column twice', 'product,product\n1,2\n', { 'content-type': 'text/csv' }, 400],
    ['an open quotation', 'product\n"1\n', { 'content-type': 'text/csv' }, 400],
    ['only a header', 'product\n', { 'content-type': 'text/csv' }, 400],
    ['too many records', JSON.stringify(Array(10_001).fill(0)), {}, 413],
    ['too much', ' '.repeat(9 * 1024 ** 2), {}, 413],
  ])('%s is refused as a problem', async (_, body, headers, status) => {
    const answer = await client.post('/v1/forecasts', body, headers)
    expect(answer.statusCode).toBe(status)
    expect(answer.data).toMatchObject({ status, instance: expect.stringMatching(/^urn:/) })
    expect(answer.data.detail).not.toContain('FST_')
  })

  it('is a number in an address that is none, or a moment, or an id', async () => {
    for (const [url, field] of [
      ['/v1/decisions?limit=x', '/limit'],
      ['/v1/decisions?limit=0', '/limit'],
      ['/v1/decisions?limit=Infinity', '/limit'],
      ['/v1/events?limit=-1e999', '/limit'],
      ['/v1/decisions?since=yesterday', '/since'],
      ['/v1/decisions?whatever=1', '/whatever'],
      ['/v1/forecasts/1', '/id'],
    ]) {
      const { statusCode, data } = await client.get(url)
      expect(statusCode, url).toBe(400)
      expect(data.errors, url).toMatchObject([{ field }])
    }
    expect((await client.get('/v1/events?after=never')).statusCode).toBe(400)
  })

  it('is an address that is not there, or a method that it does not know', async () => {
    expect((await client.get('/v1/nothing')).statusCode).toBe(404)
    expect((await client.get('/v1/%zz')).statusCode).toBe(400)
    const id = '01a21d33-1194-7366-99b9-6dffd3084f3c'
    expect((await client.get(`/v1/orders/${id}`)).statusCode).toBe(404)
    const put = await client.ask({ method: 'PUT', url: '/v1/orders', payload: '<', headers: {} })
    expect(put.statusCode).toBe(405)
    expect(put.headers.allow).toContain('POST')
  })
})

describe('lists', () => {
  it('of products, stores, reasons and versions say what there is', async () => {
    const { products } = (await client.get('/v1/products')).data
    expect(products).toContainEqual(
      expect.objectContaining({ product: '1016', name: 'Leite desnatado' }),
    )
    expect((await client.get('/v1/stores')).data).toEqual({ stores: [] })
    const { reasons } = (await client.get('/v1/reasons')).data
    expect(reasons.map(({ id }: { id: string }) => id)).toContain('event')
    const { current, history } = (await client.get('/v1/versions')).data
    expect(current.version).toBeGreaterThanOrEqual(1)
    expect(history).toEqual([])
  })

  it('of events go on where the last one ended', async () => {
    const first = await client.get('/v1/events?limit=2')
    const cursor = String(first.headers['next-cursor'])
    const second = await client.get(`/v1/events?limit=2&after=${encodeURIComponent(cursor)}`)
    const lines = [first, second].flatMap(({ body }) => body.trim().split('\n'))
    expect(new Set(lines.map((line) => JSON.parse(line).id)).size).toBe(4)
  })
})

it('cannot be confused by what people write', async () => {
  for (const text of NAUGHTY) {
    const asked = [
      { product: text, month: '2027-01' },
      { product: '1016', month: text },
    ]
    const { statusCode, data } = await client.post('/v1/forecasts', asked)
    expect(statusCode).toBe(200)
    expect(data.answers.map(({ status }: { status: number }) => status)).toEqual([422, 422])
    const inAddress = encodeURIComponent(text.toWellFormed())
    await client.get(`/v1/decisions?product=${inAddress}`)
    await client.get(`/v1/orders/${inAddress}`)
    await client.post('/v1/actuals', { product: text, from: text, to: text, units: 1 })
    const { data: csv } = await client.post(
      '/v1/forecasts',
      `product,month\n"${text.replaceAll('"', '""')}",2027-01\n`,
      { 'content-type': 'text/csv' },
    )
    expect(csv.answers?.[0]?.status ?? 400).toBeGreaterThanOrEqual(400)
  }
})

describe('the document of the service', () => {
  type Operation = {
    operationId: string
    parameters?: { name: string; in: string; required?: boolean; schema: object }[]
    requestBody?: { content: Record<string, { schema: object }> }
    responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
  }
  const read = async () => (await client.get('/openapi.json')).data
  const operationsOf = (document: { paths: Record<string, Record<string, Operation>> }) =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, ...operation })),
    )

  it('says by which version of OpenAPI to read it, and names every operation once', async () => {
    const document = await read()
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'cd4ml', version: '0.1.0' } })
    const ids = operationsOf(document).map(({ operationId }) => operationId)
    expect(ids.length).toBeGreaterThan(13)
    expect(ids).not.toContain(undefined)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('declares what stands in every address, and describes every answer', async () => {
    for (const { path, parameters = [], responses } of operationsOf(await read())) {
      const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name)
      const declared = parameters.filter((it) => it.in === 'path' && it.required)
      expect(declared.map(({ name }) => name)).toEqual(inPath)
      expect(Object.keys(responses)).toContain('200')
      for (const { description } of Object.values(responses)) expect(description).not.toBe('')
    }
  })

  it('has schemas that are JSON Schema 2020-12, and references that lead somewhere', async () => {
    const document = await read()
    const ajv = new Ajv2020({ strict: false })
    const schemas = operationsOf(document).flatMap(({ parameters, requestBody, responses }) => [
      ...(parameters ?? []).map(({ schema }) => schema),
      ...[requestBody, ...Object.values(responses)].flatMap((it) =>
        Object.values(it?.content ?? {}).map(({ schema }) => schema),
      ),
    ])
    expect(schemas.length).toBeGreaterThan(100)
    for (const schema of [...schemas, ...Object.values<object>(document.components.schemas)]) {
      expect(ajv.validateSchema(schema), JSON.stringify(schema).slice(0, 300)).toBe(true)
    }
    for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)) {
      const known = Object.keys(document.components.schemas).map(
        (schema) => `#/components/schemas/${schema}`,
      )
      expect(known).toContain(name)
    }
  })
})

const NAUGHTY = [
  '',
  '__proto__',
  'constructor',
  "'; DROP TABLE events; --",
  '=HYPERLINK("http://x")',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '\u0000',
  '\u202Eabc',
  '\uD800',
  '😀'.repeat(300),
  'a\r\nb: c',
  '%00',
  'null',
  '1e999',
]
