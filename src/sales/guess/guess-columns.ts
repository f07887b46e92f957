import type { Day } from '../../base/day.ts'
import type { Role } from '../contract/roles.ts'
import { addCell, type ColumnProfile, emptyProfile } from './column-profile.ts'
import { type Topic, topicsOf } from './column-words.ts'
import { type DateGuess, type DateStyle, guessDates } from './guess-dates.ts'
import type { FileLayout } from './guess-layout.ts'
import { type DecimalChar, guessNumbers, type NumberGuess } from './guess-numbers.ts'
import { numberReading, readingOf } from './guess-parquet.ts'
import { headerLanguage } from './header-language.ts'

/** What the cells of a column are, as far as they tell. */
export type ColumnGuess = {
  name: string
  topics: ReadonlySet<Topic>
  profile: ColumnProfile
  reading: Reading
  /** A cell; undefined where all are empty. */
  example: string | undefined
}

/** A column and what it means; nothing where that is not known, or not used. */
export type MeantColumn = ColumnGuess & { role: Role | undefined }

export type Reading = { type: 'string' } | ({ type: 'number' } & NumberGuess) | DateGuess

/** What somebody says about how a file is written, and what day it is. */
export type Hints = {
  today: Day
  decimal?: DecimalChar
  dates?: DateStyle
}

/** Gathers the cells of all rows, and then tells what each column is. */
export class ColumnProfiles {
  readonly #profiles: ColumnProfile[]

  constructor(header: string[]) {
    this.#profiles = header.map(emptyProfile)
  }

  add(cells: string[], line: number): void {
    for (let i = 0; i < this.#profiles.length; i++) addCell(this.#profiles[i], cells[i], line)
  }

  /** One guess for each column of the header; `rows` are some of those that were added. */
  guess(layout: FileLayout, rows: string[][], hints: Hints): ColumnGuess[] {
    const profiles = this.#profiles
    const topics = profiles.map(({ name }) => topicsOf(name))
    const dates = datesOf(profiles, hints, undefined)
    const locale = localeSign(layout, dates)
    const numbers = guessNumbers(profiles, rows, { forced: hints.decimal, locale })
    const settled = datesOf(profiles, hints, onlyOf(dates))
    return profiles.map((profile, i): ColumnGuess => {
      const [example] = profile.cells.keys()
      const number = numbers[i]
      const kind = layout.kinds?.[i]
      const reading =
        (kind && readingOf(kind, profile)) ??
        settled[i] ??
        (kind?.kind === 'integer' && profile.present > 0
          ? numberReading(true)
          : number && { type: 'number' as const, ...number })
      return {
        name: profile.name,
        topics: topics[i],
        profile,
        reading: reading ?? { type: 'string' },
        example,
      }
    })
  }
}

function datesOf(profiles: ColumnProfile[], { today, dates }: Hints, style: DateStyle | undefined) {
  return profiles.map((profile) => guessDates(profile, { today, forced: dates, style }))
}

/** The one order of day and month that columns show where they agree; undefined are those without. */
function onlyOf(dates: (DateGuess | undefined)[]): DateStyle | undefined {
  const shown = dates.flatMap((date) => (date?.doubt === undefined ? (date?.style ?? []) : []))
  const [style, ...others] = new Set(shown)
  return others.length === 0 ? style : undefined
}

/**
 * The decimal sign of a system that writes such files, where two things say so and none speaks
 * against it: who parts cells by semicolons does it since the comma is taken, and months come before
 * days where the point is the decimal sign. Commas and English names tell nothing: every program
 * writes them.
 */
function localeSign(
  { delimiter, header }: FileLayout,
  dates: (DateGuess | undefined)[],
): DecimalChar | undefined {
  const language = headerLanguage(header)
  const comma = [
    delimiter === ';',
    language !== undefined && language !== 'en',
    dates.some((date) => date?.format.startsWith('%d.%m.') ?? false),
  ]
  const isMonthFirst = onlyOf(dates) === 'mdy'
  if (isMonthFirst) return comma.includes(true) ? undefined : '.'
  return comma.filter(Boolean).length >= 2 ? ',' : undefined
}
