import type { Standing } from '../evaluation/gate/pending.ts'
import { isSameVersion, type Parent } from './manifest.ts'
import { type Version, wholeVersion } from './production.ts'
import { PROMOTION_BRANCH } from './proposal.ts'

/** The version that waits, and how a challenger stands against it. */
export type PendingComparison = Parent & Standing

/**
 * The version that waits on the promotion branch, of this clone or as the remote was last fetched,
 * to follow what is in production; undefined where none does. A rollback is none: a person asked for
 * it, whatever is better.
 */
export async function pendingVersion(
  repo: string,
  production: Parent | undefined,
): Promise<Version | undefined> {
  for (const ref of [`refs/heads/${PROMOTION_BRANCH}`, `refs/remotes/origin/${PROMOTION_BRANCH}`]) {
    const version = await wholeVersion(repo, ref)
    if (!version || version.manifest.restores) continue
    if (isSameVersion(version.manifest.parent, production)) return version
  }
  return undefined
}
