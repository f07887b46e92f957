import type { Day } from '../../base/day.ts'
import type { ColumnProfile, DatedCell, DateReading, Steps } from './column-profile.ts'
import { DATE_FORMATS, dayBy, daysOf, isUsualDay, twinOf } from './date-formats.ts'

/** Which of day and month is written first. */
export type DateStyle = 'dmy' | 'mdy'

export type DateGuess = {
  type: 'date' | 'datetime'
  format: string
  sentinels: string[]
  /** Undefined where only one order of day and month is possible. */
  style: DateStyle | undefined
  doubt: DateDoubt | undefined
}

/** Why the format may be another one, which means other days. */
export type DateDoubt =
  /** No cell tells day from month. */
  | { kind: 'tie'; otherFormat: string; example: string }
  /** Some cells are written one way, some the other. */
  | { kind: 'both'; otherFormat: string; lines: [number, number]; cells: [string, string] }
  /** The days up to 12 are in the order of time only with day and month exchanged. */
  | { kind: 'exchanged'; alone: DatedCell; example: DatedCell }

/**
 * How the dates of a column are written, told from all of its cells; undefined where they are no
 * dates. What no cell tells is told from `style`, that of the other columns or of the system that
 * writes so, and then from what makes sense: no sale after `today`, rows in the order of their days,
 * no gaps of years.
 */
export function guessDates(
  profile: ColumnProfile,
  context: { today: Day; forced: DateStyle | undefined; style: DateStyle | undefined },
): DateGuess | undefined {
  const fitting = [...profile.dates]
    .filter(([index, { count }]) => count >= MOST * profile.present && isLikely(index, profile))
    .sort(([a, one], [b, other]) => other.count - one.count || a - b)
  const [best] = fitting
  if (best === undefined) return undefined
  const [index, reading] = best
  const twin = twinOf(index)
  const other = twin === undefined ? undefined : profile.dates.get(twin)
  if (twin === undefined || other === undefined) return guessOf(index, reading, profile)
  const swapped = () => guessOf(twin, other, profile)
  const asBest = () => guessOf(index, reading, profile)
  if (context.forced !== undefined) {
    return styleOf(index) === context.forced ? asBest() : swapped()
  }
  const otherFormat = DATE_FORMATS[twin].format
  if (other.alone !== undefined && reading.alone !== undefined) {
    const cells: [string, string] = [reading.alone.cell, other.alone.cell]
    const lines: [number, number] = [reading.alone.line, other.alone.line]
    return { ...asBest(), doubt: { kind: 'both', otherFormat, lines, cells } }
  }
  if (reading.alone !== undefined) {
    const { alone, exchanged } = reading
    const { example } = exchanged
    if (example === undefined || !isInOrder(exchanged) || isInOrder(reading)) return asBest()
    return { ...asBest(), doubt: { kind: 'exchanged', alone, example } }
  }
  const style = context.style ?? likelierStyle(profile, index, twin, context.today)
  if (style === undefined) {
    const [example] = profile.cells.keys()
    return { ...asBest(), doubt: { kind: 'tie', otherFormat, example } }
  }
  return styleOf(index) === style ? asBest() : swapped()
}

/** The lines in which a column of dates is written in different ways; undefined where it is not. */
export function mixedDates(
  profile: ColumnProfile,
): { cells: [string, string]; lines: [number, number] } | undefined {
  for (const [index, { alone }] of profile.dates) {
    const twin = twinOf(index)
    const other = twin === undefined ? undefined : profile.dates.get(twin)?.alone
    if (alone !== undefined && other !== undefined) {
      return { cells: [alone.cell, other.cell], lines: [alone.line, other.line] }
    }
  }
  const dated = [...profile.shapes.values()].filter(({ example }) => daysOf(example).length > 0)
  const count = dated.reduce((sum, shape) => sum + shape.count, 0)
  if (count < MOST * profile.present || profile.present === 0) return undefined
  const [first] = dated
  const formats = new Set(daysOf(first.example).map(({ index }) => index))
  const other = dated.find(
    ({ example }) => !daysOf(example).some(({ index }) => formats.has(index)),
  )
  if (other === undefined) return undefined
  return { cells: [first.example, other.example], lines: [first.line, other.line] }
}

/** A column is what this share of its cells is: some rows are bad in every file. */
export const MOST = 0.95

function isLikely(index: number, { name }: ColumnProfile): boolean {
  return (
    !DATE_FORMATS[index].needsHint || /m[eêo][sn]|date?|per[ií]od|compet|fecha|datum/i.test(name)
  )
}

function styleOf(index: number): DateStyle {
  const { format } = DATE_FORMATS[index]
  return format.indexOf('%d') < format.indexOf('%m') ? 'dmy' : 'mdy'
}

function guessOf(index: number, { sentinels }: DateReading, profile: ColumnProfile): DateGuess {
  const { type, format } = DATE_FORMATS[index]
  const [example = ''] = profile.cells.keys()
  const isWhole = (example.match(/\p{L}+/gu) ?? []).some((word) => word.length > 4)
  return {
    type,
    format: isWhole ? format.replace('%b', '%B') : format,
    sentinels: [...sentinels],
    style: twinOf(index) === undefined ? undefined : styleOf(index),
    doubt: undefined,
  }
}

/** The order of day and month that makes sense where the other does not. */
function likelierStyle(
  profile: ColumnProfile,
  index: number,
  twin: number,
  today: Day,
): DateStyle | undefined {
  const one = profile.dates.get(index)
  const other = profile.dates.get(twin)
  if (one === undefined || other === undefined) return undefined
  const badness = [one, other].map((reading, at) => ({
    future: reading.last > today ? 1 : 0,
    gap: longestGap(profile, at === 0 ? index : twin),
    disorder: disorderOf(reading),
  }))
  const isWorse = (a: number, b: number) => {
    const [x, y] = [badness[a], badness[b]]
    if (x.future !== y.future) return x.future > y.future
    if (x.gap > LONG_GAP && x.gap > 5 * y.gap) return true
    return x.disorder > MOST_DISORDER && x.disorder > 5 * y.disorder
  }
  const [oneIsWorse, otherIsWorse] = [isWorse(0, 1), isWorse(1, 0)]
  if (oneIsWorse === otherIsWorse) return undefined
  return styleOf(oneIsWorse ? twin : index)
}

/** The share of steps from one row to the next that go against the direction of the others. */
function disorderOf({ back, forth }: Steps): number {
  return Math.min(back, forth) / Math.max(1, back + forth)
}

function isInOrder(steps: Steps): boolean {
  return disorderOf(steps) <= MOST_DISORDER
}

const MOST_DISORDER = 0.05

/** Days without any sale that no shop survives: a quarter. */
const LONG_GAP = 92

function longestGap({ cells }: ColumnProfile, index: number): number {
  const days = [...cells.keys()]
    .map((cell) => dayBy(index, cell))
    .filter((day): day is Day => day !== undefined && isUsualDay(day))
    .sort((a, b) => a - b)
  return days.reduce((gap, day, i) => (i === 0 ? gap : Math.max(gap, day - days[i - 1])), 0)
}
