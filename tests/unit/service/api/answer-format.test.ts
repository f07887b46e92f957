import { describe, expect, it } from 'vitest'
import { EXCEL_IN_BRAZIL } from '../../../../src/base/csv-text.ts'
import { answerFormat, answerLanguage } from '../../../../src/service/api/answer-format.ts'

describe('the format of an answer', () => {
  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['text/csv', 'csv'],
    ['TEXT/CSV; q=0.9', 'csv'],
    ['text/*', 'csv'],
    ['application/json, text/csv', 'json'],
    ['application/json;q=0.1, text/csv;q=0.2', 'csv'],
    ['text/csv;q=0, */*', 'json'],
    ['application/*;q=0.5, text/csv;q=0.4', 'json'],
    ['text/html, */*;q=0.1', 'json'],
  ])('with Accept %j is %s', (accept, media) => {
    expect(answerFormat({}, { headers: { accept } })).toMatchObject({ media })
  })

  it.each(['text/html', 'application/json;q=0', '*/*;q=0', 'text/csv;q=x', ''])(
    'cannot be %j',
    (accept) => {
      expect(() => answerFormat({}, { headers: { accept } })).toThrow(/application\/json/)
    },
  )

  it('in an address counts more than Accept, and CSV is written as it came', () => {
    const headers = { accept: 'text/csv' }
    const style = { delimiter: ';' }
    expect(answerFormat({ format: 'json' }, { headers })).toEqual({ media: 'json' })
    expect(answerFormat({}, { headers }, style)).toEqual({ media: 'csv', style })
    const excel = { media: 'csv', style: EXCEL_IN_BRAZIL }
    expect(answerFormat({ format: 'excel' }, { headers }, style)).toEqual(excel)
  })
})

describe('the language of sentences', () => {
  it.each([
    [undefined, 'en'],
    ['de', 'en'],
    ['pt', 'pt-BR'],
    ['pt-PT, en', 'pt-BR'],
    ['en-GB, pt;q=0.9', 'en'],
    ['en;q=0.1, pt;q=0.9', 'pt-BR'],
    ['pt;q=0, en', 'en'],
    ['ptolemaic', 'en'],
  ])('with Accept-Language %j is %s', (text, language) => {
    const headers = text === undefined ? {} : { 'accept-language': text }
    expect(answerLanguage({}, { headers }, 'en')).toBe(language)
  })

  it('in an address counts more', () => {
    const headers = { 'accept-language': 'en' }
    expect(answerLanguage({ language: 'pt-BR' }, { headers }, 'en')).toBe('pt-BR')
  })
})
