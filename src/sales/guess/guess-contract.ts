import { UserError } from '../../base/errors.ts'
import type { KnownRoles } from '../contract/known-roles.ts'
import type { Role } from '../contract/roles.ts'
import {
  COUNTED,
  dateQuestions,
  isUnsure,
  numberQuestions,
  unitQuestions,
} from './column-questions.ts'
import { dataPackage, instantsIn } from './data-package.ts'
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

/** Enough to see which columns go together. */
const SAMPLE_ROWS = 20_000
