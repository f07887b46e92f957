import type { Language } from '../../base/language.ts'
import { shortened } from '../../base/wording.ts'
import type { LeaderboardRun } from '../../ledger/leaderboard.ts'
import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
import { differenceText, metricValue, shortId } from '../format.ts'
import { type Html, html, type Part } from '../html.ts'
import { htmlTable } from '../html-table.ts'
import { comparableRuns, verdictOf } from '../leaderboard.ts'
import { comparingTexts } from '../texts/comparing.ts'
import { evaluationTexts } from '../texts/evaluation.ts'
import { ledgerTexts } from '../texts/ledger.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import type { SitePlace } from './site-place.ts'

/** The leaderboard: what was tried, the best first among what can be compared. */
export function experimentsPage({ leaderboard }: DashboardData, { language }: SitePlace): Html {
  const say = siteTexts[language]
  const groups = comparableRuns(leaderboard.runs)
  if (groups.length === 0) return html`<p class="empty">${ledgerTexts[language].noExperiments}</p>`
  const left = groups.slice(MOST_GROUPS).flat().length
  return html`<p>${say.experimentsIntro}</p>
${groups.slice(0, MOST_GROUPS).map((runs) => groupSection(runs, language))}
${left > 0 && html`<p>${say.olderGroups(left)}</p>`}`
}

const MOST_GROUPS = 10
const MOST_ROWS = 50

function groupSection(runs: readonly LeaderboardRun[], language: Language): Html {
  const say = ledgerTexts[language]
  const [{ data, asOf, comparison }] = runs
  const title =
    comparison === undefined
      ? say.againstThen
      : comparison.champion
        ? say.against(comparison.champion.version)
        : say.againstNaive
  const metric = comparison
    ? comparingTexts[language].metricLabels[comparison.decidedBy]
    : say.headers.metric
  const difference = comparison
    ? evaluationTexts[language].difference(comparison.confidence)
    : say.headers.difference
  const { headers } = say
  const left = runs.length - MOST_ROWS
  return html`<section><h2>${title}</h2>
<p>${say.onTheSales(shortId(data), asOf && numbersIn[language].day(asOf))}</p>
${htmlTable(
  title,
  [
    { text: headers.model },
    { text: headers.verdict },
    { text: metric, isNumber: true },
    { text: difference, isNumber: true },
    { text: headers.branch },
    { text: headers.commit },
    { text: headers.started },
  ],
  runs.slice(0, MOST_ROWS).map((run) => rowOf(run, language)),
)}
${left > 0 && html`<p>${siteTexts[language].olderGroups(left)}</p>`}</section>
`
}

function rowOf(run: LeaderboardRun, language: Language): Part[] {
  const { model = '–', value, comparison, branch = '–', commit, startedAt } = run
  const { day } = numbersIn[language]
  return [
    html`<bdi>${shortened(model, 80)}</bdi>`,
    verdictOf(run, language),
    comparison ? metricValue(comparison.decidedBy, value, language) : '–',
    comparison ? differenceText(comparison.decidedBy, comparison.difference, language) : '–',
    html`<bdi>${shortened(branch, 60)}</bdi>`,
    commit === undefined ? '–' : shortId(commit),
    `${day(startedAt.slice(0, 10))} ${startedAt.slice(11, 16)}`,
  ]
}
