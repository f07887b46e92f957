import type { Evaluation } from '../evaluation/evaluation.ts'
import type { Search } from '../evaluation/search.ts'
import {
  type EvaluationParts,
  evaluationDetails,
  metricsSection,
  segmentsSection,
  verdictPart,
  wholeParts,
} from './evaluation-sections.ts'
import { counted, integer, shortened } from './format.ts'
import { inlineText, link } from './markdown.ts'
import { fittedText } from './text-length.ts'
import type { ValidationReport } from './validation-report.ts'

/** How far an experiment came; what is absent did not come about. */
export type ExperimentOutcome = {
  validation?: ValidationReport
  search?: Search
  evaluation?: Evaluation
  /** Why it went no further, as a sentence. */
  problem?: string
  /** Page of the workflow run. */
  run: string
}

/**
 * The comment on a pull request that tries a recipe: whether its model beats the one in production,
 * what led to that, and what to do next. As long as GitHub takes, never longer.
 */
export function experimentComment(outcome: ExperimentOutcome): string {
  const { validation, evaluation, search, problem, run } = outcome
  const foot = `${link('The run', run)} has the summaries and the files.\n`
  if (validation?.outcome === 'invalid') return `${invalidSales(validation)}\n${foot}`
  if (!evaluation) return `${unfinished(problem)}\n${foot}`
  return fittedText(wholeParts(evaluation, search), (most) =>
    [...comparison(evaluation, search, most), validation && salesLine(validation), foot]
      .filter(Boolean)
      .join('\n'),
  )
}

function comparison(
  evaluation: Evaluation,
  search: Search | undefined,
  most: EvaluationParts,
): string[] {
  return [
    verdictPart(evaluation, most),
    `${nextStep(evaluation)}\n`,
    metricsSection(evaluation),
    segmentsSection(evaluation),
    evaluationDetails(evaluation, search, most),
  ]
}

function nextStep({ decision }: Evaluation): string {
  return decision.decision === 'promote'
    ? 'Merge this, and retraining on the base proposes the model in a pull request of its own.'
    : 'Merging this leaves production as it is. Change the recipe and push again: this comment follows.'
}

function unfinished(problem: string | undefined): string {
  const why = problem ? ` ${inlineText(shortened(problem, 600))}` : ''
  return `❌ **The experiment did not come to an end.**${why}\n`
}

function invalidSales({ findings, totals }: ValidationReport): string {
  const fatal = findings.filter(({ level }) => level === 'file')
  const list = fatal.slice(0, MOST_FINDINGS).map(({ rule, file, explanation, remedy }) => {
    const where = file === undefined ? '' : `${inlineText(shortened(file, 120))}: `
    return `- ${where}**${inlineText(rule)}.** ${inlineText(explanation)} ${inlineText(remedy)}\n`
  })
  const more = fatal.length - list.length
  if (more > 0) list.push(`- ${counted(more, 'more finding')}.\n`)
  return `❌ **The sales cannot be used.** Nothing was trained on these ${integer(totals.rowsRead)} rows.\n\n${list.join('')}`
}

const MOST_FINDINGS = 20

function salesLine({ totals }: ValidationReport): string {
  const { files, rowsRead, rowsQuarantined } = totals
  return `Sales: ${counted(files, 'file')}, ${integer(rowsRead)} rows, ${integer(rowsQuarantined)} of them quarantined.\n`
}
