import { randomUUID } from 'node:crypto'
import { momentOf } from '../../ledger/plausible.ts'

/** Names an attempt to forecast, such as `20261102T093000000Z-1f0c7a2e`; sorts by its moment. */
export function attemptId(at: string): string {
  return `${momentOf(at)}-${randomUUID().slice(0, 8)}`
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
