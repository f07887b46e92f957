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
import { markdownTable } from './evaluation-table.ts'
import { dataSentence, findingsTable, refusedFiles } from './findings-table.ts'
import { counted, shortened, shortId } from './format.ts'
import { commitUrl } from './links.ts'
import { details, inlineText, link } from './markdown.ts'
import { fittedText } from './text-length.ts'
import type { ValidationReport } from './validation-report.ts'

/** What an experiment came to, as far as it came. */
export type Experiment = {
  validation?: ValidationReport
  evaluation?: Evaluation
  /** What the search of the challenger tried. */
  search?: Search
  /** What kept it from an answer, one line each: what is wrong, and what to do. */
  problem?: string
  links: {
    /** Page of the repository, such as `https://github.com/shop/demand`. */
    repository: string
    /** Page of the workflow run. */
    run: string
    /** The commit that was tried. */
    commit: string
  }
}

/**
 * The comment on a pull request that changes recipe, code or data: the verdict in the first line,
 * and what to do next. Where it would be too long, it leaves out details and says so.
 */
export function experimentComment(experiment: Experiment): string {
  const { validation, evaluation, search } = experiment
  const parts = {
    ...(evaluation ? wholeParts(evaluation, search) : NO_PARTS),
    findings: Math.min(validation?.findings.length ?? 0, MOST_FINDINGS),
  }
  return fittedText(parts, (most) => commentText(experiment, most))
}

type CommentParts = EvaluationParts & { findings: number }

const NO_PARTS: EvaluationParts = { segments: 0, candidates: 0, checks: 0, reasons: 0 }
const MOST_FINDINGS = 20

function commentText(experiment: Experiment, most: CommentParts): string {
  const { validation, evaluation, search, links } = experiment
  const answered = evaluation && answerOf(experiment) === 'verdict'
  return [
    firstPart(experiment, most),
    `**Next:** ${next(experiment)}\n`,
    answered && metricsSection(evaluation),
    answered && segmentsSection(evaluation),
    answered && `### Details\n\n${evaluationDetails(evaluation, search, most)}`,
    validation && dataPart(validation, most.findings),
    `${link('The run', links.run)} of ${link(shortId(links.commit), commitUrl(links.repository, links.commit))}. A newer push brings this comment up to date.\n`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** Invalid data explains whatever failed after it. */
function answerOf({ validation, evaluation, problem }: Experiment) {
  if (validation?.outcome === 'invalid') return 'invalid'
  if (problem !== undefined) return 'problem'
  if (evaluation) return 'verdict'
  return validation ? 'valid' : 'nothing'
}

function firstPart(experiment: Experiment, most: CommentParts): string {
  const { validation, evaluation, problem = '' } = experiment
  switch (answerOf(experiment)) {
    case 'invalid': {
      const refused = validation ? refusedFiles(validation).length : 0
      return `❌ **The data cannot be used.** ${counted(refused, 'file')} cannot be trusted, so nothing was trained.\n`
    }
    case 'problem': {
      const [what, ...remedy] = problem.split('\n').map((line) => line.trim())
      return `💥 **No verdict.** ${sentence(what)}\n${remedy.length > 0 ? `\n**What to do:** ${sentence(remedy.join(' '))}\n` : ''}`
    }
    case 'verdict':
      return evaluation ? verdictPart(evaluation, most) : ''
    case 'valid':
      return '✅ **The data can be used.** Nothing was compared.\n'
    case 'nothing':
      return '💥 **No verdict.** The run ended before it came to anything.\n'
  }
}

function next(experiment: Experiment): string {
  switch (answerOf(experiment)) {
    case 'invalid':
      return 'correct the files, or the contract in `datapackage.json`, as the table below says, and push again.'
    case 'valid':
      return 'nothing, where only data was to be checked; else open the run.'
    case 'verdict':
      return nextAfter(experiment.evaluation)
    default:
      return 'open the run: its summary and its log say where it ended. Then push again, or run it again.'
  }
}

function nextAfter(evaluation: Evaluation | undefined): string {
  if (evaluation?.decision.decision === 'promote') {
    return 'merge. The next retraining then trains this on the base branch, and proposes it as the next version in a pull request of its own; merging that one is the deployment.'
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

function sentence(text: string): string {
  return inlineText(shortened(text, 400))
}
