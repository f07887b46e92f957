import { counted, shortened } from '../base/wording.ts'
import type { KeptForecasts } from '../ledger/forecast-record.ts'
import {
  LEDGER_BRANCH,
  type Leaderboard,
  type LeaderboardRun,
  MOST_RUNS,
} from '../ledger/leaderboard.ts'
import { metricLabels } from './comparing.ts'
import { differenceHeader } from './evaluation-table.ts'
import { differenceText, metricValue, shortId } from './format.ts'
import { branchUrl, commitUrl, fileUrl } from './links.ts'
import { inlineText, link, type TableCell, table } from './markdown.ts'

/**
 * The README of the ledger: the state of the published forecasts, then the experiments, the best
 * first among those that were judged on the same sales against the same champion. Made of the
 * records alone, without a clock: the same records give the same page.
 *
 * @param repository page of the repository on GitHub
 */
export function leaderboardText(leaderboard: Leaderboard, repository: string): string {
  const { forecasts, runs } = leaderboard
  const judged = runs.filter(({ verdict }) => verdict !== undefined)
  const ended = runs.filter(({ verdict }) => verdict === undefined)
  return [
    '# Ledger\n',
    'Every experiment and every forecast, as files that are added and never changed. Only this page and `leaderboard.json` are made anew from them.\n',
    `## Forecasts\n\n${forecastsText(forecasts, repository)}`,
    `## Experiments\n\n${experimentsText(judged, repository)}`,
    endedText(ended, repository),
    runs.length === MOST_RUNS ? `Older ones than these ${MOST_RUNS} are in \`runs/\`.\n` : '',
  ]
    .filter(Boolean)
    .join('\n')
}

function forecastsText({ made, kept }: Leaderboard['forecasts'], repository: string): string {
  if (!made) {
    return `No forecasts have been published yet.\n${kept ? `\n${keptText(kept)}` : ''}`
  }
  const { version, model, series, salesThrough, from, through, files, at } = made
  const downloads = [
    link('CSV', fileUrl(repository, LEDGER_BRANCH, files.csv)),
    link('JSON', fileUrl(repository, LEDGER_BRANCH, files.json)),
  ].join(', ')
  const state = kept
    ? `⚠️ **These forecasts were ${ageOf(at, kept.at)} old when newer ones could not be made.** ${keptText(kept)}`
    : '✅ **The last attempt to make forecasts succeeded.**\n'
  return `${state}\nMade on ${at.slice(0, 10)} by v${version} (${inlineText(shortened(model, 80))}) for ${counted(series, 'series', 'series')}, ${from} to ${through}, from sales through ${salesThrough}: ${downloads}.\n`
}

function keptText({ at, problem, workflow }: KeptForecasts): string {
  const run = workflow ? ` ${link('The run', workflow.url)}.` : ''
  return `On ${at.slice(0, 10)}: ${inlineText(shortened(problem, 300))}${run}\n`
}

function ageOf(made: string, then: string): string {
  return counted(Math.floor((Date.parse(then) - Date.parse(made)) / DAY), 'day')
}

const DAY = 24 * 60 * 60 * 1000

function experimentsText(runs: LeaderboardRun[], repository: string): string {
  if (runs.length === 0) return 'There are none yet: push a branch with another recipe.\n'
  const groups = [...Map.groupBy(runs, groupOf).values()]
  const shown = groups.slice(0, MOST_GROUPS).map((group) => groupText(group, repository))
  const left = groups.slice(MOST_GROUPS).flat().length
  if (left > 0) shown.push(`${counted(left, 'older experiment')} in \`leaderboard.json\`.\n`)
  return shown.join('\n')
}

const MOST_GROUPS = 5
const MOST_ROWS = 20

/** What can be compared with each other: judged on the same sales, by and against the same. */
function groupOf({ data, asOf, comparison }: LeaderboardRun): string {
  return JSON.stringify([data, asOf, comparison?.decidedBy, comparison?.champion])
}

function groupText(runs: LeaderboardRun[], repository: string): string {
  const [{ data, asOf, comparison }] = runs
  const loss = ({ value = Number.POSITIVE_INFINITY }: LeaderboardRun) => value
  const best = [...runs].sort((a, b) => loss(a) - loss(b) || (a.id > b.id ? -1 : 1))
  const headers = [
    'Verdict',
    'Model',
    comparison ? metricLabels[comparison.decidedBy] : 'Metric',
    comparison ? differenceHeader(comparison) : 'Difference',
    'Branch',
    'Commit',
    'Started (UTC)',
  ]
  const left = best.length - MOST_ROWS
  const day = asOf === undefined ? '' : `, as of ${inlineText(asOf)}`
  return [
    `### ${against(comparison)}\n`,
    `${named(comparison?.champion)}On the sales ${inlineText(shortId(data))}${day}; the best first.\n`,
    table(
      headers,
      best.slice(0, MOST_ROWS).map((run) => rowOf(run, repository)),
    ),
    left > 0 && `${counted(left, 'more experiment')} in \`leaderboard.json\`.\n`,
  ]
    .filter(Boolean)
    .join('\n')
}

function against(comparison: LeaderboardRun['comparison']): string {
  if (!comparison) return 'Against what was in production then'
  return comparison.champion ? `Against v${comparison.champion.version}` : 'Against seasonal naive'
}

function named(champion: { model: string } | undefined): string {
  return champion ? `That is ${inlineText(shortened(champion.model, 80))}. ` : ''
}

function rowOf(run: LeaderboardRun, repository: string): TableCell[] {
  const { model = '–', value, comparison } = run
  return [
    verdictOf(run),
    shortened(model, 80),
    comparison ? metricValue(comparison.decidedBy, value) : '–',
    comparison ? differenceText(comparison.decidedBy, comparison.difference) : '–',
    ...whereAndWhen(run, repository),
  ]
}

function verdictOf({ verdict, comparison }: LeaderboardRun): string {
  if (verdict === undefined) return '–'
  if (verdict === 'better' && comparison?.decision === 'keep')
    return '⛔ better, but a check failed'
  return verdict === 'not distinguishable' && comparison?.decision === 'promote'
    ? '🔄 a refresh, no worse and due'
    : `${marks[verdict]} ${verdict}`
}

const marks = { better: '✅', worse: '❌', 'not distinguishable': '⚪' }

/** Runs without a verdict: that nobody else may try the same in vain. */
function endedText(runs: LeaderboardRun[], repository: string): string {
  if (runs.length === 0) return ''
  const rows = runs
    .slice(0, MOST_ENDED)
    .map((run) => [
      run.exitCode === 2 ? 'a mistake in what was given' : 'a bug, or stopped',
      ...whereAndWhen(run, repository),
    ])
  return `### Ended without a verdict\n\n${table(['Why', 'Branch', 'Commit', 'Started (UTC)'], rows)}`
}

const MOST_ENDED = 10

function whereAndWhen(run: LeaderboardRun, repository: string): TableCell[] {
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
