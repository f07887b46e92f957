import { type Day, dayFromCivil, dayFromIso } from './day.ts'
import type { Language } from './language.ts'

/**
 * The days that somebody may have meant: `2026-11-02`, or `02/11/2026`, `2.11.2026` and `2-11-2026`
 * with the day first where Portuguese is spoken. Elsewhere that may be two days. None where it is no
 * day at all.
 */
export function daysWritten(text: string, language: Language): Day[] {
  const iso = dayFromIso(text)
  if (iso !== undefined) return [iso]
  const parts = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/.exec(text)
  if (!parts) return []
  const [first, second, year] = [parts[1], parts[3], parts[4]].map(Number)
  const dayFirst = dayFromCivil(year, second, first)
  const monthFirst = language === 'pt-BR' ? undefined : dayFromCivil(year, first, second)
  return [...new Set([dayFirst, monthFirst])].filter((day) => day !== undefined)
}
