import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
import type { Table } from '../evaluation-table.ts'
import { type Html, html } from '../html.ts'
import { htmlTable, withNumbers } from '../html-table.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import { valueAddedTexts } from '../texts/value-added.ts'
import { overridesTable, stepsTable, valueAddedSentences } from '../value-added.ts'
import { nothingYet } from './nothing-yet.ts'
import type { SitePlace } from './site-place.ts'

/** What the model adds to seasonal naive, and the buyers to the model. */
export function valuePage({ health }: DashboardData, { language }: SitePlace): Html {
  const record = health.at(-1)
  if (record === undefined) return nothingYet(language)
  const { valueAdded } = record
  const say = siteTexts[language]
  const { day, integer } = numbersIn[language]
  const { overrides, title } = valueAddedTexts[language]
  const isTold = valueAdded.outcome === 'told'
  const kinds = isTold ? overridesTable(valueAdded, language) : undefined
  const days = say.decidedFrom(day(valueAdded.from), day(valueAdded.through))
  const sentences = valueAddedSentences(valueAdded, language)
  return html`${!isTold && html`<p class="empty">${sentences[0]}</p>`}
<ul>
${(isTold ? sentences : sentences.slice(1)).map((sentence) => html`<li>${sentence}</li>\n`)}<li>${days}</li>
</ul>
${isTold && tableOf(title, stepsTable(valueAdded, language))}
${
  kinds &&
  html`<h2 id="overrides">${overrides.title}</h2>
${tableOf(overrides.title, kinds)}
<p><small>${overrides.hidden(integer(valueAdded.needed))} ${say.noPerson}</small></p>`
}`
}

function tableOf(label: string, { headers: [first, ...numbers], rows }: Table): Html {
  return htmlTable(label, withNumbers(first, ...numbers), rows)
}
