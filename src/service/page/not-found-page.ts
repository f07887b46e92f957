import type { FastifyRequest } from 'fastify'
import { html } from '../../reporting/html.ts'
import type { ServiceSettings } from '../engine/service-settings.ts'
import { languageOf } from '../http/language.ts'
import { layout } from './layout.ts'
import { STYLE } from './page-files.ts'
import { searchForm } from './products-page.ts'
import { pageTexts } from './texts.ts'

/** The page for an address at which there is none, with the ways on: it tells nobody what there is. */
export function notFoundPage(settings: () => Pick<ServiceSettings, 'language'>) {
  return ({ headers }: FastifyRequest): string => {
    const language = languageOf(headers, settings().language)
    const say = pageTexts[language]
    const reader = {
      language,
      decides: false,
      formToken: '',
      here: '/',
      embedded: false,
      style: STYLE,
      moment: String,
    }
    return layout(reader, {
      title: say.notFoundTitle,
      main: html`<p>${say.noPage}</p>
${searchForm(reader, [], {})}
<p><a href="/">${say.openToday}</a></p>`,
    })
  }
}
