import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { ledgerBranch } from '../../src/github/ledger-branch.ts'
import type { RecordedEvent } from '../../src/ledger/events/event.ts'
import { MOST_EVENTS } from '../../src/ledger/events/event-files.ts'
import { collectEvents } from '../../src/steps/monitoring/collect-events.ts'
import { serviceAddress, serviceEvents } from '../../src/steps/monitoring/service-events.ts'
import { run } from '../unit/reporting/examples.ts'
import { branchEvents } from './branch-events.ts'
import {
  type AnswerFault,
  type EventsService,
  LEDGER,
  startEventsService,
} from './events-service.ts'
import { connection, type Place, startPlace } from './github-fixture.ts'
import { decisionEvent, forecastEvent } from './ledger/recorded.ts'

let place: Place
let service: EventsService

beforeEach(async () => {
  place = await startPlace()
  service = await startEventsService()
})

describe('the branch of the ledger gets', () => {
  it('nothing, and is not made, where the service has recorded nothing', async () => {
    expect(await collect()).toMatchObject({ outcome: 'unchanged', commit: undefined, events: 0 })
    expect(await git(place.server.git, ['branch', '--list', 'ledger'])).toBe('')
  })

  it('what the service has recorded, in its order, once, however often it is asked', async () => {
    record(3)
    expect(await collect()).toMatchObject({ outcome: 'appended', events: 3 })
    expect(await collect()).toMatchObject({ outcome: 'unchanged', events: 0 })
    record(2)
    expect(await collect()).toMatchObject({ outcome: 'appended', events: 2 })
    expect(await onBranch()).toEqual(service.events)
    expect(await log()).toEqual(['Record 2 events', 'Record 3 events'])
    expect(service.requests.map(({ url }) => url.split('after=')[1])).toEqual([
      ...[undefined, undefined, `${LEDGER}.0.3`],
      ...[undefined, `${LEDGER}.0.3`],
      ...[undefined, `${LEDGER}.0.3`, `${LEDGER}.0.5`],
    ])
  })

  it('more than a page at once, in one commit', async () => {
    service.events = manyEvents(MOST_EVENTS + 1)
    expect(await collect()).toMatchObject({ outcome: 'appended', events: MOST_EVENTS + 1 })
    expect(await log()).toEqual(['Record 5,001 events'])
    expect(await onBranch()).toEqual(service.events)
  })

  it('the whole pages where the connection ends after them, and the rest the next time', async () => {
    service.events = manyEvents(MOST_EVENTS + 10)
    service.faults = [undefined, undefined, ...dropped]
    const { events, unfinished } = await collect()
    expect([events, unfinished]).toEqual([MOST_EVENTS, expect.stringContaining('not got')])
    expect(await onBranch()).toHaveLength(MOST_EVENTS)
    expect(await collect()).toMatchObject({ events: 10, unfinished: undefined })
    expect(await onBranch()).toEqual(service.events)
  })

  it('every event once where two collect at once, and one in the middle of another', async () => {
    record(4)
    let requests = 0
    service.beforeAnswer = async () => {
      if (++requests !== 3) return
      record(1)
      await collect()
    }
    expect(await collect()).toMatchObject({ outcome: 'unchanged' })
    expect(await onBranch()).toEqual(service.events)
    record(1)
    await Promise.all([collect(), collect(connection(place.server, place.server.token))])
    expect(await onBranch()).toEqual(service.events)
  })

  it('the events beside what a training records meanwhile', async () => {
    record(2)
    const ran = run({ id: '20261102T090000000Z-0a1b2c3d' })
    let requests = 0
    service.beforeAnswer = async () => {
      if (++requests !== 3) return
      const other = ledgerBranch(
        connection(place.server, place.server.token),
        async () => new Map(),
      )
      await other.append([{ kind: 'run', record: ran }])
    }
    expect(await collect()).toMatchObject({ outcome: 'appended', events: 2 })
    expect(await log()).toEqual(['Record 2 events', 'Record 1 run'])
    expect(await onBranch()).toEqual(service.events)
    expect(requests).toBe(3)
  })

  it('the events of each ledger apart, where a service begins another one', async () => {
    record(2)
    await collect()
    const before = await onBranch()
    service.events = manyEvents(1)
    service.faults = [other(1), other(1), other(0)]
    expect(await collect()).toMatchObject({ outcome: 'appended', events: 1 })
    expect(await onBranch()).toEqual([...before, ...service.events])
  })
})

describe('the branch is as it was, and the run says why, where the service', () => {
  it.each<[string, AnswerFault, RegExp]>([
    [
      'refuses the token',
      refused(401, 'The token is of a branch.'),
      /401: The token is of a branch/,
    ],
    ['lets nobody in', refused(403), /403/],
    [
      'is none of cd4ml',
      { kind: 'status', status: 404, body: '<h1>Not found</h1>' },
      /answers 404\n/,
    ],
    ['sends elsewhere', { kind: 'redirect', to: 'http://127.0.0.1:1/' }, /sends elsewhere/],
    ['cuts an answer off between two lines', { kind: 'cut', lines: 2 }, /2 lines came of 3 events/],
    ['cuts it off within a line', { kind: 'text', text: '{"specversion":' }, /0 lines came/],
    ['tells no events', { kind: 'text', text: '{}\n{}\n{}\n' }, /event 1: .*type/s],
    ['tells a name', told({ name: 'Maria' }), /event 1: .*name/s],
    ['tells a note', told({ note: 'call Maria' }), /event 1: .*note/s],
    [
      'sends more than a page can have',
      { kind: 'text', text: 'x'.repeat(32e6) },
      /bytes came at once/,
    ],
    ['does not say where to go on', told({}, { 'next-cursor': '' }), /cursor/],
    ['goes on with a cursor of nobody', told({}, { 'next-cursor': '../../runs' }), /cursor/],
    ['goes on in another ledger', told({}, { 'next-cursor': otherCursor(3) }), /another ledger/],
  ])('%s', async (_, fault, problem) => {
    record(3)
    service.faults = [undefined, fault]
    await expect(collect()).rejects.toThrow(problem)
    expect(await git(place.server.git, ['branch', '--list', 'ledger'])).toBe('')
  })

  it('tells the same events for ever', async () => {
    record(3)
    const same = { kind: 'text', text: linesOf(service.events) } as const
    service.faults = [undefined, undefined, { ...same, headers: { 'event-count': '3' } }]
    const { events, unfinished } = await collect()
    expect([events, unfinished]).toEqual([3, expect.stringContaining('twice')])
    expect(await onBranch()).toEqual(service.events)
  })

  it('is down, after some tries', async () => {
    record(1)
    service.faults = dropped
    await expect(collect()).rejects.toThrow(/the connection fails/)
    service.faults = Array(4).fill(refused(503))
    await expect(collect()).rejects.toThrow(/503/)
    service.faults = [refused(503), { kind: 'silent' }, refused(429)]
    expect(await collect()).toMatchObject({ events: 1 })
  })
})

it('shows its token to no address but that of the service, over https or on this machine', () => {
  expect(serviceAddress('https://forecasts.example.com/shop').href).toBe(
    'https://forecasts.example.com/shop/',
  )
  expect(serviceAddress('http://localhost:8080').href).toBe('http://localhost:8080/')
  for (const wrong of [
    'http://forecasts.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'https://maria:secret@forecasts.example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'forecasts.example.com',
    '',
  ]) {
    expect(() => serviceAddress(wrong), wrong).toThrow(/https/)
    expect(() => serviceAddress(wrong), wrong).not.toThrow(/secret/)
  }
})

it('has every event exactly once in the end, whatever fails on the way, and whenever', async () => {
  const fault = fc.oneof(
    fc.record({
      kind: fc.constant('dropped' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ kind: fc.constant('cut' as const), lines: fc.nat(3) }),
    fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(401, 429, 500, 503),
    }),
  )
  const onGitHub = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PATCH'),
    kind: fc.constantFrom(
      'dropped before' as const,
      'dropped after' as const,
      500 as const,
      409 as const,
    ),
    times: fc.integer({ min: 1, max: 5 }),
  })
  const day = fc.record({
    recorded: fc.nat(4),
    between: fc.nat(2),
    runs: fc.integer({ min: 1, max: 2 }),
    service: fc.array(fc.option(fault, { nil: undefined }), { maxLength: 6 }),
    github: fc.option(onGitHub, { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(day, { minLength: 1, maxLength: 4 }), async (days) => {
      await git(place.server.git, ['update-ref', '-d', 'refs/heads/ledger'])
      service.events = []
      for (const { recorded, between, runs, service: faults, github } of days) {
        record(recorded)
        service.faults = [...faults]
        let requests = 0
        service.beforeAnswer = async () => {
          if (++requests === 2) record(between)
        }
        if (github) place.server.fault({ ...github, path: /\/git\// })
        await Promise.allSettled(
          Array.from({ length: runs }, () => collect(connection(place.server, place.server.token))),
        )
      }
      service.faults = []
      // What is left of the faults strikes some last runs, and the next one gets through.
      let left: unknown = 'nothing was tried'
      for (let run = 0; run < 10 && left !== undefined; run++) {
        left = await collect().then(
          () => undefined,
          (error) => error,
        )
      }
      expect(left).toBeUndefined()
      expect(await onBranch()).toEqual(service.events)
    }),
    { numRuns: 10 },
  )
})

const dropped: AnswerFault[] = Array(4).fill({ kind: 'dropped', share: 0.5 })

function refused(status: number, detail?: string): AnswerFault {
  return { kind: 'status', status, ...(detail && { body: JSON.stringify({ detail }) }) }
}

function told(more: object, headers: Record<string, string> = {}): AnswerFault {
  const events = manyEvents(3).map((event) => ({ ...event, ...more }))
  return { kind: 'text', text: linesOf(events), headers }
}

function otherCursor(seq: number): string {
  return `${LEDGER.replace('1', '2')}.0.${seq}`
}

/** An answer of another ledger, of so many events. */
function other(events: number): AnswerFault {
  const text = linesOf(service.events.slice(0, events))
  return {
    kind: 'text',
    text,
    headers: { 'next-cursor': otherCursor(1), 'event-count': `${events}` },
  }
}

function linesOf(events: object[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

function record(count: number): void {
  service.events.push(...manyEvents(count))
}

function manyEvents(count: number): RecordedEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const forecast = forecastEvent({ product: `P${i % 7}`, store: 'São Paulo' })
    return i % 2 === 0 ? forecast : decisionEvent(forecast)
  })
}

function collect(github = place.github) {
  const address = serviceAddress(service.url)
  const [token, pause] = [async () => 'a token', async () => {}]
  return collectEvents(github, serviceEvents({ address, token, pause }))
}

function onBranch() {
  return branchEvents(place.server.git)
}

async function log(): Promise<string[]> {
  const lines = await git(place.server.git, ['log', '--format=%s', 'ledger'])
  return lines.trim().split('\n')
}
