import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { JobsTook } from '../evaluation/search/job-costs.ts'
import type { MadeForecasts } from '../ledger/forecast-record.ts'
import { outlineOf, type Trained } from '../registry/challenger.ts'
import {
  evaluationDetails,
  metricsSection,
  orderingSection,
  segmentsSection,
  verdictPart,
  wholeParts,
} from '../reporting/evaluation-sections.ts'
import { checksTable, markdownTable } from '../reporting/evaluation-table.ts'
import { measuredJobs, plannedJobs } from '../reporting/jobs-report.ts'
import { commitUrl } from '../reporting/links.ts'
import { inlineText, link } from '../reporting/markdown.ts'
import { nextStepsList } from '../reporting/next-steps-text.ts'
import { pendingText } from '../reporting/pending-text.ts'
import { comingSection, productsSection } from '../reporting/products-sections.ts'
import { searchSentence, searchTable } from '../reporting/search-table.ts'
import { fittedSummary } from '../reporting/text-length.ts'
import { jobTexts } from '../reporting/texts/jobs.ts'
import { nextStepTexts } from '../reporting/texts/next-steps.ts'
import { productTexts } from '../reporting/texts/products.ts'
import { summaryTexts } from '../reporting/texts/summaries.ts'
import type { Published } from '../steps/forecasts/publish-forecasts.ts'
import type { Compared } from '../steps/model/compare.ts'
import type { ShardFitted } from '../steps/model/fit-shard.ts'
import type { JobPlan } from '../steps/model/job-plan.ts'
import type { EventsCollected } from '../steps/monitoring/collect-events.ts'
import type { DashboardWritten } from '../steps/monitoring/dashboard.ts'
import type { Recorded } from '../steps/monitoring/record.ts'
import type { VerifyResult } from '../steps/promotion/verify.ts'

/** What was trained, and what else the search tried. */
export function trainingSummary(trained: Trained, language: Language): string {
  const say = summaryTexts[language]
  const { name, series, trainedThrough } = outlineOf(trained)
  const { training } = trained
  return [
    `## ${say.trained(inlineText(name))}\n`,
    `${say.trainedOn(series, trainedThrough)}\n`,
    `${searchSentence(training.search, language)}\n`,
    markdownTable(searchTable(training.search, language)),
  ].join('\n')
}

/** What each job of a plan would make, by estimate. */
export function planSummary(plan: JobPlan, language: Language): string {
  const { sentence, table } = plannedJobs(plan, language)
  return [
    `## ${jobTexts[language].planTitle}\n`,
    `${sentence}\n`,
    ...(table ? [markdownTable(table)] : []),
  ].join('\n')
}

/** What one job of a plan has made. */
export function fitSummary({ shard, of, fits }: ShardFitted, language: Language): string {
  return `## ${jobTexts[language].planTitle}\n\n${jobTexts[language].fitted(shard, of, fits)}\n`
}

/** What the jobs of a plan took, and which of them were lost. */
export function tallySummary(took: JobsTook, language: Language): string {
  const { sentences, table } = measuredJobs(took, language)
  return [
    `## ${jobTexts[language].tookTitle}\n`,
    ...sentences.map((sentence) => `${sentence}\n`),
    markdownTable(table),
  ].join('\n')
}

/** The verdict, how it stands against what waits, and what holds it back all the same. */
export function comparisonSummary(
  { evaluation, search, pending, held }: Compared,
  language: Language,
): string {
  const say = summaryTexts[language]
  const next = nextStepsList(evaluation, search, language)
  return fittedSummary(wholeParts(evaluation, undefined), (most) =>
    [
      `## ${say.comparison}\n`,
      ...(held === undefined ? [] : [`⏸️ **${say.heldBack}** ${inlineText(held)}\n`]),
      verdictPart(evaluation, most, language),
      ...(pending ? [`${inlineText(pendingText(pending, language))}\n`] : []),
      ...(next ? [`### ${nextStepTexts[language].title}\n\n${next}`] : []),
      metricsSection(evaluation, language),
      orderingSection(evaluation, language),
      comingSection(evaluation, language, most.products),
      segmentsSection(evaluation, language),
      productsSection(evaluation, language, most.products),
      `${productTexts[language].rowsArtifact}\n`,
      `### ${say.details}\n\n${evaluationDetails(evaluation, undefined, most, language)}`,
    ].join('\n'),
  )
}

/** Every check of a promotion. */
export function verificationSummary(
  { outcome, rev, base, checks }: VerifyResult,
  language: Language,
): string {
  const say = summaryTexts[language]
  const mark = outcome === 'verified' ? `✅ **${say.verified}**` : `❌ **${say.notVerified}**`
  const merge = say.toBeMerged(inlineText(rev.name), rev.commit.slice(0, 12), inlineText(base.name))
  return [
    `## ${say.verification}\n`,
    `${mark} ${merge}\n`,
    markdownTable(checksTable(checks, language)),
  ].join('\n')
}

/** The forecasts, or why there are none. */
export function forecastsSummary(published: Published, language: Language): string {
  const say = summaryTexts[language]
  const title = `## ${say.forecasts}\n\n`
  if (published.outcome === 'kept') {
    const { problem, missed } = published
    const state = missed ? `⚠️ **${say.theLastStay}**` : `⚪ **${say.noneYet}**`
    return `${title}${state} ${inlineText(problem)}\n`
  }
  const { orders, model } = published.record
  const ordered =
    orders?.outcome === 'kept' ? `\n⚠️ **${say.noOrders}** ${inlineText(orders.problem)}\n` : ''
  const made = say.forecast({ ...published.record, model: inlineText(model) })
  return `${title}✅ ${made}\n${shadowLine(published.record, language)}${ordered}`
}

function shadowLine({ shadow }: MadeForecasts, language: Language): string {
  if (!shadow) return ''
  const say = summaryTexts[language]
  return shadow.outcome === 'made'
    ? `\n👥 ${say.besideIt(inlineText(shadow.name))}\n`
    : `\n⚠️ **${say.noShadow}** ${inlineText(shadow.problem)}\n`
}

/** How many pages there are, and of how many products. */
export function dashboardSummary(
  { data, files, bytes }: DashboardWritten,
  language: Language,
): string {
  const say = summaryTexts[language]
  return `## ${say.dashboard}\n\n${say.pages(files, bytes / 1e6, data.products.length)}\n`
}

/** What was added to the ledger, and what was not. */
export function recordSummary(recorded: Recorded, repository: string, language: Language): string {
  const added = addedText(recorded, repository, language)
  return `## ${summaryTexts[language].ledger}\n\n${added}\n${leftOutText(recorded, language)}`
}

/** What was taken from the service. */
export function collectSummary(
  { outcome, events, commit, unfinished }: EventsCollected,
  repository: string,
  language: Language,
): string {
  const say = summaryTexts[language]
  const taken =
    outcome === 'appended'
      ? `✅ ${say.collected(events, link(commit.slice(0, 12), commitUrl(repository, commit)))}\n`
      : `✅ ${say.nothingNew}\n`
  const missing = unfinished && `\n⚠️ **${say.unfinished}** ${inlineText(unfinished)}\n`
  return `## ${say.ledger}\n\n${taken}${missing ?? ''}`
}

function addedText(recorded: Recorded, repository: string, language: Language): string {
  const say = summaryTexts[language]
  if (recorded.outcome === 'none') return `⚪ ${say.nothingToRecord}`
  const { runs, forecasts, outcome, commit } = recorded
  if (outcome === 'unchanged') return `✅ ${say.allThere}`
  const where = link(commit.slice(0, 12), commitUrl(repository, commit))
  return `✅ ${say.added(runs.length, forecasts.length, where)}`
}

function leftOutText(
  { leftOut: { runs, forecasts, ledger } }: Recorded,
  language: Language,
): string {
  const all = [...runs, ...forecasts, ...ledger]
  if (all.length === 0) return ''
  const shown = all
    .slice(0, MOST_LEFT_OUT)
    .map(({ file, problem }) => `- ${inlineText(shortened(`${file}: ${problem}`, 300))}\n`)
  return `\n⚠️ ${summaryTexts[language].leftOut(all.length)}\n\n${shown.join('')}`
}

const MOST_LEFT_OUT = 10
