import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startPostgres } from '../../postgres.ts'
import { forecastEvent } from './recorded.ts'
import { openLog } from './stores.ts'

const postgres = await startPostgres()

describe.skipIf(!postgres)('a replica that another one is ahead of by a moment', () => {
  it('answers a request as the other one did, and adds nothing', async () => {
    const { log, other, waits } = await twoReplicas()
    await other.query(
      `insert into requests (owner, key, digest, answer, at) values ('o', 'k', 'd', '"first"', '2999')`,
    )
    const request = { owner: 'o', key: 'k', digest: 'd', answer: () => 'second' }
    const appended = log.append({ events: [forecastEvent()], request })
    await waits()
    await other.query('commit')
    expect(await appended).toEqual({ outcome: 'repeated', answer: 'first' })
    expect(await log.find({ type: 'cd4ml.forecast.v1', limit: 5 })).toEqual([])
  })

  it('names the event that the other one has added', async () => {
    const { log, other, waits } = await twoReplicas()
    const [first, second] = [forecastEvent(), forecastEvent()]
    await other.query(
      `insert into events (id, source, type, subject, time, data, once)
        values ($1, $2, $3, $4, $5, $6, 'same')`,
      [first.id, first.source, first.type, first.subject, first.time, first.data],
    )
    const appended = log.append({ events: [second], once: new Map([[second.id, 'same']]) })
    await waits()
    await other.query('commit')
    expect(await appended).toEqual({ outcome: 'appended', known: new Map([[second.id, first.id]]) })
  })

  it('says that an event was corrected before, where the other one did', async () => {
    const { log, other, waits } = await twoReplicas()
    const wrong = forecastEvent()
    await log.append({ events: [wrong] })
    const { id, source, type, subject, time, data } = forecastEvent()
    await other.query(
      `insert into events (id, source, type, subject, time, data, supersedes)
        values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, source, type, subject, time, data, wrong.id],
    )
    const correction = forecastEvent({ product: 'P1' }, { supersedes: wrong.id })
    const appended = log.append({ events: [correction] })
    appended.catch(() => undefined)
    await waits()
    await other.query('commit')
    await expect(appended).rejects.toThrow('superseded before')
  })
})

/** A log, and the connection of another replica in an open transaction; `waits`: the log for it. */
async function twoReplicas() {
  const url = await postgres!.newDatabase()
  const log = await openLog(url)
  const [other, watch] = [new pg.Client(url), new pg.Client(url)]
  for (const client of [other, watch]) {
    await client.connect()
    onTestFinished(() => client.end())
  }
  await other.query('begin')
  const waits = async () => {
    for (;;) {
      const { rows } = await watch.query(
        `select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      )
      if (rows.length > 0) return
    }
  }
  return { log, other, waits }
}
