import { canonicalJson } from '../../base/canonical-json.ts'
import {
  type Appended,
  type AppendToBranch,
  type LeftOut,
  newestKept,
  recordFile,
  recordId,
} from '../../ledger/ledger.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { healthKind, isSameHealth } from '../../monitoring/health/kept-health.ts'

export type HealthRecorded = Appended & {
  /** Of the record that says this on the branch, whoever has added it. */
  id: string
  /** What was recorded before and is damaged, or not believed. */
  leftOut: LeftOut[]
}

/**
 * Adds a health record to the branch of records, unless the newest one that is believed says the
 * same from the same: who looks every day leaves a trace only where something is new, and of two who
 * look at once one does. What is damaged, forged or later than `now` (ISO 8601 in UTC) hides nothing.
 */
export async function recordHealth(
  append: AppendToBranch,
  { record, now }: { record: HealthRecord; now: string },
): Promise<HealthRecorded> {
  const newId = recordId(record.at, canonicalJson(record))
  const file = recordFile(healthKind, newId, record)
  let found: Pick<HealthRecorded, 'id' | 'leftOut'> = { id: newId, leftOut: [] }
  const appended = await append(async (ledger) => {
    const { kept, leftOut } = await newestKept(ledger, healthKind, { asOf: now })
    const isKnown = kept !== undefined && isSameHealth(kept.record, record)
    found = { id: isKnown ? kept.id : newId, leftOut }
    return { files: new Map(isKnown ? [] : [file]), message: messageOf(record) }
  })
  return { ...appended, ...found }
}

function messageOf({ production, standing }: HealthRecord): string {
  const how = standing.outcome === 'judged' ? standing.level : standing.outcome
  return `Record the health of version ${production.version}: ${how}`
}
