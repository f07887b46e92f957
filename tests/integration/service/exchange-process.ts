// Run as a process, in a folder with a ledger and an exchange: looks until what was put in has rested.
import { dayFromIso } from '../../../src/base/day.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { readServiceSettings } from '../../../src/service/engine/service-settings.ts'
import { openExchange } from '../../../src/service/exchange/exchange.ts'
import { engineOf, SHELVES, TODAY } from './exchange-engine.ts'

const log = sqlEventLog(await openDatabase('sqlite:ledger.sqlite'))
const settings = await readServiceSettings('.')
const exchange = await openExchange({
  folder: 'exchange',
  engine: engineOf(SHELVES),
  log,
  settings: () => settings,
  today: () => dayFromIso(TODAY) ?? 0,
  now: () => `${TODAY}T09:30:00.000Z`,
  onProblem: (error) => {
    throw error
  },
})
for (let look = 0; look < 3; look++) await exchange.tick()
await exchange.close()
await log.close()
