import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { KeptForecasts } from '../ledger/forecast-record.ts'
import {
  LEDGER_BRANCH,
  type Leaderboard,
  type LeaderboardRun,
  MOST_RUNS,
} from '../ledger/leaderboard.ts'
import { newestFiles } from '../ledger/ledger.ts'
import { daysBetween, differenceText, metricValue, shortId } from './format.ts'
import { branchUrl, commitUrl, fileUrl } from './links.ts'
import { inlineText, link, type TableCell, table } from './markdown.ts'
import { publishedOrdersText } from './published-orders.ts'
import { comparingTexts } from './texts/comparing.ts'
import { evaluationTexts } from './texts/evaluation.ts'
import { ledgerTexts } from './texts/ledger.ts'

/**
 * The README of the ledger: the state of the published forecasts, then the experiments, the best
 * first among those that were judged on the same sales against the same champion. Made of the
 * records alone, without a clock: the same records give the same page.
 *
 * @param repository page of the repository on GitHub
 */
export function leaderboardText(
  leaderboard: Leaderboard,
  repository: string,
  language: Language,
): string {
  const { forecasts, runs } = leaderboard
  const page: Page = { repository, language }
  const say = ledgerTexts[language]
  const judged = runs.filter(({ verdict }) => verdict !== undefined)
  const ended = runs.filter(({ verdict }) => verdict === undefined)
  return [
    `# ${say.title}\n`,
    `${say.about}\n`,
    `## ${say.forecasts}\n\n${forecastsText(forecasts, page)}`,
    publishedOrdersText(leaderboard, repository, language),
    `## ${say.experiments}\n\n${experimentsText(judged, page)}`,
    endedText(ended, page),
    runs.length === MOST_RUNS ? `${say.olderOnes(MOST_RUNS)}\n` : '',
  ]
    .filter(Boolean)
    .join('\n')
}

/** Where it stands, and who reads it. */
type Page = { repository: string; language: Language }

function forecastsText({ made, kept }: Leaderboard['forecasts'], page: Page): string {
  const say = ledgerTexts[page.language]
  if (!made) return `${say.noForecasts}\n${kept ? `\n${keptText(kept, page)}` : ''}`
  const { files, at, ...rest } = made
  const { csv = newestFiles.csv, json } = files
  const downloads = [
    link('CSV', fileUrl(page.repository, LEDGER_BRANCH, csv)),
    link('JSON', fileUrl(page.repository, LEDGER_BRANCH, json)),
  ].join(', ')
  const state = kept
    ? `⚠️ **${say.oldForecasts(daysBetween(at, kept.at))}** ${keptText(kept, page)}`
    : `✅ **${say.succeeded}**\n`
  const model = inlineText(shortened(made.model, 80))
  return `${state}\n${say.made({ ...rest, model, on: at.slice(0, 10), downloads })}\n`
}

function keptText({ at, problem, workflow }: KeptForecasts, { language }: Page): string {
  const say = ledgerTexts[language]
  const run = workflow ? ` ${link(say.theRun, workflow.url)}.` : ''
  return `${say.kept(at.slice(0, 10), inlineText(shortened(problem, 300)))}${run}\n`
}

function experimentsText(runs: LeaderboardRun[], page: Page): string {
  const say = ledgerTexts[page.language]
  if (runs.length === 0) return `${say.noExperiments}\n`
  const groups = comparableRuns(runs)
  const shown = groups.slice(0, MOST_GROUPS).map((group) => groupText(group, page))
  const left = groups.slice(MOST_GROUPS).flat().length
  if (left > 0) shown.push(`${say.olderExperiments(left)}\n`)
  return shown.join('\n')
}

const MOST_GROUPS = 5
const MOST_ROWS = 20

/** Runs that can be compared with each other, the best first; the group with the newest run first. */
export function comparableRuns(runs: readonly LeaderboardRun[]): LeaderboardRun[][] {
  const judged = runs.filter(({ verdict }) => verdict !== undefined)
  const loss = ({ value = Number.POSITIVE_INFINITY }: LeaderboardRun) => value
  return [...Map.groupBy(judged, groupOf).values()].map((group) =>
    group.toSorted((a, b) => loss(a) - loss(b) || (a.id > b.id ? -1 : 1)),
  )
}

/** What can be compared with each other: judged on the same sales, by and against the same. */
function groupOf({ data, asOf, comparison }: LeaderboardRun): string {
  return JSON.stringify([data, asOf, comparison?.decidedBy, comparison?.champion])
}

function groupText(best: LeaderboardRun[], page: Page): string {
  const { language } = page
  const say = ledgerTexts[language]
  const [{ data, asOf, comparison }] = best
  const headers = [
    say.headers.verdict,
    say.headers.model,
    comparison ? comparingTexts[language].metricLabels[comparison.decidedBy] : say.headers.metric,
    comparison
      ? evaluationTexts[language].difference(comparison.confidence)
      : say.headers.difference,
    say.headers.branch,
    say.headers.commit,
    say.headers.started,
  ]
  const left = best.length - MOST_ROWS
  const sales = say.onTheSales(inlineText(shortId(data)), asOf && inlineText(asOf))
  const rows = best.slice(0, MOST_ROWS).map((run) => rowOf(run, page))
  return [
    `### ${against(comparison, language)}\n`,
    `${named(comparison?.champion, language)}${sales}\n`,
    table(headers, rows),
    left > 0 && `${say.moreExperiments(left)}\n`,
  ]
    .filter(Boolean)
    .join('\n')
}

function against(comparison: LeaderboardRun['comparison'], language: Language): string {
  const say = ledgerTexts[language]
  if (!comparison) return say.againstThen
  return comparison.champion ? say.against(comparison.champion.version) : say.againstNaive
}

function named(champion: { model: string } | undefined, language: Language): string {
  if (!champion) return ''
  return `${ledgerTexts[language].thatIs(inlineText(shortened(champion.model, 80)))} `
}

function rowOf(run: LeaderboardRun, page: Page): TableCell[] {
  const { language } = page
  const { model = '–', value, comparison } = run
  return [
    verdictOf(run, language),
    shortened(model, 80),
    comparison ? metricValue(comparison.decidedBy, value, language) : '–',
    comparison ? differenceText(comparison.decidedBy, comparison.difference, language) : '–',
    ...whereAndWhen(run, page),
  ]
}

/** The verdict of a run as a word, with its sign. */
export function verdictOf({ verdict, comparison }: LeaderboardRun, language: Language): string {
  const { verdicts } = ledgerTexts[language]
  if (verdict === undefined) return '–'
  if (verdict === 'better' && comparison?.decision === 'keep') {
    return `⛔ ${verdicts['better, but kept']}`
  }
  return verdict === 'not distinguishable' && comparison?.decision === 'promote'
    ? `🔄 ${verdicts.refreshed}`
    : `${marks[verdict]} ${verdicts[verdict]}`
}

const marks = { better: '✅', worse: '❌', 'not distinguishable': '⚪' }

/** Runs without a verdict: that nobody else may try the same in vain. */
function endedText(runs: LeaderboardRun[], page: Page): string {
  if (runs.length === 0) return ''
  const say = ledgerTexts[page.language]
  const { why, branch, commit, started } = say.headers
  const rows = runs
    .slice(0, MOST_ENDED)
    .map((run) => [run.exitCode === 2 ? say.aMistake : say.aBug, ...whereAndWhen(run, page)])
  return `### ${say.ended}\n\n${table([why, branch, commit, started], rows)}`
}

const MOST_ENDED = 10

function whereAndWhen(run: LeaderboardRun, { repository }: Page): TableCell[] {
  const { branch, commit, startedAt, workflow } = run
  const started = startedAt.slice(0, 16).replace('T', ' ')
  return [
    linked(branch && shortened(branch, 60), branchPage(branch, repository)),
    linked(commit && shortId(commit), commit && commitUrl(repository, commit)),
    linked(started, workflow?.url),
  ]
}

/** GitHub has no branches of longer names. */
function branchPage(branch: string | undefined, repository: string): string | undefined {
  return branch && branch.length <= 255 ? branchUrl(repository, branch) : undefined
}

function linked(text: string | undefined, url: string | undefined): TableCell {
  if (!text) return '–'
  return url ? { markdown: link(text, url) } : text
}
