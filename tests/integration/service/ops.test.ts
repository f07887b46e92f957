import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import Fastify from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { questionSchema } from '../../../src/forecasting/question-schema.ts'
import type { RecordedEvent } from '../../../src/ledger/events/event.ts'
import { type EventLog, LedgerUnavailable } from '../../../src/ledger/events/event-log.ts'
import type { Engine, InProduction } from '../../../src/service/engine/engine.ts'
import { loggingOptions } from '../../../src/service/ops/logging.ts'
import { serviceMetrics } from '../../../src/service/ops/metrics.ts'
import { opsRoutes } from '../../../src/service/ops/ops-routes.ts'

describe('GET /health/ready', () => {
  it('sends requests here where the model is verified and the ledger takes something', async () => {
    const { app } = await service()
    const answer = await app.inject('/health/ready')
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { status: 'ready', version: 3, salesThrough: '2026-10-31' },
    ])
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('says that the ledger cannot be written, and nothing of where it is', async () => {
    const { app, ledger } = await service()
    ledger.refuse(new Error('connect ECONNREFUSED postgres://maria:secret@10.0.0.1'))
    const answer = await app.inject('/health/ready')
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      {
        status: 'not ready',
        version: 3,
        salesThrough: '2026-10-31',
        problems: ['the ledger cannot be written'],
      },
    ])
    expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' })
  })

  it('stays ready with the version that it has where another one was refused, and says so', async () => {
    const { app } = await service({ refused: { at: '2026-11-01', problem: 'the hash differs' } })
    expect((await app.inject('/health/ready')).json()).toMatchObject({
      status: 'ready',
      refused: 'the hash differs',
    })
  })

  it('has the ledger tried once, however many ask at once', async () => {
    const { app, ledger } = await service()
    await Promise.all(Array.from({ length: 200 }, () => app.inject('/health/ready')))
    expect(ledger.tried()).toBe(1)
  })
})

describe('GET /metrics', () => {
  it('counts what was recorded, once where it was there already', async () => {
    const { app, recorded } = await service()
    await recorded.append({ events: [event(0), event(1)] })
    await recorded.append({ events: [event(0)] })
    const text = (await app.inject('/metrics')).body
    expect(text).toContain('cd4ml_events_recorded_total{type="actual"} 2')
    expect(text).toContain('cd4ml_events_recorded_total{type="decision"} 0')
    expect(text).toContain('cd4ml_ledger_queue 0')
    expect(text).toContain('cd4ml_ledger_writable 1')
    expect(text).toContain('cd4ml_model_info{version="3",digest="aaaaaaaaaaaa"} 1')
    expect(text).toMatch(/cd4ml_data_age_days \d+\n/)
    expect(text).toMatch(/cd4ml_model_age_days \d+\n/)
  })

  it('shows how many wait for the ledger while it does not answer', async () => {
    const { app, recorded, ledger } = await service()
    const { release } = ledger.hold()
    const waiting = [0, 1].map((n) => recorded.append({ events: [event(n)] }))
    expect((await app.inject('/metrics')).body).toContain('cd4ml_ledger_queue 2')
    release()
    await Promise.all(waiting)
    expect((await app.inject('/metrics')).body).toContain('cd4ml_ledger_queue 0')
  })

  it('counts what could not be recorded, and hands the reason on', async () => {
    const { app, recorded, ledger } = await service()
    ledger.refuse(new Error('the disk is full'))
    await expect(recorded.append({ events: [event(0)] })).rejects.toThrow(LedgerUnavailable)
    const text = (await app.inject('/metrics')).body
    expect(text).toContain('cd4ml_ledger_failures_total 1')
    expect(text).toContain('cd4ml_ledger_writable 0')
    expect(text).toContain('cd4ml_ledger_queue 0')
  })

  it('does not grow with the addresses that are asked for', async () => {
    const { app } = await service()
    for (let i = 0; i < 20; i++) await app.inject(`/product/p-${i}?q=${i}`)
    for (let i = 0; i < 20; i++) await app.inject(`/nowhere/${i}`)
    const { body } = await app.inject('/metrics')
    expect(body.match(/^cd4ml_http_request_duration_seconds_count.*$/gm)?.sort()).toEqual([
      'cd4ml_http_request_duration_seconds_count{method="GET",route="/product/:id",status="200"} 20',
      'cd4ml_http_request_duration_seconds_count{method="GET",route="none",status="404"} 20',
    ])
  })
})

describe('the log', () => {
  it('has a line a request, with its id, and nothing that was in address, headers or body', async () => {
    const { app, lines } = await service()
    const headers = {
      authorization: 'Bearer SECRET-token',
      cookie: 'session=SECRET-cookie',
      'x-request-id': 'from-the-proxy',
    }
    await app.inject({ url: '/product/SECRET-product?code=SECRET-code', headers })
    await app.inject({ url: '/nowhere/SECRET-address?code=SECRET-code', headers })
    await app.inject({ url: '/fails?note=SECRET-note', headers })
    const payload = '{"note": "SECRET-note" SECRET'
    const type = { 'content-type': 'application/json' }
    await app.inject({ method: 'POST', url: '/record', headers: { ...headers, ...type }, payload })
    expect(lines.join('')).not.toContain('SECRET')
    const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
    expect(requests).toEqual(
      [
        ['GET', '/product/:id', 200],
        ['GET', 'none', 404],
        ['GET', '/fails', 500],
        ['POST', '/record', 400],
      ].map(([method, route, status]) => ({
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        request: 'from-the-proxy',
        method,
        route,
        status,
        ms: expect.any(Number),
        msg: 'request',
      })),
    )
  })

  it('shows where a bug is, by the id that the answer had', async () => {
    const { app, lines } = await service()
    const { headers } = await app.inject('/fails')
    const logged = lines.map((line) => JSON.parse(line)).find(({ level }) => level === 'error')
    expect(logged).toMatchObject({
      request: headers['x-request-id'],
      err: { stack: expect.stringContaining('ops.test.ts') },
    })
  })
})

describe('when more is asked than can be answered', () => {
  it('refuses with when to come again, and still answers who watches it', async () => {
    const { app } = await service()
    // Nothing had a turn for longer than the overload is measured over.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5500)
    await setImmediate()
    const refused = await app.inject('/product/1')
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '2'])
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await app.inject(path)).statusCode, path).toBe(200)
    }
  })
})

describe('when it is asked to end', () => {
  it('answers what it has accepted, says that it is not ready, and takes no new connection', async () => {
    const { app, ledger, port } = await service()
    const { asked, release } = ledger.hold()
    const [buyer, prober] = [await connection(port), await connection(port)]
    buyer.write('POST /record HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n')
    prober.write('GET /health/ready HTTP/1.1\r\n')
    await asked
    const closed = app.close()
    prober.write('Host: a\r\n\r\n')
    expect(await prober.rest()).toMatch(/^HTTP\/1.1 503.*shutting down/s)
    release()
    expect(await buyer.rest()).toMatch(/^HTTP\/1.1 200/)
    await closed
    await expect(connection(port)).rejects.toThrow('ECONNREFUSED')
  })
})

async function service(production: Partial<InProduction> = {}) {
  const lines: string[] = []
  const engine = fixedEngine(production)
  const ledger = memoryLedger()
  const metrics = serviceMetrics(engine)
  const recorded = metrics.counting(ledger.log)
  const app = Fastify({
    ...loggingOptions({ write: (line) => lines.push(line) }),
    return503OnClosing: false,
  })
  onTestFinished(() => app.close())
  await app.register(opsRoutes({ engine, log: recorded, metrics }))
  app.get('/product/:id', async () => ({}))
  app.get('/fails', async () => {
    throw new Error('SECRET-note')
  })
  app.post('/record', async () => recorded.append({ events: [event(0)] }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  lines.length = 0
  return { app, recorded, ledger, lines, port: (app.server.address() as AddressInfo).port }
}

function fixedEngine(production: Partial<InProduction>): Engine {
  const now: InProduction = {
    basis: {
      version: 3,
      model: 'a'.repeat(64),
      data: 'b'.repeat(40),
      salesThrough: '2026-10-31',
    },
    modelName: 'seasonal-naive',
    trainedThrough: '2026-10-25',
    orderDay: '2026-11-01',
    inputs: questionSchema([]),
    series: [],
    age: { through: '2026-10-31', days: 1, rhythm: 1 },
    ...production,
  }
  return {
    current: () => now,
    forecasts: async () => ({ basis: now.basis, answers: [] }),
    orders: async () => ({ basis: now.basis, day: now.orderDay, answers: [] }),
    product: async () => undefined,
    onChange() {},
    async close() {},
  }
}

/** A ledger that can be told to fail, or to keep those waiting who append. */
function memoryLedger() {
  const events = new Map<string, RecordedEvent>()
  let failure: Error | undefined
  let held: { asked(): void; released: Promise<void> } | undefined
  let tried = 0
  const log: EventLog = {
    async append(append) {
      held?.asked()
      await held?.released
      if (failure) throw new LedgerUnavailable(failure)
      const known = new Map(
        append.events.filter(({ id }) => events.has(id)).map(({ id }) => [id, id]),
      )
      for (const event of append.events) events.set(event.id, event)
      return { outcome: 'appended', known }
    },
    byId: async () => events,
    find: async () => [],
    after: async (cursor) => ({ events: [], cursor }),
    notes: async () => new Map(),
    async writable() {
      tried++
      if (failure) throw failure
      return true
    },
    async close() {},
  }
  return {
    log,
    tried: () => tried,
    refuse(error: Error) {
      failure = error
    },
    hold() {
      const asked = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      held = { asked: asked.resolve, released: released.promise }
      return { asked: asked.promise, release: released.resolve }
    },
  }
}

function event(n: number): RecordedEvent {
  return {
    specversion: '1.0',
    id: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    source: '/cd4ml/service',
    time: '2026-11-01T08:00:00.000Z',
    subject: 'P1',
    datacontenttype: 'application/json',
    type: 'cd4ml.actual.v1',
    data: {
      product: 'P1',
      from: '2026-10-01',
      to: '2026-10-31',
      units: n,
      source: { from: 'report' },
    },
  }
}

/** A connection on which what is asked next does not wait for an answer. */
async function connection(port: number) {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8').on('data', (text) => {
    received += text
  })
  await once(socket, 'connect')
  return {
    write: (text: string) => socket.write(text),
    async rest() {
      await once(socket, 'close')
      return received
    },
  }
}
