import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
import type { Accuracy } from '../../monitoring/health/accuracy.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { metricValue, threeDigits } from '../format.ts'
import { healthReasons, healthVerdict } from '../health-sentences.ts'
import { type Html, html, type Part } from '../html.ts'
import { htmlTable, withNumbers } from '../html-table.ts'
import { comparingTexts } from '../texts/comparing.ts'
import { healthTexts } from '../texts/health.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import { evidenceChart } from './evidence-chart.ts'
import { sitePages } from './layout.ts'
import { levelBadge } from './level-badge.ts'
import { nothingYet } from './nothing-yet.ts'
import { linkTo, type SitePlace } from './site-place.ts'

/** How the model in production is, in one sentence; what that rests on; what to do. */
export function healthPage({ health }: DashboardData, place: SitePlace): Html {
  const { language } = place
  const say = siteTexts[language]
  const { day } = numbersIn[language]
  const record = health.at(-1)
  if (record === undefined) return nothingYet(language)
  const { production, standing } = record
  const level = standing.outcome === 'judged' ? standing.level : 'cannot tell'
  const { what } = healthTexts[language]
  const advice = level === 'as promised' || level === 'cannot tell' ? undefined : what[level]
  const reasons = healthReasons(record, language).filter((it) => it !== advice)
  return html`<p class="verdict">${levelBadge(level, language)} ${healthVerdict(record, language)}</p>
<p>${say.versionSince(String(production.version), production.model, day(production.since.slice(0, 10)))}</p>
<h2 id="do">${say.whatToDo}</h2>
<p>${say.toDo[level]} ${advice}</p>
<h2 id="why">${say.why}</h2>
<ul>
${reasons.map((reason) => html`<li>${reason}</li>\n`)}</ul>
<h2 id="figures">${say.atAGlance}</h2>
${figuresTable(record, language)}
<h2 id="evidence">${say.theEvidence}</h2>
${evidenceChart(health, language)}
<p><a href="${linkTo(place, sitePages.evidence)}">${say.moreEvidence}</a></p>`
}

function figuresTable(record: HealthRecord, language: SitePlace['language']): Html {
  const say = siteTexts[language]
  const rows = [...metricRows(record, language), ...evidenceRows(record, language)]
  if (rows.length === 0) return html`<p>${say.noAccuracy}</p>`
  return htmlTable(say.atAGlance, withNumbers(say.figure, say.inProduction, say.expected), rows)
}

function metricRows(
  { accuracy, decidedBy }: HealthRecord,
  language: SitePlace['language'],
): Part[][] {
  const say = siteTexts[language]
  const { metricLabels } = comparingTexts[language]
  const all = accuracy.find(({ by }) => by === 'all')
  if (all === undefined) return []
  const row = (metric: keyof Accuracy['model'], label = metricLabels[metric]) => [
    label,
    metricValue(metric, all.model[metric], language),
    metricValue(metric, all.promised?.[metric], language),
  ]
  return [
    row(decidedBy, say.lossOf(metricLabels[decidedBy])),
    [say.lossOfNaive, metricValue(decidedBy, all.naive[decidedBy], language), say.noPromise],
    ...(decidedBy === 'wape' ? [] : [row('wape')]),
    row('bias'),
    row('coverage80'),
    row('coverage95'),
  ]
}

function evidenceRows(
  { standing, blocks }: HealthRecord,
  language: SitePlace['language'],
): Part[][] {
  const say = siteTexts[language]
  const { amount, integer } = numbersIn[language]
  if (standing.outcome === 'cannot tell') return []
  const last = blocks.findLast((block) => block.outcome === 'counted')
  const { thresholds, counted, untold } = standing
  return [
    ...(last === undefined
      ? []
      : [
          [say.evidenceE, amount(threeDigits(last.e)), `< ${amount(thresholds.degraded)}`],
          [say.evidenceR, amount(threeDigits(last.r)), `< ${amount(thresholds.watch)}`],
        ]),
    [say.blocksCounted, integer(counted), ''],
    ...(untold === 0 ? [] : [[say.blocksUntold, integer(untold), '']]),
  ]
}
