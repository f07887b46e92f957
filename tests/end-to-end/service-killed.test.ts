import { once } from 'node:events'
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import type { EventOf } from '../../src/ledger/events/event.ts'
import { openDatabase } from '../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../src/ledger/sql/sql-event-log.ts'
import { NEXT_DAY, shopInProduction } from '../integration/service/serving.ts'
import { startPostgres } from '../postgres.ts'
import { succeed } from '../project.ts'
import { temporaryFolder } from '../repository.ts'
import { ServiceProcess } from './service-process.ts'

const postgres = await startPostgres()
const project = await shopInProduction()

it('keeps every decision that it said it had, once, however often it is killed, in SQLite', async () => {
  const ledger = `sqlite:${await temporaryFolder()}/ledger.sqlite`
  await expectEveryDecisionOnce({ ledger, replicas: 1 })
})

it.skipIf(!postgres)(
  'keeps every decision that it said it had, once, while two replicas on one PostgreSQL are killed in turns',
  async () => {
    await expectEveryDecisionOnce({ ledger: await postgres!.newDatabase(), replicas: 2 })
  },
)

const DECISIONS = 10_000
const CONNECTIONS = 50
const KILLS = 20

async function expectEveryDecisionOnce(options: {
  ledger: string
  replicas: number
}): Promise<void> {
  const { ledger } = options
  const secret = await succeed(project, [
    ...['token', 'create', '--name', 'stock system', '--ledger', ledger],
    ...['--scope', 'read,decide'],
  ])
  const replicas = Array.from(
    { length: options.replicas },
    () => new ServiceProcess(project, ['--ledger', ledger]),
  )
  const client = clientOf(replicas, secret.trim())
  const { answers } = await client.ask('/v1/forecasts', questions())
  const forecasts = answers.map(({ id }) => id)
  expect(new Set(forecasts).size).toBe(DECISIONS)

  /** The event that it was said to be, by the number of the decision. */
  const acknowledged = new Map<number, string>()
  let killed = 0
  const decide = async (number: number) => {
    const body = {
      of: forecasts[number],
      decision: 'changed',
      quantity: 1000 + number,
      reason: 'event',
    }
    // A fifth is sent twice, at the same time: whoever did not see the answer asks again.
    const times = number % 5 === 0 ? 2 : 1
    const sent = Array.from({ length: times }, () =>
      client.ask('/v1/decisions', body, `decision-${number}`),
    )
    const ids = (await Promise.all(sent)).map(({ answers: [{ id }] }) => id)
    expect(new Set(ids).size).toBe(1)
    acknowledged.set(number, ids[0])
    if (killed < KILLS && acknowledged.size > ((killed + 1) * DECISIONS) / (KILLS + 1)) {
      replicas[killed % replicas.length].kill()
      killed++
    }
  }
  let next = 0
  const buyer = async () => {
    while (next < DECISIONS) await decide(next++)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, buyer))
  expect(killed).toBe(KILLS)

  const recorded = await decisionsIn(ledger)
  expect(recorded.length).toBe(DECISIONS)
  const byNumber = new Map(recorded.map(({ id, data }) => [data.quantity! - 1000, id]))
  expect(byNumber).toEqual(acknowledged)
}

/** As many as decisions, no two of them the same. */
function questions() {
  return Array.from({ length: DECISIONS }, (_, index) => {
    const [product, days] = [`P${1 + (index % 8)}`, Math.floor(index / 8)]
    const from = NEXT_DAY + (days % 50)
    return { product, from: isoFromDay(from), to: isoFromDay(from + Math.floor(days / 50)) }
  })
}

type Answers = { answers: { id: string }[] }

/** Asks one replica after the other, and again until it is answered. */
function clientOf(replicas: ServiceProcess[], token: string) {
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  let turn = 0
  return {
    async ask(path: string, body: unknown, key?: string): Promise<Answers> {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...(key !== undefined && { 'idempotency-key': key }),
      }
      for (;;) {
        const url = new URL(path, await replicas[turn++ % replicas.length].address)
        const answer = await post(url, { agent, headers }, JSON.stringify(body)).catch(noAnswer)
        if (answer?.status === 200) return JSON.parse(answer.text)
        if (answer && answer.status < 500) throw new Error(`${answer.status}: ${answer.text}`)
        await setImmediate()
      }
    },
  }
}

async function post(url: URL, options: RequestOptions, body: string) {
  const sent = request(url, { ...options, method: 'POST' })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: answer.statusCode!, text: await text(answer) }
}

/** The connection broke: whether it was recorded is not known. */
function noAnswer(error: NodeJS.ErrnoException): undefined {
  if (!/^E(CONN|PIPE)/.test(error.code ?? '') && error.message !== 'aborted') throw error
}

type Decision = EventOf<'cd4ml.decision.v1'>

async function decisionsIn(ledger: string): Promise<Decision[]> {
  const log = sqlEventLog(await openDatabase(ledger))
  const decisions: Decision[] = []
  for (let cursor: string | undefined; ; ) {
    const next = await log.after(cursor, 5000)
    if (next.events.length === 0) break
    decisions.push(...next.events.filter((event) => event.type === 'cd4ml.decision.v1'))
    cursor = next.cursor
  }
  await log.close()
  return decisions
}
