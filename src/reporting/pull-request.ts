import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { Search } from '../evaluation/search/search-result.ts'
import type { HealthRecord } from '../monitoring/health/health-record.ts'
import type { Replaced, VersionMade } from '../registry/data-change.ts'
import type { Manifest } from '../registry/manifest.ts'
import type { Review } from '../registry/proposal.ts'
import { changesSection } from './changes-section.ts'
import {
  type EvaluationParts,
  evaluationDetails,
  metricsSection,
  orderingSection,
  segmentsSection,
  verdictPart,
  wholeParts,
} from './evaluation-sections.ts'
import { markdownTable } from './evaluation-table.ts'
import { isRelative } from './format.ts'
import { whyNowSection } from './health-alarm.ts'
import { lineageTable } from './lineage-table.ts'
import { details, inlineText } from './markdown.ts'
import { plainLabel } from './mermaid.ts'
import { comingSection, productsSection } from './products-sections.ts'
import type { RequestText } from './request-text.ts'
import { proofSection, reviewNote, rollbackSection, trySection } from './review-notes.ts'
import { shadowSection } from './shadow-sentences.ts'
import { fittedText } from './text-length.ts'
import { comparingTexts } from './texts/comparing.ts'
import { promotionTexts } from './texts/promotion.ts'

/** The version that is proposed, and what is known about it. */
type PromotionProposal = VersionMade & {
  evaluation: Evaluation
  /** What is in production now; absent for the first version. */
  champion?: Replaced
  /** What the search of the proposed model tried. */
  search: Search
  /** The branch that it is to be merged into. */
  base: string
  /** How the champion is in production, where that is why it was trained. */
  health?: HealthRecord
  review?: Review
}

/**
 * The text of the pull request that proposes a model: all that a reviewer needs, in the order in
 * which it is needed, the verdict in the first line. Where it would be too long, it leaves out
 * segments first, then candidates of the search, then checks that passed, and says so.
 */
export function pullRequestText(proposal: PromotionProposal, language: Language): RequestText {
  const { evaluation, search } = proposal
  const parts = wholeParts(evaluation, search)
  const body = fittedText(parts, (most) => bodyText(proposal, most, language))
  return { title: titleText(proposal, language), body }
}

function bodyText(proposal: PromotionProposal, most: EvaluationParts, language: Language): string {
  const { manifest, evaluation, champion, search, health, review } = proposal
  const say = promotionTexts[language]
  const reader = { repository: review?.repository, language }
  return [
    verdictPart(evaluation, most, language),
    `${whatHappens(proposal, language)}\n`,
    review && reviewNote(review, language),
    health && whyNowSection(health, reader),
    metricsSection(evaluation, language),
    shadowSection(evaluation, language),
    orderingSection(evaluation, language),
    comingSection(evaluation, language, most.products),
    segmentsSection(evaluation, language),
    productsSection(evaluation, language, most.products),
    champion && changesSection(champion, proposal, reader),
    trySection(manifest, language),
    rollbackSection(champion?.manifest.version, reader),
    proofSection(manifest, language),
    `### ${say.details}\n`,
    evaluationDetails(evaluation, search, most, language),
    details(say.lineage, markdownTable(lineageTable(manifest, language))),
  ]
    .filter(Boolean)
    .join('\n')
}

function whatHappens({ manifest, champion, base }: PromotionProposal, language: Language): string {
  const trained = ({ version, trainedThrough: through }: Manifest) => ({ version, through })
  const into = inlineText(shortened(base, 100))
  const current = champion && trained(champion.manifest)
  return promotionTexts[language].merging(into, trained(manifest), current)
}

function titleText({ manifest, evaluation }: PromotionProposal, language: Language): string {
  const say = promotionTexts[language]
  const { metricInSentence, change } = comparingTexts[language]
  const { decidedBy, differences, challenger, challenge } = evaluation
  const found = differences[decidedBy]
  return say.promotionTitle(manifest.version, {
    isRefresh: challenge?.kind === 'refresh',
    model: plainLabel(challenger.model, 80),
    effect:
      found && isRelative(decidedBy)
        ? say.effect(metricInSentence(decidedBy), change(found.estimate))
        : '',
  })
}
