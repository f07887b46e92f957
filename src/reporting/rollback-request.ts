import { shortened } from '../base/wording.ts'
import { type Manifest, POLICY } from '../registry/manifest.ts'
import type { Review } from '../registry/proposal.ts'
import { originChanges } from './changes-section.ts'
import { markdownTable } from './evaluation-table.ts'
import { lineageTable } from './lineage-table.ts'
import { details, inlineText } from './markdown.ts'
import type { RequestText } from './pull-request.ts'
import { proofSection, reviewNote, rollbackSection, trySection } from './review-notes.ts'

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
export function rollbackText(proposal: RollbackProposal): RequestText {
  const { manifest, restores, current, base, review } = proposal
  const { version, reason } = restores
  const body = [
    `⏪ **Back to model v${version}.** ${inlineText(shortened(reason, 300))}\n`,
    `Merging into ${inlineText(shortened(base, 100))} puts the model of v${version} in production again, as v${manifest.version}, in place of v${current.version}. Nothing is trained: the model is the same, byte for byte.\n`,
    review && reviewNote(review),
    markdownTable({
      headers: ['', 'Version', 'Trained through', 'SHA-256 of model.json'],
      rows: [
        ['In production now', ...facts(current)],
        ['Proposed', ...facts(manifest)],
      ],
    }),
    `### What it goes back to\n\n${originChanges(current, manifest, { repository: review?.repository })}`,
    holdSection(current),
    trySection(manifest),
    rollbackSection(current.version, review?.repository),
    proofSection(manifest),
    details('Lineage', markdownTable(lineageTable(manifest))),
  ]
    .filter(Boolean)
    .join('\n')
  return { title: `Roll back to version ${version}`, body }
}

function holdSection({ version }: Manifest): string {
  return `### What it holds back

Retraining does not propose the model of v${version} again, nor another of its recipe: that waits until \`recipe.yml\` changes, or until the reviewers lift it with \`lift: [${version}]\` in \`${POLICY}\`.
`
}

function facts({ version, trainedThrough, files }: Manifest): string[] {
  return [`v${version}`, trainedThrough, files['model.json']]
}
