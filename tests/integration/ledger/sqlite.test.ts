import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { temporaryFolder } from '../../repository.ts'
import { forecastEvent } from './recorded.ts'

it('gives back to whoever opens the file again what was appended before, and to nobody else', async () => {
  const folder = await temporaryFolder()
  const forecast = forecastEvent()
  const log = sqlEventLog(await openDatabase('sqlite:deep/ledger.sqlite', folder))
  await log.append({ events: [forecast] })
  await log.close()
  const again = sqlEventLog(await openDatabase('sqlite:deep/ledger.sqlite', folder))
  expect(await again.find({ type: 'cd4ml.forecast.v1', limit: 10 })).toEqual([forecast])
  await again.close()
  expect((await stat(join(folder, 'deep/ledger.sqlite'))).mode & 0o777).toBe(0o600)
})
