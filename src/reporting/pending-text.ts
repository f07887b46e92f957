import type { Language } from '../base/language.ts'
import type { PendingComparison } from '../registry/pending.ts'
import { PROMOTION_BRANCH } from '../registry/proposal.ts'
import { differenceText } from './format.ts'
import { comparingTexts } from './texts/comparing.ts'
import { promotionTexts } from './texts/promotion.ts'

/** How a challenger stands against the version that waits on the promotion branch, as a text. */
export function pendingText(pending: PendingComparison, language: Language): string {
  const { version, verdict, decidedBy, difference } = pending
  const metric = comparingTexts[language].metricInSentence(decidedBy)
  const found = difference ? ` (${metric} ${differenceText(decidedBy, difference, language)})` : ''
  const waiting = { version, branch: PROMOTION_BRANCH }
  return promotionTexts[language].pending(verdict, waiting, found)
}
