import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { readPolicy } from '../../evaluation/gate/policy.ts'
import { type LedgerFiles, readRecords } from '../../ledger/ledger.ts'
import {
  type Shadow,
  shadowBytes,
  shadowFiles,
  shadowInForce,
  shadowPath,
  type VersionBasis,
} from '../../ledger/shadow.ts'
import { POLICY } from '../../registry/manifest.ts'

/** A shadow with its files by their paths, their digests verified. */
export type KeptShadow = {
  shadow: Shadow
  files: ReadonlyMap<string, Uint8Array>
  /** By what it parts the sales; absent where it is one model of all. */
  partition?: string
}

/**
 * What is to be tried beside this version, by a ledger and the policy of a project; undefined where
 * nothing is. Throws a `UserError` where its model is not kept, damaged or too large.
 *
 * @param ledgerOf - asked only where the policy wants any; undefined where there is none
 * @param project - the folder with `model-registry/policy.yml`
 * @param at - the moment, ISO 8601 in UTC: later records are not believed
 */
export async function findShadow(
  ledgerOf: () => Promise<LedgerFiles | undefined>,
  { project, production, at }: { project: string; production: VersionBasis; at: string },
): Promise<KeptShadow | undefined> {
  const { shadow: chosen } = (await readPolicy(join(project, POLICY))).monitoring
  const ledger = chosen === 'none' ? undefined : await ledgerOf()
  if (!ledger) return undefined
  const { records } = await readRecords(ledger, { kind: 'run', asOf: at })
  const shadow = shadowInForce(records, chosen, production)
  if (!shadow) return undefined
  const kept = await shadowFiles(shadow.model, async ({ sha256 }, mostBytes) => {
    const path = shadowPath(sha256)
    const packed = await ledger.read(path)
    if (packed) return shadowBytes(path, packed, mostBytes)
    throw new UserError(`the ledger has not kept the model ${sha256.slice(0, 12)} of it`)
  })
  return { shadow, ...kept }
}
