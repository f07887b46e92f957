import type { ForecastRecord, MadeForecasts } from '../../src/ledger/forecast-record.ts'
import { momentOf } from '../../src/ledger/plausible.ts'
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

export function madeAt(at: string, moment = at): MadeForecasts {
  const folder = `forecasts/${idAt(moment)}`
  const files = { csv: `${folder}/forecasts.csv`, json: `${folder}/forecasts.json` }
  return made({ at, files, workflow: WORKFLOW })
}

export async function handOver(project: string, record: RunRecord): Promise<RunRecord> {
  await put(project, { [`.cd4ml/runs/${record.id}.json`]: JSON.stringify(record) })
  return record
}

export async function handOverForecasts(project: string, record: ForecastRecord): Promise<void> {
  const folder = `.cd4ml/forecasts/${idAt(record.at)}`
  await put(project, {
    [`${folder}/record.json`]: JSON.stringify(record),
    [`${folder}/forecasts.csv`]: 'product_id\n',
    [`${folder}/forecasts.json`]: '{}\n',
  })
}
