import type { Static } from 'typebox'
import { object } from '../base/schema-parts.ts'
import { PendingStanding } from '../evaluation/gate/evaluation.ts'
import { isSameVersion, Parent } from './manifest.ts'
import { type Version, wholeVersion } from './production.ts'
import { PROMOTION_BRANCH } from './proposal.ts'

/** The version that waits, and how a challenger stands against it. */
export const PendingComparison = object({ ...Parent.properties, ...PendingStanding.properties })
export type PendingComparison = Static<typeof PendingComparison>

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
