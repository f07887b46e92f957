import { type Static, Type } from 'typebox'
import { civilFromDay, type Day, dayFromCivil, isoFromDay } from '../base/day.ts'

export const Frequency = Type.Enum(['day', 'week', 'month'])
export type Frequency = Static<typeof Frequency>

/**
 * Periods are counted from the one that holds 1970-01-01 (for weeks: ISO weeks, Monday first), so
 * that a period is an integer and the next one is that plus 1.
 */
export function periodOf(frequency: Frequency, day: Day): number {
  if (frequency === 'day') return day
  if (frequency === 'week') return Math.floor((day + 3) / 7)
  const { year, month } = civilFromDay(day)
  return (year - 1970) * 12 + month - 1
}

export function firstDay(frequency: Frequency, period: number): Day {
  if (frequency === 'day') return period
  if (frequency === 'week') return period * 7 - 3
  const year = 1970 + Math.floor(period / 12)
  return dayFromCivil(year, 1 + period - (year - 1970) * 12, 1)!
}

export function lastDay(frequency: Frequency, period: number): Day {
  return firstDay(frequency, period + 1) - 1
}

/** How many days the period has. */
export function daysIn(frequency: Frequency, period: number): number {
  return firstDay(frequency, period + 1) - firstDay(frequency, period)
}

/** Periods after which the calendar's pattern repeats: days of a week, weeks or months of a year. */
export function season(frequency: Frequency): number {
  return { day: 7, week: 52, month: 12 }[frequency]
}

/** How people write the period: `2026-10-31`, `2026-W44` (ISO 8601), `2026-10`. */
export function periodLabel(frequency: Frequency, period: number): string {
  const first = firstDay(frequency, period)
  if (frequency === 'day') return isoFromDay(first)
  if (frequency === 'month') return isoFromDay(first).slice(0, 7)
  // A week belongs to the year of its Thursday, and is week 1 if that is the year's first one.
  const thursday = first + 3
  const { year } = civilFromDay(thursday)
  const week = 1 + Math.floor((thursday - dayFromCivil(year, 1, 1)!) / 7)
  return `${year}-W${String(week).padStart(2, '0')}`
}
