import type { Evaluation, Segment } from '../evaluation/gate/evaluation.ts'
import { alignedColumns, terminalText } from './aligned-columns.ts'
import {
  challengeText,
  metricsTable,
  policyChecks,
  scopeSentences,
  segmentsTable,
  smallerQuestionText,
  verdictWords,
  worstFirst,
} from './evaluation-table.ts'
import { orderingSentence, orderingTable } from './ordering-table.ts'
import { comparingTexts } from './texts/comparing.ts'
import { reasonTexts, referenceOf, summaryText } from './verdict-text.ts'

/** A comparison as plain text for a terminal: the verdict in the first line, then what led to it. */
export function comparisonText(evaluation: Evaluation): string {
  const { decision } = evaluation
  const smaller = smallerQuestionText(evaluation, TERMINAL)
  const challenge = challengeText(evaluation, TERMINAL)
  return [
    `${verdictWords(decision, TERMINAL)}: ${terminalText(summaryText(evaluation, TERMINAL), 400)}\n`,
    smaller && `A smaller question: ${terminalText(smaller, 1200)}\n`,
    decision.decision === 'keep' &&
      reasonTexts(evaluation, TERMINAL)
        .map((reason) => `  - ${terminalText(reason, 400)}\n`)
        .join(''),
    challenge && `${terminalText(challenge, 1000)}\n`,
    `\n${contenders(evaluation)}${scopeSentences(evaluation, TERMINAL)
      .map((sentence) => `${terminalText(sentence, 400)}\n`)
      .join('')}`,
    `\n${alignedColumns(metricsTable(evaluation, TERMINAL))}`,
    orderingPart(evaluation),
    checks(evaluation),
    worstSegments(evaluation, 'category', 'Worst categories'),
    worstSegments(evaluation, 'volume class', 'Volume classes'),
  ]
    .filter(Boolean)
    .join('')
}

/** Whoever works in a terminal is a programmer. */
const TERMINAL = 'en'
const MOST_SEGMENTS = 5

function contenders({ champion, challenger, baseline }: Evaluation): string {
  const sides = { Challenger: challenger, ...(champion ? { Champion: champion } : {}) }
  const lines = Object.entries({ ...sides, Baseline: baseline })
  return lines.map(([role, { model }]) => `${role.padEnd(12)}${terminalText(model)}\n`).join('')
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

function worstSegments(evaluation: Evaluation, by: Segment['by'], title: string): string {
  const segments = worstFirst(evaluation.segments, by)
  if (segments.length === 0) return ''
  const shown = segments.slice(0, MOST_SEGMENTS)
  const of = shown.length < segments.length ? `${shown.length} of ${segments.length}, ` : ''
  const metric = comparingTexts[TERMINAL].metricInSentence(evaluation.decidedBy)
  const heading = `${title} (${of}${metric} against ${comparingTexts[TERMINAL].referenceModel[referenceOf(evaluation)]})`
  return `\n${heading}\n${alignedColumns(segmentsTable(evaluation, shown, TERMINAL))}`
}
