import type { Language } from '../../base/language.ts'

/** Where a page of the dashboard stands, and who reads it. */
export type SitePlace = {
  language: Language
  /** Of the pages at the top; those of the other language stand in a folder of its name. */
  usual: Language
  /** Of the page, within its language: `products/3.html`. */
  path: string
  /** Where the service's other pages are, where a service shows it. */
  home?: string
}

/** The path of a page in the site. */
export function pathInSite({ language, usual, path }: SitePlace): string {
  return language === usual ? path : `${language}/${path}`
}

/** The address of another page of the same language, as it is written on this one. */
export function linkTo(from: SitePlace, path: string): string {
  return relativeAddress(pathInSite(from), pathInSite({ ...from, path }))
}

/** The address of the same page in another language. */
export function otherLanguage(from: SitePlace, language: Language): string {
  return relativeAddress(pathInSite(from), pathInSite({ ...from, language }))
}

/** The address of a file that all languages share. */
export function fileOf(from: SitePlace, file: string): string {
  return relativeAddress(pathInSite(from), file)
}

function relativeAddress(from: string, to: string): string {
  const up = '../'.repeat(from.split('/').length - 1)
  return `${up === '' ? './' : up}${to}`
}
