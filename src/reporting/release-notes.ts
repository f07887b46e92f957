import { shortened } from '../base/wording.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { Manifest } from '../registry/manifest.ts'
import { metricsSection } from './evaluation-sections.ts'
import { markdownTable, verdictMark } from './evaluation-table.ts'
import { lineageTable } from './lineage-table.ts'
import { modelCardUrl } from './links.ts'
import { details, inlineText, link } from './markdown.ts'
import { plainLabel } from './mermaid.ts'
import type { RequestText } from './pull-request.ts'
import { rollbackSection } from './review-notes.ts'
import { worseSegments } from './segment-sentences.ts'
import { summaryText } from './verdict-text.ts'

type ReleasedVersion = {
  manifest: Manifest
  evaluation: Evaluation
  /** Page of the repository. */
  repository: string
}

/** Name and text of the GitHub release of a version. */
export function releaseNotes({ manifest, evaluation, repository }: ReleasedVersion): RequestText {
  const { version, parent, restores, trainedThrough } = manifest
  const replaces = parent ? `It replaces v${parent.version}.` : 'It is the first.'
  const why = restores
    ? `⏪ **The model of v${restores.version} again.** ${inlineText(shortened(restores.reason, 300))}\n\nThe comparison below is the one with which it was first promoted.`
    : `${verdictMark(evaluation.decision)} ${inlineText(shortened(summaryText(evaluation), 400))}`
  const card = link('Model card', modelCardUrl(repository, `model/v${version}`))
  return {
    title: `Model v${version}: ${plainLabel(evaluation.challenger.model, 80)}`,
    body: [
      `${why}\n`,
      `Trained through ${trainedThrough}. ${replaces} ${card}.\n`,
      metricsSection(evaluation),
      `### Segments that got worse\n\n${worseSegments(evaluation)}`,
      checkSection(manifest),
      parent && rollbackSection(parent.version, repository),
      details('Lineage', markdownTable(lineageTable(manifest))),
    ]
      .filter(Boolean)
      .join('\n'),
  }
}

function checkSection({ files }: Manifest): string {
  return `### Check the files\n\n${markdownTable({
    headers: ['File', 'SHA-256'],
    rows: Object.entries(files).filter(([name]) => !name.includes('/')),
  })}`
}
