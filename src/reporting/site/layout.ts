import type { Language } from '../../base/language.ts'
import { attributes, type Html, html } from '../html.ts'
import { siteTexts } from '../texts/site.ts'
import { fileOf, linkTo, otherLanguage, type SitePlace } from './site-place.ts'

/** The pages of the menu, in its order, with their paths within a language. */
export const sitePages = {
  health: 'index.html',
  accuracy: 'accuracy.html',
  evidence: 'evidence.html',
  products: 'products.html',
  value: 'value.html',
  shadow: 'shadow.html',
  context: 'context.html',
  versions: 'versions.html',
  experiments: 'experiments.html',
} as const

/** A whole page of the dashboard, which loads nothing but what stands beside it. */
export function siteLayout(
  place: SitePlace,
  of: {
    current: keyof typeof sitePages
    title: string
    main: Html
    foot?: string
    /** Files of scripts that make it better where there are any; all of it is there without. */
    scripts?: readonly string[]
  },
): string {
  const { language } = place
  const say = siteTexts[language]
  const other: Language = language === 'en' ? 'pt-BR' : 'en'
  const item = ([name, path]: [string, string]) =>
    html`<li><a href="${linkTo(place, path)}"${attributes({ 'aria-current': name === of.current && 'page' })}>${say.pages[name as keyof typeof sitePages]}</a></li>
`
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${of.title} · cd4ml</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="${fileOf(place, 'site.css')}">
<link rel="icon" href="${fileOf(place, 'icon.svg')}">
${of.scripts?.map((file) => html`<script src="${fileOf(place, file)}" defer></script>\n`)}
</head>
<body>
<a class="skip" href="#content">${say.skip}</a>
<header class="top">
<nav aria-label="${say.menu}"><ul>
${place.home !== undefined && html`<li><a href="${place.home}">${say.home}</a></li>`}
${Object.entries(sitePages).map(item)}
</ul></nav>
<a class="language"${attributes({ lang: other, hreflang: other })} href="${otherLanguage(place, other)}">${say.otherLanguage}</a>
</header>
<main id="content">
<h1>${of.title}</h1>
${of.main}
</main>
${of.foot !== undefined && html`<footer><p>${of.foot}</p></footer>`}
</body>
</html>
`
  return page.toString()
}

/** Nothing from anywhere else, and no script but the files beside it. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'"
