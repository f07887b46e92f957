import type { Language } from '../../base/language.ts'
import { type Html, html } from '../html.ts'
import { siteTexts } from '../texts/site.ts'

/** Before anything was monitored: how that begins. */
export function nothingYet(language: Language): Html {
  const say = siteTexts[language]
  return html`<p class="empty">${say.nothingYet}</p>
<p>${say.nothingYetHow}</p>`
}
