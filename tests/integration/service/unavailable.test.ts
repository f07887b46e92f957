import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { startPostgres } from '../../postgres.ts'
import { temporaryFolder } from '../../repository.ts'
import { NEXT_DAY, type RunningService, running, shopInProduction } from './serving.ts'

let project: string
beforeAll(async () => {
  project = await shopInProduction()
})
const postgres = await startPostgres()

it.skipIf(!postgres)(
  'while PostgreSQL is gone, reads go on, writes say so, and nothing that was acknowledged is lost',
  async () => {
    const service = await running(project, await postgres!.newDatabase())
    await expectToSurvive(service, {
      lose: () => postgres!.kill(),
      find: () => postgres!.start(),
    })
  },
)

const small = await smallDisk()

it.skipIf(!small)(
  'while the disk of SQLite is full, reads go on, writes say so, and nothing that was acknowledged is lost',
  async () => {
    const disk = await small!()
    const filler = join(disk, 'filler')
    const service = await running(project, `sqlite:${disk}/ledger.sqlite`)
    await expectToSurvive(service, {
      lose: async () => {
        expect(() => writeFileSync(filler, Buffer.alloc(64 << 20))).toThrow('ENOSPC')
      },
      find: async () => rmSync(filler),
    })
  },
)

async function expectToSurvive(
  service: RunningService,
  { lose, find }: { lose(): Promise<void>; find(): Promise<void> },
): Promise<void> {
  const acknowledged: string[] = []
  const forecast = async (key: string) => {
    const body = { product: 'P1', from: isoFromDay(NEXT_DAY), to: isoFromDay(NEXT_DAY + 6) }
    const answer = await service.ask('/v1/forecasts', { body, headers: { 'idempotency-key': key } })
    if (answer.status === 200) acknowledged.push((await answer.json()).answers[0].id)
    return answer
  }
  for (let i = 0; i < 10; i++) expect((await forecast(`before-${i}`)).status).toBe(200)

  await lose()
  let refused = await forecast('during')
  // What SQLite has in reserve may take some more.
  for (let i = 0; refused.status === 200 && i < 1000; i++) refused = await forecast(`during-${i}`)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('content-type')).toContain('application/problem+json')
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toMatchObject({ status: 503, title: 'Service Unavailable' })
  for (const path of ['/v1/products', '/v1/inputs', '/health/live']) {
    expect((await service.ask(path)).status, path).toBe(200)
  }
  await untilReady(service, 503)

  await find()
  await untilReady(service, 200)
  const once = await forecast('after')
  expect(once.status).toBe(200)
  expect((await service.recorded()).sort()).toEqual(acknowledged.sort())
}

/** Whether it is ready is looked at once a second. */
async function untilReady(service: RunningService, status: number): Promise<void> {
  while ((await service.ask('/health/ready')).status !== status) await setImmediate()
}

/** Makes a disk that is quickly full; undefined where the tests may not, having said so. */
async function smallDisk(): Promise<(() => Promise<string>) | undefined> {
  const mount = async () => {
    const folder = await temporaryFolder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', folder], { stdio: 'pipe' })
    return folder
  }
  const unmount = (folder: string) => execFileSync('umount', ['--lazy', folder])
  try {
    unmount(await mount())
  } catch {
    console.warn('Nothing may be mounted here: the test of a full disk is skipped.')
    return undefined
  }
  return async () => {
    const folder = await mount()
    onTestFinished(() => void unmount(folder))
    return folder
  }
}
