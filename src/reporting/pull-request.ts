import type { Evaluation } from '../evaluation/evaluation.ts'
import type { Search } from '../evaluation/search.ts'
import { change } from '../evaluation/wording.ts'
import type { Manifest } from '../registry/manifest.ts'
import { rollbackCommand, tryCommands } from './commands.ts'
import { categoryChart, horizonChart } from './evaluation-charts.ts'
import {
  checksTable,
  contendersTable,
  markdownTable,
  metricsTable,
  referenceName,
  scopeSentence,
  segmentsTable,
  verdictMark,
  withMarks,
  worstFirst,
} from './evaluation-table.ts'
import {
  counted,
  isRelative,
  metricInSentence,
  metricLabels,
  shortened,
  shortId,
} from './format.ts'
import { lineageTable } from './lineage-table.ts'
import { inlineText } from './markdown.ts'
import { plainLabel } from './mermaid.ts'
import { searchSentence, searchTable } from './search-table.ts'

/** What people read before they decide: a line of plain text, and Markdown. */
export type RequestText = { title: string; body: string }

export type PromotionProposal = {
  /** Of the version that is proposed. */
  manifest: Manifest
  evaluation: Evaluation
  /** What is in production now; absent for the first version. */
  champion?: { manifest: Manifest }
  /** What the search of the proposed model tried. */
  search: Search
  /** The branch that it is to be merged into. */
  base: string
}

/** Most characters that GitHub takes for the body of a pull request. */
export const MOST_CHARACTERS = 65_536

/**
 * The text of the pull request that proposes a model: all that a reviewer needs, the verdict in the
 * first line. Where it would be too long, it leaves out segments first, then candidates of the
 * search, then checks that passed, and says so.
 */
export function pullRequestText(proposal: PromotionProposal): RequestText {
  const { evaluation, search } = proposal
  let most: Most = {
    segments: evaluation.segments.length,
    candidates: search.candidates.length,
    checks: evaluation.decision.checks.length,
  }
  let body = bodyText(proposal, most)
  while (body.length > MOST_CHARACTERS && (most.segments || most.candidates || most.checks)) {
    most = fewer(most)
    body = bodyText(proposal, most)
  }
  return { title: titleText(proposal), body }
}

/** How many rows of each long table are shown. */
type Most = { segments: number; candidates: number; checks: number }

function fewer(most: Most): Most {
  if (most.segments > 0) return { ...most, segments: most.segments >> 1 }
  if (most.candidates > 0) return { ...most, candidates: most.candidates >> 1 }
  return { ...most, checks: most.checks >> 1 }
}

function bodyText(proposal: PromotionProposal, most: Most): string {
  const { manifest, evaluation } = proposal
  return [
    `${verdictLine(evaluation)}\n`,
    `${whatHappens(proposal)}\n`,
    markdownTable(contendersTable(evaluation)),
    `### Against the ${referenceName(evaluation)}\n\n${scopeSentence(evaluation)}\n`,
    markdownTable(withMarks(metricsTable(evaluation))),
    checksSection(evaluation, most.checks),
    segmentSections(evaluation, most.segments),
    searchSection(proposal, most.candidates),
    `### Lineage\n\nThe same objects give the same bytes: \`cd4ml verify\` trains again and compares.\n`,
    markdownTable(lineageTable(manifest)),
    `### Try it\n\n${tryCommands(manifest.version)}`,
    rollbackSection(proposal),
  ]
    .filter(Boolean)
    .join('\n')
}

function verdictLine({ decision }: Evaluation): string {
  const line = `${verdictMark(decision)} ${inlineText(shortened(decision.summary, 400))}`
  if (decision.decision === 'promote') return line
  const reasons = decision.reasons.slice(0, MOST_REASONS)
  const list = reasons.map((reason) => `- ${inlineText(shortened(reason, 400))}`)
  return [line, '', ...list].join('\n')
}

function whatHappens({ manifest, champion, base }: PromotionProposal): string {
  const model = `model v${manifest.version}, trained through ${manifest.trainedThrough}`
  const into = inlineText(shortened(base, 100))
  if (!champion) return `Merging into ${into} puts ${model} in production. Nothing is there yet.`
  const { version, trainedThrough } = champion.manifest
  return `Merging into ${into} puts ${model} in production, in place of v${version}, trained through ${trainedThrough}.`
}

function checksSection({ decision: { checks } }: Evaluation, most: number): string {
  const failed = checks.filter(({ passed }) => !passed).length
  const { headers, rows } = checksTable(checks)
  const all = failed === 0 ? 'All hold' : `${counted(failed, 'check')} of ${checks.length} failed`
  return [
    `### Checks of the policy\n\n${checks.length === 0 ? 'The policy asked for none' : all}.\n`,
    checks.length > 0 && markdownTable({ headers, rows: rows.slice(0, most) }),
    leftOut(rows.length - most, 'check'),
  ]
    .filter(Boolean)
    .join('\n')
}

function segmentSections(evaluation: Evaluation, most: number): string {
  const { segments, decidedBy } = evaluation
  const horizons = segments.filter(({ by }) => by === 'horizon')
  const parts = [
    ['category', worstFirst(segments, 'category'), categoryChart(evaluation)],
    ['volume class', worstFirst(segments, 'volume class'), ''],
    ['horizon', horizons, horizonChart(evaluation)],
  ] as const
  return parts
    .filter(([, found]) => found.length > 0)
    .flatMap(([by, found, chart]) => [
      `### By ${by}\n\n${metricLabels[decidedBy]}${by === 'horizon' ? '' : ', the worst first'}.\n`,
      most > 0 && markdownTable(withMarks(segmentsTable(evaluation, found.slice(0, most)))),
      leftOut(found.length - most, 'segment'),
      chart,
    ])
    .filter(Boolean)
    .join('\n')
}

function searchSection({ search }: PromotionProposal, most: number): string {
  const { headers, rows } = searchTable(search)
  if (rows.length === 0) return ''
  return [
    `### What the search tried\n\n<details><summary>${searchSentence(search)}</summary>\n`,
    most > 0 && markdownTable({ headers, rows: rows.slice(0, most) }),
    leftOut(rows.length - most, 'candidate'),
    '</details>\n',
  ]
    .filter(Boolean)
    .join('\n')
}

function leftOut(count: number, noun: string): string {
  return count > 0 ? `${counted(count, `more ${noun}`)} left out here for length.\n` : ''
}

function rollbackSection({ manifest, champion }: PromotionProposal): string {
  const model = `The SHA-256 of the proposed \`model.json\` begins with \`${shortId(manifest.files['model.json'])}\`.`
  if (!champion) return `### Roll back\n\nThere is no earlier version to go back to. ${model}\n`
  return `### Roll back\n\nAfter the merge, this proposes v${champion.manifest.version} again. ${model}\n\n${rollbackCommand(champion.manifest.version)}`
}

function titleText({ manifest, evaluation }: PromotionProposal): string {
  const { decidedBy, differences, challenger } = evaluation
  const found = differences[decidedBy]
  const effect =
    found && isRelative(decidedBy)
      ? `, ${metricInSentence(decidedBy)} ${change(found.estimate)}`
      : ''
  return `Promote version ${manifest.version}: ${plainLabel(challenger.model, 80)}${effect}`
}

const MOST_REASONS = 20
