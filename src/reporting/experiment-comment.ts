import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { Evaluation } from '../evaluation/gate/evaluation.ts'
import type { Experiment } from '../registry/experiment.ts'
import type { ValidationReport } from '../sales/checks/validation-report.ts'
import {
  type EvaluationParts,
  evaluationDetails,
  metricsSection,
  orderingSection,
  segmentsSection,
  verdictPart,
  wholeParts,
} from './evaluation-sections.ts'
import { markdownTable } from './evaluation-table.ts'
import { dataSentence, findingsTable, refusedFiles } from './findings-table.ts'
import { details, inlineText, link } from './markdown.ts'
import { nextStepsList } from './next-steps-text.ts'
import { pendingText } from './pending-text.ts'
import { comingSection, productsSection } from './products-sections.ts'
import { fittedText } from './text-length.ts'
import { experimentTexts } from './texts/experiment.ts'

/** What is told, and the page of the workflow run. */
type ToldExperiment = Experiment & { run: string }

/**
 * The comment on a pull request that changes recipe, code or data: the verdict in the first line,
 * and what to do next. Where it would be too long, it leaves out details and says so.
 */
export function experimentComment(outcome: ToldExperiment, language: Language): string {
  const { validation, evaluation, search } = outcome
  const parts = {
    ...(evaluation ? wholeParts(evaluation, search) : NO_PARTS),
    findings: Math.min(validation?.findings.length ?? 0, MOST_FINDINGS),
  }
  return fittedText(parts, (most) => commentText(outcome, most, language))
}

type CommentParts = EvaluationParts & { findings: number }

const NO_PARTS: EvaluationParts = { products: 0, segments: 0, candidates: 0, checks: 0, reasons: 0 }
const MOST_FINDINGS = 20

function commentText(outcome: ToldExperiment, most: CommentParts, language: Language): string {
  const { validation, evaluation, search, run, pending } = outcome
  const say = experimentTexts[language]
  const answered = evaluation && answerOf(outcome) === 'verdict'
  return [
    firstPart(outcome, most, language),
    answered && pending && `${inlineText(pendingText(pending, language))}\n`,
    `**${say.next}** ${say.nextSteps[nextStep(outcome)]}\n`,
    answered && nextStepsList(evaluation, search, language),
    answered && metricsSection(evaluation, language),
    answered && orderingSection(evaluation, language),
    answered && comingSection(evaluation, language, most.products),
    answered && segmentsSection(evaluation, language),
    answered && productsSection(evaluation, language, most.products),
    answered && `### ${say.details}\n\n${evaluationDetails(evaluation, search, most, language)}`,
    validation && dataPart(validation, most.findings, language),
    `${link(say.theRun, run)} ${say.hasTheFiles}\n`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** Invalid data explains whatever failed after it. */
function answerOf({ validation, evaluation, problem }: ToldExperiment) {
  if (validation?.outcome === 'invalid') return 'invalid'
  if (problem !== undefined) return 'problem'
  if (evaluation) return 'verdict'
  return validation ? 'valid' : 'nothing'
}

function firstPart(outcome: ToldExperiment, most: CommentParts, language: Language): string {
  const { validation, evaluation, problem = '' } = outcome
  const say = experimentTexts[language]
  switch (answerOf(outcome)) {
    case 'invalid': {
      const refused = validation ? refusedFiles(validation).length : 0
      return `❌ **${say.invalid}** ${say.refusedFiles(refused)}\n`
    }
    case 'problem':
      return `💥 **${say.noVerdict}** ${inlineText(shortened(problem, 600))}\n`
    case 'verdict':
      return evaluation ? verdictPart(evaluation, most, language) : ''
    case 'valid':
      return `✅ **${say.valid}** ${say.nothingCompared}\n`
    case 'nothing':
      return `💥 **${say.noVerdict}** ${say.endedEarly}\n`
  }
}

function nextStep(outcome: ToldExperiment): keyof (typeof experimentTexts)['en']['nextSteps'] {
  const answer = answerOf(outcome)
  if (answer === 'invalid' || answer === 'valid') return answer
  return answer === 'verdict' ? nextAfter(outcome.evaluation) : 'openTheRun'
}

function nextAfter(evaluation: Evaluation | undefined) {
  if (evaluation?.decision.decision === 'promote') return 'promote'
  if (evaluation?.challenge?.kind === 'refresh') return 'refresh'
  return evaluation?.decision.verdict === 'better' ? 'checkFailed' : 'notBetter'
}

function dataPart(report: ValidationReport, most: number, language: Language): string {
  const { findings, outcome } = report
  const say = experimentTexts[language]
  const sentence = `### ${say.data}\n\n${dataSentence(report, language)}\n`
  if (most === 0) return sentence
  const left = findings.length - most
  const table = [
    markdownTable(findingsTable(findings.slice(0, most), language)),
    left > 0 && `${say.moreFindings(left)}\n`,
  ]
    .filter(Boolean)
    .join('\n')
  const shown = outcome === 'invalid' ? table : details(say.findings(findings.length), table)
  return `${sentence}\n${shown}`
}
