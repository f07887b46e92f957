import { copyFile, stat } from 'node:fs/promises'
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

it('does not leave out what was recorded after it was restored from a backup: whoever goes on from before is told', async () => {
  const folder = await temporaryFolder()
  const url = `sqlite:${join(folder, 'ledger.sqlite')}`
  const record = async () => {
    const log = sqlEventLog(await openDatabase(url))
    await log.append({ events: [forecastEvent()] })
    const { cursor } = await log.after(undefined, 10)
    await log.close()
    return cursor
  }
  await record()
  await copyFile(join(folder, 'ledger.sqlite'), join(folder, 'backup'))
  const cursor = await record()
  await copyFile(join(folder, 'backup'), join(folder, 'ledger.sqlite'))
  await record()
  const restored = sqlEventLog(await openDatabase(url))
  await expect(restored.after(cursor, 10)).rejects.toThrow('not in this ledger')
  await restored.close()
})
