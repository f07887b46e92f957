import { canonicalJson } from '../../base/canonical-json.ts'
import type { KindOfRecord } from '../../ledger/ledger.ts'
import { implausibleHealth } from '../../ledger/plausible.ts'
import { checkHealthRecord, type HealthRecord } from './health-record.ts'

/** How the ledger keeps health records: `health/<id>.json`, with ids as `recordId` makes them. */
export const healthKind: KindOfRecord<HealthRecord> = {
  folder: 'health',
  ending: '.json',
  path: (id) => `health/${id}.json`,
  check: checkHealthRecord,
  implausible: ({ at, sales }, now, id) => implausibleHealth({ id, at, ...sales }, now),
}

/**
 * Whether two records say the same of production, from the same: when they were made, and what only
 * gets older, does not count. Who forges a record and copies the digest has not made it the same.
 */
export function isSameHealth(a: HealthRecord, b: HealthRecord): boolean {
  return canonicalJson(judgedOf(a)) === canonicalJson(judgedOf(b))
}

function judgedOf(record: HealthRecord) {
  const { of, production, sales, decidedBy, block, standing, blocks, accuracy, shadow } = record
  return { of, production, sales, decidedBy, block, standing, blocks, accuracy, shadow }
}
