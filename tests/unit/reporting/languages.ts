import { expect } from 'vitest'
import type { Language } from '../../../src/base/language.ts'

export const languages: Language[] = ['en', 'pt-BR']

/** Compares what is rendered in each language with what was last approved: `NAME.md`, `NAME.pt-BR.md`. */
export async function expectApproved(
  name: string,
  render: (language: Language) => string,
): Promise<void> {
  for (const language of languages) {
    const file = language === 'en' ? `${name}.md` : `${name}.${language}.md`
    await expect(render(language)).toMatchFileSnapshot(`__golden__/${file}`)
  }
}
