import { existsSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { UserError } from '../../../src/base/errors.ts'
import { put } from '../../repository.ts'
import { contractWith, HEADER, QUERY, rowsOf, warehouseProject } from './warehouse-fixture.ts'

const FOLDER = resolve(import.meta.dirname, '../../duckdb')
const until = dayFromIso('2026-09-30')!

function isInstalled(): boolean {
  if (existsSync(join(FOLDER, 'node_modules'))) return true
  const missing = 'DuckDB is not installed here (npm ci --prefix tests/duckdb)'
  if (process.env.CD4ML_REQUIRE_DUCKDB) throw new Error(missing)
  console.warn(`${missing}: what needs it is skipped.`)
  return false
}

const testDuckdb = test.skipIf(!isInstalled())

async function duckdbProject(query: string, source: object = {}) {
  const project = await warehouseProject(contractWith({ engine: 'duckdb', query, ...source }))
  await symlink(join(FOLDER, 'node_modules'), join(project.project, 'node_modules'))
  await put(project.project, {
    'package.json': '{}',
    'lake/sales.csv': `${[HEADER, ...rowsOf('2026-08-20', '2026-10-10')].join('\n')}\n`,
  })
  return project
}

const FROM_FILES = `select day, store, sku, sum(units)::decimal(12, 2) as units, sum(value) as value,
  null as delivered, any_value(on_hand) as on_hand
  from read_csv('lake/*.csv', types = {'value': 'decimal(12, 2)'})
  where day between :from and :until group by all -- no more`

testDuckdb(
  'files of a lake are added up by DuckDB, and only the days that were asked for',
  async () => {
    const { run, files } = await duckdbProject(FROM_FILES)
    expect((await run({ until })).came).toEqual({ rows: 30, days: 30, units: 360, value: 720 })
    expect((await files())['2026-09.csv'].split('\n').slice(0, 2)).toEqual([
      HEADER,
      '2026-09-01,s1,milk,12.00,24.00,,9',
    ])
    expect(await run({ until })).toMatchObject({ outcome: 'nothing new' })
  },
)

testDuckdb(
  'a database is opened to be read, and a query in a file beside the contract asks it',
  async () => {
    const { run, files, project, data } = await duckdbProject('day-totals.sql', {
      database: 'shop.duckdb',
    })
    await put(data, { 'day-totals.sql': `${QUERY};\n` })
    const { DuckDBInstance } = await import(
      pathToFileURL(createRequire(join(FOLDER, 'package.json')).resolve('@duckdb/node-api')).href
    )
    const shop = await DuckDBInstance.create(join(project, 'shop.duckdb'))
    const connection = await shop.connect()
    await connection.run(`create table day_totals as
    select * from read_csv('${project}/lake/sales.csv')`)
    connection.closeSync()
    shop.closeSync()
    await run({ until })
    expect((await files())['2026-09.csv'].split('\n')).toHaveLength(32)
  },
)

testDuckdb('what DuckDB has no memory for waits in the folder that ends with the run', async () => {
  const { run, files } = await duckdbProject(
    `select :from as day, 's1' as store, current_setting('temp_directory') as sku, 1 as units,
      2 as value, null as delivered, null as on_hand where :until >= :from`,
  )
  await run({ until })
  expect((await files())['2026-09.csv']).toMatch(/\.cd4ml\/ingest-/)
})

testDuckdb('no extension is fetched, and what DuckDB refuses is told', async () => {
  const remote = await duckdbProject(
    "select * from read_parquet('https://no-such-host.invalid/x.parquet') where day between :from and :until",
  )
  await expect(remote.run({ until })).rejects.toThrow(/DuckDB says: .*(httpfs|extension|file)/s)
  const wrong = await duckdbProject('select * from nowhere where day between :from and :until')
  await expect(wrong.run({ until })).rejects.toThrow('Table with name nowhere does not exist')
  const moment = await duckdbProject(
    FROM_FILES.replace('select day,', "select day + interval '2 hours' as day,"),
  )
  await expect(moment.run({ until })).rejects.toThrow('"day" must be a day such as 2026-11-26')
  expect(await moment.files()).toEqual({})
})

testDuckdb('a query that is stopped, or takes too long, ends', async () => {
  const { run } = await duckdbProject(
    `select :from as day, :until as store, count(*) as sku from range(1000000000) a, range(1000) b`,
  )
  const stop = new AbortController()
  const running = run({ until, signal: stop.signal }).catch((error) => error)
  setTimeout(() => stop.abort(new UserError('it was stopped')), 300)
  expect((await running).message).toContain('it was stopped')
})

test('where DuckDB is not installed, it is said how it is', async () => {
  const { run } = await warehouseProject(contractWith({ engine: 'duckdb', query: FROM_FILES }))
  await expect(run({ until })).rejects.toThrow('npm install @duckdb/node-api')
})
