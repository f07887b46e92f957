import type { TriedShadow } from '../../evaluation/gate/tried-shadow.ts'
import { type LedgerFiles, newestKept, readOne } from '../../ledger/ledger.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { healthKind } from '../../monitoring/health/kept-health.ts'
import type { Parent } from '../../registry/manifest.ts'
import { ledgerCommit, ledgerFilesAt } from './clone-ledger.ts'

/** For whom it is told: the digest of the challenger's recipe, and what is in production. */
export type ShadowFor = { recipe: string; production: Parent }

/**
 * How the model did that is tried beside production, by the newest health record of the ledger as it
 * was last fetched; undefined where there is none of this version, or it cannot tell.
 *
 * @param at - the moment, ISO 8601 in UTC: later records are not believed
 */
export async function readTriedShadow(
  project: string,
  of: ShadowFor,
  at: string,
): Promise<TriedShadow | undefined> {
  const commit = await ledgerCommit(project)
  if (commit === undefined) return undefined
  const { kept } = await newestKept(ledgerFilesAt(project, commit), healthKind, { asOf: at })
  return kept && told(kept.record, { ledger: commit, record: healthKind.path(kept.id) }, of)
}

/** The same by the record that was named, whether or not newer ones say something else. */
export async function triedShadowIn(
  ledger: LedgerFiles,
  { ledger: commit, record }: Pick<TriedShadow, 'ledger' | 'record'>,
  of: ShadowFor,
): Promise<TriedShadow | undefined> {
  const id = record.slice('health/'.length, -'.json'.length)
  const found = await readOne(ledger, healthKind, { id, asOf: undefined })
  if (found === undefined || !('record' in found)) return undefined
  return told(found.record, { ledger: commit, record }, of)
}

function told(
  { production, shadow: standing }: HealthRecord,
  where: Pick<TriedShadow, 'ledger' | 'record'>,
  of: ShadowFor,
): TriedShadow | undefined {
  if (production.version !== of.production.version || standing.outcome !== 'judged') {
    return undefined
  }
  const { shadow, from, blocks, e, threshold, difference } = standing
  return {
    ...where,
    name: shadow.name,
    digest: shadow.model,
    recipe: shadow.recipe === of.recipe ? 'the same' : 'another',
    from,
    blocks,
    e,
    threshold,
    difference,
  }
}
