import type { Manifest } from '../registry/manifest.ts'
import { rollbackCommand, tryCommands } from './commands.ts'
import { markdownTable } from './evaluation-table.ts'
import { shortened } from './format.ts'
import { lineageTable } from './lineage-table.ts'
import { inlineText } from './markdown.ts'
import type { RequestText } from './pull-request.ts'

export type RollbackProposal = {
  /** Of the version that is proposed, which has a new number. */
  manifest: Manifest
  /** The version whose model it is again, and why. */
  restores: { version: number; reason: string }
  /** What is in production now. */
  current: Manifest
  /** The branch that it is to be merged into. */
  base: string
}

/** The text of the pull request that proposes an earlier model again. */
export function rollbackText(proposal: RollbackProposal): RequestText {
  const { manifest, restores, current, base } = proposal
  const { version, reason } = restores
  const body = [
    `⏪ **Back to model v${version}.** ${inlineText(shortened(reason, 300))}\n`,
    `Merging into ${inlineText(shortened(base, 100))} puts the model of v${version} in production again, as v${manifest.version}, in place of v${current.version}. Nothing is trained: the model is the same, byte for byte.\n`,
    markdownTable({
      headers: ['', 'Version', 'Trained through', 'SHA-256 of model.json'],
      rows: [
        ['In production now', ...facts(current)],
        ['Proposed', ...facts(manifest)],
      ],
    }),
    `### Lineage\n\n${markdownTable(lineageTable(manifest))}`,
    `### Try it\n\n${tryCommands(manifest.version)}`,
    `### Undo it\n\nAfter the merge, this proposes v${current.version} again.\n\n${rollbackCommand(current.version)}`,
  ].join('\n')
  return { title: `Roll back to version ${version}`, body }
}

function facts({ version, trainedThrough, files }: Manifest): string[] {
  return [`v${version}`, trainedThrough, files['model.json']]
}
