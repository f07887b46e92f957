import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contentFile } from '../../src/ledger/content.ts'
import type { ForecastRecord, MadeForecasts } from '../../src/ledger/forecast-record.ts'
import { momentOf } from '../../src/ledger/plausible.ts'
import { publishedText } from '../../src/ledger/published-forecasts.ts'
import type { RunRecord } from '../../src/ledger/run-record.ts'
import type { OwnRun } from '../../src/steps/monitoring/taken-records.ts'
import { put } from '../repository.ts'
import { made, run } from '../unit/reporting/examples.ts'

export const FUTURE = '9999-12-31T23:59:59.999Z'
export const WORKFLOW = { url: 'https://github.com/shop/demand/actions/runs/77', event: 'push' }
export const COMMIT = 'c'.repeat(40)

/** What the job that records knows of its run; it is 2 November 2026, 10 o'clock. */
export function ownRun(project: string, branch: string): OwnRun {
  return { project, workflow: WORKFLOW, branch, commit: COMMIT, at: '2026-11-02T10:00:00.000Z' }
}

export function idAt(at: string): string {
  return `${momentOf(at)}-0a1b2c3d`
}

export function runAt(at: string, changes: Partial<RunRecord> = {}): RunRecord {
  const startedAt = changes.startedAt ?? at
  const ours = { workflow: WORKFLOW, branch: 'better', commit: COMMIT }
  return run({ ...ours, id: idAt(startedAt), startedAt, ...changes })
}

export function madeAt(at: string): MadeForecasts {
  return made({ at, files: { json: FORECASTS.path }, workflow: WORKFLOW })
}

/** Of one product, for a week. */
export const FORECASTS = contentFile(
  publishedText({
    frequency: 'week',
    from: ['2026-11-02'],
    levels: [0.1, 0.9],
    series: [{ product: '1042', restsOn: 'series', mean: [3], quantiles: [[1, 5]] }],
  }),
  'ndjson',
)

export async function handOver(project: string, record: RunRecord): Promise<RunRecord> {
  await put(project, { [`.cd4ml/runs/${record.id}.json`]: JSON.stringify(record) })
  return record
}

export async function handOverForecasts(project: string, record: ForecastRecord): Promise<void> {
  const folder = `.cd4ml/forecasts/${idAt(record.at)}`
  await put(project, {
    [`${folder}/record.json`]: JSON.stringify(record),
    [`${folder}/forecasts.csv`]: 'product_id\n',
    [`${folder}/forecasts-excel.csv`]: 'Produto\n',
  })
  await writeFile(join(project, folder, 'forecasts.ndjson.gz'), FORECASTS.bytes)
}
