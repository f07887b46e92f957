import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { environment } from '../../project.ts'
import { openLog, stores } from './stores.ts'

const [inSqlite, inPostgres] = await stores()

it('loses nothing acknowledged and records nothing twice in SQLite, killed 20 times', async () => {
  await appendKilled(await inSqlite.newLedger(), 1)
})

it.skipIf(!inPostgres)(
  'loses nothing acknowledged and records nothing twice in PostgreSQL, two replicas killed 20 times',
  async () => {
    await appendKilled(await inPostgres.newLedger(), 2)
  },
)

const KILLS = 20
const KEYS = Array.from({ length: 1500 }, (_, i) => `key ${i}`)

/** Appends an event a key; what was not acknowledged, and a fifth of what was, is sent again. */
async function appendKilled(url: string, replicas: number): Promise<void> {
  const random = seededRandom(7)
  const acknowledged = new Map<string, string>()
  const note = (key: string, id: string) => {
    // Whoever asks again gets the same answer.
    expect(acknowledged.get(key) ?? id).toBe(id)
    acknowledged.set(key, id)
  }
  for (let kill = 0; kill < KILLS; kill += replicas) {
    const keys = KEYS.filter((key) => !acknowledged.has(key) || random() < 0.2)
    const killed = Array.from({ length: replicas }, () =>
      appendInProcess(url, keys, note, 1 + Math.floor(100 * random())),
    )
    await Promise.all(killed)
  }
  expect(acknowledged.size).toBeGreaterThan(KILLS)
  expect(acknowledged.size).toBeLessThan(KEYS.length)
  await appendInProcess(url, KEYS, note, Number.POSITIVE_INFINITY)

  const log = await openLog(url)
  const found = await log.find({ type: 'cd4ml.forecast.v1', limit: 2 * KEYS.length })
  expect(found).toHaveLength(KEYS.length)
  expect(new Map(found.map(({ id, subject }) => [subject, id]))).toEqual(acknowledged)
}

/** A few at a time, until so many are acknowledged: then it is killed. */
async function appendInProcess(
  url: string,
  keys: string[],
  note: (key: string, id: string) => void,
  killAfter: number,
): Promise<void> {
  const program = join(import.meta.dirname, 'appending-process.ts')
  const appending = spawn(process.execPath, [program, url], {
    env: environment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(appending, 'exit')
  // It may be dead before it has read them.
  appending.stdin.on('error', () => undefined).write(keys.slice(0, AT_A_TIME).map(line).join(''))
  let count = 0
  for await (const said of createInterface(appending.stdout)) {
    const [, key, id] = /^(key \d+) (\S+)$/.exec(said)!
    note(key, id)
    if (++count === killAfter) appending.kill('SIGKILL')
    const next = keys.at(count + AT_A_TIME - 1)
    if (next !== undefined) appending.stdin.write(line(next))
    if (count === keys.length) appending.stdin.end()
  }
  const [code] = await exited
  if (killAfter === Number.POSITIVE_INFINITY) expect(code).toBe(0)
}

const AT_A_TIME = 16

function line(key: string): string {
  return `${key}\n`
}
