import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { createToken } from '../../../src/service/access/tokens.ts'
import { type Scope, scopes } from '../../../src/service/http/identity.ts'
import { type Serving, serve } from '../../../src/service/serve.ts'
import { mergeProposal, newProject, succeed } from '../../project.ts'
import { temporaryFolder } from '../../repository.ts'
import { dataFiles, OPENING, productIds, recipe, salesOf } from '../../shop.ts'

const WEEKS = 110

/** The first day after the sales of the shop below. */
export const NEXT_DAY = OPENING + 7 * WEEKS

/** A small shop with a version in production: what is asked and recorded is the matter. */
export async function shopInProduction(): Promise<string> {
  const sales = salesOf({ products: productIds(8), frequency: 'week', periods: WEEKS })
  const project = await newProject({
    ...dataFiles(sales),
    ...recipe('moving-average: { window: 6 }'),
  })
  await succeed(project, ['pipeline'])
  await mergeProposal(project)
  return project
}

export type RunningService = Serving & {
  /** What it has logged. */
  lines: string[]
  token(scopes: Iterable<Scope>, name?: string): Promise<string>
  /** The ids of what is in its ledger. */
  recorded(): Promise<string[]>
  /** Asks with a token that may do everything, unless the headers say otherwise. */
  ask(path: string, options?: Asked): Promise<Answer>
}

export type Answer = {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test says by what it expects what it is.
  json(): Promise<any>
  text(): Promise<string>
}

export type Asked = { body?: unknown; headers?: Record<string, string>; method?: string }

/** The whole service in this process, on a real socket, until the test ends. */
export async function running(project: string, ledger?: string): Promise<RunningService> {
  const url = ledger ?? `sqlite:${await temporaryFolder()}/ledger.sqlite`
  const lines: string[] = []
  const serving = await serve({
    project,
    ledger: url,
    host: '127.0.0.1',
    port: 0,
    release: '0.0.0',
    logs: { write: (line) => lines.push(line) },
  })
  onTestFinished(() => serving.close())
  const token = async (allowed: Iterable<Scope>, name = 'test') => {
    const database = await openDatabase(url)
    const { secret } = await createToken(database, { name, scopes: allowed, now: new Date() })
    await database.close()
    return secret
  }
  const all = await token(scopes)
  const ask = (path: string, { body, headers, method }: Asked = {}) =>
    fetch(serving.address + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        authorization: `Bearer ${all}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const recorded = async () => {
    const log = sqlEventLog(await openDatabase(url))
    const { events } = await log.after(undefined, 100_000)
    await log.close()
    return events.map(({ id }) => id)
  }
  return { ...serving, lines, token, recorded, ask }
}

export type Connection = Awaited<ReturnType<typeof connection>>

/** A connection to a service on which anything can be sent. */
export async function connection(address: string) {
  const { hostname, port } = new URL(address)
  const socket: Socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  let received = ''
  socket.setEncoding('utf8').on('data', (text) => {
    received += text
  })
  const closed = once(socket, 'close').catch(() => {})
  await once(socket, 'connect')
  socket.on('error', () => {})
  return {
    socket,
    /** There is room for more, or it was closed. */
    async drained() {
      await Promise.race([closed, new Promise((drained) => socket.once('drain', drained))])
    },
    /** All that came until the service closed it. */
    async rest() {
      await closed
      return received
    },
  }
}
