import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { LedgerUnavailable } from '../../../src/ledger/events/event-log.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { startPostgres } from '../../postgres.ts'
import { forecastEvent } from './recorded.ts'
import { openLog, sqlite } from './stores.ts'

const forecasts = { type: 'cd4ml.forecast.v1', limit: 10_000 } as const

it('reads on from SQLite while its disk is full, has nothing half, and writes again when there is room', async () => {
  const database = await openDatabase(await sqlite.newLedger())
  const log = sqlEventLog(database)
  await sql.raw('pragma max_page_count = 60').execute(database.kysely)
  const acknowledged = new Set<string>()
  const refused: unknown[] = []
  while (refused.length === 0) {
    const group = Array.from({ length: 8 }, () => [forecastEvent(), forecastEvent()])
    const outcomes = await Promise.allSettled(group.map((events) => log.append({ events })))
    outcomes.forEach((outcome, i) => {
      if (outcome.status === 'rejected') refused.push(outcome.reason)
      else for (const { id } of group[i]) acknowledged.add(id)
    })
  }
  expect(refused.every((error) => error instanceof LedgerUnavailable)).toBe(true)
  expect(await log.writable()).toBe(false)
  expect(new Set((await log.find(forecasts)).map(({ id }) => id))).toEqual(acknowledged)

  await sql.raw('pragma max_page_count = 1000').execute(database.kysely)
  expect(await log.writable()).toBe(true)
  await log.append({ events: [forecastEvent()] })
  expect(await log.find(forecasts)).toHaveLength(acknowledged.size + 1)
  await log.close()
})

it('says that SQLite takes nothing while somebody has made it read-only', async () => {
  const database = await openDatabase(await sqlite.newLedger())
  const log = sqlEventLog(database)
  await sql.raw('pragma query_only = on').execute(database.kysely)
  expect(await log.writable()).toBe(false)
  await expect(log.append({ events: [forecastEvent()] })).rejects.toThrow(LedgerUnavailable)
  await log.close()
})

it('lets one write to SQLite wait for another process, and not the whole service with it', async () => {
  const url = await sqlite.newLedger()
  const [log, other] = [await openLog(url), await openDatabase(url)]
  let appended: Promise<unknown> | undefined
  await other.kysely.transaction().execute(async () => {
    appended = log.append({ events: [forecastEvent()] })
    // Reads are answered meanwhile.
    expect(await log.find(forecasts)).toEqual([])
  })
  await appended
  expect(await log.find(forecasts)).toHaveLength(1)
  await other.close()
})

const postgres = await startPostgres()

describe.skipIf(!postgres)('PostgreSQL', () => {
  it('is found again after it was gone: what was acknowledged is there, and what was refused says so', async () => {
    const log = await openLog(await postgres!.newDatabase())
    const first = forecastEvent()
    await log.append({ events: [first] })
    await postgres!.kill()
    await expect(log.append({ events: [forecastEvent()] })).rejects.toThrow(LedgerUnavailable)
    await expect(log.find(forecasts)).rejects.toThrow(LedgerUnavailable)
    expect(await log.writable()).toBe(false)
    await postgres!.start()
    const second = forecastEvent()
    await log.append({ events: [second] })
    expect((await log.find(forecasts)).map(({ id }) => id)).toEqual([second.id, first.id])
  })

  it('may cut any connection at any moment without ending the service or losing what was acknowledged', async () => {
    const url = await postgres!.newDatabase()
    const log = await openLog(url)
    const cutting = new pg.Client(url)
    await cutting.connect()
    const acknowledged = new Set<string>()
    for (let round = 0; round < 20; round++) {
      const events = Array.from({ length: 20 }, () => forecastEvent())
      const appends = events.map((event) => log.append({ events: [event] }))
      const settled = Promise.allSettled(appends)
      await cutting.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`)
      ;(await settled).forEach((outcome, i) => {
        if (outcome.status === 'fulfilled') acknowledged.add(events[i].id)
        else expect(outcome.reason).toBeInstanceOf(LedgerUnavailable)
      })
    }
    await cutting.end()
    await reached(() => log.append({ events: [forecastEvent()] }))
    const found = new Set((await reached(() => log.find(forecasts))).map(({ id }) => id))
    expect([...acknowledged].filter((id) => !found.has(id))).toEqual([])
  })
})

/** A connection that was cut may be found dead only when it is used: each of them once. */
async function reached<T>(work: () => Promise<T>): Promise<T> {
  for (let cut = 0; cut < 20; cut++) {
    try {
      return await work()
    } catch (error) {
      expect(error).toBeInstanceOf(LedgerUnavailable)
    }
  }
  return await work()
}

describe('who names a ledger that cannot be opened is told why, and never what the password was', () => {
  const text = join(mkdtempSync(join(tmpdir(), 'text-')), 'text')
  writeFileSync(text, 'a text that is long enough to be taken for a database. '.repeat(20))
  it.each([
    [
      'another kind of database',
      'mysql://root:secret@host/db',
      'begins with sqlite: or postgres://',
    ],
    ['nothing', 'sqlite:', 'begins with sqlite: or postgres://'],
    ['a server that is not there', 'postgres://me:secret@127.0.0.1:1/db', 'ECONNREFUSED'],
    ['a file that is none', `sqlite:${text}`, 'not a database'],
  ])('%s', async (_, url, said) => {
    const error = await openDatabase(url).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UserError)
    expect(String(error)).toContain(said)
    expect(String(error)).not.toContain('secret')
  })

  it('a ledger that a later version has changed', async () => {
    const url = await sqlite.newLedger()
    const { kysely, close } = await openDatabase(url)
    const insert = "insert into kysely_migration values ('999-later', '2030-01-01T00:00:00.000Z')"
    await sql.raw(insert).execute(kysely)
    await close()
    await expect(openDatabase(url)).rejects.toThrow('later than this one')
  })
})
