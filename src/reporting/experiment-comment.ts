import { counted, shortened } from '../base/wording.ts'
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
import { pendingText } from './pending-text.ts'
import { fittedText } from './text-length.ts'

/** What is told, and the page of the workflow run. */
type ToldExperiment = Experiment & { run: string }

/**
 * The comment on a pull request that changes recipe, code or data: the verdict in the first line,
 * and what to do next. Where it would be too long, it leaves out details and says so.
 */
export function experimentComment(outcome: ToldExperiment): string {
  const { validation, evaluation, search } = outcome
  const parts = {
    ...(evaluation ? wholeParts(evaluation, search) : NO_PARTS),
    findings: Math.min(validation?.findings.length ?? 0, MOST_FINDINGS),
  }
  return fittedText(parts, (most) => commentText(outcome, most))
}

type CommentParts = EvaluationParts & { findings: number }

const NO_PARTS: EvaluationParts = { segments: 0, candidates: 0, checks: 0, reasons: 0 }
const MOST_FINDINGS = 20

function commentText(outcome: ToldExperiment, most: CommentParts): string {
  const { validation, evaluation, search, run } = outcome
  const answered = evaluation && answerOf(outcome) === 'verdict'
  return [
    firstPart(outcome, most),
    answered && outcome.pending && `${inlineText(pendingText(outcome.pending))}\n`,
    `**Next:** ${next(outcome)}\n`,
    answered && metricsSection(evaluation),
    answered && orderingSection(evaluation),
    answered && segmentsSection(evaluation),
    answered && `### Details\n\n${evaluationDetails(evaluation, search, most)}`,
    validation && dataPart(validation, most.findings),
    `${link('The run', run)} has the summaries and the files. A newer push brings this comment up to date.\n`,
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

function firstPart(outcome: ToldExperiment, most: CommentParts): string {
  const { validation, evaluation, problem = '' } = outcome
  switch (answerOf(outcome)) {
    case 'invalid': {
      const refused = validation ? refusedFiles(validation).length : 0
      return `❌ **The data cannot be used.** ${counted(refused, 'file')} cannot be trusted, so nothing was trained.\n`
    }
    case 'problem':
      return `💥 **No verdict.** ${inlineText(shortened(problem, 600))}\n`
    case 'verdict':
      return evaluation ? verdictPart(evaluation, most) : ''
    case 'valid':
      return '✅ **The data can be used.** Nothing was compared.\n'
    case 'nothing':
      return '💥 **No verdict.** The run ended before it came to anything.\n'
  }
}

function next(outcome: ToldExperiment): string {
  switch (answerOf(outcome)) {
    case 'invalid':
      return 'correct the files, or the contract in `datapackage.json`, as the table below says, and push again.'
    case 'valid':
      return 'nothing, where only data was to be checked; else open the run.'
    case 'verdict':
      return nextAfter(outcome.evaluation)
    default:
      return 'open the run: its summary and its log say where it ended. Then push again, or run it again.'
  }
}

function nextAfter(evaluation: Evaluation | undefined): string {
  if (evaluation?.decision.decision === 'promote') {
    return 'merge. The next retraining then trains this on the base branch, and proposes it as the next version in a pull request of its own; merging that one is the deployment.'
  }
  if (evaluation?.challenge?.kind === 'refresh') {
    return 'merge what you like: the recipe is that of production, which needs no refresh as it is. Every retraining looks again.'
  }
  return evaluation?.decision.verdict === 'better'
    ? 'see which check of the policy failed, change the recipe, and push again. As it is, no retraining would propose this.'
    : 'change the recipe and push again. As it is, no retraining would propose this: merging changes nothing in production.'
}

function dataPart(report: ValidationReport, most: number): string {
  const { findings, outcome } = report
  const sentence = `### Data\n\n${dataSentence(report)}\n`
  if (most === 0) return sentence
  const left = findings.length - most
  const table = [
    markdownTable(findingsTable(findings.slice(0, most))),
    left > 0 && `${counted(left, 'more finding')} in the summary of the run.\n`,
  ]
    .filter(Boolean)
    .join('\n')
  const shown = outcome === 'invalid' ? table : details(counted(findings.length, 'finding'), table)
  return `${sentence}\n${shown}`
}
