import { civilFromDay, type Day, dayFromCivil } from '../../base/day.ts'
import { monthNamed } from './month-names.ts'

/**
 * The first day of the month that somebody wrote: `2026-12`, `12/2026`, `dezembro de 2026`,
 * `dez/2026`, `December 2026`; a name alone is the next month of that name that is not over on the
 * day `today`. Undefined where it is none.
 */
export function monthWritten(text: string, today: Day): Day | undefined {
  const iso = /^(\d{4})-(\d{2})$/.exec(text)
  if (iso) return dayFromCivil(Number(iso[1]), Number(iso[2]), 1)
  const numbers = /^(\d{1,2})[/.-](\d{4})$/.exec(text)
  if (numbers) return dayFromCivil(Number(numbers[2]), Number(numbers[1]), 1)
  const words = /^([\p{L}\p{M}]+)\.?(?:(?:\s+(?:de|of)\s+|[\s/.-]+)(\d{4}|\d{2}))?$/iu.exec(text)
  const month = words ? monthNamed(words[1]) : undefined
  if (!words || month === undefined) return undefined
  const now = civilFromDay(today)
  const next = month < now.month ? now.year + 1 : now.year
  return dayFromCivil(words[2] === undefined ? next : fullYear(words[2]), month, 1)
}

function fullYear(digits: string): number {
  return Number(digits.length === 2 ? `20${digits}` : digits)
}
