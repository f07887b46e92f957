import { describe, expect, it } from 'vitest'
import { languageOf } from '../../../../src/service/http/language.ts'
import { bigList } from '../../reporting/examples.ts'

describe('a page comes in', () => {
  it.each([
    ['pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['en-US,en;q=0.9', 'en'],
    ['de-DE,de;q=0.9,en;q=0.5', 'en'],
    ['de, en;q=0.2, pt;q=0.4', 'pt-BR'],
    ['en;q=0, pt', 'pt-BR'],
    ['EN', 'en'],
  ])('the first of our languages that the browser asks for: %s', (header, language) => {
    const other = language === 'en' ? 'pt-BR' : 'en'
    expect(languageOf({ 'accept-language': header }, other)).toBe(language)
  })

  it('the language that was chosen, whatever the browser asks for', () => {
    const headers = { cookie: 'a=1; language=pt-BR; b=2', 'accept-language': 'en' }
    expect(languageOf(headers, 'en')).toBe('pt-BR')
  })

  it("the project's language where the browser asks for none of ours, or for nonsense", () => {
    for (const header of ['', 'de', '*', 'q=1', ';;;,,,', ...bigList]) {
      expect(languageOf({ 'accept-language': header }, 'pt-BR')).toMatch(/^(en|pt-BR)$/)
    }
    expect(languageOf({ 'accept-language': 'de', cookie: 'language=klingon' }, 'pt-BR')).toBe(
      'pt-BR',
    )
  })
})
