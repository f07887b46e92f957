import type { Language } from '../../base/language.ts'
import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { differenceText, metricValue, shortId, threeDigits } from '../format.ts'
import { type Html, html } from '../html.ts'
import { htmlTable, withNumbers } from '../html-table.ts'
import { beyondInterval } from '../shadow-sentences.ts'
import { comparingTexts } from '../texts/comparing.ts'
import { numbersIn } from '../texts/numbers.ts'
import { shadowTexts } from '../texts/shadow.ts'
import { siteTexts } from '../texts/site.ts'
import { lineChart } from './line-chart.ts'
import { nothingYet } from './nothing-yet.ts'
import type { SitePlace } from './site-place.ts'

/** The model that forecasts beside production, and what speaks for it. */
export function shadowPage({ health }: DashboardData, { language }: SitePlace): Html {
  const record = health.at(-1)
  if (record === undefined) return nothingYet(language)
  const say = siteTexts[language]
  const { shadow } = record
  if (shadow.outcome === 'cannot tell') {
    const { reason, problem, shadow: tried } = shadow
    return html`<p class="empty">${shadowTexts[language].cannotTell[reason]} ${problem}</p>
${tried && html`<p>${say.shadowIs(tried.name, shortId(tried.model))}</p>`}
<p>${say.shadowWhich}</p>`
  }
  const { shadow: tried, e, threshold, difference, blocks, untold, from } = shadow
  const { amount, integer, day } = numbersIn[language]
  const speaks = e >= threshold
  const beyond = beyondInterval(difference, language)
  return html`<p class="verdict">${speaks ? say.shadowBetter : say.shadowNotTold}</p>
<p>${say.shadowIs(tried.name, shortId(tried.model))} ${say.shadowWhich}</p>
${htmlTable(say.shadowTitle, withNumbers(say.figure, say.inProduction), [
  [
    say.shadowDifference(comparingTexts[language].metricLabels[record.decidedBy]),
    differenceText(record.decidedBy, difference, language),
  ],
  [
    say.shadowE,
    html`${amount(threeDigits(e))} <small>${say.shadowFrom(amount(threshold))}</small>`,
  ],
  [say.shadowBlocks(day(from)), integer(blocks)],
  ...(untold > 0 ? [[say.blocksUntold, integer(untold)]] : []),
])}
${beyond !== undefined && html`<p><small>${beyond}</small></p>`}
${lossesOf(record, language)}`
}

/** Loss of production and of the shadow in each block that both forecast. */
function lossesOf({ blocks, decidedBy }: HealthRecord, language: Language): Html | undefined {
  const say = siteTexts[language]
  const { day } = numbersIn[language]
  const both = blocks.flatMap((block) =>
    block.outcome === 'cannot tell' || block.loss.shadow === undefined
      ? []
      : [{ from: block.from, model: block.loss.model, shadow: block.loss.shadow }],
  )
  if (both.length === 0) return undefined
  const label = comparingTexts[language].metricLabels[decidedBy]
  return html`<h2 id="losses">${say.accuracyBy.block}</h2>
${lineChart({
  label: say.lossChart(label, say.accuracyBy.block.toLowerCase()),
  places: both.map(({ from }) => day(from)),
  written: numbersIn[language].amount,
  lines: [
    { className: 'model', name: say.inProduction, values: both.map(({ model }) => model) },
    { className: 'promised', name: say.pages.shadow, values: both.map(({ shadow }) => shadow) },
  ],
})}
${htmlTable(
  `${label}: ${say.pages.shadow}`,
  withNumbers(say.part.block, say.inProduction, say.pages.shadow),
  both
    .map(({ from, model, shadow }) => [
      day(from),
      metricValue(decidedBy, model, language),
      metricValue(decidedBy, shadow, language),
    ])
    .reverse(),
)}`
}
