import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import Fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { connectionLimits } from '../../../src/service/access/connection-limits.ts'

it('gives every client an end: to the head, to the whole request, to a connection that rests', () => {
  const { server } = Fastify(connectionLimits())
  expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000, timeout: 60_000 })
})

it.each([
  ['sends its head a byte at a time', 'GET / HTTP/1.1\r\nHo', 408, 'did not arrive in time'],
  [
    'says that a body comes, and sends none',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n',
    408,
    'did not arrive in time',
  ],
  ['sends no HTTP', '\x16\x03\x01\x02\x00', 400, 'no HTTP that can be read'],
  [
    'says twice how long a body is',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    400,
    'no HTTP that can be read',
  ],
  [
    'sends more of a head than anybody needs',
    `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'a'.repeat(20_000)}\r\n\r\n`,
    431,
    'headers are too large',
  ],
])(
  'tells a client that %s what was wrong, and ends the connection',
  async (_, sent, status, said) => {
    const { http, ...limits } = connectionLimits()
    const app = Fastify({
      ...limits,
      requestTimeout: 60,
      http: { ...http, headersTimeout: 50, connectionsCheckingInterval: 10 },
    })
    app.post('/', async () => 'read')
    await app.listen({ host: '127.0.0.1', port: 0 })
    onTestFinished(() => app.close())
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(sent)
    const answer = await text(socket)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain('Content-Type: application/problem+json')
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({
      status,
      detail: expect.stringContaining(said),
    })
  },
)

it('believes nobody where they come from, but the proxies that are named', async () => {
  const claimed = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' }
  for (const [trusted, sees] of [
    [undefined, '127.0.0.1 http'],
    ['10.0.0.1', '127.0.0.1 http'],
    ['127.0.0.1', '203.0.113.7 https'],
  ]) {
    const app = Fastify(connectionLimits(trusted))
    app.get('/', async ({ ip, protocol }) => `${ip} ${protocol}`)
    const { body } = await app.inject({ url: '/', headers: claimed })
    expect(body).toBe(sees)
    await app.close()
  }
})
