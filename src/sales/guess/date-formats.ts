import { type Day, dayFromIso } from '../../base/day.ts'
import { BoundedMap, remembered } from '../../base/remembered.ts'
import { dateParser } from '../contract/date-format.ts'
import { monthNamed } from '../contract/month-names.ts'

type Format = { format: string; type: 'date' | 'datetime'; needsHint: boolean }

const TIMES = [
  '',
  ...[' %H:%M:%S', ' %H:%M', ' %H:%M:%S.%f', 'T%H:%M:%S', 'T%H:%M', 'T%H:%M:%S.%f'],
  ...[' %H:%M:%S%z', ' %H:%M:%S %z', ' %H:%M %z', ' %H:%M:%S.%f%z', ' %H:%M:%S.%f %z'],
  ...['T%H:%M:%S%z', 'T%H:%M%z', 'T%H:%M:%S.%f%z'],
  ...[' %I:%M %p', ' %I:%M:%S %p', ' %I:%M%p', ', %I:%M %p', ', %I:%M:%S %p'],
  ...[
    ', %H:%M',
    ', %H:%M:%S',
    ' - %H:%M',
    ' - %H:%M:%S',
    ' às %H:%M',
    ' %Hh%M',
    ' %H:%M hs.',
    ' %H:%M hs',
  ],
]

const EARLIEST = dayFromIso('1970-01-02')!
const LATEST = dayFromIso('2100-12-31')!

/** What databases and spreadsheets write for no day, or for the end of time. */
const SENTINELS = [
  '9999-12-31',
  '2999-12-31',
  '1900-01-01',
  '1899-12-30',
  '1753-01-01',
  '0001-01-01',
].map((day) => dayFromIso(day))

/** In the order of how common they are: of formats that mean the same days, the first is taken. */
export const DATE_FORMATS: readonly Format[] = allFormats()

/** The format with day and month exchanged, by index. */
const twins: readonly (number | undefined)[] = DATE_FORMATS.map(({ format }) => {
  if (!/%[dm].*%[dm]/.test(format) || format.startsWith('%Y')) return undefined
  const exchanged = format.replace(/%[dm]/g, (part) => (part === '%d' ? '%m' : '%d'))
  const twin = DATE_FORMATS.findIndex((other) => other.format === exchanged)
  return twin < 0 ? undefined : twin
})

export function twinOf(index: number): number | undefined {
  return twins[index]
}

/** The days that a text may mean, by the index of the format in `DATE_FORMATS`. */
export function daysOf(text: string): { index: number; day: Day }[] {
  return remembered(knownDays, text, () =>
    candidatesOf(text).flatMap((index) => {
      const day = parserOf(index)(text)
      return day !== undefined && (isUsualDay(day) || isSentinel(day)) ? [{ index, day }] : []
    }),
  )
}

/** Whether it is a day that shops have seen, so that eight digits of an article are none. */
export function isUsualDay(day: Day): boolean {
  return day >= EARLIEST && day <= LATEST
}

/** What the text means by one of the `DATE_FORMATS`. */
export function dayBy(index: number, text: string): Day | undefined {
  return parserOf(index)(text)
}

function isSentinel(day: Day): boolean {
  return SENTINELS.includes(day)
}

function allFormats(): Format[] {
  const numeric = ['/', '.', '-'].flatMap((sign) =>
    ['%d_%m_%Y', '%m_%d_%Y', '%d_%m_%y', '%m_%d_%y'].map((date) => date.replaceAll('_', sign)),
  )
  const named = [
    ...['%d %b %Y', '%d-%b-%Y', '%d/%b/%Y', '%d.%b.%Y', '%d. %b %Y', '%b %d, %Y', '%b %d %Y'],
    ...['%d-%b-%y', '%d/%b/%y', '%d %b %y', '%d de %b de %Y', '%d-de-%b-de-%Y', '%Y-%b-%d'],
    ...['%a, %d %b %Y', '%a, %b %d, %Y', '%a, %d de %b de %Y', '%a %b %d %Y', '%a %d %b %Y'],
  ]
  const months = [
    '%Y-%m',
    '%Y/%m',
    '%m/%Y',
    '%m-%Y',
    '%m.%Y',
    '%b %Y',
    '%b/%Y',
    '%b-%Y',
    '%Y-%b',
    '%b de %Y',
  ]
  const shortMonths = ['%b/%y', '%b-%y', '%b %y', '%b. %y', '%Y%m']
  const days = ['%Y-%m-%d', ...numeric, '%Y/%m/%d', '%Y.%m.%d', '%Y%m%d', ...named]
  return [
    ...TIMES.flatMap((time) =>
      days.map((date): Format => {
        const type = time === '' ? 'date' : 'datetime'
        return { format: date + time, type, needsHint: false }
      }),
    ),
    ...months.map((format): Format => ({ format, type: 'date', needsHint: false })),
    ...shortMonths.map((format): Format => ({ format, type: 'date', needsHint: true })),
  ]
}

const parsers = new Map<number, (text: string) => Day | undefined>()

function parserOf(index: number): (text: string) => Day | undefined {
  const { type, format } = DATE_FORMATS[index]
  return remembered(parsers, index, () => dateParser(type, format))
}

const knownDays = new BoundedMap<string, { index: number; day: Day }[]>(20_000)
const knownCandidates = new BoundedMap<string, number[]>(5_000)

/** The formats that read a text of these digits and letters for some digits. */
function candidatesOf(text: string): number[] {
  if (!isDateLike(text)) return []
  const shape = text.replace(/\d/g, '1')
  return remembered(knownCandidates, shape, () =>
    [...DATE_FORMATS.keys()].filter((index) => parserOf(index)(shape) !== undefined),
  )
}

/** Digits, and no words but those of dates: a day of the week comes first. */
function isDateLike(text: string): boolean {
  const words = text.match(/\p{L}+/gu) ?? []
  return (
    /\d/.test(text) &&
    words.every((word, at) => {
      return (
        DATE_WORDS.test(word) || monthNamed(word) !== undefined || (at === 0 && words.length > 1)
      )
    })
  )
}

const DATE_WORDS = /^(t|z|h|a|p|m|am|pm|hs|de|feira|às|utc|st|nd|rd|th|er|º)$/i
