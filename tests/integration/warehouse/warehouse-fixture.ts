import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { type Day, dayFromIso, isoFromDay } from '../../../src/base/day.ts'
import type { Ingested } from '../../../src/sales/warehouse/ingested.ts'
import { type IngestOptions, ingest } from '../../../src/steps/data/ingest.ts'
import { validate } from '../../../src/steps/data/validate.ts'
import { temporaryFolder } from '../../repository.ts'

export const TODAY = dayFromIso('2026-11-01')!

/** Series × day, added up by the database: units, money, deliveries and stock. */
export const QUERY = `
  select day, store, sku, units, value, delivered, on_hand
  from day_totals where day between :from and :until`

const FIELDS = [
  { name: 'day', type: 'date' },
  { name: 'store', type: 'string' },
  { name: 'sku', type: 'string' },
  ...['units', 'value', 'delivered', 'on_hand'].map((name) => ({ name, type: 'number' })),
]

export function contractWith(source: object, { resource = {}, own = {} } = {}): object {
  return {
    resources: [{ name: 'sales', path: 'sales/*.csv', schema: { fields: FIELDS }, ...resource }],
    cd4ml: {
      columns: {
        product: 'sku',
        store: 'store',
        saleDate: 'day',
        quantity: 'units',
        value: 'value',
        delivered: 'delivered',
        stock: 'on_hand',
      },
      source: { since: '2026-09-01', ...source },
      ...own,
    },
  }
}

/** A project with a contract, in which `ingest` runs as on 1 November 2026. */
export async function warehouseProject(contract: object, environment: NodeJS.ProcessEnv = {}) {
  const project = await temporaryFolder()
  const data = join(project, 'data')
  await mkdir(data)
  const file = join(data, 'datapackage.json')
  await writeFile(file, JSON.stringify(contract, null, 2))
  const run = (options: Partial<IngestOptions> = {}): Promise<Ingested> =>
    ingest({
      project,
      data,
      contract: file,
      recipe: join(project, 'recipe.yml'),
      today: TODAY,
      accept: new Set(),
      dryRun: false,
      environment,
      signal: new AbortController().signal,
      ...options,
    })
  return { project, data, contract: file, run, files: () => filesIn(join(data, 'sales')) }
}

/** Name → content of the files in a folder. */
export async function filesIn(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder).catch(() => [])
  const files = names
    .sort()
    .map(async (name) => [name, await readFile(join(folder, name), 'latin1')])
  return Object.fromEntries(await Promise.all(files))
}

/** Name → moment at which the file was put there. */
export async function changedAt(folder: string): Promise<Record<string, bigint>> {
  const names = await readdir(folder)
  const times = names.map(async (name) => {
    const { mtimeNs } = await stat(join(folder, name), { bigint: true })
    return [name, mtimeNs]
  })
  return Object.fromEntries(await Promise.all(times))
}

export type Database = { query(sql: string, values?: unknown[]): Promise<pg.QueryResult> }

/** A database with the table that `QUERY` asks. */
export async function databaseAt(url: string): Promise<Database> {
  const client = new pg.Client(url)
  await client.connect()
  onTestFinished(() => client.end())
  await client.query(`create table day_totals (
    day date not null, store text not null, sku text not null, units numeric, value numeric(12, 2),
    delivered int, on_hand int, primary key (day, store, sku))`)
  return { query: (sql, values) => client.query(sql, values) }
}

/** Sells so many units in a day: of one product in one store, or as the columns say. */
export async function sell(
  database: Database,
  day: string | Day,
  units: number,
  { store = 's1', sku = 'milk' } = {},
): Promise<void> {
  const date = typeof day === 'string' ? day : isoFromDay(day)
  await database.query(
    `insert into day_totals values ($1, $2, $3, $4, $4 * 2.35, 2, 9)
     on conflict (day, store, sku) do update set units = excluded.units, value = excluded.value`,
    [date, store, sku, units],
  )
}

/** Sells 10 to 16 units on each of these days, both inclusive. */
export async function sellEveryDay(database: Database, from: string, until: string): Promise<void> {
  await database.query(
    `insert into day_totals
     select day, store, sku, 10 + extract(dow from day), (10 + extract(dow from day)) * 2.35, 2, 9
     from generate_series($1::date, $2::date, '1 day') day,
       (values ('s1', 'milk'), ('s1', 'pão de queijo; "grande"'), ('s2', 'milk')) series (store, sku)`,
    [from, until],
  )
}

/** What the database holds in all, and what validation makes of the files. */
export async function bothTotals(database: Database, project: { data: string; contract: string }) {
  const { rows } = await database.query(`select count(*)::int rows, sum(units)::float units,
    sum(value)::float value, sum(delivered)::float delivered, sum(on_hand)::float stock from day_totals`)
  const result = await validate({
    dataFolder: project.data,
    contractFile: project.contract,
    today: TODAY,
    cores: 1,
  })
  if (result.outcome !== 'valid') throw new Error(JSON.stringify(result.report.findings))
  const { sold, revenue, bought, statedStock } = result.totals
  const sum = (values: Float64Array) =>
    Math.round(values.reduce((total, value) => total + value, 0) * 100) / 100
  const inFiles = {
    rows: sold.length,
    units: sum(sold),
    value: sum(revenue),
    delivered: sum(bought),
    stock: sum(statedStock),
  }
  return { inDatabase: rows[0], inFiles }
}

export const HEADER = 'day,store,sku,units,value,delivered,on_hand'

/**
 * A project whose warehouse is a table of CSV beside it, of which a program gives the days that are
 * asked for. `load` puts other rows into the table.
 */
export async function tableProject(source: object = {}, parts: object = {}) {
  const command = ['awk', '-F,', 'NR == 1 || ($1 >= "{from}" && $1 <= "{until}")', 'table.csv']
  const contract = contractWith({ engine: 'program', command, revisedDays: 7, ...source }, parts)
  const project = await warehouseProject(contract, { PATH: process.env.PATH })
  const load = (rows: string[], header = HEADER) =>
    writeFile(join(project.project, 'table.csv'), `${[header, ...rows].join('\n')}\n`)
  return { ...project, load }
}

/** A row of each day, both inclusive; 12 units, or what `units` says. */
export function rowsOf(
  from: string,
  until: string,
  units: (day: string) => number = () => 12,
  series = 's1,milk',
): string[] {
  const first = dayFromIso(from)!
  const days = Array.from({ length: dayFromIso(until)! - first + 1 }, (_, i) =>
    isoFromDay(first + i),
  )
  return days.map((day) => `${day},${series},${units(day)},${units(day) * 2},3,9`)
}

/** What there is once there is something. */
export async function untilThere(look: () => Promise<string>): Promise<string> {
  for (;;) {
    const found = await look().catch(() => '')
    if (found.trim() !== '') return found
    await setTimeout(10)
  }
}
