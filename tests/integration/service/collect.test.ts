import { setImmediate as turn } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { USUAL_SETTINGS } from '../../../src/base/project-settings.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { accessPlugin } from '../../../src/service/access/access-plugin.ts'
import { buildServer } from '../../../src/service/server.ts'
import { collectEvents } from '../../../src/steps/monitoring/collect-events.ts'
import { serviceAddress, serviceEvents } from '../../../src/steps/monitoring/service-events.ts'
import { branchEvents } from '../branch-events.ts'
import { startPlace } from '../github-fixture.ts'
import { decisionEvent, forecastEvent } from '../ledger/recorded.ts'
import { stores } from '../ledger/stores.ts'
import { shopEngine } from './shop-engine.ts'
import { ImitatedIssuer } from './workflow-issuer.ts'

const now = () => new Date()

it.each(await stores())(
  'brings all that a service in $name has recorded to the branch, while it records more',
  async ({ newLedger }) => {
    const { log, address, issuer } = await startService(await newLedger())
    const { server, github } = await startPlace()
    const collect = (claims = {}) => {
      const token = () => issuer.token(claims)
      return collectEvents(github, serviceEvents({ address, token, pause: github.pause }))
    }
    await expect(collect({ repository: 'evil/orders' })).rejects.toThrow(/401: .*evil\/orders/)
    expect(await collect()).toMatchObject({ outcome: 'unchanged', events: 0 })
    const recorded: string[] = []
    const record = async () => {
      for (let i = 0; i < 20; i++) {
        const forecast = forecastEvent({ product: `P${i}`, store: 'São Paulo' })
        const decision = decisionEvent(forecast)
        const notes = new Map([[decision.id, { person: 'buyer-1', text: 'for Maria’s party' }]])
        await log.append({ events: [forecast, decision], notes })
        recorded.push(forecast.id, decision.id)
        await turn()
      }
    }
    const writers = Promise.all([record(), record(), record()])
    await collect()
    await collect()
    await writers
    await collect()
    const collected = await branchEvents(server.git)
    expect(collected.map(({ id }) => id).sort()).toEqual(recorded.sort())
    expect(JSON.stringify(collected)).not.toContain('Maria')
  },
)

/** Listens until the test has finished. */
async function startService(url: string) {
  const issuer = await ImitatedIssuer.start()
  onTestFinished(() => issuer.close())
  const database = await openDatabase(url)
  const log = sqlEventLog(database)
  const settings = () => ({ ...USUAL_SETTINGS, reasons: [] })
  const app = await buildServer({
    engine: shopEngine([]),
    log,
    settings,
    versions: async () => undefined,
    now,
    release: '0.1.0',
    access: accessPlugin({ database, now, settings, workflows: issuer.trusted() }),
  })
  onTestFinished(async () => {
    await app.close()
    await log.close()
  })
  const address = serviceAddress(await app.listen({ host: '127.0.0.1', port: 0 }))
  return { log, address, issuer }
}
