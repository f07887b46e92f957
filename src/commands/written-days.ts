import { civilFromDay, type Day, dayFromCivil, daysInMonth, isoFromDay } from '../base/day.ts'
import { quoted, UserError } from '../base/errors.ts'
import type { Language } from '../base/language.ts'
import { daysWritten } from '../base/written-day.ts'
import { monthNamed } from '../sales/contract/month-names.ts'

/** A month as files name it, such as 2026-12, and its first and last day. */
export type Month = { label: string; from: Day; to: Day }

/**
 * The day that somebody wrote: `2026-11-02`, or `02/11/2026` with the day first where Portuguese is
 * spoken. Elsewhere that may be two days, and is only taken where it can be but one. Throws a
 * `UserError` that begins with the name of the option.
 */
export function writtenDay(option: string, text: string, language: Language): Day {
  const days = daysWritten(text.trim(), language)
  if (days.length === 1) return days[0]
  if (days.length > 1) {
    const [first, second] = days.map(isoFromDay)
    throw new UserError(`${quoted(text)} may be ${first} or ${second}`, {
      key: option,
      remedy: `Write the one that you mean: ${first} or ${second}.`,
    })
  }
  const such = language === 'pt-BR' ? '2026-10-31 or 31/10/2026' : '2026-10-31'
  throw new UserError(`must be an existing day such as ${such}, but is ${quoted(text)}`, {
    key: option,
  })
}

/**
 * The month that somebody wrote: `2026-12`, `12/2026`, `dezembro de 2026`, `dez/2026`, `December
 * 2026`; a name alone is the next month of that name that is not over on the day `today`. Throws a
 * `UserError` that begins with the name of the option.
 */
export function writtenMonth(option: string, text: string, today: Day): Month {
  const { year, month } = monthWritten(text.trim(), today) ?? {}
  const from = year && month ? dayFromCivil(year, month, 1) : undefined
  if (year === undefined || month === undefined || from === undefined) {
    throw new UserError(
      `must be a month such as 2026-12, december or dez/2026, but is ${quoted(text)}`,
      { key: option },
    )
  }
  return { label: isoFromDay(from).slice(0, 7), from, to: from + daysInMonth(year, month) - 1 }
}

function monthWritten(text: string, today: Day): { year: number; month: number } | undefined {
  const iso = /^(\d{4})-(\d{2})$/.exec(text)
  if (iso) return { year: Number(iso[1]), month: Number(iso[2]) }
  const numbers = /^(\d{1,2})[/.-](\d{4})$/.exec(text)
  if (numbers) return { year: Number(numbers[2]), month: Number(numbers[1]) }
  const words = /^([\p{L}\p{M}]+)\.?(?:(?:\s+(?:de|of)\s+|[\s/.-]+)(\d{4}|\d{2}))?$/iu.exec(text)
  const month = words ? monthNamed(words[1]) : undefined
  if (!words || month === undefined) return undefined
  const now = civilFromDay(today)
  const next = month < now.month ? now.year + 1 : now.year
  return { month, year: words[2] === undefined ? next : fullYear(words[2]) }
}

function fullYear(digits: string): number {
  return Number(digits.length === 2 ? `20${digits}` : digits)
}
