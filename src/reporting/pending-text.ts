import type { PendingComparison } from '../registry/pending.ts'
import { PROMOTION_BRANCH } from '../registry/proposal.ts'
import { differenceText, metricInSentence } from './format.ts'

/** How a challenger stands against the version that waits on the promotion branch, as a text. */
export function pendingText(pending: PendingComparison): string {
  const { version, verdict, decidedBy } = pending
  const waiting = `version ${version}, which waits on ${PROMOTION_BRANCH}`
  const found = pending.difference
    ? ` (${metricInSentence(decidedBy)} ${differenceText(decidedBy, pending.difference)})`
    : ''
  switch (verdict) {
    case 'better':
      return `It is better than ${waiting}${found}.`
    case 'worse':
      return `It is worse than ${waiting}${found}, and does not take its place: merge that one, or delete the branch.`
    case 'not distinguishable':
      return `It cannot be distinguished from ${waiting}${found}.`
  }
}
