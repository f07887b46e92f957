import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { Search } from '../evaluation/search/search-result.ts'
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
  type Table,
  verdictMark,
  withMarks,
  worstAndBest,
  worstFirst,
} from './evaluation-table.ts'
import { details, inlineText } from './markdown.ts'
import { orderingSentence, orderingTable } from './ordering-table.ts'
import { MOST_PRODUCTS, worthKnowingPart } from './products-sections.ts'
import { searchSentence, searchTable } from './search-table.ts'
import { worseSegments } from './segment-sentences.ts'
import { comparingTexts } from './texts/comparing.ts'
import { evaluationTexts } from './texts/evaluation.ts'
import { reasonTexts, referenceOf, summaryText } from './verdict-text.ts'

/** How many rows there are of what may be long, and how many of them are shown. */
export type EvaluationParts = Record<
  'products' | 'segments' | 'candidates' | 'checks' | 'reasons',
  number
>

/** All of it: what a text is tried with first. The parts are cut in this order. */
export function wholeParts(evaluation: Evaluation, search: Search | undefined): EvaluationParts {
  const { segments, decision } = evaluation
  return {
    products: MOST_PRODUCTS,
    segments: segments.length,
    candidates: search?.candidates.length ?? 0,
    checks: decision.checks.length,
    reasons: reasonTexts(evaluation, 'en').length,
  }
}

/**
 * The verdict in one line; below it what the challenger does not answer, where it is not to be
 * promoted, why, and what kind it is.
 */
export function verdictPart(
  evaluation: Evaluation,
  most: EvaluationParts,
  language: Language,
): string {
  const mark = verdictMark(evaluation.decision, language)
  const line = `${mark} ${sentence(summaryText(evaluation, language))}\n`
  const smaller = smallerPart(evaluation, language)
  const reasons = reasonsPart(reasonTexts(evaluation, language), most.reasons, language)
  return `${line}${smaller}${reasons}${challengePart(evaluation, language)}`
}

function reasonsPart(reasons: string[], most: number, language: Language): string {
  if (reasons.length === 0) return ''
  const list = reasons.slice(0, most).map((reason) => `- ${sentence(reason)}\n`)
  const more = reasons.length - most
  if (more > 0) list.push(`- ${evaluationTexts[language].moreReasons(more)}\n`)
  return `\n${list.join('')}`
}

/** A warning where the challenger answers less than the champion; else empty. */
export function smallerPart(evaluation: Evaluation, language: Language): string {
  const text = smallerQuestionText(evaluation, language)
  return text && `\n⚠️ **${evaluationTexts[language].aSmallerQuestion}** ${inlineText(text)}\n`
}

/** What kind of challenger it is, as a paragraph; empty where that was not told. */
export function challengePart(evaluation: Evaluation, language: Language): string {
  const text = challengeText(evaluation, language)
  return text && `\n${inlineText(shortened(text, 1000))}\n`
}

/** Every metric of every side with the interval of its difference. */
export function metricsSection(evaluation: Evaluation, language: Language): string {
  const title = evaluationTexts[language].against(referenceOf(evaluation))
  const scope = inlineText(scopeSentences(evaluation, language).join(' '))
  const metrics = withMarks(metricsTable(evaluation, language), language)
  return `### ${title}\n\n${scope}\n\n${markdownTable(metrics)}`
}

/** Where it got worse, as sentences, and the charts. */
export function segmentsSection(evaluation: Evaluation, language: Language): string {
  const charts = [categoryChart(evaluation, language), horizonChart(evaluation, language)]
  const parts = [worseSegments(evaluation, language), ...charts.filter(Boolean)]
  return `### ${evaluationTexts[language].gotWorse}\n\n${parts.join('\n')}`
}

/** What ordering by each model comes to; empty where the evaluation is older than that. */
export function orderingSection(evaluation: Evaluation, language: Language): string {
  const { ordering } = evaluation
  if (!ordering) return worthKnowingPart(evaluation, language)
  const table = orderingTable({ ordering }, language)
  const rows = table.rows.length > 0 ? `\n${markdownTable(table)}` : ''
  const title = evaluationTexts[language].orderingByIt
  const warnings = worthKnowingPart(evaluation, language)
  return `### ${title}\n\n${inlineText(orderingSentence(ordering, language))}\n${rows}${warnings}`
}

/** What only some readers look at, folded up: checks, segments, models, search. */
export function evaluationDetails(
  evaluation: Evaluation,
  search: Search | undefined,
  most: EvaluationParts,
  language: Language,
): string {
  const models = markdownTable(contendersTable(evaluation, language))
  return [
    checksPart(evaluation, most.checks, language),
    ...segmentParts(evaluation, most.segments, language),
    details(evaluationTexts[language].theModels, models),
    search ? searchPart(search, most.candidates, language) : '',
  ]
    .filter(Boolean)
    .join('\n')
}

function checksPart(evaluation: Evaluation, most: number, language: Language): string {
  const say = evaluationTexts[language].checks
  const { checks } = evaluation.decision
  if (checks.length === 0) return ''
  const failed = checks.filter(({ passed }) => !passed).length
  const table = checksTable(policyChecks(evaluation, language), language)
  return details(
    failed === 0 ? say.allHold(checks.length) : say.failed(failed, checks.length),
    cut(table, most, 'check', language),
  )
}

function segmentParts(evaluation: Evaluation, most: number, language: Language): string[] {
  const say = evaluationTexts[language]
  const { segments, decidedBy } = evaluation
  const byPart = worstFirst(segments, 'part')
  const parts = [
    ['part', worstAndBest(byPart)],
    ['category', worstFirst(segments, 'category')],
    ['volume class', worstFirst(segments, 'volume class')],
    ['horizon', segments.filter(({ by }) => by === 'horizon')],
  ] as const
  return parts.flatMap(([by, found]) => {
    if (found.length === 0) return []
    const order = by === 'horizon' ? '' : say.theWorstFirst
    const title = say.by(comparingTexts[language].metricLabels[decidedBy], by)
    const table = withMarks(segmentsTable(evaluation, found, language), language)
    const between = by === 'part' ? byPart.length - found.length : 0
    const left = between > 0 ? `\n${say.partsBetween(between)}\n` : ''
    return [details(`${title}${order}`, `${cut(table, most, 'segment', language)}${left}`)]
  })
}

function searchPart(search: Search, most: number, language: Language): string {
  const say = evaluationTexts[language]
  const table = searchTable(search, language)
  if (table.rows.length === 0) return ''
  return details(
    `${say.searched}: ${say.tried(table.rows.length)}`,
    `${searchSentence(search, language)}\n\n${cut(table, most, 'candidate', language)}`,
  )
}

function cut(
  { headers, rows }: Table,
  most: number,
  what: 'check' | 'segment' | 'candidate',
  language: Language,
): string {
  const left = rows.length - most
  return [
    most > 0 && markdownTable({ headers, rows: rows.slice(0, most) }),
    left > 0 && `${evaluationTexts[language].leftOut(left, what)}\n`,
  ]
    .filter(Boolean)
    .join('\n')
}

function sentence(text: string): string {
  return inlineText(shortened(text, 400))
}
