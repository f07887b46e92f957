import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dayFromIso, isoFromDay } from '../../../src/base/day.ts'
import { UserError } from '../../../src/base/errors.ts'
import { askPostgres } from '../../../src/sales/warehouse/ask-postgres.ts'
import { startPostgres } from '../../postgres.ts'
import {
  bothTotals,
  changedAt,
  contractWith,
  databaseAt,
  QUERY,
  sell,
  sellEveryDay,
  untilThere,
  warehouseProject,
} from './warehouse-fixture.ts'

const postgres = await startPostgres()
const testPostgres = test.skipIf(!postgres)

const SOURCE = { engine: 'postgresql', connection: 'WAREHOUSE_URL', query: QUERY, revisedDays: 7 }

async function warehouse(source: object = {}, parts: object = {}) {
  const url = await postgres!.newDatabase()
  const database = await databaseAt(url)
  const contract = contractWith({ ...SOURCE, ...source }, parts)
  const project = await warehouseProject(contract, { WAREHOUSE_URL: url })
  return { database, ...project }
}

testPostgres('the first run brings the whole history, a file a month, sorted', async () => {
  const { database, run, files, ...project } = await warehouse()
  await sellEveryDay(database, '2026-09-28', '2026-10-31')
  const ingested = await run()
  expect(ingested).toMatchObject({
    outcome: 'changed',
    asked: { from: '2026-09-01', until: '2026-10-31' },
    came: { rows: 102, days: 34 },
    days: { revised: [], removed: [], unchanged: 0, late: [] },
    files: [
      { file: 'sales/2026-09.csv', change: 'added' },
      { file: 'sales/2026-10.csv', change: 'added' },
    ],
  })
  const written = await files()
  expect(written['2026-09.csv'].split('\n').slice(0, 4)).toEqual([
    'day,store,sku,units,value,delivered,on_hand',
    '2026-09-28,s1,"p\u00c3\u00a3o de queijo; ""grande""",11,25.85,2,9',
    '2026-09-28,s1,milk,11,25.85,2,9',
    '2026-09-28,s2,milk,11,25.85,2,9',
  ])
  const { inDatabase, inFiles } = await bothTotals(database, project)
  expect(inFiles).toEqual(inDatabase)
})

testPostgres('a run again changes no byte and touches no file', async () => {
  const { database, run, files, data } = await warehouse()
  await sellEveryDay(database, '2026-09-28', '2026-10-31')
  await run()
  const [before, times] = [await files(), await changedAt(join(data, 'sales'))]
  const again = await run()
  expect(again).toMatchObject({
    outcome: 'nothing new',
    files: [],
    days: { new: [], unchanged: 7 },
  })
  expect(again.asked).toEqual({ from: '2026-10-25', until: '2026-10-31' })
  expect([await files(), await changedAt(join(data, 'sales'))]).toEqual([before, times])
})

testPostgres(
  'a month of nights with late, revised and taken back rows ends with the totals of the database',
  async () => {
    const { database, run, ...project } = await warehouse()
    await sellEveryDay(database, '2026-09-01', '2026-09-30')
    await run({ today: dayFromIso('2026-10-01')! })
    const revised: number[] = []
    const first = dayFromIso('2026-10-01')!
    for (let night = 0; night < 31; night++) {
      const day = first + night
      // Of the day that is over, the second store comes a night later.
      await sell(database, day, 20 + (night % 7))
      await sell(database, day, 18, { sku: 'bread' })
      if (night > 0) await sell(database, day - 1, 7 + (night % 5), { store: 's2' })
      // A receipt is corrected, an inventory takes units back, a product is entered late.
      if (night % 4 === 3) await sell(database, day - 3, 21.5)
      if (night % 9 === 8) await sell(database, day - 5, 1, { sku: 'cheese', store: 's2' })
      if (night % 11 === 10) {
        await database.query("delete from day_totals where day = $1 and sku = 'bread'", [
          isoFromDay(day - 4),
        ])
      }
      const ingested = await run({ today: day + 1 })
      expect(ingested.days.new).toEqual([isoFromDay(day)])
      revised.push(ingested.days.revised.length)
    }
    // The last store's rows of the last day.
    await sell(database, first + 30, 9, { store: 's2' })
    await run({ today: first + 31 })
    const { inDatabase, inFiles } = await bothTotals(database, project)
    expect(inFiles).toEqual(inDatabase)
    expect(Math.max(...revised)).toBeGreaterThan(1)
    expect(await run({ today: first + 31 })).toMatchObject({ outcome: 'nothing new' })
  },
)

testPostgres(
  'what changes before the window is not seen, until these days are read again',
  async () => {
    const { database, run, ...project } = await warehouse()
    await sellEveryDay(database, '2026-09-01', '2026-10-31')
    await run()
    await sell(database, '2026-09-10', 13)
    expect(await run()).toMatchObject({ outcome: 'nothing new' })
    const from = dayFromIso('2026-09-01')!
    const check = await run({ from, dryRun: true })
    expect(check.days.revised).toEqual(['2026-09-10'])
    expect(await run({ from })).toMatchObject({
      files: [{ file: 'sales/2026-09.csv', change: 'changed' }],
    })
    const { inDatabase, inFiles } = await bothTotals(database, project)
    expect(inFiles).toEqual(inDatabase)
  },
)

testPostgres(
  'the days are bound: a query that would put them into its text finds none there',
  async () => {
    const query = `select ':from'::text as sku, day, 's1' as store, 1 as units, 2.5 as value,
    null as delivered, null as on_hand /* :until; */
    from generate_series(:from::timestamp, :until, interval '1 day') -- :from
      as series (moment), lateral (select moment::date as day) days;`
    const { run, files } = await warehouse({ query })
    await run({ from: dayFromIso('2026-10-30')! })
    expect((await files())['2026-10.csv'].split('\n').slice(1, 3)).toEqual([
      '2026-10-30,s1,:from,1,2.5,,',
      '2026-10-31,s1,:from,1,2.5,,',
    ])
  },
)

testPostgres('a query can change nothing, neither alone nor by what it calls', async () => {
  const { database, run } = await warehouse({
    query: `select day, store, sku, units, value, delivered, on_hand from day_totals
      where day between :from and :until and wipe() is null`,
  })
  await sellEveryDay(database, '2026-09-01', '2026-10-31')
  await database.query(
    `create function wipe() returns text language sql as 'delete from day_totals; select null'`,
  )
  await expect(run()).rejects.toThrow(/PostgreSQL says: .*read-only transaction/)
  await expect(
    warehouse({ query: `${QUERY}; drop table day_totals` }).then((other) => other.run()),
  ).rejects.toThrow('must be one statement')
  await expect(
    warehouse({ query: `${QUERY}) to program 'touch x' --` }).then((other) => other.run()),
  ).rejects.toThrow('closes a parenthesis')
  const { rows } = await database.query('select count(*)::int from day_totals')
  expect(rows).toEqual([{ count: 183 }])
})

testPostgres(
  'cells are taken as they are: tabs, backslashes, quotes, NULL and empty texts',
  async () => {
    const { database, run, files } = await warehouse()
    const skus = ['a\tb', String.raw`c\d\N`, 'e"f', 'g,h', ' i ', 'É']
    for (const sku of skus) await sell(database, '2026-10-31', 1, { sku })
    await database.query('update day_totals set delivered = null, on_hand = 3, units = 1.250')
    await run()
    expect((await files())['2026-10.csv'].split('\n').slice(1, -1).sort()).toEqual(
      ['a\tb', String.raw`c\d\N`, '"e""f"', '"g,h"', ' i ', '\u00c3\u0089']
        .map((sku) => `2026-10-31,s1,${sku},1.250,2.35,,3`)
        .sort(),
    )
  },
)

testPostgres.each([
  ['a moment', { day: "day + time '23:30' as day" }, '"day" must be a day such as 2026-11-26'],
  ['a day that is not known', { day: 'null::date as day' }, 'has no day in "day"'],
  ['a day that was not asked for', { day: 'day - 400 as day' }, 'were asked for, but 2025-'],
  ['a column that is gone', { units: '1 as pieces' }, 'has no column "units"; it has "day"'],
  ['a column more', { units: 'units, 1 as extra' }, 'does not list: "extra"'],
  ['a column twice', { units: 'units, units' }, '"units" twice'],
  ['a number become text', { units: "'12,5' as units" }, 'number-unreadable (units), 183 times'],
  ['a line end', { sku: 'sku || chr(10) as sku' }, '"sku" of row 1 holds a line end'],
  [
    'each row twice',
    { from: 'day_totals, generate_series(1, 2)' },
    '2026-09-01 has more than one row of',
  ],
])('%s is refused with what to do, and nothing is changed', async (_, changed, message) => {
  const part = { day: 'day', sku: 'sku', units: 'units', from: 'day_totals', ...changed }
  const query = `select ${part.day}, store, ${part.sku}, ${part.units}, value, delivered, on_hand
    from ${part.from} where day_totals.day between :from and :until`
  const { database, run, files } = await warehouse({ query })
  await sellEveryDay(database, '2026-09-01', '2026-10-31')
  await expect(run()).rejects.toThrow(message)
  expect(await files()).toEqual({})
})

testPostgres(
  'a query that takes too long is ended by the server, one that is stopped at once',
  async () => {
    const url = await postgres!.newDatabase()
    const query = `select ':from', pg_sleep(100) where :from < :until`
    const ask = askPostgres({ kind: 'postgresql', query, connection: 'WAREHOUSE_URL' })
    const question = {
      asked: { from: 0, until: 1 },
      folder: '',
      project: '',
      scratchFolder: '',
      environment: { WAREHOUSE_URL: url },
      timeoutMinutes: 0.005,
      maxBytes: 1000,
      signal: new AbortController().signal,
    }
    const answer = { columns: () => {}, row: () => {} }
    await expect(ask(question, answer)).rejects.toThrow('took longer than 0.005 minutes')
    const stop = new AbortController()
    const stopped = ask({ ...question, timeoutMinutes: 1, signal: stop.signal }, answer)
    stop.abort(new UserError('it was stopped'))
    await expect(stopped).rejects.toThrow('it was stopped')
  },
)

testPostgres('what a connection string says stands in no message', async () => {
  const url = 'postgres://maria:s3cret-word@no-such-host.invalid:5432/shop'
  const contract = contractWith(SOURCE)
  const refused = await warehouseProject(contract, { WAREHOUSE_URL: url })
  const error = await refused.run().catch((error) => error)
  expect(error.message).toContain('(host of WAREHOUSE_URL)')
  const said = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join(' ')
  for (const secret of ['maria', 's3cret-word', 'no-such-host.invalid']) {
    expect(said).not.toContain(secret)
  }
  const unset = await warehouseProject(contract)
  await expect(unset.run()).rejects.toThrow('the environment variable WAREHOUSE_URL is not set')
  const written = await warehouseProject(contractWith({ ...SOURCE, connection: url, typo: 1 }))
  const inFile = await written.run().catch((error) => error)
  expect(inFile.message).toContain('must be the name of an environment variable')
  expect(inFile.message).not.toContain('s3cret-word')
})

test.each([
  'host=localhost user=maria password=s3cret-word dbname=shop',
  's3cret-word',
  'mysql://maria:s3cret-word@localhost/shop',
  'postgres://maria:s3cret#word@localhost/shop',
])('what is no connection string is refused without repeating it', async (url) => {
  const { run } = await warehouseProject(contractWith(SOURCE), { WAREHOUSE_URL: url })
  const error = await run().catch((error) => error)
  expect(error.message).toContain('WAREHOUSE_URL holds no connection string of PostgreSQL')
  expect(error.message).not.toMatch(/maria|s3cret/)
})

testPostgres('a connection string may have been pasted with a line end', async () => {
  const url = await postgres!.newDatabase()
  const database = await databaseAt(url)
  await sellEveryDay(database, '2026-10-01', '2026-10-31')
  const pasted = await warehouseProject(contractWith(SOURCE), { WAREHOUSE_URL: `${url}\n` })
  expect(await pasted.run()).toMatchObject({ outcome: 'changed' })
})

testPostgres('a database that goes away in the middle changes nothing', async () => {
  const { database, run, files } = await warehouse({
    query: `${QUERY} and pg_terminate_backend(pg_backend_pid())`,
  })
  await sellEveryDay(database, '2026-10-01', '2026-10-31')
  await expect(run()).rejects.toThrow('PostgreSQL says: terminating connection')
  expect(await files()).toEqual({})
})

testPostgres(
  'a server that does not speak TLS is asked in clear only where somebody says so',
  async () => {
    const url = (await postgres!.newDatabase()).replace('?', '?sslmode=verify-full&')
    const { run } = await warehouseProject(contractWith(SOURCE), { WAREHOUSE_URL: url })
    await expect(run()).rejects.toThrow(/does not speak TLS.*write sslmode=disable/s)
  },
)

testPostgres(
  'a query that is stopped, or takes too long, ends in the database as well',
  async () => {
    const query = `select :from as day, :until as x, pg_sleep(100)`
    const { database, run } = await warehouse({ query: `${query} from day_totals` })
    await sellEveryDay(database, '2026-10-01', '2026-10-31')
    const asked = "select pid::text from pg_stat_activity where query like 'copy (%pg_sleep%'"
    const running = async () => (await database.query(`${asked} and state = 'active'`)).rows
    const stop = new AbortController()
    const stopped = run({ signal: stop.signal }).catch((error) => error)
    void stopped
    void running
    stop.abort(new UserError('it was stopped'))
    expect((await stopped).message).toContain('it was stopped')
    await untilThere(async () => ((await running()).length === 0 ? 'ended' : ''))
  },
)

testPostgres(
  'a process that is killed leaves no query at work: the server looks for it',
  async () => {
    const interval = "current_setting('client_connection_check_interval') as sku"
    const { database, run, files } = await warehouse({ query: QUERY.replace('sku', interval) })
    await sell(database, '2026-10-31', 1)
    await run()
    expect((await files())['2026-10.csv']).toContain(',10s,')
  },
)

testPostgres(
  'numeric(38,9), returns below zero and NULLs are taken as they are, and add up',
  async () => {
    const { database, run, files } = await warehouse()
    await database.query('alter table day_totals alter units type numeric(38, 9)')
    for (const [sku, units] of [
      ['a', '0.123456789'],
      ['b', '-3'],
      ['c', '12345678901.5'],
    ]) {
      await database.query(
        "insert into day_totals values ('2026-10-31', 's1', $1, $2, null, null, null)",
        [sku, units],
      )
    }
    expect((await run()).came).toMatchObject({ rows: 3, units: 12345678898.623 })
    expect((await files())['2026-10.csv'].split('\n').slice(1, -1)).toEqual([
      '2026-10-31,s1,a,0.123456789,,,',
      '2026-10-31,s1,b,-3.000000000,,,',
      '2026-10-31,s1,c,12345678901.500000000,,,',
    ])
    expect(await run()).toMatchObject({ outcome: 'nothing new' })
  },
)

testPostgres('an answer without end is cut off, and ends in the database as well', async () => {
  const query = QUERY.replace(
    'day_totals',
    '(select *, generate_series(1, 1000000000) from day_totals) as endless',
  )
  const { database, run, files } = await warehouse(
    { query, rows: 'sales' },
    { own: { maxBytes: 1e6 } },
  )
  await sell(database, '2026-10-31', 1)
  await expect(run()).rejects.toThrow('is larger than 1000000 bytes')
  expect(await files()).toEqual({})
  const asked = "select pid from pg_stat_activity where query like 'copy (%' and state = 'active'"
  await untilThere(async () => ((await database.query(asked)).rows.length === 0 ? 'ended' : ''))
})
