import { type Static, Type } from 'typebox'
import { object, objectId } from '../../base/schema-parts.ts'

/**
 * All challengers that were tried against the same champion. Whoever tries often enough finds one
 * that looks better by luck, so that a later try has to show more.
 */
export const Campaign = object({
  /** Which of them this one is, counted from 1. */
  tries: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** Commit of the ledger whose records were counted; absent where there is no ledger. */
  ledger: Type.Optional(objectId),
})
export type Campaign = Static<typeof Campaign>

/**
 * The confidence of the two-sided interval that has to lie below 0 for the `tries`-th challenger to
 * be called better.
 *
 * A policy's confidence of 1 − α leaves α for a whole campaign. The k-th try may be wrongly called
 * better with probability α w_k, where all w_k together are 1: by Boole's inequality at most α of
 * all campaigns end in a false promotion, however many tries they have and however much those have
 * in common. The first try spends a half, and is judged by the policy's own interval; the next four a
 * tenth each, so that a handful of ideas can be tried; all others share the last tenth, the k-th
 * 0.6 / (k (k + 1)) of α. Weighted tests: Rosenthal & Rubin (1983); spent one by one, without an
 * end: Foster & Stine (2008).
 */
export function claimConfidence(confidence: number, tries: number): number {
  return 1 - 2 * (1 - confidence) * weightOf(tries)
}

function weightOf(tries: number): number {
  if (tries === 1) return 0.5
  return tries <= 5 ? 0.1 : 0.6 / (tries * (tries + 1))
}
