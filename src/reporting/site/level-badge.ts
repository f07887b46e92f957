import type { Language } from '../../base/language.ts'
import type { Degradation } from '../../monitoring/evidence/degradation.ts'
import { attributes, type Html, html } from '../html.ts'
import { healthTexts } from '../texts/health.ts'

/** A level as a word in its colour. */
export function levelBadge(level: Degradation | 'cannot tell', language: Language): Html {
  return html`<span${attributes({ class: `level ${level.replace(' ', '-')}` })}>${healthTexts[language].levels[level]}</span>`
}
