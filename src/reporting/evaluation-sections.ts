import { counted, shortened } from '../base/wording.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { Search } from '../evaluation/search/search-result.ts'
import { metricLabels, referenceModel } from './comparing.ts'
import { categoryChart, horizonChart } from './evaluation-charts.ts'
import {
  challengeText,
  checksTable,
  contendersTable,
  markdownTable,
  metricsTable,
  policyChecks,
  scopeSentences,
  segmentsTable,
  smallerQuestionText,
  verdictMark,
  withMarks,
  worstFirst,
} from './evaluation-table.ts'
import { details, inlineText } from './markdown.ts'
import { orderingSentence, orderingTable } from './ordering-table.ts'
import { searchSentence, searchTable } from './search-table.ts'
import { worseSegments } from './segment-sentences.ts'
import { reasonTexts, summaryText } from './verdict-text.ts'

/** How many rows there are of what may be long, and how many of them are shown. */
export type EvaluationParts = Record<'segments' | 'candidates' | 'checks' | 'reasons', number>

/** All of it: what a text is tried with first. The parts are cut in this order. */
export function wholeParts(evaluation: Evaluation, search: Search | undefined): EvaluationParts {
  const { segments, decision } = evaluation
  return {
    segments: segments.length,
    candidates: search?.candidates.length ?? 0,
    checks: decision.checks.length,
    reasons: reasonTexts(evaluation).length,
  }
}

/**
 * The verdict in one line; below it what the challenger does not answer, where it is not to be
 * promoted, why, and what kind it is.
 */
export function verdictPart(evaluation: Evaluation, most: EvaluationParts): string {
  const { decision } = evaluation
  const line = `${verdictMark(decision)} ${sentence(summaryText(evaluation))}\n${smallerPart(evaluation)}`
  const reasons = reasonsPart(reasonTexts(evaluation), most.reasons)
  return `${line}${reasons}${challengePart(evaluation)}`
}

function reasonsPart(reasons: string[], most: number): string {
  if (reasons.length === 0) return ''
  const list = reasons.slice(0, most).map((reason) => `- ${sentence(reason)}\n`)
  const more = reasons.length - most
  if (more > 0) list.push(`- ${counted(more, 'more reason')}.\n`)
  return `\n${list.join('')}`
}

/** A warning where the challenger answers less than the champion; else empty. */
export function smallerPart(evaluation: Evaluation): string {
  const text = smallerQuestionText(evaluation)
  return text && `\n⚠️ **A smaller question.** ${inlineText(text)}\n`
}

/** What kind of challenger it is, as a paragraph; empty where that was not told. */
export function challengePart(evaluation: Evaluation): string {
  const text = challengeText(evaluation)
  return text && `\n${inlineText(shortened(text, 1000))}\n`
}

/** Every metric of every side with the interval of its difference. */
export function metricsSection(evaluation: Evaluation): string {
  const scope = inlineText(scopeSentences(evaluation).join(' '))
  return `### Against ${referenceModel(evaluation)}\n\n${scope}\n\n${markdownTable(withMarks(metricsTable(evaluation)))}`
}

/** Where it got worse, as sentences, and the charts. */
export function segmentsSection(evaluation: Evaluation): string {
  const charts = [categoryChart(evaluation), horizonChart(evaluation)].filter(Boolean)
  return `### Segments that got worse\n\n${[worseSegments(evaluation), ...charts].join('\n')}`
}

/** What ordering by each model comes to; empty where the evaluation is older than that. */
export function orderingSection({ ordering }: Evaluation): string {
  if (!ordering) return ''
  const table = orderingTable({ ordering })
  const rows = table.rows.length > 0 ? `\n${markdownTable(table)}` : ''
  return `### Ordering by it\n\n${inlineText(orderingSentence(ordering))}\n${rows}`
}

/** What only some readers look at, folded up: checks, segments, models, search. */
export function evaluationDetails(
  evaluation: Evaluation,
  search: Search | undefined,
  most: EvaluationParts,
): string {
  return [
    checksPart(evaluation, most.checks),
    ...segmentParts(evaluation, most.segments),
    details('The models', markdownTable(contendersTable(evaluation))),
    search ? searchPart(search, most.candidates) : '',
  ]
    .filter(Boolean)
    .join('\n')
}

function checksPart(evaluation: Evaluation, most: number): string {
  const { checks } = evaluation.decision
  if (checks.length === 0) return ''
  const failed = checks.filter(({ passed }) => !passed).length
  const { headers, rows } = checksTable(policyChecks(evaluation))
  return details(
    failed === 0
      ? `Checks of the policy: all ${checks.length} hold`
      : `Checks of the policy: ${failed} of ${checks.length} failed`,
    cut(headers, rows, most, 'check'),
  )
}

function segmentParts(evaluation: Evaluation, most: number): string[] {
  const { segments, decidedBy } = evaluation
  const parts = [
    ['category', worstFirst(segments, 'category')],
    ['volume class', worstFirst(segments, 'volume class')],
    ['horizon', segments.filter(({ by }) => by === 'horizon')],
  ] as const
  return parts.flatMap(([by, found]) => {
    if (found.length === 0) return []
    const order = by === 'horizon' ? '' : ', the worst first'
    const { headers, rows } = withMarks(segmentsTable(evaluation, found))
    return [
      details(`${metricLabels[decidedBy]} by ${by}${order}`, cut(headers, rows, most, 'segment')),
    ]
  })
}

function searchPart(search: Search, most: number): string {
  const { headers, rows } = searchTable(search)
  if (rows.length === 0) return ''
  return details(
    `What the search tried: ${counted(rows.length, 'candidate')}`,
    `${searchSentence(search)}\n\n${cut(headers, rows, most, 'candidate')}`,
  )
}

function cut(headers: string[], rows: string[][], most: number, noun: string): string {
  const left = rows.length - most
  return [
    most > 0 && markdownTable({ headers, rows: rows.slice(0, most) }),
    left > 0 && `${counted(left, `more ${noun}`)} left out here for length.\n`,
  ]
    .filter(Boolean)
    .join('\n')
}

function sentence(text: string): string {
  return inlineText(shortened(text, 400))
}
