import { constants, copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { firstOf } from '../../base/first-of.ts'
import type { Frequency } from '../../demand/calendar.ts'
import { buildPanel } from '../../demand/panel.ts'
import { hasHolidays, holidaysOf } from '../../demand/public-holidays.ts'
import { suitingPeriods } from '../../demand/suiting-periods.ts'
import { type Change, changesTo, checkOutTree, editedTree } from '../../registry/edited-tree.ts'
import { changedFiles } from '../../registry/lineage.ts'
import { resolveBase } from '../../registry/repository.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import { readContract } from '../../sales/contract/contract.ts'
import type { Role } from '../../sales/contract/roles.ts'
import { type ContractGuess, guessContract } from '../../sales/guess/guess-contract.ts'
import type { DateStyle } from '../../sales/guess/guess-dates.ts'
import type { SalesFile } from '../../sales/guess/guess-layout.ts'
import type { DecimalChar } from '../../sales/guess/guess-numbers.ts'
import type { WeekLabel } from '../../sales/totals/weekly-totals.ts'
import { type ValidationResult, validate } from '../data/validate.ts'
import { initEdits } from './init-edits.ts'
import { guessWeeks } from './init-weeks.ts'

export type InitInput = {
  /** Top folder of a copy of the template. */
  project: string
  today: Day
  name: string
  /** Paths of the sales files; they lie outside of the repository. */
  sales: string[]
  /** Headers of roles that are known. */
  columns: ReadonlyMap<Role, string>
  /** Roles that no column has. */
  unset: ReadonlySet<Role>
  /** What the files do not tell about numbers and dates. */
  decimal?: DecimalChar
  dates?: DateStyle
  weeks?: WeekLabel
  /** By default what suits the sales. */
  frequency?: Frequency
  /** Periods ahead; by default what the history can carry. */
  horizon?: number
  /** Region of the holidays, such as `BR-SP`; by default that of the country, where the sales tell. */
  holidays?: string
  /** None is needed for a dry run. */
  owners: string[]
  /** Say what would change, and change nothing: the copy need not be clean. */
  dryRun: boolean
  onProgress?: (done: number, total: number) => void
}

/** What became of a fresh copy of the template; `report` is what the contract makes of the sales. */
export type InitReport = { guess: ContractGuess } & (
  | {
      outcome: 'planned' | 'initialised'
      report: ValidationReport
      frequency: Frequency
      horizon: number
      /** Region of the holidays; undefined where nobody said. */
      holidays: string | undefined
      changes: Change[]
    }
  /** The sales are not valid by the contract; nothing was changed. */
  | { outcome: 'invalid'; report: ValidationReport }
  /** What the files leave open changes units; nothing was changed. */
  | { outcome: 'open' }
)

/**
 * Turns a fresh copy of the template into somebody's own repository: their sales with a contract,
 * recipe, owners and name; nothing in production. The sales that the template ships move to the
 * examples. Everything is prepared in git first and then checked out, as changes that are staged.
 * Where the files leave open what changes units, nothing is done but to ask.
 *
 * Throws a `UserError`, before any file is changed, where the copy is not fresh or has uncommitted
 * changes, where no contract can be guessed, or where the sales do not suit the frequency.
 */
export async function init(input: InitInput): Promise<InitReport> {
  const { project, name, owners, dryRun } = input
  checkName(name)
  await requireFresh(project, { mayBeChanged: dryRun })
  const sales = await Promise.all(input.sales.map((path) => salesFile(project, path)))
  checkSales(sales)
  if (input.holidays !== undefined) holidaysOf(input.holidays)
  const { guess, tried } = await guessAndTry(sales, input)
  if (tried === undefined) return { outcome: 'open', guess }
  const { dataPackage } = guess
  const { report } = tried
  if (tried.outcome === 'invalid') return { outcome: 'invalid', guess, report }
  const periods = suitingPeriods(tried.totals, input.frequency)
  const frequency = periods.frequency
  buildPanel(tried.totals, { frequency })
  const horizon = input.horizon ?? periods.horizon
  const holidays =
    input.holidays ?? (guess.country && hasHolidays(guess.country) ? guess.country : undefined)
  const to = { name, sales, dataPackage, frequency, horizon, holidays, owners }
  const edits = await initEdits(project, to)
  const tree = await editedTree(project, edits)
  const changes = await changesTo(project, tree)
  if (!dryRun) {
    await checkOutTree(project, tree)
    // Runs, reports and challengers of the sample.
    await rm(join(project, '.cd4ml'), { recursive: true, force: true })
  }
  const outcome = dryRun ? 'planned' : 'initialised'
  return { outcome, guess, report, frequency, horizon, holidays, changes }
}

/** The contract, and what it makes of the sales; nothing where it is open what changes units. */
async function guessAndTry(
  sales: SalesFile[],
  input: InitInput,
): Promise<{ guess: ContractGuess; tried: ValidationResult | undefined }> {
  const guessed = await guessContract(sales, {
    ...input,
    paths: sales.map(({ name }) => `sales/${name}`),
  })
  if (guessed.questions.some(({ changesUnits }) => changesUnits)) {
    return { guess: guessed, tried: undefined }
  }
  const { cd4ml: rules } = guessed.dataPackage
  const { dataPackage: withoutTotals, tried } = await withoutTotalRows(
    sales,
    { ...guessed.dataPackage, cd4ml: { ...rules, files: { sales: patternsOf(sales) } } },
    input,
  )
  const guess = { ...guessed, dataPackage: withoutTotals }
  if (tried.outcome === 'invalid') return { guess, tried }
  const column = guess.columns.find(({ role }) => role === 'saleDate')?.name ?? ''
  const weeks = guessWeeks(tried.totals, column, input.weeks)
  if (!weeks.known) {
    const questions = [...guess.questions, weeks.question]
    return { guess: { ...guess, questions }, tried: undefined }
  }
  if (weeks.label === undefined) return { guess, tried }
  const cd4ml = { ...guess.dataPackage.cd4ml, weeklyTotals: weeks.label }
  const dataPackage = { ...guess.dataPackage, cd4ml }
  return { guess: { ...guess, dataPackage }, tried: await tryOut(sales, dataPackage, input) }
}

/** Rows of totals are left out by name: the report says which, as quarantined. */
async function withoutTotalRows(
  sales: SalesFile[],
  dataPackage: ContractGuess['dataPackage'],
  input: InitInput,
): Promise<{ dataPackage: ContractGuess['dataPackage']; tried: ValidationResult }> {
  const tried = await tryOut(sales, dataPackage, input)
  const { findings } = tried.report
  const leftOut: { product?: string[]; store?: string[] } = {}
  for (const role of ['product', 'store'] as const) {
    const column = tried.contract.columns.get(role)
    const found = findings.find((one) => one.rule === 'total-counted' && one.column === column)
    if (found) leftOut[role] = found.examples.map(({ value }) => value)
  }
  if (Object.keys(leftOut).length === 0 || 'leftOut' in dataPackage.cd4ml) {
    return { dataPackage, tried }
  }
  const without = { ...dataPackage, cd4ml: { ...dataPackage.cd4ml, leftOut } }
  return { dataPackage: without, tried: await tryOut(sales, without, input) }
}

/** GitHub takes no larger file into a repository. */
const LARGEST_FILE = 100 * 1024 ** 2

function checkName(name: string): void {
  if (/^[a-z\d][a-z\d._-]{0,99}$/.test(name)) return
  throw new UserError(`must be a name of a package, but is ${JSON.stringify(name)}`, {
    key: '--name',
    remedy: 'Use small letters, digits, hyphens and dots, such as demand-forecasts.',
  })
}

async function requireFresh(
  project: string,
  { mayBeChanged }: { mayBeChanged: boolean },
): Promise<void> {
  await resolveBase(project)
  const { file, isSample } = await readContract(join(project, 'data', 'datapackage.json'))
  if (!isSample) {
    throw new UserError('describes your own sales: this is no fresh copy of the template', {
      file,
      remedy: 'Change the contract, the recipe and .github/CODEOWNERS by hand from now on.',
    })
  }
  if (mayBeChanged) return
  const changed = (await changedFiles(project, { within: [] })).sort()
  if (changed.length === 0) return
  throw new UserError(`there are uncommitted changes in ${firstOf(changed)}`, {
    remedy: 'Commit or undo them first, and keep your sales files outside of the repository.',
  })
}

async function salesFile(project: string, given: string): Promise<SalesFile> {
  const path = resolve(project, given)
  const found = await stat(path).catch((cause) => {
    throw new UserError('cannot be read', {
      file: given,
      remedy: `Name your sales files with --sales. (${cause.message})`,
      cause,
    })
  })
  const refuse = (what: string, remedy: string) => {
    throw new UserError(what, { file: given, remedy })
  }
  if (!found.isFile()) refuse('is not a file', 'Name CSV files with --sales.')
  if (found.size > LARGEST_FILE) {
    const size = Math.round(found.size / 1024 ** 2)
    refuse(
      `has ${size} MB, but GitHub takes files of up to 100 MB`,
      'Pack it with gzip, or split it by month.',
    )
  }
  const name = basename(path)
  if (/^\.|[*\\]/.test(name)) refuse('cannot be called so', 'Rename it, such as sales.csv.')
  return { name, path }
}

function checkSales(sales: SalesFile[]): void {
  const names = sales.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice === undefined) return
  throw new UserError(`two files are called ${twice}`, {
    key: '--sales',
    remedy: 'Rename one of them: all go into data/sales/.',
  })
}

/** With `*`, so that the files of the coming months need no change of the contract. */
function patternsOf(sales: SalesFile[]): string[] {
  const patterns = sales.map(({ name }) => {
    const ending = /(\.[A-Za-z\d]+)?(\.gz)?$/.exec(name)?.[0] ?? ''
    return ending === '' ? name : `*${ending.toLowerCase()}`
  })
  return [...new Set(patterns)].map((pattern) => `sales/${pattern}`)
}

/** Validates the sales by the guessed contract, laid out as they will be. */
async function tryOut(
  sales: SalesFile[],
  dataPackage: object,
  { today, onProgress }: InitInput,
): Promise<ValidationResult> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-init-'))
  try {
    const contractFile = join(folder, 'datapackage.json')
    await writeFile(contractFile, JSON.stringify(dataPackage))
    await mkdir(join(folder, 'sales'))
    for (const { name, path } of sales) {
      await copyFile(path, join(folder, 'sales', name), constants.COPYFILE_FICLONE)
    }
    const options = { dataFolder: folder, contractFile, today }
    return await validate({ ...options, ...(onProgress && { onProgress }) })
  } catch (error) {
    // The place is one that nobody can look at.
    if (!(error instanceof UserError) || !error.place.file?.startsWith(folder)) throw error
    const { what, remedy } = error
    throw new UserError(what, { key: '--sales', ...(remedy && { remedy }), cause: error })
  } finally {
    await rm(folder, { recursive: true })
  }
}
