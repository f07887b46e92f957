import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import pg from 'pg'
import { dayFromIso, isoFromDay } from '../src/base/day.ts'
import { makeFolder } from '../src/base/write-file.ts'
import { newPostgres } from '../tests/postgres-server.ts'
import { type Ran, runCommand } from './run-command.ts'

/**
 * `cd4ml ingest` from a PostgreSQL with so many series × days: the history at once, beside psql's
 * COPY of the same query to a file, and then night after night, each with a new day, the rows of the
 * day before that came late, and corrections of the days before. The exit code is 1 where the files
 * do not end with the rows, the units and the money of the database.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string', default: '1000000' },
      nights: { type: 'string', default: '31' },
    },
  })
  const nights = Number(values.nights)
  const days = Math.max(DAYS, nights + 1)
  const series = Math.round(Number(values.rows) / days)
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-ingest-'))
  const postgres = await newPostgres(folder)
  if (postgres === undefined) {
    console.log('PostgreSQL is not installed here (Debian: apt-get install postgresql).')
    process.exitCode = 1
    return
  }
  const url = await postgres.newDatabase()
  process.env.WAREHOUSE_URL = url
  const database = new pg.Client(url)
  try {
    await database.connect()
    await database.query(tables(series))
    const project = join(folder, 'shop')
    const ingestUntil = async (until: number): Promise<Ran> => {
      await writeFile(join(project, 'project.yml'), `today: ${isoFromDay(until + 1)}\n`)
      return await runCommand(project, ['ingest', '--quiet', '--json'])
    }
    await makeFolder(join(project, 'data'))
    await writeFile(join(project, 'data', 'datapackage.json'), contract())

    const last = FIRST + days - nights - 1
    await database.query('select sell($1, $2)', [isoFromDay(FIRST), isoFromDay(last)])
    const copy = await psqlCopy(url, join(folder, 'copy.csv'), last)
    const history = await ingestUntil(last)
    const night: Ran[] = []
    for (let day = last + 1; day <= last + nights; day++) {
      await database.query('select night($1)', [isoFromDay(day)])
      night.push(await ingestUntil(day))
    }
    await database.query('select late($1)', [isoFromDay(last + nights)])
    const again = await ingestUntil(last + nights)
    const nothingNew = await ingestUntil(last + nights)

    const { rows } = JSON.parse(history.stdout).came
    console.log(`${series} series; ${rows} rows of history, ${nights} nights`)
    console.table({
      'psql, COPY to a file': shown(copy),
      'ingest, the history': shown(history),
      ...(nights > 0 && { 'ingest, a night (mean)': shown(meanOf(night)) }),
      'ingest, the last late rows': shown(again),
      'ingest, nothing new': shown(nothingNew),
    })
    console.log(
      `the history against psql's COPY: ${(history.cpuSeconds / copy.cpuSeconds).toFixed(1)} × the CPU time of the client, ${(history.seconds / copy.seconds).toFixed(1)} × the time`,
    )
    const inDatabase = await sumsInDatabase(database)
    const inFiles = await sumsInFiles(join(project, 'data', 'sales'))
    const isNothingNew = JSON.parse(nothingNew.stdout).outcome === 'nothing new'
    const holds = inDatabase === inFiles && isNothingNew
    console.log(
      `rows, units and money in the database: ${inDatabase}; in the files: ${inFiles}: ${holds}`,
    )
    if (!holds) process.exitCode = 1
  } finally {
    await database.end()
    await postgres.end()
    await rm(folder, { recursive: true })
  }
}

const FIRST = dayFromIso('2025-06-01')!
const DAYS = 500

const QUERY =
  'select day, store, sku, units, value, delivered, on_hand from day_totals where day between :from and :until'

/** What a series sells follows from its number and the day; corrections add a unit. */
function tables(series: number): string {
  return `
    create unlogged table day_totals (day date, store text, sku text, units int, value numeric(12, 2),
      delivered int, on_hand int);
    create index on day_totals using brin (day);
    create function rows_of(first date, last date) returns setof day_totals language sql as $$
      select day::date, 's' || lpad((series % 10)::text, 2, '0'), lpad((series / 10)::text, 6, '0'),
        units, units * 2.35, (series + n) % 9, (series * 3 + n) % 40
      from generate_series(first, last, '1 day') day, generate_series(1, ${series}) series,
        lateral (select (day::date - date '2025-06-01') as n) as days,
        lateral (select 1 + (series * 7919 + n * 104729) % 23 as units) as sold $$;
    create function is_late(sold day_totals) returns boolean language sql as $$
      select hashtext(sold.sku || sold.store || sold.day::text) % 50 = 0 $$;
    create function sell(first date, last date) returns void language sql as $$
      insert into day_totals select * from rows_of(first, last) $$;
    create function late(today date) returns void language sql as $$
      insert into day_totals select sold.* from rows_of(today, today) sold where is_late(sold) $$;
    create function night(today date) returns void language sql as $$
      insert into day_totals select sold.* from rows_of(today, today) sold where not is_late(sold);
      insert into day_totals select sold.* from rows_of(today - 1, today - 1) sold
        where is_late(sold) and exists (select from day_totals where day = today - 1)
          and not exists (select from day_totals d where d.day = sold.day and d.sku = sold.sku and d.store = sold.store);
      update day_totals set units = units + 1, value = value + 2.35
        where day between today - 5 and today - 2 and hashtext(sku || store || today::text) % 1000 = 0 $$;`
}

function contract(): string {
  const numbers = ['units', 'value', 'delivered', 'on_hand']
  const fields = [
    { name: 'day', type: 'date' },
    ...['store', 'sku'].map((name) => ({ name, type: 'string' })),
    ...numbers.map((name) => ({ name, type: 'number' })),
  ]
  return JSON.stringify({
    resources: [{ name: 'sales', path: 'sales/*.csv', schema: { fields } }],
    cd4ml: {
      columns: {
        ...{ product: 'sku', store: 'store', saleDate: 'day', quantity: 'units' },
        ...{ value: 'value', delivered: 'delivered', stock: 'on_hand' },
      },
      source: {
        ...{ engine: 'postgresql', connection: 'WAREHOUSE_URL', query: QUERY },
        ...{ since: isoFromDay(FIRST), revisedDays: 7 },
      },
    },
  })
}

/** CPU seconds of psql alone: the server's are the same for both. */
async function psqlCopy(url: string, file: string, last: number): Promise<Ran> {
  const query = QUERY.replace(':from', `'${isoFromDay(FIRST)}'`).replace(
    ':until',
    `'${isoFromDay(last)}'`,
  )
  const script = `TIMEFORMAT='%U %S %R'; time psql "$1" --quiet --command "copy ($2) to stdout csv header" > "$3"`
  const { stderr } = await promisify(execFile)('bash', ['-c', script, 'psql', url, query, file])
  const [user, system, seconds] = stderr.trim().split(' ').map(Number)
  await rm(file)
  return { cpuSeconds: user + system, seconds, megabytes: Number.NaN, stdout: '' }
}

async function sumsInDatabase(database: pg.Client): Promise<string> {
  const { rows } = await database.query(
    'select count(*) as rows, sum(units) as units, sum(value) as value from day_totals',
  )
  return `${rows[0].rows} ${rows[0].units} ${Number(rows[0].value).toFixed(2)}`
}

async function sumsInFiles(folder: string): Promise<string> {
  const script = `cat "$1"/*.csv | awk -F, '$1 != "day" { r++; u += $4; v += $5 } END { printf "%d %d %.2f", r, u, v }'`
  return (await promisify(execFile)('bash', ['-c', script, 'awk', folder])).stdout
}

function meanOf(runs: Ran[]): Ran {
  const mean = (of: (run: Ran) => number) =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length
  return {
    seconds: mean(({ seconds }) => seconds),
    cpuSeconds: mean(({ cpuSeconds }) => cpuSeconds),
    megabytes: Math.max(...runs.map(({ megabytes }) => megabytes)),
    stdout: '',
  }
}

function shown({ seconds, cpuSeconds, megabytes }: Ran) {
  return {
    seconds: seconds.toFixed(1),
    'CPU seconds': cpuSeconds.toFixed(1),
    'peak memory (MB)': Number.isNaN(megabytes) ? '' : Math.round(megabytes),
  }
}
