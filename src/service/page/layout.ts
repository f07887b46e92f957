import type { Language } from '../../base/language.ts'
import { attributes, type Html, html } from '../../reporting/html.ts'
import { pageTexts } from './texts.ts'

/** What every page needs to know of who reads it. */
export type PageReader = {
  language: Language
  /** May the reader decide, and can decisions be saved now? */
  decides: boolean
  /** What forms send back, so that only pages of this session can send them. */
  formToken: string
  /** The page, as the links on it lead back to it: a path with its query. */
  here: string
  /** Within another system, which has its own menu. */
  embedded: boolean
  /** Names of the stylesheet's version. */
  style: string
  /** A moment of the ledger as people read it: day and time where the chain is. */
  moment(time: string): string
}

/** A whole page. What it says of the model stands at its foot. */
export function layout(
  reader: PageReader,
  of: {
    title: string
    main: Html
    current?: 'today' | 'products'
    /** Said first, to everybody: what went well. */
    done?: string
    /** Said first: what stands in the way. */
    warnings?: readonly string[]
    foot?: string
    /** For whoever has not logged in: without the pages that others see. */
    isPublic?: true
  },
): string {
  const { language, embedded, style, here, formToken } = reader
  const say = pageTexts[language]
  const other = language === 'en' ? 'pt-BR' : 'en'
  const link = (path: string, text: string, name?: string) =>
    html`<li><a href="${path}"${attributes({ 'aria-current': name !== undefined && name === of.current && 'page' })}>${text}</a></li>`
  const switchTo = `/language?to=${other}&back=${encodeURIComponent(here)}`
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${of.done !== undefined && `${of.done} · `}${of.title} · cd4ml</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${style}">
<link rel="icon" href="${ICON}">
</head>
<body>
<a class="skip" href="#content">${say.skip}</a>
${
  !embedded &&
  html`<header class="top">
${
  !of.isPublic &&
  html`<nav aria-label="${say.menu}"><ul>
${link('/', say.today, 'today')}
${link('/products', say.products, 'products')}
${link('/orders.csv', say.spreadsheet)}
${link('/dashboard', say.dashboard)}
</ul></nav>
${formToken !== '' && logOut(formToken, say.logOut)}`
}
<a class="language" lang="${other}" hreflang="${other}" href="${switchTo}">${say.otherLanguage}</a>
</header>`
}
<main id="content">
<h1>${of.title}</h1>
${of.done !== undefined && html`<p class="done" role="status">${of.done}</p>`}
${of.warnings?.map((text) => html`<p class="warning">${text}</p>`)}
${of.main}
</main>
${of.foot !== undefined && html`<footer><p>${of.foot}</p></footer>`}
</body>
</html>
`
  return page.toString()
}

function logOut(formToken: string, say: string): Html {
  return html`<form method="post" action="/logout">
<input type="hidden" name="formToken" value="${formToken}">
<button class="plain">${say}</button>
</form>`
}

/** Where the picture of the page in a browser's tab is. */
export const ICON = '/page.svg'

/** Where a product's own page is. Some ids cannot be a part of a path: `..` would lead elsewhere. */
export function productPath({
  productId,
  storeId,
}: {
  productId: string
  storeId?: string
}): string {
  const [product, store] = [productId, storeId].map((id) =>
    encodeURIComponent(id?.toWellFormed() ?? ''),
  )
  const inPath = product.length <= MOST_IN_PATH && !/^\.*$/.test(product)
  const at = storeId === undefined ? '' : `store=${store}`
  if (!inPath) return `/product?id=${product}${at && `&${at}`}`
  return `/products/${product}${at && `?${at}`}`
}

/** A page of ours that an address from outside names; the first page where it names none. */
export function ownPath(address: unknown): string {
  if (typeof address !== 'string' || !/^\/(?!\/)[!-[\]-~]*$/.test(address)) return '/'
  return address
}

const MOST_IN_PATH = 150
