import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { environment } from '../../project.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { SHELVES, TODAY } from './exchange-engine.ts'
import { rowsOf } from './exchange-fixture.ts'

const DECISIONS = `product,day,decision\n${SHELVES.map(({ product }) => `${product},${TODAY},followed\n`).join('')}`

it('leaves nothing half-written, nothing twice and nothing lost, wherever it is killed', async () => {
  const undisturbed = await temporaryFolder()
  await look(undisturbed, {})
  const list = join(undisturbed, 'points')
  await put(undisturbed, { 'exchange/in/d.csv': DECISIONS })
  expect(await look(undisturbed, { POINTS_FILE: list })).toBe('0')
  const listed = (await readFile(list, 'utf8')).trimEnd().split('\n')
  const other = await temporaryFolder()
  expect(await look(other, { POINTS_FILE: list })).toBe('0')
  const points = new Set([...listed, ...(await readFile(list, 'utf8')).trimEnd().split('\n')])
  expect([...points]).toEqual(
    expect.arrayContaining([
      'rename exchange/out/orders….csv',
      'write exchange/answers/d.csv.….partial',
      'rename exchange/answers/d.csv',
      'rename exchange/done/d.….csv',
    ]),
  )

  for (const point of points) {
    const folder = await temporaryFolder()
    if (!point.includes('/out/')) await look(folder, {})
    await put(folder, { 'exchange/in/d.csv': DECISIONS })
    expect(await look(folder, { KILLED_AT: point }), point).toBe('SIGKILL')
    expect(await look(folder, {}), point).toBe('0')
    expect(await state(folder), point).toEqual(await state(undisturbed))
  }
}, 120_000)

async function look(folder: string, env: Record<string, string>): Promise<string> {
  const points = resolve(import.meta.dirname, '../../end-to-end/points.ts')
  const script = resolve(import.meta.dirname, 'exchange-process.ts')
  const process = spawn(globalThis.process.execPath, ['--import', points, script], {
    cwd: folder,
    env: environment(env),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code, signal] = await once(process, 'exit')
  return String(signal ?? code)
}

/** All but what differs from one run to the next: ids, and what a killed process left behind. */
async function state(folder: string) {
  const log = sqlEventLog(await openDatabase('sqlite:ledger.sqlite', folder))
  const { events } = await log.after(undefined, 1000)
  await log.close()
  const names = async (name: string) =>
    (await readdir(join(folder, 'exchange', name))).filter((it) => !it.endsWith('.partial')).sort()
  const answer = rowsOf(await readFile(join(folder, 'exchange/answers/d.csv'), 'utf8'))
  const ids = new Set(events.map(({ id }) => id))
  return {
    events: events.map(({ type, subject }) => `${type} ${subject}`).sort(),
    files: await Promise.all(['in', 'out', 'done', 'answers'].map(names)),
    answered: answer.map(({ line, event_id }) => [line, ids.has(event_id)]),
  }
}
