import { type Static, Type } from 'typebox'
import type { Day } from '../../base/day.ts'
import { type Frequency, firstDay, lastDay } from '../../demand/calendar.ts'
import type { Panel } from '../../demand/panel.ts'

/** What the last weeks are compared with. */
export const ComparedWith = Type.Enum(['the same season a year before', 'the time before'])
export type ComparedWith = Static<typeof ComparedWith>

export type DaySpan = { from: Day; to: Day }

/** The last periods, and those that they are compared with; as many, and on the same weekdays. */
export type Seasons = { with: ComparedWith; now: DaySpan; before: DaySpan }

/**
 * The last 28 days, 8 weeks or 3 months, and the same a year before; where the history is shorter, as
 * many just before them. Undefined where there are not even those.
 */
export function seasonsOf({ frequency, firstPeriod, periods }: Panel): Seasons | undefined {
  const length = LOOKED_AT[frequency]
  const ago = periods >= YEAR[frequency] + length ? YEAR[frequency] : length
  if (periods < ago + length) return undefined
  const end = firstPeriod + periods
  const span = (last: number): DaySpan => ({
    from: firstDay(frequency, last - length),
    to: lastDay(frequency, last - 1),
  })
  return {
    with: ago === length ? 'the time before' : 'the same season a year before',
    now: span(end),
    before: span(end - ago),
  }
}

/** The periods by which a series is active (`demand/activity.ts`). */
const LOOKED_AT: Record<Frequency, number> = { day: 28, week: 8, month: 3 }
/** Whole weeks, so that weekdays are compared with themselves. */
const YEAR: Record<Frequency, number> = { day: 364, week: 52, month: 12 }
