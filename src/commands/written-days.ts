import { civilFromDay, type Day, daysInMonth, isoFromDay } from '../base/day.ts'
import { quoted, UserError } from '../base/errors.ts'
import type { Language } from '../base/language.ts'
import { daysWritten } from '../base/written-day.ts'
import { monthWritten } from '../sales/contract/written-month.ts'

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
 * The month that somebody wrote, as `monthWritten` reads it on the day `today`. Throws a `UserError`
 * that begins with the name of the option.
 */
export function writtenMonth(option: string, text: string, today: Day): Month {
  const from = monthWritten(text.trim(), today)
  if (from === undefined) {
    throw new UserError(
      `must be a month such as 2026-12, december or dez/2026, but is ${quoted(text)}`,
      { key: option },
    )
  }
  const { year, month } = civilFromDay(from)
  return { label: isoFromDay(from).slice(0, 7), from, to: from + daysInMonth(year, month) - 1 }
}
