import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { UserError } from '../../../src/base/errors.ts'
import { parquetTable, type TableColumn } from '../parquet-bytes.ts'
import { contractWith, HEADER, rowsOf, untilThere, warehouseProject } from './warehouse-fixture.ts'

const ROWS = rowsOf('2026-09-01', '2026-09-30')
const until = dayFromIso('2026-09-30')!

/** A project whose warehouse is a script of the shell. */
async function scripted(script: string, source: object = {}, environment: object = {}) {
  const command = ['sh', '-c', script, 'warehouse', '{from}', '--until={until}']
  const contract = contractWith({ engine: 'program', command, ...source })
  const project = await warehouseProject(contract, { PATH: process.env.PATH, ...environment })
  await writeFile(join(project.project, 'table.csv'), `${[HEADER, ...ROWS].join('\n')}\n`)
  return project
}

test('a program gets the days as arguments and in its environment, and its input from a file', async () => {
  const project = await scripted(
    'echo "$1 $2 $CD4ML_FROM $CD4ML_UNTIL" > said; cat >> said; cat table.csv',
    {
      input: 'query.sql',
    },
  )
  await writeFile(join(project.data, 'query.sql'), 'select 1')
  await project.run({ until })
  expect(await readFile(join(project.project, 'said'), 'utf8')).toBe(
    '2026-09-01 --until=2026-09-30 2026-09-01 2026-09-30\nselect 1',
  )
})

test('cells with delimiters, tabs in place of commas, and columns in another order are read', async () => {
  const { run, files } = await scripted(
    `printf 'sku\\tstore\\tday\\tunits\\tvalue\\tdelivered\\ton_hand\\n"a, ""b"""\\ts1\\t2026-09-01\\t1\\t2\\t\\t\\n'`,
    { delimiter: '\t' },
  )
  await run({ until })
  expect((await files())['2026-09.csv']).toBe(`${HEADER}\n2026-09-01,s1,"a, ""b""",1,2,,\n`)
})

test.each([
  ['cat table.csv; exit 3', '"sh" ended with code 3'],
  ['head -c 300 table.csv; echo no such table >&2; exit 1', 'ended with code 1: no such table'],
  ['cat table.csv; kill -9 $$', '"sh" was ended by SIGKILL'],
  ['true', 'the program wrote nothing, not even a header'],
  ['echo \'{"day": 1}\'', 'is JSON, not CSV'],
  ["cat table.csv; echo '2026-09-01,\"s1'", 'A quotation mark opens a cell here'],
  ["cat table.csv; echo '2026-09-01,s\"1,a,1,1,1,1'", 'Have the program quote such a cell'],
  ['cat table.csv; echo 2026-09-01,s1', 'row 31 has 2 cells, but 7 columns'],
  ['printf "day,store\\n\\377\\n"', 'Have the program write UTF-8.'],
])('of a program that does %j nothing is taken', async (script, message) => {
  const { run, files } = await scripted(script)
  await expect(run({ until })).rejects.toThrow(message)
  expect(await files()).toEqual({})
})

test.each([
  ['echo "no answer from $WAREHOUSE_URL" >&2; exit 1', 'no answer from (WAREHOUSE_URL)'],
  ['echo "no answer from $WAREHOUSE_URL"', 'it has "no answer from (WAREHOUSE_URL)"'],
  ['head -1 table.csv; echo "$WAREHOUSE_URL,,,,,,"', 'but is "(WAREHOUSE_URL)"'],
  [
    'head -1 table.csv; for n in 1 2 3; do echo "2026-09-0$n,s,a,$WAREHOUSE_URL,,,"; done',
    'number-unreadable (units), 3 times, such as "(WAREHOUSE_URL)"',
  ],
  ['head -1 table.csv; printf "%070d%s,,,,,,\n" 0 "$WAREHOUSE_URL"', '0000(WAREHOUSE_URL)…"'],
  ['printf "%s%01990d" "$WAREHOUSE_URL" 0 >&2; exit 1', 'code 1: …(WAREHOUSE_URL)0'],
])(
  'what is secret and a program that does %j writes stands in no message',
  async (script, said) => {
    const secret = { WAREHOUSE_URL: String.raw`postgres://maria:gehe\im@example.com/shop` }
    const { run } = await scripted(script, {}, secret)
    await expect(run({ until })).rejects.toThrow(said)
  },
)

test('a program that writes Parquet without end is cut off, and leaves nothing on the disk', async () => {
  const command = ['sh', '-c', 'printf PAR1; yes']
  const contract = contractWith({ engine: 'program', command }, { own: { maxBytes: 1_000_000 } })
  const { run, project } = await warehouseProject(contract, { PATH: process.env.PATH })
  await expect(run({ until })).rejects.toThrow('is larger than 1000000 bytes')
  expect(await readdir(join(project, '.cd4ml'))).toEqual(['ingest.lock'])
})

test('of Parquet with a column of another type, the column is named', async () => {
  const { run, project } = await scripted('cat table.parquet')
  const values = [1]
  const columns: TableColumn[] = HEADER.split(',').map((name) => ({ name, kind: 'date', values }))
  await writeFile(
    join(project, 'table.parquet'),
    parquetTable(columns, { groupRows: 1, pageRows: 1 }),
  )
  await expect(run({ until })).rejects.toThrow(/\("units"\): "the column is INT32 DATE.*number/)
})

test('of Parquet with moments, the query is to say the day', async () => {
  const fields = [
    { name: 'product' },
    { name: 'day', type: 'date' },
    { name: 'units', type: 'integer' },
    { name: 'price', type: 'number' },
    { name: 'store' },
  ]
  const file = join(import.meta.dirname, '../parquet/instants.parquet')
  const { run } = await warehouseProject({
    resources: [{ name: 'sales', path: 'sales/*.csv', schema: { fields } }],
    cd4ml: {
      columns: { product: 'product', saleDate: 'day', quantity: 'units', store: 'store' },
      source: { engine: 'program', command: ['cat', file], since: '2026-01-01' },
    },
  })
  await expect(run({ until })).rejects.toThrow(/instants.*\("day"\).*\n.*have the query say it/)
})

test('a program that is not there is named', async () => {
  const contract = contractWith({ engine: 'program', command: ['no-such-program'] })
  const { run } = await warehouseProject(contract, { PATH: process.env.PATH })
  await expect(run({ until })).rejects.toThrow('there is no program "no-such-program"')
})

test('arguments are no shell: what looks like one is a text', async () => {
  const command = ['printf', '%s', `${HEADER}\n2026-09-01,s1,$(touch x);\`touch x\`,1,1,1,1\n`]
  const { run, files } = await warehouseProject(contractWith({ engine: 'program', command }), {
    PATH: process.env.PATH,
  })
  await run({ until })
  expect((await files())['2026-09.csv']).toContain(',$(touch x);`touch x`,')
})

test('a program that is stopped ends with all that it started', async () => {
  const { run, project } = await scripted('sleep 60 & echo $! > child; cat table.csv; wait')
  const stop = new AbortController()
  const running = run({ until, signal: stop.signal }).catch((error) => error)
  const child = await untilThere(() => readFile(join(project, 'child'), 'utf8'))
  stop.abort(new UserError('it was stopped'))
  expect((await running).message).toContain('it was stopped')
  await untilThere(async () => {
    const state = await readFile(`/proc/${Number(child)}/stat`, 'utf8').catch(() => ') Z')
    return state.includes(') Z') ? 'ended' : ''
  })
})

test('what a program says of secrets in its environment is not repeated', async () => {
  const { run } = await scripted(
    'echo "login $SNOWSQL_PWD failed" >&2; exit 1',
    {},
    {
      SNOWSQL_PWD: 'very-secret',
    },
  )
  await expect(run({ until })).rejects.toThrow('login (SNOWSQL_PWD) failed')
})

test('a program may write Parquet, whose types are held to the contract', async () => {
  const file = join(import.meta.dirname, 'day-totals.parquet')
  const { run, files } = await scripted(`cat '${file}'`)
  await run({ until })
  expect((await files())['2026-09.csv']).toBe(
    `${HEADER}\n2026-09-01,s1,milk,12,24,3,9\n2026-09-02,s1,milk,7.5,15,,9\n`,
  )
})
