import type { Evaluation, Segment } from '../evaluation/gate/evaluation.ts'
import type { Search } from '../evaluation/search/search-result.ts'
import { alignedColumns, terminalText } from './aligned-columns.ts'
import {
  challengeText,
  metricsTable,
  policyChecks,
  scopeSentences,
  segmentsTable,
  smallerQuestionText,
  type Table,
  verdictWords,
  worstFirst,
} from './evaluation-table.ts'
import { nextStepLines } from './next-steps-text.ts'
import { orderingSentence, orderingTable } from './ordering-table.ts'
import { comingTable, productsTable, worthKnowing } from './products-sections.ts'
import { comparingTexts } from './texts/comparing.ts'
import { nextStepTexts } from './texts/next-steps.ts'
import { productTexts } from './texts/products.ts'
import { reasonTexts, referenceOf, summaryText } from './verdict-text.ts'

/** What is known beside the evaluation. */
type AfterComparing = {
  /** What the search of the challenger tried. */
  search?: Search
  /** What became of it, as lines of text. */
  outcome?: string
}

/**
 * A comparison as plain text for a terminal: first what led to the verdict, then why the challenger
 * is kept out and what to try next where it is, and the verdict as the last line, which is the one
 * that is seen.
 */
export function comparisonText(evaluation: Evaluation, after: AfterComparing = {}): string {
  const { decision } = evaluation
  const smaller = smallerQuestionText(evaluation, TERMINAL)
  const challenge = challengeText(evaluation, TERMINAL)
  return [
    challenge && `${terminalText(challenge, 1000)}\n`,
    smaller && `A smaller question: ${terminalText(smaller, 1200)}\n`,
    contenders(evaluation),
    ...scopeSentences(evaluation, TERMINAL).map((sentence) => `${terminalText(sentence, 400)}\n`),
    `\n${alignedColumns(narrow(metricsTable(evaluation, TERMINAL)))}* decides\n`,
    orderingPart(evaluation),
    worstSegments(evaluation, 'part', 'Worst parts'),
    worstSegments(evaluation, 'category', 'Worst categories'),
    worstSegments(evaluation, 'volume class', 'Volume classes'),
    productsPart(evaluation),
    comingPart(evaluation),
    checks(evaluation),
    list('Worth knowing', worthKnowing(evaluation, TERMINAL)),
    list('Why it is kept out', reasonTexts(evaluation, TERMINAL)),
    list(nextStepTexts[TERMINAL].title, nextStepLines(evaluation, after.search, TERMINAL)),
    after.outcome && `\n${after.outcome}\n`,
    `\n${verdictWords(decision, TERMINAL)}: ${terminalText(summaryText(evaluation, TERMINAL), 400)}\n`,
  ]
    .filter(Boolean)
    .join('')
}

/** Whoever works in a terminal is a programmer. */
const TERMINAL = 'en'
const MOST_SEGMENTS = 5
const COMPARISON_FILE = 'comparison.json'

function contenders({ champion, challenger, baseline }: Evaluation): string {
  const sides = { Challenger: challenger, ...(champion ? { Champion: champion } : {}) }
  const lines = Object.entries({ ...sides, Baseline: baseline })
  return lines.map(([role, { model }]) => `${role.padEnd(12)}${terminalText(model)}\n`).join('')
}

/** The table with shorter words: a terminal has no room for whole ones. */
function narrow({ headers, rows }: Table): Table {
  const shorter = (text: string) =>
    text === 'not distinguishable' ? 'unclear' : text.replace(/ \(decides\)$/, ' *')
  return { headers, rows: rows.map((row) => row.map(shorter)) }
}

function list(title: string, sentences: string[]): string {
  if (sentences.length === 0) return ''
  return `\n${title}\n${sentences.map((it) => `  - ${terminalText(it, 400)}\n`).join('')}`
}

function orderingPart({ ordering }: Evaluation): string {
  if (!ordering) return ''
  const title = ordering.outcome === 'simulated' ? 'Ordering by it: ' : ''
  const sentence = `\n${title}${terminalText(orderingSentence(ordering, TERMINAL), 400)}\n`
  const table = orderingTable({ ordering }, TERMINAL)
  return table.rows.length > 0 ? `${sentence}\n${alignedColumns(table)}` : sentence
}

function checks(evaluation: Evaluation): string {
  const checks = policyChecks(evaluation, TERMINAL)
  if (checks.length === 0) return ''
  const failedFirst = [...checks].sort((a, b) => Number(a.passed) - Number(b.passed))
  const lines = failedFirst.map(
    ({ name, passed, detail }) =>
      `  ${passed ? 'passed' : 'FAILED'}  ${name}: ${terminalText(detail, 400)}\n`,
  )
  return `\nChecks of the policy\n${lines.join('')}`
}

function productsPart(evaluation: Evaluation): string {
  const { products } = evaluation
  if (!products || products.series === 0) return ''
  const worst = products.worst.slice(0, MOST_SEGMENTS)
  const sentence = `\n${productTexts[TERMINAL].changed(products)}\n`
  if (worst.length === 0) return sentence
  const rest =
    products.rose > worst.length
      ? `The others are in ${COMPARISON_FILE} beside the model, or all of them with --rows FILE.\n`
      : ''
  return `${sentence}${alignedColumns(productsTable(evaluation, worst, TERMINAL))}${rest}`
}

function comingPart({ coming }: Evaluation): string {
  if (!coming) return ''
  const { largest } = coming
  const title = `\n${terminalText(productTexts[TERMINAL].comingTotal(coming), 400)}\n`
  if (largest.length === 0) return title
  const rest =
    largest.length > MOST_SEGMENTS ? `Others are in ${COMPARISON_FILE} beside the model.\n` : ''
  return `${title}${alignedColumns(comingTable(largest.slice(0, MOST_SEGMENTS), TERMINAL))}${rest}`
}

function worstSegments(evaluation: Evaluation, by: Segment['by'], title: string): string {
  const segments = worstFirst(evaluation.segments, by)
  if (segments.length === 0) return ''
  const shown = segments.slice(0, MOST_SEGMENTS)
  const left = segments.length - shown.length
  const metric = comparingTexts[TERMINAL].metricInSentence(evaluation.decidedBy)
  const heading = `${title} (${metric} against ${comparingTexts[TERMINAL].referenceModel[referenceOf(evaluation)]})`
  const rest = left > 0 ? `The other ${left} are in ${COMPARISON_FILE} beside the model.\n` : ''
  return `\n${heading}\n${alignedColumns(narrow(segmentsTable(evaluation, shown, TERMINAL)))}${rest}`
}
