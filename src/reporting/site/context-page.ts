import type { Language } from '../../base/language.ts'
import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
import type { HealthRecord } from '../../monitoring/health/health-record.ts'
import { circumstances } from '../circumstances.ts'
import { threeDigits } from '../format.ts'
import { type Html, html } from '../html.ts'
import { htmlTable, withNumbers } from '../html-table.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import { nothingYet } from './nothing-yet.ts'
import type { SitePlace } from './site-place.ts'

/** What surrounds the model and may explain how it does: drift, supply, ages, missing runs. */
export function contextPage({ health }: DashboardData, { language }: SitePlace): Html {
  const say = siteTexts[language]
  const record = health.at(-1)
  if (record === undefined) return nothingYet(language)
  const told = circumstances(record, language)
  const parts = ['drift', 'supply', 'ages', 'runs', 'sales'] as const
  return html`<p>${say.contextIntro}</p>
${parts.map(
  (part) => html`<h2>${say.contextOf[part]}</h2>
${
  told[part].length === 0
    ? html`<p>${say.nothingMissing}</p>`
    : html`<ul>
${told[part].map((sentence) => html`<li>${sentence}</li>\n`)}</ul>`
}
${part === 'drift' && driftTable(record, language)}
`,
)}`
}

/** How much each column has moved, and how much that would have been by chance. */
function driftTable({ drift }: HealthRecord, language: Language): Html | undefined {
  if (drift.outcome !== 'compared' || drift.columns.length === 0) return undefined
  const say = siteTexts[language]
  const { amount, percent } = numbersIn[language]
  const shown = (value: number) => amount(threeDigits(value))
  return htmlTable(
    say.driftTable,
    withNumbers(
      say.column,
      say.stability,
      say.byChance,
      say.limit,
      say.unknownNow,
      say.unknownBefore,
    ),
    drift.columns.map(({ column, values, unknown }) => [
      say.columns[column],
      ...(values ? [values.index, values.chance, values.limit].map(shown) : ['–', '–', '–']),
      ...(unknown ? [unknown.now, unknown.before].map(percent) : ['–', '–']),
    ]),
  )
}
