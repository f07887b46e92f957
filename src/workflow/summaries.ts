import { counted, shortened } from '../base/wording.ts'
import { modelName } from '../forecasting/model.ts'
import type { Challenger } from '../registry/challenger.ts'
import {
  evaluationDetails,
  metricsSection,
  segmentsSection,
  verdictPart,
  wholeParts,
} from '../reporting/evaluation-sections.ts'
import { checksTable, markdownTable } from '../reporting/evaluation-table.ts'
import { commitUrl } from '../reporting/links.ts'
import { inlineText, link } from '../reporting/markdown.ts'
import { pendingText } from '../reporting/pending-text.ts'
import { searchSentence, searchTable } from '../reporting/search-table.ts'
import { fittedSummary } from '../reporting/text-length.ts'
import type { Published } from '../steps/forecasts/publish-forecasts.ts'
import type { Compared } from '../steps/model/compare.ts'
import type { Recorded } from '../steps/monitoring/record.ts'
import type { VerifyResult } from '../steps/promotion/verify.ts'

/** What was trained, and what else the search tried. */
export function trainingSummary({ model, training }: Challenger): string {
  return [
    `## Trained: ${inlineText(modelName(model))}\n`,
    `${counted(model.series.length, 'series', 'series')}, trained through ${model.trainedThrough}.\n`,
    `${searchSentence(training.search)}\n`,
    markdownTable(searchTable(training.search)),
  ].join('\n')
}

/** The verdict, how it stands against what waits, and what holds it back all the same. */
export function comparisonSummary({ evaluation, pending, held }: Compared): string {
  return fittedSummary(wholeParts(evaluation, undefined), (most) =>
    [
      '## Comparison\n',
      ...(held === undefined ? [] : [`⏸️ **Held back.** ${inlineText(held)}\n`]),
      verdictPart(evaluation, most),
      ...(pending ? [`${inlineText(pendingText(pending))}\n`] : []),
      metricsSection(evaluation),
      segmentsSection(evaluation),
      `### Details\n\n${evaluationDetails(evaluation, undefined, most)}`,
    ].join('\n'),
  )
}

/** Every check of a promotion. */
export function verificationSummary({ outcome, rev, base, checks }: VerifyResult): string {
  const mark = outcome === 'verified' ? '✅ **Verified.**' : '❌ **Not verified.**'
  return [
    `## Verification\n`,
    `${mark} ${inlineText(rev.name)} (${rev.commit.slice(0, 12)}), to be merged into ${inlineText(base.name)}.\n`,
    markdownTable(checksTable(checks)),
  ].join('\n')
}

/** The forecasts, or why there are none. */
export function forecastsSummary(published: Published): string {
  if (published.outcome === 'kept') {
    const { problem, missed } = published
    return missed
      ? `## Forecasts\n\n⚠️ **The last ones stay.** ${inlineText(problem)}\n`
      : `## Forecasts\n\n⚪ **There are none yet.** ${inlineText(problem)}\n`
  }
  const { version, model, series, salesThrough, from, through, orders } = published.record
  const ordered =
    orders?.outcome === 'kept' ? `\n⚠️ **No orders.** ${inlineText(orders.problem)}\n` : ''
  return `## Forecasts\n\n✅ ${counted(series, 'series', 'series')}, ${from} to ${through}, by version ${version} (${inlineText(model)}) from sales up to ${salesThrough}.\n${ordered}`
}

/** What was added to the ledger, and what was not. */
export function recordSummary(recorded: Recorded, repository: string): string {
  return `## Ledger\n\n${addedText(recorded, repository)}\n${leftOutText(recorded)}`
}

function addedText(recorded: Recorded, repository: string): string {
  if (recorded.outcome === 'none') return '⚪ There was nothing to record.'
  const { runs, forecasts, outcome, commit } = recorded
  if (outcome === 'unchanged') return '✅ All of it was there already.'
  return `✅ ${counted(runs.length, 'run')} and ${counted(forecasts.length, 'attempt')} at forecasts, in ${link(commit.slice(0, 12), commitUrl(repository, commit))}.`
}

function leftOutText({ leftOut: { runs, forecasts, ledger } }: Recorded): string {
  const all = [...runs, ...forecasts, ...ledger]
  if (all.length === 0) return ''
  const shown = all
    .slice(0, MOST_LEFT_OUT)
    .map(({ file, problem }) => `- ${inlineText(shortened(`${file}: ${problem}`, 300))}\n`)
  return `\n⚠️ ${counted(all.length, 'record')} left out, as damaged or not of this run:\n\n${shown.join('')}`
}

const MOST_LEFT_OUT = 10
