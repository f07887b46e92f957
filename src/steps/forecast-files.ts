import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { checkForecastRecord, type ForecastRecord } from '../ledger/forecast-record.ts'
import { parseJson } from '../schema.ts'

/** Names an attempt to forecast, such as `20261102T093000000Z-1f0c7a2e`; sorts by its moment. */
export function attemptId(at: string): string {
  return `${at.replaceAll(/[-:.]/g, '')}-${randomUUID().slice(0, 8)}`
}

/** Where the files of an attempt stand on the ledger branch. */
export function forecastFiles(id: string): { csv: string; json: string; record: string } {
  const folder = `forecasts/${id}`
  return {
    csv: `${folder}/forecasts.csv`,
    json: `${folder}/forecasts.json`,
    record: `${folder}/record.json`,
  }
}

/** Forecasts that were made here, with their files by the paths that they have on the ledger branch. */
export type LocalForecasts = { record: ForecastRecord; files: Map<string, Uint8Array> }

/**
 * What `publishForecasts` has left in the folder; nothing where it is missing. Throws a `UserError`
 * where the record of an attempt does not belong to its files.
 */
export async function readForecasts(folder: string): Promise<LocalForecasts[]> {
  const ids = (await entriesOf(folder)).filter((name) => ATTEMPT.test(name)).sort()
  return await Promise.all(ids.map((id) => readAttempt(folder, id)))
}

const ATTEMPT = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/

async function readAttempt(folder: string, id: string): Promise<LocalForecasts> {
  const paths = forecastFiles(id)
  const read = (name: string) => readFile(join(folder, id, name))
  const file = join(folder, id, 'record.json')
  const written = await read('record.json')
  const record = checkForecastRecord(parseJson(written.toString(), file), file)
  if (
    record.outcome !== 'made' ||
    record.files.csv !== paths.csv ||
    record.files.json !== paths.json
  ) {
    throw new UserError('is not the record of the forecasts beside it', {
      file,
      remedy: 'Delete the folder, and forecast again.',
    })
  }
  return {
    record,
    files: new Map([
      [paths.record, written],
      [paths.csv, await read('forecasts.csv')],
      [paths.json, await read('forecasts.json')],
    ]),
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
