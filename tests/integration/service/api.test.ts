import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { readDecisionReasons } from '../../../src/ordering/decision-reasons.ts'
import { accessPlugin } from '../../../src/service/access/access-plugin.ts'
import { scopes } from '../../../src/service/access/identity.ts'
import { createToken } from '../../../src/service/access/tokens.ts'
import { folderSource } from '../../../src/service/engine/folder-source.ts'
import { openEngine } from '../../../src/service/engine/open-engine.ts'
import { buildServer } from '../../../src/service/server.ts'
import { REPOSITORY } from '../../project.ts'
import { temporaryFolder } from '../../repository.ts'
import { type ServiceClient, serviceClient } from '../../service-client.ts'

const now = () => new Date('2026-11-27T12:00:00Z')

let client: ServiceClient
const open: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  const folder = await temporaryFolder()
  const database = await openDatabase(`sqlite:${join(folder, 'ledger.sqlite')}`)
  const log = sqlEventLog(database, now)
  const engine = await openEngine({
    source: folderSource(REPOSITORY, async () => dayFromIso('2026-11-27')!),
    log: { info() {}, warn() {} },
  })
  const app = await buildServer({
    engine,
    log,
    reasons: await readDecisionReasons(REPOSITORY),
    versions: async () => undefined,
    language: 'en',
    now,
    release: '0.1.0',
    access: accessPlugin({ database, now, language: 'en' }),
  })
  open.push(
    () => app.close(),
    () => engine.close(),
    () => log.close(),
  )
  const { secret } = await createToken(database, { name: 'shop', scopes, now: now() })
  client = await serviceClient(app, secret)
}, 60_000)

afterAll(async () => {
  for (const close of open) await close()
})

describe('a system that asks for forecasts', () => {
  it('gets each with its id, quantiles, intervals, and what it rests on', async () => {
    const { statusCode, data } = await client.post('/v1/forecasts', {
      product: '1016',
      month: '2027-01',
    })
    expect(statusCode).toBe(200)
    const [made] = data.answers
    expect(made).toMatchObject({ index: 0, status: 200, product: '1016', from: '2027-01-01' })
    expect(made.interval80).toEqual([made.quantiles['0.1'], made.quantiles['0.9']])
    expect(made.interval95).toEqual([made.quantiles['0.025'], made.quantiles['0.975']])
    expect((await client.get(`/v1/forecasts/${made.id}`)).data).toMatchObject({
      id: made.id,
      mean: made.mean,
      basis: { version: made.version, model: made.model, data: made.data },
    })
  })
})
