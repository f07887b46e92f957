import { type Static, Type } from 'typebox'

/** The languages of what is written for people who are no programmers. */
export const Language = Type.Enum(['en', 'pt-BR'])
export type Language = Static<typeof Language>

/** What each is called, for programmers. */
export const languageNames: Record<Language, string> = {
  en: 'English',
  'pt-BR': 'Brazilian Portuguese',
}

/**
 * Texts side by side in every language. What English has, the others have, too: a text that is
 * missing, or that takes something else, does not compile.
 */
export function inEveryLanguage<Texts>(texts: {
  en: Texts
  'pt-BR': NoInfer<Texts>
}): Readonly<Record<Language, Texts>> {
  return texts
}
