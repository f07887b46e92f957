import type { Language } from '../../base/language.ts'
import { weightedValues } from './weighted-values.ts'

/** The cookie that keeps the language a person has chosen. */
export const LANGUAGE_COOKIE = 'language'

/**
 * The language of a page: the one chosen before, otherwise the one that the browser asks for,
 * otherwise the project's.
 */
export function languageOf(
  headers: { cookie?: string | undefined; 'accept-language'?: string | undefined },
  usual: Language,
): Language {
  const chosen = /(?:^|;\s*)language=([\w-]+)/.exec(headers.cookie ?? '')?.[1]
  return ourLanguage(chosen) ?? languageAskedFor(headers) ?? usual
}

/** The first among ours that a request asks for by `Accept-Language`. */
export function languageAskedFor(headers: {
  'accept-language'?: string | undefined
}): Language | undefined {
  return weightedValues(headers['accept-language'] ?? '')
    .map(({ value }) => ourLanguage(value))
    .find((language) => language !== undefined)
}

/** `pt-PT` → `pt-BR`, `en` → `en`; undefined for those that nobody has translated to. */
export function ourLanguage(tag: string | undefined): Language | undefined {
  const primary = tag?.toLowerCase().split('-')[0]
  return primary === 'pt' ? 'pt-BR' : primary === 'en' ? 'en' : undefined
}
