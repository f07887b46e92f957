import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import { type Manifest, POLICY } from '../registry/manifest.ts'
import type { Review } from '../registry/proposal.ts'
import { originChanges } from './changes-section.ts'
import { markdownTable } from './evaluation-table.ts'
import { lineageTable } from './lineage-table.ts'
import { details, inlineText } from './markdown.ts'
import type { RequestText } from './request-text.ts'
import { proofSection, reviewNote, rollbackSection, trySection } from './review-notes.ts'
import { numbersIn } from './texts/numbers.ts'
import { promotionTexts } from './texts/promotion.ts'

type RollbackProposal = {
  /** Of the version that is proposed, which has a new number. */
  manifest: Manifest
  /** The version whose model it is again, and why. */
  restores: { version: number; reason: string }
  /** What is in production now. */
  current: Manifest
  /** The branch that it is to be merged into. */
  base: string
  review?: Review
}

/** The text of the pull request that proposes an earlier model again. */
export function rollbackText(proposal: RollbackProposal, language: Language): RequestText {
  const { manifest, restores, current, base, review } = proposal
  const { version, reason } = restores
  const say = promotionTexts[language]
  const reader = { repository: review?.repository, language }
  const versions = { restored: version, proposed: manifest.version, current: current.version }
  const body = [
    `⏪ **${say.backTo(version)}** ${inlineText(shortened(reason, 300))}\n`,
    `${say.mergingRollback(inlineText(shortened(base, 100)), versions)}\n`,
    review && reviewNote(review, language),
    markdownTable({
      headers: say.versionHeaders,
      rows: [
        [say.inProductionNow, ...facts(current, language)],
        [say.proposed, ...facts(manifest, language)],
      ],
    }),
    `### ${say.goesBackTo}\n\n${originChanges(current, manifest, reader)}`,
    `### ${say.holdsBack}\n\n${say.hold(current.version, POLICY)}\n`,
    trySection(manifest, language),
    rollbackSection(current.version, reader),
    proofSection(manifest, language),
    details(say.lineage, markdownTable(lineageTable(manifest, language))),
  ]
    .filter(Boolean)
    .join('\n')
  return { title: say.rollbackTitle(version), body }
}

function facts({ version, trainedThrough, files }: Manifest, language: Language): string[] {
  return [`v${version}`, numbersIn[language].day(trainedThrough), files['model.json']]
}
