import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { RecordedEvent } from '../../src/ledger/events/event.ts'

export const LEDGER = '0197c2a0-0000-7000-8000-000000000001'

/** What goes wrong with an answer. */
export type AnswerFault =
  | { kind: 'status'; status: number; body?: string }
  | { kind: 'redirect'; to: string }
  /** The connection ends after this share of the lines. */
  | { kind: 'dropped'; share: number }
  /** The answer ends as if it were whole, after so many lines. */
  | { kind: 'cut'; lines: number }
  | { kind: 'text'; text: string; headers?: Record<string, string> }
  | { kind: 'silent' }

/** A service that tells its events, as that of cd4ml does; what goes wrong is said beforehand. */
export type EventsService = {
  url: string
  events: RecordedEvent[]
  /** Of the requests to come, in turn. */
  faults: (AnswerFault | undefined)[]
  requests: { url: string; authorization: string | undefined }[]
  /** Called before each answer. */
  beforeAnswer: () => Promise<void>
}

export async function startEventsService(): Promise<EventsService> {
  const service: EventsService = {
    url: '',
    events: [],
    faults: [],
    requests: [],
    beforeAnswer: async () => {},
  }
  const server = createServer(async (request, response) => {
    const { authorization } = request.headers
    service.requests.push({ url: request.url ?? '', authorization })
    await service.beforeAnswer()
    answer(service, new URL(request.url ?? '', 'http://localhost'), response)
  })
  service.url = await listening(server)
  return service
}

/** What GitHub gives a job its tokens from; all of them are `signed-by-github`. */
export async function startTokenIssuer(): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ value: 'signed-by-github' }))
  })
  return { url: await listening(server), requests }
}

/** Its address, until the test has finished. */
async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function answer(service: EventsService, url: URL, response: ServerResponse): void {
  const from = Number(url.searchParams.get('after')?.split('.')[2] ?? 0)
  const events = service.events.slice(from, from + Number(url.searchParams.get('limit')))
  const lines = events.map((event) => `${JSON.stringify(event)}\n`)
  const cursor = from + events.length
  const headers = {
    'content-type': 'application/x-ndjson',
    'event-count': String(lines.length),
    ...(cursor > 0 && { 'next-cursor': `${LEDGER}.0.${cursor}` }),
  }
  const fault = service.faults.shift()
  const text = lines.join('')
  switch (fault?.kind) {
    case undefined:
      response.writeHead(200, headers).end(text)
      break
    case 'status':
      response.writeHead(fault.status).end(fault.body)
      break
    case 'redirect':
      response.writeHead(302, { location: fault.to }).end()
      break
    case 'dropped':
      response.writeHead(200, { ...headers, 'content-length': String(text.length + 1) })
      response.write(text.slice(0, Math.floor(fault.share * text.length)), () => response.destroy())
      break
    case 'cut':
      response.writeHead(200, headers).end(lines.slice(0, fault.lines).join(''))
      break
    case 'text':
      response.writeHead(200, { ...headers, ...fault.headers }).end(fault.text)
      break
    case 'silent':
      response.destroy()
  }
}
