import { beforeAll, expect, it } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { connection, NEXT_DAY, running, shopInProduction } from './serving.ts'

let project: string
beforeAll(async () => {
  project = await shopInProduction()
})

const question = { product: 'P1', from: isoFromDay(NEXT_DAY), to: isoFromDay(NEXT_DAY + 6) }

it('logs a whole day of a shop without a token, a cookie, a code of a login, a name or a note', async () => {
  const service = await running(project)
  const token = await service.token(['read', 'decide'])
  const asking = { authorization: `Bearer ${token}` }
  const note = 'Festa junina na escola da Conceição'
  const forecast = await service.ask('/v1/forecasts', { body: question })
  const { id } = (await forecast.json()).answers[0]
  const decided = { of: id, decision: 'changed', quantity: 7, reason: 'event', note }
  const asked: [path: string, Parameters<typeof service.ask>[1]][] = [
    ['/v1/decisions', { body: decided, headers: asking }],
    ['/v1/decisions', { body: { ...decided, quantity: -1 } }],
    ['/v1/decisions', { body: `{"note": "${note}"` }],
    ['/v1/decisions', { body: `note\n"${note}`, headers: { 'content-type': 'text/csv' } }],
    ['/v1/forecasts', { body: { ...question, [note]: note } }],
    [`/v1/forecasts?note=${encodeURIComponent(note)}`, { body: question }],
    [`/${encodeURIComponent(note)}`, {}],
    ['/v1/products', { headers: { authorization: `Bearer wrong-${token}` } }],
    ['/v1/products', { headers: { authorization: '', cookie: `session=wrong-${token}` } }],
    ['/orders', { headers: { cookie: `session=wrong-${token}`, 'x-request-id': note } }],
  ]
  const statuses = []
  for (const [path, options] of asked) statuses.push((await service.ask(path, options)).status)
  expect(statuses.slice(0, 4)).toEqual([200, 422, 400, 400])

  const code = new URL(service.loginLink).searchParams.get('code')!
  expect((await fetch(service.loginLink)).status).toBe(200)
  const login = await fetch(new URL('/login', service.address), {
    method: 'POST',
    body: new URLSearchParams({ code }),
    redirect: 'manual',
  })
  const [session] = login.headers.getSetCookie().map((cookie) => /=([^;]+)/.exec(cookie)![1])
  await fetch(service.address, { headers: { cookie: login.headers.getSetCookie().join('; ') } })

  const log = service.lines.join('')
  expect(log.length).toBeGreaterThan(1000)
  for (const secret of [token, token.slice(12), code, session, 'Conceição', 'festa', 'escola']) {
    expect(log.toLowerCase(), secret).not.toContain(secret.toLowerCase())
  }
})

it('counts for Prometheus what was asked on every route, and what was recorded', async () => {
  const service = await running(project)
  const { answers } = await (await service.ask('/v1/forecasts', { body: [question, {}] })).json()
  const decided = { of: answers[0].id, decision: 'followed' }
  for (let i = 0; i < 3; i++) {
    await service.ask('/v1/decisions', { body: decided, headers: { 'idempotency-key': 'k' } })
  }
  const measured = await service.ask('/metrics')
  const text = await measured.text()
  expect(text).toContain(
    'cd4ml_http_request_duration_seconds_count{method="POST",route="/v1/decisions",status="200"} 3',
  )
  expect(text).toContain('cd4ml_events_recorded_total{type="forecast"} 1')
  expect(text).toContain('cd4ml_events_recorded_total{type="decision"} 1')
  expect(measured.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  const unknown = await service.ask('/metrics', { headers: { authorization: '' } })
  expect(unknown.status).toBe(401)
})

it('answers what it has accepted when it is asked to end, and what it said is in the ledger', async () => {
  const service = await running(project)
  const token = await service.token(['read'])
  const body = JSON.stringify(Array.from({ length: 2000 }, () => question))
  const client = await connection(service.address)
  client.socket.write(
    `POST /v1/forecasts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 1000)}`,
  )
  // It is known to have begun once another connection is answered.
  await service.ask('/v1/products')
  const closed = service.close()
  client.socket.write(body.slice(1000))
  const answer = await client.rest()
  expect(answer).toMatch(/^HTTP\/1.1 200 /)
  await closed
  expect(await service.recorded()).toHaveLength(2000)
})
