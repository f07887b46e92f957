import { type CsvStyle, EXCEL_IN_BRAZIL } from '../base/csv-text.ts'
import type { Language } from '../base/language.ts'

/** The notation of a language: Excel in Brazil opens what is Portuguese. */
export function styleIn(language: Language): CsvStyle {
  return language === 'pt-BR' ? EXCEL_IN_BRAZIL : {}
}
