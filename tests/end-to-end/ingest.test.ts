import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import {
  filesIn,
  rowsOf,
  tableProject,
  untilThere,
} from '../integration/warehouse/warehouse-fixture.ts'
import { cd4ml, cd4mlProcess, commandLine, environment } from '../project.ts'
import { put, temporaryFolder } from '../repository.ts'

const today = { 'project.yml': 'today: 2026-11-03\n' }

/** A project that has August to October, and whose warehouse now revises two of them and has more. */
async function begun() {
  const files = { files: { sales: ['sales/*.csv'] } }
  const resource = { resource: { path: ['sales/2026-08.csv'] }, own: files }
  const warehouse = await tableProject({ since: '2026-08-01', revisedDays: 60 }, resource)
  await put(warehouse.project, today)
  await warehouse.load(rowsOf('2026-08-01', '2026-10-31'))
  await warehouse.run()
  const revised = ['2026-09-03', '2026-10-05']
  await warehouse.load(
    rowsOf('2026-08-01', '2026-11-02', (day) => (revised.includes(day) ? 13 : 12)),
  )
  return warehouse
}

test('wherever it is killed, no file is cut off, and the next run ends as if nothing had happened', async () => {
  const { project } = await begun()
  const [undisturbed, list] = [await temporaryFolder(), join(await temporaryFolder(), 'points')]
  await cp(project, undisturbed, { recursive: true })
  expect(await endOf(undisturbed, { POINTS_FILE: list })).toBe('0')
  const wanted = await stateOf(undisturbed)
  const reached = new Set((await readFile(list, 'utf8')).trimEnd().split('\n'))
  const points = [...reached].filter((name) => /^(write|rename) /.test(name))
  expect(points).toEqual(
    expect.arrayContaining([
      'rename data/sales/2026-09.csv',
      'rename data/sales/2026-10.csv',
      'rename data/sales/2026-11.csv',
      'rename data/datapackage.json',
    ]),
  )
  const before = await stateOf(project)
  for (const point of points) {
    const disturbed = await temporaryFolder()
    await cp(project, disturbed, { recursive: true })
    expect(await endOf(disturbed, { KILLED_AT: point }), point).toBe('SIGKILL')
    const files = await filesIn(join(disturbed, 'data/sales'))
    for (const [name, content] of Object.entries(files)) {
      expect([before.files[name], wanted.files[name]], `${point}: ${name}`).toContain(content)
    }
    expect((await cd4ml(disturbed, ['ingest', '--quiet'])).code, point).toBe(0)
    expect(await stateOf(disturbed), point).toEqual(wanted)
  }
})

async function endOf(project: string, env: Record<string, string>): Promise<string> {
  const points = new URL('./points.ts', import.meta.url).href
  const child = spawn(process.execPath, ['--import', points, ...commandLine(['ingest'])], {
    cwd: project,
    env: environment(env),
    stdio: 'ignore',
  })
  const [code, signal] = await once(child, 'exit')
  return signal ?? String(code)
}

async function stateOf(project: string) {
  const contract = await readFile(join(project, 'data/datapackage.json'), 'utf8')
  return { files: await filesIn(join(project, 'data/sales')), contract }
}

test('the command says what it asked, what came and what changed, and a run again that nothing did', async () => {
  const { project } = await begun()
  const dry = await cd4ml(project, ['ingest', '--dry-run'])
  expect([dry.code, dry.stderr]).toEqual([0, 'Asking for 2026-09-02 to 2026-11-02.\n'])
  expect(dry.stdout).toBe(`2026-09-02 to 2026-11-02: 62 rows of 62 days, 746 units, worth 1,492.00.
New: 2 days (2026-11-01 to 2026-11-02).
Revised: 2 days (2026-09-03, 2026-10-05).
Unchanged: 58 days.
would be changed  sales/2026-09.csv
would be changed  sales/2026-10.csv
would be added  sales/2026-11.csv
`)
  const { files } = JSON.parse((await cd4ml(project, ['ingest', '--json'])).stdout)
  expect(files).toHaveLength(3)
  const again = await cd4ml(project, ['ingest'])
  expect([again.code, again.stdout]).toEqual([
    0,
    '2026-09-04 to 2026-11-02: 60 rows of 60 days, 721 units, worth 1,442.00.\nUnchanged: 60 days.\nNo file changes.\n',
  ])
})

test('a command that is ended takes its program with it, and changes nothing', async () => {
  const project = await tableProject({ command: ['sh', '-c', 'echo $$ > child; sleep 60'] })
  const child = spawn(process.execPath, commandLine(['ingest']), {
    cwd: project.project,
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = text(child.stderr)
  const program = await untilThere(() => readFile(join(project.project, 'child'), 'utf8'))
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([2, null])
  expect(await said).toContain('it was stopped: nothing was changed')
  await untilThere(async () => {
    const state = await readFile(`/proc/${Number(program)}/stat`, 'utf8').catch(() => ') Z')
    return state.includes(') Z') ? 'ended' : ''
  })
})

test('what is doubtful ends with code 2, and goes in with --accept', async () => {
  const { project, load } = await begun()
  await load(rowsOf('2026-08-01', '2026-09-10'))
  const doubtful = await cd4mlProcess(project, ['ingest'])
  expect([doubtful.code, doubtful.stdout]).toEqual([2, ''])
  expect(doubtful.stderr).toContain('far fewer rows came for 51 days')
  expect(doubtful.stderr).toContain('--accept shrunk')
  const { code, stdout } = await cd4ml(project, ['ingest', '--accept', 'shrunk'])
  expect([code, stdout]).toEqual([0, expect.stringContaining('removed  sales/2026-10.csv')])
})

test('a contract without a source, or a resource that no days can be written to, is refused with its key', async () => {
  const run = async (source: object, parts: object = {}) => {
    const { project } = await tableProject(source, parts)
    const { code, stderr } = await cd4ml(project, ['ingest'])
    expect(code).toBe(2)
    return stderr
  }
  const fields = (changed: object) => ({
    resource: {
      schema: {
        fields: ['day', 'store', 'sku', 'units', 'value', 'delivered', 'on_hand'].map((name) => ({
          name,
          type: name === 'day' ? 'date' : ['store', 'sku'].includes(name) ? 'string' : 'number',
          ...(name in changed && (changed as Record<string, object>)[name]),
        })),
      },
    },
  })
  expect(await run({}, { own: { source: undefined } })).toContain('cd4ml.source: does not say')
  expect(await run({}, { resource: { path: 'sales.csv' } })).toContain('one pattern with one *')
  expect(await run({}, { resource: { encoding: 'iso-8859-1' } })).toContain('resources.0.encoding')
  expect(await run({}, fields({ units: { decimalChar: ',' } }))).toContain('as warehouses write it')
  expect(await run({}, fields({ day: { type: 'datetime' } }))).toContain('must be a date')
  expect(await run({ resource: 'orders' })).toContain('no resource "orders" of sales')
  expect(await run({ delimiter: 'x' })).toContain('cd4ml.source.delimiter')
  expect(await run({ engine: 'mysql' })).toContain('one of postgresql, duckdb, program')
})
