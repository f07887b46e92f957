import { quoted, UserError } from '../../base/errors.ts'
import type { KnownRoles } from '../contract/known-roles.ts'
import { numberParser } from '../contract/number-format.ts'
import type { Role } from '../contract/roles.ts'
import { type DoubtfulRows, doubtfulRows } from './doubtful-rows.ts'
import { type ColumnGuess, ColumnProfiles, type Hints } from './guess-columns.ts'
import { guessCountry } from './guess-country.ts'
import { eachRow, type FileLayout, readLayout } from './guess-layout.ts'
import { guessRoles } from './guess-roles.ts'
import type { OpenQuestion } from './open-question.ts'
import { refusePlan } from './refuse-plan.ts'
import { alikeIds, instantsRemark, RepeatedRows, severalCurrencies } from './remarks.ts'
import type { SalesFile } from './sales-file.ts'

/** A contract that fits the sales files, and what they leave open. */
export type ContractGuess = {
  /** What `datapackage.json` is to hold. */
  dataPackage: { resources: object[]; cd4ml: object }
  layout: FileLayout
  /** How many rows were looked at. */
  rows: number
  /** In the order of the file. */
  columns: GuessedColumn[]
  /** The country whose shops these are, as `BR`, where the files tell. */
  country: string | undefined
  questions: OpenQuestion[]
  /** What counts by the contract, but may not have to. */
  doubtful: DoubtfulRows[]
  /** What else is odd about the files, as sentences. */
  remarks: string[]
}

/** `example` is a cell; undefined where all are empty. */
export type GuessedColumn = Pick<ColumnGuess, 'name' | 'reading' | 'example'> & {
  role: Role | undefined
}

export type GuessOptions = KnownRoles &
  Hints & {
    name: string
    /** Where the files will lie in the data folder. */
    paths: string[]
    /** Whose days count where Parquet holds instants. */
    timeZone?: string
  }

/**
 * Guesses the contract of sales files that are laid out alike: encoding, delimiter, how dates and
 * numbers are written, and what each column means, all told from every row. What the files do not
 * tell is no guess but a question, with the option that answers it; a role that is asked for is not
 * in the contract.
 *
 * Throws a `UserError` where the files are no CSV with a header, differ in their headers, or hold no
 * column of dates, or where they hold a plan.
 */
export async function guessContract(
  files: SalesFile[],
  options: GuessOptions,
): Promise<ContractGuess> {
  const layout = await readLayout(files)
  const place = layout.kinds ? 'row' : 'line'
  const profiles = new ColumnProfiles(layout.header)
  const sample: string[][] = []
  let rows = 0
  const repeated = files.map(() => new RepeatedRows(place))
  await eachRow(files, layout, options.timeZone, (cells, line, file) => {
    rows++
    repeated[file].add(cells, line)
    if (sample.length < SAMPLE_ROWS) sample.push(cells)
    profiles.add(cells, line)
  })
  if (rows === 0) {
    throw new UserError('holds no row below its header', {
      file: files[0].name,
      remedy: 'Name files that hold sales.',
    })
  }
  const guessed = profiles.guess(layout, sample, options)
  if (!options.columns.has('saleDate')) refusePlan(layout.header, files[0], isDayIn(guessed))
  const { roles, questions } = guessRoles(guessed, sample, options)
  const roleOf = new Map([...roles].map(([role, name]) => [name, role]))
  const named = guessed.map((column) => ({ ...column, role: roleOf.get(column.name) }))
  // Whatever is answered, what it leads to is asked in the same round.
  const possible = named.map((column) => ({
    ...column,
    role: column.role ?? offered(column, questions),
  }))
  const asked = [
    ...questions,
    ...dateQuestions(possible, place),
    ...numberQuestions(possible, place),
    ...unitQuestions(named, options),
  ]
  const columns = named.map((column) =>
    isUnsure(column) ? { ...column, role: undefined } : column,
  )
  return {
    dataPackage: dataPackage(layout, columns, options),
    layout,
    rows,
    columns: columns.map(({ name, role, reading, example }) => ({ name, role, reading, example })),
    country: guessCountry(guessed),
    questions: asked,
    doubtful: doubtfulRows(named, sample),
    remarks: [
      ...repeated.flatMap((rows) => rows.remark()),
      ...named.filter(({ role }) => role === 'product').flatMap(alikeIds),
      ...severalCurrencies(named),
      ...instantsRemark(instantsIn(layout, columns), options.timeZone),
    ],
  }
}

function isDayIn(columns: ColumnGuess[]): (header: string) => boolean {
  const types = new Map(columns.map(({ name, reading }) => [name, reading.type]))
  return (header) => ['date', 'datetime'].includes(types.get(header) ?? '')
}

/** The role that questions offer for a column: first one by which its cells are counted. */
function offered({ name }: ColumnGuess, questions: OpenQuestion[]): Role | undefined {
  const roles = questions.flatMap(({ answers }) =>
    answers.flatMap(({ setting }) =>
      setting.option === 'column' && setting.header === name ? [setting.role] : [],
    ),
  )
  return roles.find((role) => COUNTED.has(role)) ?? roles[0]
}

type Column = ColumnGuess & { role: Role | undefined }

/** Enough to see which columns go together. */
const SAMPLE_ROWS = 20_000

/** What is counted wrong where these are read wrong. */
const COUNTED: ReadonlySet<Role | undefined> = new Set(['saleDate', 'quantity', 'purchaseDate'])

/** Whether a column that no units hang on may be read in two ways. */
function isUnsure(column: Column): boolean {
  const { role, reading } = column
  if (reading.type === 'string' || isTakenAsText(column)) return false
  return reading.doubt !== undefined && !COUNTED.has(role)
}

/** Ids stay text, whatever they look like: 007 is not 7, and 1.101 is no number. */
function isTakenAsText({ role }: Column): boolean {
  return role === undefined || ['product', 'store', 'name', 'category'].includes(role)
}

function dateQuestions(columns: Column[], place: 'line' | 'row'): OpenQuestion[] {
  const [doubtful] = columns
    .filter(({ role }) => role !== undefined)
    .sort((a, b) => Number(COUNTED.has(b.role)) - Number(COUNTED.has(a.role)))
    .flatMap((column) => {
      const { reading } = column
      const isDate = reading.type === 'date' || reading.type === 'datetime'
      return isDate && reading.doubt ? [{ column, doubt: reading.doubt }] : []
    })
  if (doubtful === undefined) return []
  const { column, doubt } = doubtful
  const { name } = column
  const changesUnits = COUNTED.has(column.role)
  if (doubt.kind === 'exchanged') {
    const { example, alone } = doubt
    return [
      {
        question: `Which day is ${quoted(example.cell)} in ${place} ${example.line} of ${quoted(name)}?`,
        why: `It is written as ${quoted(alone.cell)} in ${place} ${alone.line} is, but only with day and month exchanged do the rows follow each other in time: a spreadsheet has taken days up to 12 for months. Export the file again, with dates such as 2026-10-31.`,
        changesUnits,
        answers: [],
      },
    ]
  }
  const why =
    doubt.kind === 'tie'
      ? `Every date in ${quoted(name)} can be read both ways, such as ${quoted(doubt.example)}.`
      : `${quoted(name)} holds both: ${quoted(doubt.cells[0])} in ${place} ${doubt.lines[0]}, ${quoted(doubt.cells[1])} in ${place} ${doubt.lines[1]}. Better write all of them one way; otherwise those that cannot be read are left out.`
  return [
    {
      question: `Does ${quoted(name)} write the day first, or the month?`,
      why,
      changesUnits,
      answers: [
        { meaning: 'the day', setting: { option: 'dates', order: 'dmy' } },
        { meaning: 'the month', setting: { option: 'dates', order: 'mdy' } },
      ],
    },
  ]
}

function numberQuestions(columns: Column[], place: 'line' | 'row'): OpenQuestion[] {
  const doubtful = columns.flatMap((column) => {
    const { name, role, reading } = column
    if (isTakenAsText(column) || reading.type !== 'number' || !reading.doubt) return []
    return [{ name, role, doubt: reading.doubt }]
  })
  const [first] = doubtful.sort((a, b) => Number(COUNTED.has(b.role)) - Number(COUNTED.has(a.role)))
  if (first === undefined) return []
  const { name, role, doubt } = first
  const common = { changesUnits: COUNTED.has(role) }
  if (doubt.kind === 'tie') {
    const { example, values } = doubt
    return [
      {
        ...common,
        question: `Is ${quoted(example)} in ${quoted(name)} ${values['.']} or ${values[',']}?`,
        why: 'No cell of the file tells which sign parts the decimals.',
        answers: (['.', ','] as const).map((sign) => ({
          meaning: String(values[sign]),
          setting: { option: 'decimal', sign },
        })),
      },
    ]
  }
  const [one, other] = doubt.cells.map((cell, i) => `${quoted(cell)} in ${place} ${doubt.lines[i]}`)
  return [
    {
      ...common,
      question: `Which sign parts the decimals in ${quoted(name)}?`,
      why: `It is written in two ways: ${one}, ${other}. Better write all numbers one way; otherwise those that cannot be read are left out.`,
      answers: [
        { meaning: 'the point', setting: { option: 'decimal', sign: '.' } },
        { meaning: 'the comma', setting: { option: 'decimal', sign: ',' } },
      ],
    },
  ]
}

/** Boxes and pieces are no sum. */
function unitQuestions(columns: Column[], known: KnownRoles): OpenQuestion[] {
  return columns.flatMap(({ name, role, reading }) => {
    if (role !== 'quantity' || reading.type !== 'number' || reading.affixes.length < 2) return []
    if (known.columns.has('quantity')) return []
    return [
      {
        question: `May the numbers of ${quoted(name)} be added up?`,
        why: `They are in ${reading.affixes.join(', ')}.`,
        changesUnits: true,
        answers: [
          {
            meaning: 'yes, as they are',
            setting: { option: 'column', role: 'quantity', header: name },
          },
          { meaning: 'no: each row is one unit', setting: { option: 'unset', role: 'quantity' } },
        ],
      },
    ]
  })
}

function dataPackage(
  layout: FileLayout,
  columns: Column[],
  { name, paths, timeZone }: Pick<GuessOptions, 'name' | 'paths' | 'timeZone'>,
): ContractGuess['dataPackage'] & { $schema: string; name: string } {
  const { encoding, delimiter, headerRow, kinds } = layout
  // What stands for nothing among dates and numbers may be a text of its own elsewhere.
  const typed = columns.filter((column) => fieldOf(column).type !== 'string')
  const sentinels = typed.filter((column) => column.role !== 'saleDate').flatMap(sentinelsOf)
  const absent = typed.flatMap(({ profile }) => [...profile.absent])
  const saleDate = columns.find(({ role }) => role === 'saleDate')
  const dated = saleDate ? sentinelsOf(saleDate).filter((cell) => !sentinels.includes(cell)) : []
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name,
    resources: [
      {
        name: 'sales',
        path: paths,
        ...(kinds
          ? { format: 'parquet' }
          : {
              encoding,
              dialect: { delimiter, ...(headerRow > 1 && { headerRows: [headerRow] }) },
            }),
        schema: {
          fields: columns.map((column, index) =>
            kinds && column.role === undefined && kinds[index]?.kind !== 'text'
              ? { name: column.name, type: 'any' }
              : fieldOf(column),
          ),
          missingValues: [...new Set(['', ...absent, ...sentinels, ...zeroPrices(typed)])],
        },
      },
    ],
    cd4ml: {
      columns: Object.fromEntries(
        columns.flatMap(({ role, name }) => (role === undefined ? [] : [[role, name]])),
      ),
      ...(timeZone !== undefined && instantsIn(layout, columns).length > 0 && { timeZone }),
      ...(dated.length > 0 && { sentinels: { saleDate: dated } }),
    },
  }
}

/** The used columns that hold moments, whose day depends on the place. */
function instantsIn({ kinds }: FileLayout, columns: Column[]): string[] {
  return columns.flatMap(({ name, role }, index) => {
    const kind = kinds?.[index]
    const isInstant = kind?.kind === 'timestamp' && kind.isInstant
    return isInstant && role !== undefined ? [name] : []
  })
}

/**
 * What is given away has no price, and counts as demand: a price of 0 is no more than an empty cell,
 * where the same text means nothing in another column.
 */
function zeroPrices(typed: Column[]): string[] {
  const price = typed.find(({ role }) => role === 'price')
  if (price?.reading.type !== 'number') return []
  const parse = numberParser({ ...price.reading, integer: false })
  const zeros = [...price.profile.cells.keys()].filter((cell) => parse(cell) === 0)
  const others = typed.filter((column) => column !== price)
  return zeros.filter((cell) => !others.some(({ profile }) => profile.cells.has(cell)))
}

/** Days such as 31/12/9999: in a column that may be empty they are no more than an empty cell. */
function sentinelsOf({ reading }: Column): string[] {
  return reading.type === 'date' || reading.type === 'datetime' ? reading.sentinels : []
}

/** Only what has a role is held to its type: a note that is a number nearly always is none. */
function fieldOf(column: Column): { [key: string]: unknown } {
  const { name, role, reading } = column
  if (isTakenAsText(column) || reading.type === 'string') return { name, type: 'string' }
  if (reading.type !== 'number') return { name, type: reading.type, format: reading.format }
  const { decimalChar, groupChar, bareNumber, isWhole } = reading
  const affixed = bareNumber ? {} : { bareNumber }
  const plain = decimalChar === '.' && groupChar === undefined
  // Where no fraction was seen, 1.196 is nothing that has been agreed upon.
  if (plain && isWhole && (role === 'quantity' || role === 'stock')) {
    return { name, type: 'integer', ...affixed }
  }
  return { name, type: 'number', ...(!plain && { decimalChar, groupChar }), ...affixed }
}
