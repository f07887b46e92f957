import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { Manifest } from '../registry/manifest.ts'
import { metricsSection } from './evaluation-sections.ts'
import { markdownTable, verdictMark } from './evaluation-table.ts'
import { lineageTable } from './lineage-table.ts'
import { modelCardUrl } from './links.ts'
import { details, inlineText, link } from './markdown.ts'
import { plainLabel } from './mermaid.ts'
import type { RequestText } from './request-text.ts'
import { rollbackSection } from './review-notes.ts'
import { worseSegments } from './segment-sentences.ts'
import { evaluationTexts } from './texts/evaluation.ts'
import { promotionTexts } from './texts/promotion.ts'
import { summaryText } from './verdict-text.ts'

type ReleasedVersion = {
  manifest: Manifest
  evaluation: Evaluation
  /** Page of the repository. */
  repository: string
}

/** Name and text of the GitHub release of a version. */
export function releaseNotes(released: ReleasedVersion, language: Language): RequestText {
  const { manifest, evaluation, repository } = released
  const { version, parent, trainedThrough } = manifest
  const say = promotionTexts[language]
  const card = link(say.modelCard, modelCardUrl(repository, `model/v${version}`))
  return {
    title: say.releaseTitle(version, plainLabel(evaluation.challenger.model, 80)),
    body: [
      `${whyReleased(released, language)}\n`,
      `${say.released(trainedThrough, say.replaces(parent?.version), card)}\n`,
      metricsSection(evaluation, language),
      `### ${evaluationTexts[language].gotWorse}\n\n${worseSegments(evaluation, language)}`,
      checkSection(manifest, language),
      parent && rollbackSection(parent.version, { repository, language }),
      details(say.lineage, markdownTable(lineageTable(manifest, language))),
    ]
      .filter(Boolean)
      .join('\n'),
  }
}

function whyReleased({ manifest, evaluation }: ReleasedVersion, language: Language): string {
  const say = promotionTexts[language]
  const { restores } = manifest
  if (!restores) {
    const summary = shortened(summaryText(evaluation, language), 400)
    return `${verdictMark(evaluation.decision, language)} ${inlineText(summary)}`
  }
  const reason = inlineText(shortened(restores.reason, 300))
  return `⏪ **${say.again(restores.version)}** ${reason}\n\n${say.firstComparison}`
}

function checkSection({ files }: Manifest, language: Language): string {
  const say = promotionTexts[language]
  return `### ${say.checkFiles}\n\n${markdownTable({
    headers: [say.file, 'SHA-256'],
    rows: Object.entries(files).filter(([name]) => !name.includes('/')),
  })}`
}
