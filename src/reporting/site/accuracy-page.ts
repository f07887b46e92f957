import type { Language } from '../../base/language.ts'
import { metricNames } from '../../evaluation/scoring/metrics.ts'
import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
import { type Accuracy, worstFirst } from '../../monitoring/health/accuracy.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { metricValue } from '../format.ts'
import { type Html, html } from '../html.ts'
import { htmlTable, withNumbers } from '../html-table.ts'
import { comparingTexts } from '../texts/comparing.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import { lineChart } from './line-chart.ts'
import { nothingYet } from './nothing-yet.ts'
import type { SitePlace } from './site-place.ts'

/** Every metric of the backtest in production, in all and in each part, beside what was promised. */
export function accuracyPage({ health }: DashboardData, { language }: SitePlace): Html {
  const say = siteTexts[language]
  const record = health.at(-1)
  if (record === undefined) return nothingYet(language)
  const [all] = partsBy(record, 'all')
  if (all === undefined) return html`<p class="empty">${say.noAccuracy}</p>`
  const kinds = ['block', 'horizon', 'category', 'volume class', 'store'] as const
  return html`<p>${say.accuracyIntro}</p>
<h2 id="all">${say.accuracyBy.all}</h2>
${allTable(all, language)}
${kinds.map((by) => section(record, by, language))}`
}

function allTable({ model, naive, promised, rows }: Accuracy, language: Language): Html {
  const say = siteTexts[language]
  const { metricLabels } = comparingTexts[language]
  return html`${htmlTable(
    say.accuracyBy.all,
    withNumbers(say.metric, say.model, say.promised, say.naive),
    metricNames.map((metric) => [
      metricLabels[metric],
      ...[model, promised, naive].map((metrics) =>
        metricValue(metric, metrics?.[metric], language),
      ),
    ]),
  )}
<p><small>${say.rows}: ${numbersIn[language].integer(rows)}</small></p>`
}

function section(record: HealthRecord, by: Accuracy['by'], language: Language): Html | undefined {
  const say = siteTexts[language]
  const { decidedBy } = record
  const parts = partsBy(record, by)
  if (parts.length === 0) return undefined
  const inOrder = by === 'block' || by === 'horizon'
  const sorted = inOrder ? parts : worstFirst(parts, decidedBy)
  const label = comparingTexts[language].metricLabels[decidedBy]
  const isPromised = parts.some(({ promised }) => promised !== undefined)
  return html`<h2>${say.accuracyBy[by]}</h2>
${!inOrder && html`<p>${isPromised ? say.worstBy(label) : say.worstByNaive(label)}</p>`}
${inOrder && parts.length > 1 && partsChart(parts, record, by, language)}
${partsTable(by === 'block' ? parts.toReversed() : sorted, record, by, language)}`
}

function partsTable(
  parts: readonly Accuracy[],
  { decidedBy }: HealthRecord,
  by: Accuracy['by'],
  language: Language,
): Html {
  const say = siteTexts[language]
  const { metricLabels } = comparingTexts[language]
  const { integer } = numbersIn[language]
  const sides = (['model', 'promised', 'naive'] as const).filter((side) =>
    parts.some((part) => part[side] !== undefined),
  )
  const [model, ...others] = sides.map((side) => say[side])
  return htmlTable(
    say.accuracyBy[by],
    withNumbers(
      say.part[by],
      say.rows,
      `${metricLabels[decidedBy]}: ${model}`,
      ...others,
      metricLabels.bias,
      metricLabels.coverage80,
    ),
    parts.map((part) => [
      nameOf(part, language),
      integer(part.rows),
      ...sides.map((side) => metricValue(decidedBy, part[side]?.[decidedBy], language)),
      metricValue('bias', part.model.bias, language),
      metricValue('coverage80', part.model.coverage80, language),
    ]),
  )
}

function partsChart(
  parts: readonly Accuracy[],
  { decidedBy }: HealthRecord,
  by: Accuracy['by'],
  language: Language,
): Html {
  const say = siteTexts[language]
  const label = comparingTexts[language].metricLabels[decidedBy]
  const values = (side: 'model' | 'naive' | 'promised') =>
    parts.map((part) => part[side]?.[decidedBy])
  const promised = values('promised')
  return lineChart({
    label: say.lossChart(label, say.accuracyBy[by].toLowerCase()),
    places: parts.map((part) => plainName(part, language)),
    written: numbersIn[language].amount,
    lines: [
      { className: 'model', name: say.model, values: values('model') },
      ...(promised.some((value) => value !== undefined)
        ? [{ className: 'promised', name: say.promised, values: promised }]
        : []),
      { className: 'naive', name: say.naive, values: values('naive') },
    ],
  })
}

function nameOf(part: Accuracy, language: Language): Html {
  return part.by === 'block'
    ? html`<span class="span">${plainName(part, language)}</span>`
    : html`<bdi>${plainName(part, language)}</bdi>`
}

function plainName({ by, name }: Accuracy, language: Language): string {
  if (by === 'block') return numbersIn[language].day(name)
  if (by === 'volume class') return comparingTexts[language].volumeClass(name)
  return name
}

function partsBy({ accuracy }: HealthRecord, by: Accuracy['by']): Accuracy[] {
  return accuracy.filter((part) => part.by === by)
}
