import type { Language } from '../../base/language.ts'

/** The cookie that keeps the language a person has chosen. */
export const LANGUAGE_COOKIE = 'language'

/**
 * The language of a page: the one chosen before, otherwise the first that the browser asks for among
 * ours (`Accept-Language`, RFC 9110), otherwise the project's.
 */
export function languageOf(
  headers: { cookie?: string | undefined; 'accept-language'?: string | undefined },
  usual: Language,
): Language {
  const chosen = /(?:^|;\s*)language=([\w-]+)/.exec(headers.cookie ?? '')?.[1]
  return ourLanguage(chosen) ?? askedFor(headers['accept-language'] ?? '') ?? usual
}

/** `pt-PT` → `pt-BR`, `en` → `en`; undefined for those that nobody has translated to. */
export function ourLanguage(tag: string | undefined): Language | undefined {
  const primary = tag?.toLowerCase().split('-')[0]
  return primary === 'pt' ? 'pt-BR' : primary === 'en' ? 'en' : undefined
}

function askedFor(header: string): Language | undefined {
  return header
    .split(',', MOST_TAGS)
    .map((range) => {
      const [tag, weight] = range.trim().split(/\s*;\s*q=/i)
      return { tag, weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => ourLanguage(tag))
    .find((language) => language !== undefined)
}

const MOST_TAGS = 20
