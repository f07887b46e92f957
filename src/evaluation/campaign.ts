/**
 * All challengers that were tried against the same champion. Whoever tries often enough finds one
 * that looks better by luck, so that a later try has to show more.
 */
export type Campaign = {
  /** Which of them this one is, counted from 1. */
  tries: number
  /** Commit of the ledger whose records were counted; absent where there is no ledger. */
  ledger?: string
}

/**
 * The confidence of the two-sided interval that has to lie below 0 for the `tries`-th challenger to
 * be called better.
 *
 * A policy's confidence of 1 − α leaves α for a whole campaign. The k-th try may be wrongly called
 * better with probability α w_k, w_k = 1 / (k (k + 1)): the sum of all w_k is 1, so that by Boole's
 * inequality at most α of all campaigns end in a false promotion, however many tries they have and
 * however much those have in common (Foster & Stine 2008, "α-investing", without its earnings). The
 * first try spends half, and is judged by the interval of the policy itself.
 */
export function claimConfidence(confidence: number, tries: number): number {
  const weight = 1 / (tries * (tries + 1))
  return 1 - 2 * (1 - confidence) * weight
}
