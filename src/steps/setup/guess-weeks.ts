import { weekday } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { reportingFrequency } from '../../demand/reporting-frequency.ts'
import type { WeekLabel } from '../../sales/contract/contract-schema.ts'
import type { OpenQuestion } from '../../sales/guess/open-question.ts'
import { type DailyTotals, saleDays } from '../../sales/totals/daily-totals.ts'

/** What totals of weeks are dated by, as far as it matters and can be told. */
export type WeekGuess =
  /** Undefined where each total lies in the ISO week that it is of. */
  { known: true; label: WeekLabel | undefined } | { known: false; question: OpenQuestion }

/**
 * By which of its days a week is called that most totals date Friday to Sunday: the name of the column
 * may tell, or somebody who `said` it; otherwise it is asked, since a week that begins then is the
 * next one of the ISO calendar. Throws a `UserError` where it is said of sales that are no such totals.
 */
export function guessWeeks(
  totals: DailyTotals,
  column: string,
  said: WeekLabel | undefined,
): WeekGuess {
  const isWeekly = reportingFrequency(totals) === 'week'
  if (said !== undefined && !isWeekly) {
    throw new UserError('is for totals of weeks, but these sales are none', {
      key: '--weeks',
      remedy: 'Leave it out.',
    })
  }
  if (said !== undefined) return { known: true, label: said }
  const days = saleDays(totals)
  const late = days.filter((day) => weekday(day) >= FRIDAY)
  if (!isWeekly || 2 * late.length <= days.length) {
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
