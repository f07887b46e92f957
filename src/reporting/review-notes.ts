import type { Language } from '../base/language.ts'
import type { Manifest } from '../registry/manifest.ts'
import { PROMOTION_BRANCH, type Review } from '../registry/proposal.ts'
import { rollbackCommand, tryCommands } from './commands.ts'
import { shortId } from './format.ts'
import { modelCardUrl, workflowUrl } from './links.ts'
import { link } from './markdown.ts'
import { promotionTexts } from './texts/promotion.ts'

/** Where to look, and what to press before there is anything to look at. */
export function reviewNote({ repository, run, checks }: Review, language: Language): string {
  const say = promotionTexts[language]
  const card = link(say.modelCard, modelCardUrl(repository, PROMOTION_BRANCH))
  const links = `${card} · ${link(say.theRun, run)}\n`
  // GitHub made such runs wait, instead of leaving them out, in June 2026; GitHub Enterprise Server
  // still leaves them out, and there an event of a person starts them.
  return checks === 'start by themselves' ? links : `${links}\n> [!IMPORTANT]\n> ${say.approval}\n`
}

/** What the required check of a promotion establishes. The same as \`cd4ml verify\`. */
export function proofSection({ files, parent, restores }: Manifest, language: Language): string {
  const say = promotionTexts[language].check
  const proven = [
    say.hashes(files['model.json']),
    say.parent(parent && { version: parent.version, model: shortId(parent.model) }),
    say.scope,
    ...(restores ? [say.restored(restores.version)] : [say.lineage, say.reproduction]),
  ]
  const list = proven.map((line) => `- ${line}\n`).join('')
  return `### ${say.title}\n\n${list}\n${say.butNot}\n`
}

/** How to look at it before it is merged. */
export function trySection({ version }: Manifest, language: Language): string {
  return `### ${promotionTexts[language].tryIt}\n\n${tryCommands(version)}`
}

/** How to go back to the version that it replaces. */
export function rollbackSection(
  version: number | undefined,
  { repository, language }: { repository?: string | undefined; language: Language },
): string {
  const say = promotionTexts[language]
  const title = `### ${say.rollBack}\n\n`
  if (version === undefined) return `${title}${say.noEarlier}\n`
  const workflow =
    repository === undefined
      ? ''
      : ` ${say.rollBackOnGitHub(link('rollback', workflowUrl(repository, 'rollback.yml')), version)}`
  const command = rollbackCommand(version, say.whatWentWrong)
  return `${title}${say.rollBackTo(version)}${workflow}\n\n${command}`
}
