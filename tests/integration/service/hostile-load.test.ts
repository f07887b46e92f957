import { beforeAll, expect, it } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import {
  type Connection,
  connection,
  NEXT_DAY,
  type RunningService,
  running,
  shopInProduction,
} from './serving.ts'

let project: string
beforeAll(async () => {
  project = await shopInProduction()
})

const question = { product: 'P1', from: isoFromDay(NEXT_DAY), to: isoFromDay(NEXT_DAY + 6) }

async function expectAnswered(service: RunningService): Promise<void> {
  const answer = await service.ask('/v1/forecasts', { body: question })
  expect(answer.status).toBe(200)
}

/** How many of 1,024 chunks of 1 MB a client could send before its connection was closed. */
async function megabytesSent({ socket, drained }: Connection): Promise<number> {
  const megabyte = `${(1024 ** 2).toString(16)}\r\n${' '.repeat(1024 ** 2)}\r\n`
  let sent = 0
  for (; sent < 1024 && socket.writable; sent++) {
    if (!socket.write(megabyte)) await drained()
  }
  return sent
}

it('refuses a body of 1 GB by what it is said to be, before any of it has come', async () => {
  const service = await running(project)
  const client = await connection(service.address)
  client.socket.write(
    `POST /v1/forecasts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${await service.token(['read'])}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${1024 ** 3}\r\n\r\n`,
  )
  expect(await client.rest()).toMatch(/^HTTP\/1.1 413 .*"title":"Payload Too Large"/s)
  await expectAnswered(service)
})

it('refuses a body of 1 GB that does not say how long it is after the first megabytes', async () => {
  const service = await running(project)
  const client = await connection(service.address)
  client.socket.write(
    `POST /v1/forecasts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${await service.token(['read'])}\r\n` +
      'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
  )
  const sent = await megabytesSent(client)
  expect(await client.rest()).toMatch(/^HTTP\/1.1 413 /)
  // What stands in the buffers of both ends comes on top of the limit.
  expect(sent).toBeLessThan(64)
  await expectAnswered(service)
})

it('does not read a body of 1 GB from whoever has no token', async () => {
  const service = await running(project)
  const client = await connection(service.address)
  client.socket.write(
    'POST /v1/forecasts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
  )
  expect(await megabytesSent(client)).toBeLessThan(64)
})

it('reads no more from whoever keeps sending bodies that are too large', async () => {
  const service = await running(project)
  const [stolen, own] = [await service.token(['read'], 'Ana'), await service.token(['read'])]
  const send = (token: string, body: string) =>
    service.ask('/v1/forecasts', { body, headers: { authorization: `Bearer ${token}` } })
  const statuses = []
  for (let i = 0; i < 25; i++) statuses.push((await send(stolen, ' '.repeat(9 << 20))).status)
  expect([statuses[0], statuses.at(-1)]).toEqual([413, 429])
  expect((await send(own, JSON.stringify(question))).status).toBe(200)
})

it.each([
  ['lists', '['.repeat(10_000) + ']'.repeat(10_000)],
  ['objects', `${'{"product":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['lists that do not end', '['.repeat(1_000_000)],
])('refuses JSON of 10,000 levels of %s, and goes on', async (_, body) => {
  const service = await running(project)
  const answer = await service.ask('/v1/forecasts', { body })
  expect([400, 422]).toContain(answer.status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  await expectAnswered(service)
})

it('says of 10,000 ids that do not exist, one by one, that they do not', async () => {
  const service = await running(project)
  const body = Array.from({ length: 10_000 }, (_, n) => ({ ...question, product: `no-${n}` }))
  const { answers } = await (await service.ask('/v1/forecasts', { body })).json()
  expect(answers).toHaveLength(10_000)
  expect(answers.filter(({ status }: { status: number }) => status !== 422)).toEqual([])
  expect(answers[9_999].detail).toContain('no-9999')
})

it('answers the others while hundreds of clients have begun a request and do not end it', async () => {
  const service = await running(project)
  const slow = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const client = await connection(service.address)
      client.socket.write('POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Le')
      return client
    }),
  )
  await expectAnswered(service)
  for (const { socket } of slow) socket.destroy()
})

it('refuses nobody because somebody asks 10,000 questions at once', async () => {
  const service = await running(project)
  const list = service.ask('/v1/forecasts', {
    body: Array.from({ length: 10_000 }, () => question),
  })
  let answered = false
  list.finally(() => {
    answered = true
  })
  while (!answered) await expectAnswered(service)
  const { answers } = await (await list).json()
  expect(answers.filter(({ status }: { status: number }) => status === 200)).toHaveLength(10_000)
})
