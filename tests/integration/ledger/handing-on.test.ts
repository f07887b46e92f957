import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RecordedEvent } from '../../../src/ledger/events/event.ts'
import type { EventLog } from '../../../src/ledger/events/event-log.ts'
import { startPostgres } from '../../postgres.ts'
import { forecastEvent } from './recorded.ts'
import { openLog } from './stores.ts'

const postgres = await startPostgres()

describe.skipIf(!postgres)('what PostgreSQL hands on to the branch', () => {
  it('is nothing that an open transaction can still precede, and then each event once', async () => {
    const url = await postgres!.newDatabase()
    const log = await openLog(url)
    const before = forecastEvent()
    await log.append({ events: [before] })
    const slow = await connected(url)
    await slow.query('begin')
    const [held, late] = [forecastEvent(), forecastEvent()]
    await insert(slow, held)
    const quick = forecastEvent()
    await log.append({ events: [quick] })

    const first = await log.after(undefined, 10)
    expect(first.events).toEqual([before])
    expect((await log.byId([quick.id])).size).toBe(1)
    await insert(slow, late)
    await slow.query('commit')
    expect(await idsAfter(log, first.cursor)).toEqual([held.id, late.id, quick.id].toSorted())
  })

  it('leaves nothing out and repeats nothing while many write at once', async () => {
    const url = await postgres!.newDatabase()
    const replicas = await Promise.all([openLog(url), openLog(url), openLog(url)])
    const events = Array.from({ length: 600 }, () => forecastEvent())
    let written = false
    const writing = Promise.all(
      events.map((event, i) => replicas[i % 3].append({ events: [event] })),
    ).then(() => {
      written = true
    })
    const handedOn: string[] = []
    let cursor: string | undefined
    for (;;) {
      const isLast = written
      const next = await replicas[0].after(cursor, 50)
      cursor = next.cursor
      handedOn.push(...next.events.map(({ id }) => id))
      if (isLast && next.events.length === 0) break
    }
    await writing
    expect(handedOn.toSorted()).toEqual(events.map(({ id }) => id).toSorted())
  })

  it('goes on where it was after the database was restored to a server that counts from lower numbers', async () => {
    const url = await postgres!.newDatabase()
    const log = await openLog(url)
    const restored = [forecastEvent(), forecastEvent()]
    const client = await connected(url)
    for (const [i, event] of restored.entries()) await insert(client, event, `${4_000_000_000 - i}`)
    const reopened = await openLog(url)
    const [later, last] = [forecastEvent(), forecastEvent()]
    await reopened.append({ events: [later] })
    const first = await reopened.after(undefined, 1)
    expect(first.events.map(({ id }) => id)).toEqual([restored[1].id])
    await (await openLog(url)).append({ events: [last] })
    expect(await idsAfter(log, first.cursor)).toEqual(
      [restored[0].id, later.id, last.id].toSorted(),
    )
  })
})

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

async function insert(client: pg.Client, event: RecordedEvent, xid?: string): Promise<void> {
  const { id, source, type, subject, time, data } = event
  await client.query(
    `insert into events (id, source, type, subject, time, data, xid)
      values ($1, $2, $3, $4, $5, $6, coalesce($7::xid8, pg_current_xact_id()))`,
    [id, source, type, subject, time, data, xid],
  )
}

/** Sorted. */
async function idsAfter(log: EventLog, cursor: string | undefined): Promise<string[]> {
  const ids: string[] = []
  let next = await log.after(cursor, 2)
  while (next.events.length > 0) {
    ids.push(...next.events.map(({ id }) => id))
    next = await log.after(next.cursor, 2)
  }
  return ids.toSorted()
}
