import { quoted, UserError } from '../../base/errors.ts'
import { daysOf } from './date-formats.ts'
import type { ColumnGuess } from './guess-columns.ts'
import { mixedDates } from './guess-dates.ts'
import { optionText } from './open-question.ts'

/** Says why there is no day of a sale, and what to do. `dated` are columns that hold other days. */
export function withoutDates(columns: ColumnGuess[], dated: ColumnGuess[]): UserError {
  const refuse = (what: string, remedy: string) => new UserError(what, { remedy })
  const generic = 'Write the day of each sale in one column, such as 2026-10-31.'
  if (dated.length > 0) {
    const [{ name }] = dated
    return refuse(
      'no column looks like the day of the sale',
      `Say which one it is: ${optionText({ option: 'column', role: 'saleDate', header: name })}`,
    )
  }
  for (const { name, profile } of columns) {
    const mixed = mixedDates(profile)
    if (mixed === undefined) continue
    const [one, other] = mixed.cells.map((cell, i) => `${quoted(cell)} in line ${mixed.lines[i]}`)
    return refuse(
      `${quoted(name)} holds dates in two ways: ${one}, ${other}`,
      'Write all of them in one.',
    )
  }
  const year = columns.find(({ topics, profile }) => topics.has('year') && profile.present > 0)
  const month = columns.find(
    ({ name, topics }) => topics.has('date') && /m[eêo][sni]|month|week|woche|semana/i.test(name),
  )
  if (year !== undefined && month !== undefined) {
    return refuse(
      `the date stands in two columns, ${quoted(year.name)} and ${quoted(month.name)}`,
      'Join the two into one column of dates: 2026-10 for a month, the Monday of a week.',
    )
  }
  const serial = columns.find(
    ({ topics, profile }) => topics.has('date') && isSerial(profile.cells.keys()),
  )
  if (serial !== undefined) {
    const { name, example = '' } = serial
    return refuse(
      `${quoted(name)} holds numbers such as ${quoted(example)}: the days as Excel counts them`,
      'Format the column as a date, such as 2026-10-31, in the spreadsheet, and save it again.',
    )
  }
  const epoch = columns.find(
    ({ topics, profile, example }) =>
      topics.has('date') && example !== undefined && isEpoch(profile.cells.keys()),
  )
  if (epoch !== undefined) {
    const { name, example = '' } = epoch
    return refuse(
      `${quoted(name)} holds seconds or milliseconds since 1970, such as ${quoted(example)}`,
      generic,
    )
  }
  const weeks = columns.find(
    ({ topics, profile }) => topics.has('date') && isWeeks(profile.cells.keys()),
  )
  if (weeks !== undefined) {
    const { name, example = '' } = weeks
    return refuse(
      `${quoted(name)} holds weeks such as ${quoted(example)}`,
      'Write the Monday of each week, such as 2026-10-26.',
    )
  }
  const dates = columns.filter(({ topics, example }) => topics.has('date') && example !== undefined)
  const named =
    dates.find(({ reading }) => reading.type === 'string') ??
    dates.find(({ example = '' }) => /\d{4}/.test(example))
  const names = columns
    .slice(0, 30)
    .map(({ name }) => quoted(name))
    .join(', ')
  return named === undefined
    ? refuse(`no column looks like the day of the sale: there are ${names}`, generic)
    : refuse(
        `${quoted(named.name)} holds ${strangest(named)}, which is no date that is known here`,
        generic,
      )
}

/** A cell that is no date, with its line. */
function strangest({ profile, example = '' }: ColumnGuess): string {
  const shapes = [...profile.shapes.values()]
  const other = shapes.find((shape) => daysOf(shape.example).length === 0)
  return other === undefined ? quoted(example) : `${quoted(other.example)} in line ${other.line}`
}

/** `2026-W05`, `2026W05`, or `202653`: more than twelve to a year. */
function isWeeks(cells: Iterable<string>): boolean {
  let isBeyondMonths = false
  for (const cell of cells) {
    const [, sign, week] = /^(?:19|20)\d\d[-/ ]?([WSK]?)(\d\d)(?:-[1-7])?$/i.exec(cell) ?? []
    if (week === undefined || Number(week) < 1 || Number(week) > 53) return false
    isBeyondMonths ||= sign !== '' || Number(week) > 12
  }
  return isBeyondMonths
}

/** From 1982 to 2064. */
function isSerial(cells: Iterable<string>): boolean {
  let count = 0
  for (const cell of cells) {
    if (
      !/^\d{5}([.,]\d+)?$/.test(cell) ||
      Number(cell.slice(0, 5)) < 30_000 ||
      Number(cell.slice(0, 5)) > 60_000
    )
      return false
    count++
  }
  return count > 0
}

/** Seconds or milliseconds since 1970, of this century. */
function isEpoch(cells: Iterable<string>): boolean {
  for (const cell of cells) if (!/^1\d{9}(\d{3})?$/.test(cell)) return false
  return true
}
