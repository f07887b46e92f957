import { weekday } from '../day.ts'
import { reportingFrequency } from '../demand/reporting-frequency.ts'
import { type DailyTotals, saleDays } from '../sales/daily-totals.ts'
import type { OpenQuestion } from '../sales/open-question.ts'
import type { WeekLabel } from '../sales/weekly-totals.ts'

/** What totals of weeks are dated by, as far as it matters and can be told. */
export type WeekGuess =
  /** Undefined where each total lies in the ISO week that it is of. */
  { known: true; label: WeekLabel | undefined } | { known: false; question: OpenQuestion }

/**
 * By which of its days a week is called that most totals date Friday to Sunday: the name of the column
 * may tell; otherwise it is asked, since a week that begins then is the next one of the ISO calendar.
 */
export function guessWeeks(totals: DailyTotals, column: string): WeekGuess {
  const days = saleDays(totals)
  const late = days.filter((day) => weekday(day) >= FRIDAY)
  if (reportingFrequency(totals) !== 'week' || 2 * late.length <= days.length) {
    return { known: true, label: undefined }
  }
  if (/start|begin|from|in[ií]cio|desde|d[eé]but/i.test(column)) {
    return { known: true, label: 'first day' }
  }
  if (/end|last|fim|fin|at[eé]|hasta|jusqu/i.test(column)) return { known: true, label: 'last day' }
  const name = NAMES[weekday(late[0]) - FRIDAY]
  return {
    known: false,
    question: {
      question: `Is the ${name} by which a week is dated its first day, or its last?`,
      why: `The sales are totals of weeks, each dated by a ${name} in ${JSON.stringify(column)}.`,
      changesUnits: true,
      answers: [
        { meaning: 'its first day', setting: { option: 'weeks', dated: 'first day' } },
        { meaning: 'its last day', setting: { option: 'weeks', dated: 'last day' } },
      ],
    },
  }
}

const FRIDAY = 4
const NAMES = ['Friday', 'Saturday', 'Sunday']
