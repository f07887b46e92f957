import { isoFromDay } from '../day.ts'
import { dateParser } from './date-format.ts'
import type { FileLayout } from './guess-layout.ts'
import { numberParser } from './number-format.ts'

/** What the cells of a column are, as far as they tell. */
export type ColumnGuess = {
  name: string
  reading: Reading
  /** Words such as NULL that stand in the place of a date or number. */
  missingValues: string[]
  /** Days such as 31/12/9999, as they are written, that mean that there is none. */
  sentinels: string[]
  /** A cell; undefined where all are empty. */
  example: string | undefined
  /** Another format that reads the dates as well, and means other days. */
  otherFormat: string | undefined
}

export type Reading =
  | { type: 'string' }
  | ({ type: 'number' } & Notation)
  | { type: 'date' | 'datetime'; format: string }

/** One guess for each column of the header. */
export function guessColumns({ header, rows }: FileLayout): ColumnGuess[] {
  const columns = header.map((_, index) => distinctCells(rows, index))
  const notation = notationOf(columns)
  return header.map((name, index) => guessColumn(name, columns[index], notation))
}

type Notation = { decimalChar: string; groupChar: string | undefined }

/** Cell → how often, without the empty ones. */
type Cells = Map<string, number>

/** A column is what this share of its cells is: some rows are bad in every file. */
const MOST = 0.95

/** What fits equally well is taken to be the one that comes first. */
const NOTATIONS: Notation[] = [
  { decimalChar: '.', groupChar: undefined },
  { decimalChar: ',', groupChar: '.' },
  { decimalChar: '.', groupChar: ',' },
  { decimalChar: ',', groupChar: ' ' },
]

const DATES = [
  '%Y-%m-%d',
  '%d/%m/%Y',
  '%m/%d/%Y',
  '%d.%m.%Y',
  '%d-%m-%Y',
  '%m-%d-%Y',
  '%Y/%m/%d',
  '%Y%m%d',
  '%d/%m/%y',
  '%m/%d/%y',
  '%d.%m.%y',
  '%d-%m-%y',
]

const TIMES = [
  '',
  ' %H:%M:%S',
  ' %H:%M',
  ' %H:%M:%S.%f',
  'T%H:%M:%S%z',
  'T%H:%M:%S.%f%z',
  'T%H:%M%z',
]

const FORMATS = TIMES.flatMap((time) =>
  DATES.map((date) => ({
    format: date + time,
    type: time === '' ? ('date' as const) : ('datetime' as const),
    parse: dateParser(time === '' ? 'date' : 'datetime', date + time),
  })),
)

const ABSENT = /^(null|none|nan|na|n\/a|nil|-+|\?)$/i

function distinctCells(rows: string[][], index: number): Cells {
  const cells: Cells = new Map()
  for (const row of rows) {
    const cell = row[index].trim()
    if (cell !== '') cells.set(cell, (cells.get(cell) ?? 0) + 1)
  }
  return cells
}

/** The notation that reads the most numbers of all columns: a file is written by one system. */
function notationOf(columns: Cells[]): Notation {
  const read = NOTATIONS.map((notation) => {
    const parse = numberParser({ ...notation, integer: false })
    return columns
      .map((cells) => share(cells, (cell) => parse(cell) !== undefined))
      .filter((fitting) => fitting >= MOST)
      .reduce((sum, fitting) => sum + fitting, 0)
  })
  return NOTATIONS[read.indexOf(Math.max(...read))]
}

function guessColumn(name: string, cells: Cells, notation: Notation): ColumnGuess {
  const missingValues = [...cells.keys()].filter((cell) => ABSENT.test(cell))
  const present: Cells = new Map([...cells].filter(([cell]) => !missingValues.includes(cell)))
  const [example] = present.keys()
  const plain = { name, example, sentinels: [], otherFormat: undefined }
  const dates = FORMATS.filter(({ parse }) => share(present, (cell) => isDate(parse(cell))) >= MOST)
  if (dates.length > 0) {
    const ranked = dates.map((date) => ({
      ...date,
      fitting: share(present, (cell) => isDate(date.parse(cell))),
    }))
    const [best, ...others] = ranked.sort((a, b) => b.fitting - a.fitting)
    const { type, format, parse } = best
    return {
      ...plain,
      reading: { type, format },
      missingValues,
      sentinels: [...present.keys()].filter((cell) => isSentinel(parse(cell))),
      otherFormat: others.find(({ fitting }) => fitting === best.fitting)?.format,
    }
  }
  const parse = numberParser({ ...notation, integer: false })
  if (share(present, (cell) => parse(cell) !== undefined) >= MOST) {
    return { ...plain, reading: { type: 'number', ...notation }, missingValues }
  }
  return { ...plain, reading: { type: 'string' }, missingValues: [] }
}

/** The share of the cells that are so; 0 where there are none. */
function share(cells: Cells, isSo: (cell: string) => boolean): number {
  let all = 0
  let so = 0
  for (const [cell, times] of cells) {
    all += times
    if (isSo(cell)) so += times
  }
  return all === 0 ? 0 : so / all
}

/** Whether it is a day that shops have seen, so that eight digits of an article are none. */
function isDate(day: number | undefined): boolean {
  if (day === undefined) return false
  const year = Number(isoFromDay(day).slice(0, 4))
  return (year >= 1970 && year <= 2100) || isSentinel(day)
}

function isSentinel(day: number | undefined): boolean {
  return day !== undefined && ['1900-01-01', '9999-12-31'].includes(isoFromDay(day))
}
