import { type Static, Type } from 'typebox'
import { UserError } from '../base/errors.ts'
import { checker, parseJson } from '../base/schema.ts'
import { count, isoDay, number, object } from '../base/schema-parts.ts'
import { Frequency } from '../demand/calendar.ts'
import { subjectOf } from './events/subject.ts'

const id = Type.String({ maxLength: 2000 })

/** The first line: what the numbers of the others mean. */
const Heading = object({
  format: Type.Literal('cd4ml-published-forecasts/1'),
  frequency: Frequency,
  /** ISO days: the first one of each period. */
  from: Type.Array(isoDay, { minItems: 1, maxItems: 10_000 }),
  /** Of the quantiles, ascending. */
  levels: Type.Array(number, { minItems: 1, maxItems: 100 }),
  /** How many lines follow: a file that was cut off is none. */
  series: count,
})

/** Any other line: units of one series in each period. */
const PublishedSeries = object({
  product: id,
  store: Type.Optional(id),
  name: Type.Optional(id),
  category: Type.Optional(id),
  /** Whose history the forecast rests on; `category` for what has not sold yet. */
  restsOn: Type.Enum(['series', 'category']),
  mean: Type.Array(number),
  /** By period, then level. */
  quantiles: Type.Array(Type.Array(number)),
})
export type PublishedSeries = Static<typeof PublishedSeries>

export type PublishedForecasts = Omit<Static<typeof Heading>, 'format' | 'series'> & {
  series: PublishedSeries[]
}

/**
 * Forecasts as lines of JSON, in units with at most `DIGITS` significant digits: nobody orders by
 * more, and it halves what a year of them takes.
 */
export function publishedText({ series, ...heading }: PublishedForecasts): string {
  const first = { format: 'cd4ml-published-forecasts/1', ...heading, series: series.length }
  const lines = series.map((of) => ({
    ...of,
    mean: of.mean.map(withDigits),
    quantiles: of.quantiles.map((levels) => levels.map(withDigits)),
  }))
  return [first, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/**
 * What `publishedText` has written. Throws a `UserError` that names the line that is not of it: cut
 * off, of other periods, a series twice, quantiles that fall.
 */
export function publishedForecasts(text: string, file: string): PublishedForecasts {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new UserError('ends within a line: it was cut off', { file })
  const parsed = (line: string, i: number) => parseJson(line, `${file}:${i + 1}`)
  const { format: _, series, ...heading } = checkHeading(parsed(lines[0] ?? '', 0), `${file}:1`)
  if (series !== lines.length - 1) {
    throw new UserError(`must have ${series} series, but has ${lines.length - 1}`, { file })
  }
  const [periods, levels] = [heading.from.length, heading.levels.length]
  const known = new Set<string>()
  return {
    ...heading,
    series: lines.slice(1).map((line, i) => {
      const place = { file: `${file}:${i + 2}` }
      const of = checkSeries(parsed(line, i + 1), place.file)
      const right =
        of.mean.length === periods &&
        of.quantiles.length === periods &&
        of.quantiles.every(({ length }) => length === levels)
      if (!right) {
        throw new UserError(`must have ${levels} quantiles in each of ${periods} periods`, place)
      }
      if (!of.quantiles.every(isAscending)) throw new UserError('has quantiles that fall', place)
      const subject = subjectOf(of)
      if (known.has(subject)) throw new UserError('is of a series that came before', place)
      known.add(subject)
      return of
    }),
  }
}

const checkHeading = checker(Heading)
const checkSeries = checker(PublishedSeries)

function isAscending(levels: readonly number[]): boolean {
  return levels.every((units, level) => level === 0 || units >= levels[level - 1])
}

const DIGITS = 5

function withDigits(units: number): number {
  if (!Number.isFinite(units)) throw new TypeError(`${units} is no forecast`)
  return Number(units.toPrecision(DIGITS))
}
