import { isDeepStrictEqual } from 'node:util'
import type { TriedShadow } from '../../evaluation/gate/tried-shadow.ts'
import { failed, passed, type VersionCheck } from '../../registry/check.ts'
import { isAncestor } from '../../registry/repository.ts'
import { ledgerCommit, ledgerFilesAt } from '../model/clone-ledger.ts'
import { type ShadowFor, triedShadowIn } from '../model/tried-shadow.ts'

/**
 * Whether what a proposed version says of the shadow stands in the health record that it names. No file
 * in its lineage says it, and the ledger moves on: so it names the commit.
 */
export async function checkShadow(
  repo: string,
  said: TriedShadow,
  of: ShadowFor,
): Promise<VersionCheck> {
  const name = 'shadow'
  const named = said.ledger.slice(0, 12)
  const newest = await ledgerCommit(repo)
  if (newest === undefined || !(await isAncestor(repo, said.ledger, newest))) {
    return failed(
      name,
      `It tells of a shadow by the ledger at ${named}, which is not in the branch ledger of this clone: git fetch, or compare and promote again.`,
    )
  }
  const found = await triedShadowIn(ledgerFilesAt(repo, said.ledger), said, of)
  return isDeepStrictEqual(found, said)
    ? passed(
        name,
        `What it tells of the shadow is what ${said.record} says in the ledger at ${named}.`,
      )
    : failed(
        name,
        `What it tells of the shadow is not what ${said.record} says in the ledger at ${named}: compare and promote again.`,
      )
}
