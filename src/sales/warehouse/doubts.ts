import { type Day, isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { sum, toThousandths } from '../../base/sum.ts'
import { counted } from '../../base/wording.ts'
import type { DayChange } from './day-changes.ts'

/** What an answer may be, but is not believed to be before somebody says so. */
export const doubtful = ['gap', 'shrunk', 'doubled', 'renamed'] as const
export type Doubtful = (typeof doubtful)[number]

type Doubt = { kind: Doubtful; what: string; remedy: string }

/** What the files know before and after an answer. */
export type Outcome = {
  /** Of the days that were asked for, ascending. */
  changes: readonly DayChange[]
  /** Days with rows: in the files as they are, and as the answer leaves them. */
  before: ReadonlySet<Day>
  after: ReadonlySet<Day>
}

/** Whether everything may be closed on a day, such as on a holiday: without rows it is nothing to ask about. */
export type MayBeClosed = (day: Day) => boolean

/** Throws a `UserError` with all that is doubtful and not accepted. */
export function refuseDoubts(
  outcome: Outcome,
  accepted: ReadonlySet<Doubtful>,
  mayBeClosed: MayBeClosed,
): void {
  const missing = gaps(outcome, mayBeClosed)
  const doubts = [...missing, ...shrunk(outcome), ...doubled(outcome), ...renamed(outcome)]
  const open = doubts.filter(({ kind }) => !accepted.has(kind))
  if (open.length === 0) return
  const kinds = [...new Set(open.map(({ kind }) => kind))]
  const remedies = [...new Set(open.map(({ remedy }) => remedy))]
  throw new UserError(open.map(({ what }) => what).join('\n  '), {
    key: 'the answer to cd4ml.source',
    remedy: `${remedies.join('\n  ')}\n  Nothing was changed. Where it is so, say it: --accept ${kinds.join(' ')}`,
  })
}

/** Days at the end of what was asked that usually sell, and have no rows yet. */
export function lateDays(
  { after }: Pick<Outcome, 'after'>,
  until: Day,
  mayBeClosed: MayBeClosed,
): Day[] {
  if (after.size === 0) return []
  return usualDays(Math.max(...after) + 1, until, after).filter((day) => !mayBeClosed(day))
}

/** Days as runs of consecutive ones: `2026-11-01 to 2026-11-03, 2026-11-07`. */
export function runsOfDays(days: readonly Day[], most = 10): string {
  const runs: { from: Day; to: Day }[] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last?.to === day - 1) last.to = day
    else runs.push({ from: day, to: day })
  }
  const texts = runs.map(({ from, to }) =>
    from === to ? isoFromDay(from) : `${isoFromDay(from)} to ${isoFromDay(to)}`,
  )
  if (texts.length <= most) return texts.join(', ')
  return `${texts.slice(0, most).join(', ')} and ${counted(texts.length - most, 'more run', 'more runs')} of days`
}

/**
 * Days without rows beside a day that is new. Where those on both sides were there, somebody has been
 * asked; days at the end are late, and asked for again.
 */
function gaps({ before, after }: Outcome, mayBeClosed: MayBeClosed): Doubt[] {
  const days = [...after].sort((a, b) => a - b)
  const between = days.flatMap((day, index) =>
    index === 0 || (before.has(day) && before.has(days[index - 1]))
      ? []
      : usualDays(days[index - 1] + 1, day - 1, after),
  )
  const missing = between.filter((day) => !mayBeClosed(day))
  if (missing.length === 0) return []
  return [
    {
      kind: 'gap',
      what: `no rows came for ${counted(missing.length, 'day')} that usually sell: ${runsOfDays(missing)}`,
      remedy: 'Has the warehouse not loaded them, or was everything closed?',
    },
  ]
}

/**
 * Of consecutive days without rows, those that usually sell: there are rows on at least half of the
 * same weekdays in the eight weeks before these days and after them.
 */
function usualDays(from: Day, to: Day, days: ReadonlySet<Day>): Day[] {
  const first = Math.min(...days)
  const last = Math.max(...days)
  const around = [...Array(7).keys()].map((weekday) => {
    const others = [...Array(WEEKS).keys()].flatMap((week) => [
      from - 1 - mod(from - 1 - weekday, 7) - 7 * week,
      to + 1 + mod(weekday - to - 1, 7) + 7 * week,
    ])
    return others.filter((day) => day >= first && day <= last)
  })
  const sell = around.map((others) => {
    // Of a history of days there is no same weekday yet.
    if (others.length === 0) return days.size * 2 >= last - first + 1 - (to - from + 1)
    return others.filter((day) => days.has(day)).length * 2 >= others.length
  })
  const all = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
  return all.filter((day) => sell[mod(day, 7)])
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by
}

const WEEKS = 8

/** Days that lost more than half of their rows, and an answer that lost more than half of its units. */
function shrunk({ changes }: Outcome): Doubt[] {
  const lost = changes.filter(({ before, now }) => now.rows * 2 < before.rows)
  const known = changes.filter(({ before }) => before.rows > 0)
  const [before, now] = [
    sum(known.map((change) => change.before.units)),
    sum(known.map((change) => change.now.units)),
  ]
  const what: string[] = []
  if (lost.length > 0) {
    const rows = `${sum(lost.map((change) => change.before.rows))} rows are there, ${sum(lost.map((change) => change.now.rows))} came`
    what.push(
      `far fewer rows came for ${counted(lost.length, 'day')} than are there: ${runsOfDays(lost.map(({ day }) => day))} (${rows})`,
    )
  }
  if (Math.abs(now) * 2 < Math.abs(before)) {
    what.push(
      `far fewer units came for the days that are there: ${toThousandths(now)}, not ${toThousandths(before)}`,
    )
  }
  return what.map((text) => ({
    kind: 'shrunk',
    what: text,
    remedy: 'Is a table of the query empty or half loaded, or does a condition leave out stores?',
  }))
}

/** Every day that is there sells exactly twice as much, or three times: rows that were loaded again. */
function doubled({ changes }: Outcome): Doubt[] {
  const known = changes.filter(({ before }) => before.units > 0)
  const [first] = known
  if (known.length < 3) return []
  const times = Math.round(first.now.units / first.before.units)
  // Sums of kilograms carry the noise of binary fractions.
  const isSo = known.every(
    ({ before, now }) => Math.abs(now.units - before.units * times) <= now.units * 1e-9,
  )
  if (!isSo || times < 2) return []
  return [
    {
      kind: 'doubled',
      what: `each of ${counted(known.length, 'day')} came with exactly ${times} times the units that are there`,
      remedy: 'Was a load run again, or does a join repeat rows?',
    },
  ]
}

/** Most series of the days that are there are gone, and others in their place: ids are written in another way. */
function renamed({ changes }: Outcome): Doubt[] {
  const before = sum(changes.map(({ series }) => series.before))
  const kept = sum(changes.map(({ series }) => series.kept))
  if (kept * 2 >= before) return []
  return [
    {
      kind: 'renamed',
      what: `of ${counted(before, 'row', 'rows')} of series by day that are revised, only ${kept} have the same product and store`,
      remedy: 'Are ids written in another way, such as 7 in place of 007? Older days keep theirs.',
    },
  ]
}
