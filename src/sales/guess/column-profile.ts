import type { Day } from '../../base/day.ts'
import { daysOf, isUsualDay, twinOf } from './date-formats.ts'

/**
 * What all cells of a column look like: a size that does not depend on how many there are, except
 * for the `cells`, of which so many are kept.
 */
export type ColumnProfile = {
  name: string
  /** Cells that are not empty and no word such as NULL. */
  present: number
  empty: number
  /** Words that stand for nothing. */
  absent: Set<string>
  /** Cell → how often, of the first distinct ones. */
  cells: Map<string, number>
  /** How cells are built, digits made alike → such cells. */
  shapes: Map<string, Shape>
  /** By the index of the format in `DATE_FORMATS`. */
  dates: Map<number, DateReading>
}

/** `example` stands in `line`. Values that one shape has in common are told from it. */
export type Shape = { count: number; example: string; line: number }

/** Steps from one row to the next, back and forth in time. */
export type Steps = { back: number; forth: number; previous: Day }

export type DatedCell = { cell: string; line: number }

/** What one format makes of the cells. */
export type DateReading = Steps & {
  count: number
  first: Day
  last: Day
  /** The first cell that it reads, and that is none with day and month exchanged. */
  alone: DatedCell | undefined
  /** The steps with day and month exchanged where they can be, and the first such cell. */
  exchanged: Steps & { example: DatedCell | undefined }
  /** Cells such as 31/12/9999 that stand for no day. */
  sentinels: Set<string>
}

export function emptyProfile(name: string): ColumnProfile {
  return {
    name,
    present: 0,
    empty: 0,
    absent: new Set(),
    cells: new Map(),
    shapes: new Map(),
    dates: new Map(),
  }
}

/** Takes one more cell into the profile. */
export function addCell(profile: ColumnProfile, cell: string, line: number): void {
  const text = cell.trim()
  if (text === '') {
    profile.empty++
    return
  }
  if (ABSENT.test(text)) {
    profile.empty++
    profile.absent.add(text)
    return
  }
  profile.present++
  const before = profile.cells.get(text)
  if (before !== undefined || profile.cells.size < MOST_CELLS) {
    profile.cells.set(text, (before ?? 0) + 1)
  }
  addShape(profile, text, line)
  if (/\d/.test(text) && text.length <= LONGEST_DATE) addDates(profile, text, line)
}

/** The cells of the shape, whatever they hold: letters stay, digits are made alike. */
export function shapeOf(text: string): string {
  // A leading 0 makes no thousands, and a last 0 tells fixed decimals from the shortest.
  return text
    .replace(/\d+/g, (digits) => (digits[0] === '0' ? '0' : '1') + '1'.repeat(digits.length - 1))
    .replace(/1(?=\D*$)/, () => (/0\D*$/.test(text) ? '0' : '1'))
}

const MOST_CELLS = 50_000
const MOST_SHAPES = 2_000
const LONGEST_DATE = 40

const ABSENT =
  /^(null|none|nan|na|n\/a|n\/d|s\/d|nil|nat|undefined|#n\/[ad]|#(?:valor|value|wert|valeur|ref|bezug|div\/0|num|zahl|nome\?|name\?|nombre\?|nom\?)!?|0000-00-00(?: 00:00:00)?|00\/00\/0000|-+|\?)$/i

function addShape({ shapes }: ColumnProfile, text: string, line: number): void {
  const key = shapeOf(text)
  const shape = shapes.get(key)
  if (shape !== undefined) shape.count++
  else if (shapes.size < MOST_SHAPES) shapes.set(key, { count: 1, example: text, line })
}

function addDates(profile: ColumnProfile, text: string, line: number): void {
  const days = daysOf(text)
  for (const { index, day } of days) {
    const reading = profile.dates.get(index) ?? emptyReading()
    profile.dates.set(index, reading)
    reading.count++
    const twin = twinOf(index)
    const other = days.find((one) => one.index === twin)?.day
    if (twin !== undefined && other === undefined) reading.alone ??= { cell: text, line }
    if (!isUsualDay(day)) {
      reading.sentinels.add(text)
      continue
    }
    step(reading, day)
    if (other !== undefined && other !== day) reading.exchanged.example ??= { cell: text, line }
    step(reading.exchanged, other ?? day)
    reading.first = Math.min(reading.first, day)
    reading.last = Math.max(reading.last, day)
  }
}

function step(steps: Steps, day: Day): void {
  if (day < steps.previous) steps.back++
  if (day > steps.previous) steps.forth++
  steps.previous = day
}

function emptyReading(): DateReading {
  return {
    count: 0,
    first: Number.POSITIVE_INFINITY,
    last: Number.NEGATIVE_INFINITY,
    back: 0,
    forth: 0,
    previous: Number.NaN,
    alone: undefined,
    exchanged: { back: 0, forth: 0, previous: Number.NaN, example: undefined },
    sentinels: new Set(),
  }
}
