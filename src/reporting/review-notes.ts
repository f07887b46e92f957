import type { Manifest } from '../registry/manifest.ts'
import { PROMOTION_BRANCH, type Review } from '../registry/proposal.ts'
import { rollbackCommand, tryCommands } from './commands.ts'
import { shortId } from './format.ts'
import { modelCardUrl, workflowUrl } from './links.ts'
import { link } from './markdown.ts'

/** Where to look, and what to press before there is anything to look at. */
export function reviewNote({ repository, run, checks }: Review): string {
  const links = `${link('Model card', modelCardUrl(repository, PROMOTION_BRANCH))} · ${link('the run that proposed it', run)}\n`
  return checks === 'start by themselves' ? links : `${links}\n${APPROVAL}`
}

// GitHub made such runs wait, instead of leaving them out, in June 2026; GitHub Enterprise Server
// still leaves them out, and there an event of a person starts them.
const APPROVAL = `> [!IMPORTANT]
> The checks wait for you: GitHub does not start them by itself where a workflow opened or updated the pull request. Press **Approve workflows to run** in the box at its end; that takes write access. Where there is no such button, close the pull request and reopen it.
`

/** What the required check of a promotion establishes. The same as \`cd4ml verify\`. */
export function proofSection(manifest: Manifest): string {
  const model = `\`model.json\` has the SHA-256 \`${manifest.files['model.json']}\`.`
  const last = manifest.restores
    ? `- **Restored version:** every file is byte for byte that of v${manifest.restores.version}, which was in production.\n`
    : `- **Lineage:** the base itself had code, packages, sales, contract, recipe, policy and terms of ordering as recorded, all at one commit.\n- **Reproduction:** trained and compared again from exactly those, every file comes out byte for byte. Nobody can have edited model, numbers, card or charts.\n`
  return `### What the check proves

- **Hashes:** every file is the one that \`manifest.json\` lists. ${model}
- **Parent:** ${manifest.parent ? `v${manifest.parent.version} (\`${shortId(manifest.parent.model)}\`) is still in production` : 'nothing is in production yet'}: no other version came in between.
- **Scope:** nothing outside \`model-registry/production/\` is changed.
${last}
It cannot prove that the model is wanted: that is the review.
`
}

/** How to look at it before it is merged. */
export function trySection({ version }: Manifest): string {
  return `### Try it\n\n${tryCommands(version)}`
}

/** How to go back to the version that it replaces. */
export function rollbackSection(version: number | undefined, repository?: string): string {
  if (version === undefined) {
    return '### Roll back\n\nThere is no earlier version to go back to.\n'
  }
  const workflow = repository
    ? ` The workflow ${link('rollback', workflowUrl(repository, 'rollback.yml'))} does the same: Run workflow, version ${version}.`
    : ''
  return `### Roll back\n\nOnce this is in production, this proposes the model of v${version} again, without training.${workflow}\n\n${rollbackCommand(version)}`
}
