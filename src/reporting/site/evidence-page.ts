import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { metricValue, threeDigits } from '../format.ts'
import { untoldReason } from '../health-sentences.ts'
import { type Html, html, type Part } from '../html.ts'
import { htmlTable, numberColumns } from '../html-table.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import { evidenceChart, ratioChart } from './evidence-chart.ts'
import { levelBadge } from './level-badge.ts'
import { nothingYet } from './nothing-yet.ts'
import type { SitePlace } from './site-place.ts'

/** The evidence as curves with their thresholds, and block by block. */
export function evidencePage({ health }: DashboardData, { language }: SitePlace): Html {
  const say = siteTexts[language]
  if (health.length === 0) return nothingYet(language)
  return html`<p>${say.evidenceIntro}</p>
${evidenceChart(health, language)}
<h2 id="promised">${say.ratioTitle}</h2>
<p>${say.ratioIntro}</p>
${ratioChart(health, language)}
<h2 id="blocks">${say.moreEvidence}</h2>
${blocksTable(health, language)}`
}

function blocksTable(health: readonly HealthRecord[], language: SitePlace['language']): Html {
  const say = siteTexts[language]
  const rows = health.flatMap((record) =>
    record.blocks.map((block) => rowOf(record, block, language)),
  )
  if (rows.length === 0) return html`<p>${say.noBlocks}</p>`
  return htmlTable(
    say.blocksTable,
    [
      { text: say.block },
      { text: say.level },
      ...numberColumns(
        say.legendE,
        say.legendR,
        say.ratio,
        say.model,
        say.naive,
        say.known,
        say.series,
        say.version,
      ),
    ],
    rows.toReversed(),
  )
}

function rowOf(
  { decidedBy }: HealthRecord,
  block: HealthRecord['blocks'][number],
  language: SitePlace['language'],
): Part[] {
  const say = siteTexts[language]
  const { day, integer, percent, amount } = numbersIn[language]
  const from = html`<span class="span">${say.span(day(block.from), day(block.to))}</span>`
  const name = html`${from}${block.forecasts === 'reproduced' && html` <small>${say.reproduced}</small>`}`
  const known = [percent(block.knownDemand), integer(block.series), String(block.version)]
  if (block.outcome === 'cannot tell') {
    const told = html`${levelBadge('cannot tell', language)} ${untoldReason(block, language)}`
    return [name, told, '–', '–', '–', '–', '–', ...known]
  }
  const { loss, logRatio } = block
  const measured = [
    amount(threeDigits(Math.exp(logRatio))),
    metricValue(decidedBy, loss.model, language),
    metricValue(decidedBy, loss.naive, language),
    ...known,
  ]
  // There was no promise to hold it against.
  if (block.outcome === 'measured') return [name, '–', '–', '–', ...measured]
  const { e, r, level } = block
  const evidence = [e, r].map((value) => amount(threeDigits(value)))
  return [name, levelBadge(level, language), ...evidence, ...measured]
}
