import { shortened } from '../base/wording.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { Search } from '../evaluation/search/search-result.ts'
import type { Replaced, VersionMade } from '../registry/data-change.ts'
import type { Review } from '../registry/proposal.ts'
import { changesSection } from './changes-section.ts'
import { change } from './comparing.ts'
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
import { isRelative, metricInSentence } from './format.ts'
import { lineageTable } from './lineage-table.ts'
import { details, inlineText } from './markdown.ts'
import { plainLabel } from './mermaid.ts'
import { proofSection, reviewNote, rollbackSection, trySection } from './review-notes.ts'
import { fittedText } from './text-length.ts'

/** What people read before they decide: a line of plain text, and Markdown. */
export type RequestText = { title: string; body: string }

/** The version that is proposed, and what is known about it. */
type PromotionProposal = VersionMade & {
  evaluation: Evaluation
  /** What is in production now; absent for the first version. */
  champion?: Replaced
  /** What the search of the proposed model tried. */
  search: Search
  /** The branch that it is to be merged into. */
  base: string
  review?: Review
}

/**
 * The text of the pull request that proposes a model: all that a reviewer needs, in the order in
 * which it is needed, the verdict in the first line. Where it would be too long, it leaves out
 * segments first, then candidates of the search, then checks that passed, and says so.
 */
export function pullRequestText(proposal: PromotionProposal): RequestText {
  const { evaluation, search } = proposal
  const body = fittedText(wholeParts(evaluation, search), (most) => bodyText(proposal, most))
  return { title: titleText(proposal), body }
}

function bodyText(proposal: PromotionProposal, most: EvaluationParts): string {
  const { manifest, evaluation, champion, search, review } = proposal
  return [
    verdictPart(evaluation, most),
    `${whatHappens(proposal)}\n`,
    review && reviewNote(review),
    metricsSection(evaluation),
    orderingSection(evaluation),
    segmentsSection(evaluation),
    champion && changesSection(champion, proposal, review?.repository),
    trySection(manifest),
    rollbackSection(champion?.manifest.version, review?.repository),
    proofSection(manifest),
    '### Details\n',
    evaluationDetails(evaluation, search, most),
    details('Lineage', markdownTable(lineageTable(manifest))),
  ]
    .filter(Boolean)
    .join('\n')
}

function whatHappens({ manifest, champion, base }: PromotionProposal): string {
  const model = `model v${manifest.version}, trained through ${manifest.trainedThrough}`
  const into = inlineText(shortened(base, 100))
  if (!champion) return `Merging into ${into} puts ${model}, in production. Nothing is there yet.`
  const { version, trainedThrough } = champion.manifest
  return `Merging into ${into} puts ${model}, in production, in place of v${version}, trained through ${trainedThrough}.`
}

function titleText({ manifest, evaluation }: PromotionProposal): string {
  const { decidedBy, differences, challenger } = evaluation
  const found = differences[decidedBy]
  const effect =
    found && isRelative(decidedBy)
      ? `, ${metricInSentence(decidedBy)} ${change(found.estimate)}`
      : ''
  const refresh = evaluation.challenge?.kind === 'refresh' ? ', a refresh' : ''
  return `Promote version ${manifest.version}${refresh}: ${plainLabel(challenger.model, 80)}${effect}`
}
