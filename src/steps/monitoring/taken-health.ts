import { UserError } from '../../base/errors.ts'
import { handedOver } from '../../base/handed-over.ts'
import { parseJson } from '../../base/schema.ts'
import { recordId } from '../../ledger/ledger.ts'
import { beforeThisRun } from '../../ledger/plausible.ts'
import { checkHealthRecord, type HealthRecord } from '../../monitoring/health/health-record.ts'
import { healthKind } from '../../monitoring/health/kept-health.ts'
import type { Manifest } from '../../registry/manifest.ts'
import type { OwnRun } from './taken-records.ts'

/** The file in a folder by which one job hands the health record to the next. */
export const HEALTH_FILE = 'record.json'

/**
 * The health record that another job of this run has left in the folder, which is data to be checked.
 * Throws a `UserError` where it is no plain file or damaged, of another run or moment, or not about
 * the version that `main` has in production.
 */
export async function takeHealth(
  folder: string,
  own: OwnRun,
  production: Pick<Manifest, 'version'> | undefined,
): Promise<HealthRecord> {
  if (own.branch !== 'main') {
    throw new UserError(`a run of ${own.branch ?? 'a tag'} says nothing about production`, {
      remedy: 'Start the workflow monitor on main.',
    })
  }
  const bytes = await handedOver(own.project, folder).read(HEALTH_FILE, MOST_BYTES)
  const file = `${folder}/${HEALTH_FILE}`
  const record = checkHealthRecord(parseJson(bytes.toString(), file), file)
  const problem =
    healthKind.implausible(record, own.at, recordId(record.at)) ??
    beforeThisRun(record.at, own.at) ??
    (record.workflow?.url === own.workflow.url ? undefined : 'it is of another run') ??
    (record.production.version === production?.version
      ? undefined
      : `it is about version ${record.production.version}, which is not in production`)
  if (problem !== undefined) throw new UserError(problem, { file })
  return record
}

const MOST_BYTES = 16 * 1024 ** 2
