import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type CsvStyle, EXCEL_IN_BRAZIL } from '../../base/csv-text.ts'
import type { Language } from '../../base/language.ts'
import { object } from '../../base/schema-parts.ts'
import { languageAskedFor } from '../http/language.ts'
import { HttpError } from '../http/problem.ts'
import { weightedValues } from '../http/weighted-values.ts'

/** How an answer is written. */
export type AnswerFormat = { media: 'json' } | { media: 'csv'; style: CsvStyle }

/** What the address of a request may say of its answer, as its headers do. */
export const AskedFormat = object({
  format: Type.Optional(
    Type.Enum(['json', 'csv', 'excel'], {
      description: 'Instead of Accept; excel is CSV as Excel in Brazil opens it.',
    }),
  ),
  language: Type.Optional(
    Type.Enum(['en', 'pt-BR'], { description: 'Of sentences, instead of Accept-Language.' }),
  ),
})
export type AskedFormat = Static<typeof AskedFormat>

export const contentTypes = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
} as const

/**
 * How a request wants its answer: by `format` in its address, otherwise by its Accept. CSV is
 * written as the CSV that came with it. Throws an `HttpError` (406) where nothing will do.
 */
export function answerFormat(
  { format }: AskedFormat,
  { headers }: Pick<FastifyRequest, 'headers'>,
  style: CsvStyle = {},
): AnswerFormat {
  if (format === 'excel') return { media: 'csv', style: EXCEL_IN_BRAZIL }
  const media = format ?? accepted(headers.accept ?? '*/*')
  if (media === undefined) {
    throw new HttpError(406, 'The answer can be application/json or text/csv, as Accept asks.')
  }
  return media === 'json' ? { media } : { media, style }
}

/** The language that is asked for, otherwise the one that the browser prefers, otherwise the usual one. */
export function answerLanguage(
  { language }: AskedFormat,
  { headers }: Pick<FastifyRequest, 'headers'>,
  usual: Language,
): Language {
  return language ?? languageAskedFor(headers) ?? usual
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1, of the two media types that there are. */
function accepted(accept: string): 'json' | 'csv' | undefined {
  const ranges = weightedValues(accept, 0)
  const quality = (type: string) => {
    const range = [type, type.replace(/\/.*/, '/*'), '*/*'].find((name) =>
      ranges.some(({ value }) => value === name),
    )
    return ranges.find(({ value }) => value === range)?.weight ?? 0
  }
  const [json, csv] = [quality('application/json'), quality('text/csv')]
  if (json === 0 && csv === 0) return undefined
  return csv > json ? 'csv' : 'json'
}
