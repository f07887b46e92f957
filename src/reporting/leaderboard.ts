import type { ForecastRecord } from '../ledger/forecast-record.ts'
import type { Leaderboard, LeaderboardRun } from '../ledger/leaderboard.ts'
import { difference, integer, metricLabels, metricValue, shortened } from './format.ts'
import { branchUrl, commitUrl, fileUrl } from './links.ts'
import { type Cell, inlineText, link, table } from './markdown.ts'

/**
 * The README of the ledger: the state of the published forecasts, then the experiments, the best
 * first among those that were judged on the same sales against the same champion.
 *
 * @param repository page of the repository
 */
export function leaderboardText(leaderboard: Leaderboard, repository: string): string {
  return [
    '# Ledger\n',
    'Every experiment and every forecast, as files that are added and never changed. This page is made from them.\n',
    '## Forecasts\n',
    forecastsText(leaderboard.forecasts, repository),
    '## Experiments\n',
    experimentsText(leaderboard.runs, repository),
  ].join('\n')
}

function forecastsText({ made, kept }: Leaderboard['forecasts'], repository: string): string {
  if (!made) return `No forecasts have been published yet.\n${kept ? `\n${problemLine(kept)}` : ''}`
  const { version, model, series, salesThrough, from, through, files, at } = made
  const csv = link('CSV', fileUrl(repository, 'ledger', files.csv))
  const json = link('JSON', fileUrl(repository, 'ledger', files.json))
  const age = kept ? `⚠️ **${ageOf(at, kept.at)} old.** ${problemLine(kept)}\n` : ''
  return `${age}Made on ${at.slice(0, 10)} by version ${version} (${inlineText(shortened(model, 80))}) for ${integer(series)} series, ${from} to ${through}, from sales up to ${salesThrough}: ${csv}, ${json}.\n`
}

function problemLine(kept: Extract<ForecastRecord, { outcome: 'kept' }>): string {
  return `On ${kept.at.slice(0, 10)} no newer ones could be made: ${inlineText(shortened(kept.problem, 300))}\n`
}

function ageOf(made: string, now: string): string {
  const days = Math.floor((Date.parse(now) - Date.parse(made)) / DAY)
  return days === 1 ? '1 day' : `${days} days`
}

const DAY = 24 * 60 * 60 * 1000

function experimentsText(runs: LeaderboardRun[], repository: string): string {
  if (runs.length === 0) return 'There are none yet: push a branch with another recipe.\n'
  const groups = [...Map.groupBy(runs, groupOf).values()]
  const shown = groups.slice(0, MOST_GROUPS).map((group) => groupText(group, repository))
  const hidden = groups.slice(MOST_GROUPS).reduce((sum, group) => sum + group.length, 0)
  const older = hidden > 0 ? `\nOlder experiments: ${hidden}, in \`runs/\`.\n` : ''
  return `${shown.join('\n')}${older}`
}

const MOST_GROUPS = 5
const MOST_ROWS = 20

/** What can be compared with each other: the same sales, metric and champion. */
function groupOf({ data, comparison }: LeaderboardRun): string {
  return JSON.stringify([data, comparison?.decidedBy, comparison?.champion])
}

function groupText(runs: LeaderboardRun[], repository: string): string {
  const [{ data, comparison }] = runs
  const { champion } = comparison ?? {}
  const against = champion
    ? `version ${champion.version} (${inlineText(shortened(champion.model, 80))})`
    : 'seasonal naive'
  const best = [...runs].sort((a, b) => (a.value ?? Infinity) - (b.value ?? Infinity))
  const headers = [
    'Model',
    comparison ? metricLabels[comparison.decidedBy] : 'Metric',
    'Difference',
    'Verdict',
    'Branch',
    'Commit',
    'When',
  ]
  const rows = best.slice(0, MOST_ROWS).map((run) => rowOf(run, repository))
  const more = best.length > MOST_ROWS ? `\n… and ${best.length - MOST_ROWS} more.\n` : ''
  return `### Against ${against}\n\nOn the sales ${inlineText(data.slice(0, 12))}, the best first.\n\n${table(headers, rows)}${more}`
}

function rowOf(run: LeaderboardRun, repository: string): Cell[] {
  const { model = '–', value, comparison, verdict, branch, commit, startedAt, workflow } = run
  const when = startedAt.slice(0, 16).replace('T', ' ')
  return [
    shortened(model, 80),
    comparison ? metricValue(comparison.decidedBy, value) : '–',
    comparison ? difference(comparison.decidedBy, comparison.difference) : '–',
    verdict ?? '–',
    branch === undefined
      ? '–'
      : { markdown: link(shortened(branch, 60), branchUrl(repository, branch)) },
    commit === undefined
      ? '–'
      : { markdown: link(commit.slice(0, 7), commitUrl(repository, commit)) },
    workflow === undefined ? when : { markdown: link(when, workflow.url) },
  ]
}
