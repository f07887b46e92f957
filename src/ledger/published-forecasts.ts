import { type Static, Type } from 'typebox'
import { UserError } from '../base/errors.ts'
import { remembered } from '../base/remembered.ts'
import { checker, parseJson } from '../base/schema.ts'
import { count, isoDay, number, object } from '../base/schema-parts.ts'
import { Frequency } from '../demand/calendar.ts'
import { subjectOf } from './events/subject.ts'

const id = Type.String({ maxLength: 2000 })

const FORMAT = 'cd4ml-published-forecasts/1'

/** The first line: what the numbers of the others mean. */
const Heading = object({
  format: Type.Literal(FORMAT),
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
  const first = { format: FORMAT, ...heading, series: series.length }
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
  const { heading, series } = readLines(text, file)
  return { ...heading, series: Array.from(series, ({ of }) => of) }
}

/** What is published of several parts of a chain. */
export type PublishedInParts = {
  heading: Omit<PublishedForecasts, 'series'>
  /** A text as `publishedText` writes it of each part, by its number. */
  parts: Map<number, string>
  /** How many series there are, and how many of them are in no part. */
  series: number
  others: number
}

/**
 * The same as a text for each part, with the series that `partOf` says by their subject. One series
 * after the other is read, and none of them held.
 */
export function publishedInParts(
  text: string,
  file: string,
  partOf: (subject: string) => number | undefined,
): PublishedInParts {
  const { heading, series } = readLines(text, file)
  const parts = new Map<number, string[]>()
  let [all, others] = [0, 0]
  for (const { line, of } of series) {
    const part = partOf(subjectOf(of))
    all++
    if (part === undefined) others++
    else remembered(parts, part, () => []).push(line)
  }
  const textOf = (lines: string[]) => {
    const first = { format: FORMAT, ...heading, series: lines.length }
    return `${[JSON.stringify(first), ...lines].join('\n')}\n`
  }
  return {
    heading,
    parts: new Map([...parts].map(([part, lines]) => [part, textOf(lines)])),
    series: all,
    others,
  }
}

function readLines(
  text: string,
  file: string,
): {
  heading: Omit<PublishedForecasts, 'series'>
  series: Iterable<{ line: string; of: PublishedSeries }>
} {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new UserError('ends within a line: it was cut off', { file })
  const first = parseJson(lines.shift() ?? '', `${file}:1`)
  const { format: _, series, ...heading } = checkHeading(first, `${file}:1`)
  if (series !== lines.length) {
    throw new UserError(`must have ${series} series, but has ${lines.length}`, { file })
  }
  return { heading, series: checkedLines(lines, file, heading) }
}

function* checkedLines(
  lines: string[],
  file: string,
  { from: { length: periods }, levels: { length: levels } }: Omit<PublishedForecasts, 'series'>,
): Generator<{ line: string; of: PublishedSeries }> {
  const known = new Set<string>()
  for (const [i, line] of lines.entries()) {
    const place = { file: `${file}:${i + 2}` }
    const of = checkSeries(parseJson(line, place.file), place.file)
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
    yield { line, of }
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
