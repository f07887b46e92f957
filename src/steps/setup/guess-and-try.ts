import { constants, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { WeekLabel } from '../../sales/contract/contract-schema.ts'
import type { Role } from '../../sales/contract/roles.ts'
import { type ContractGuess, guessContract } from '../../sales/guess/guess-contract.ts'
import type { DateStyle } from '../../sales/guess/guess-dates.ts'
import type { DecimalChar } from '../../sales/guess/guess-numbers.ts'
import type { SalesFile } from '../../sales/guess/sales-file.ts'
import { type ValidationResult, validate } from '../data/validate.ts'
import { guessWeeks } from './guess-weeks.ts'

/** What is known of the sales beside their files. */
export type KnownOfSales = {
  today: Day
  /** Of the package and the data package, such as `demand-forecasts`. */
  name: string
  /** Headers of roles that are known. */
  columns: ReadonlyMap<Role, string>
  /** Roles that no column has. */
  unset: ReadonlySet<Role>
  /** What the files do not tell about numbers and dates. */
  decimal?: DecimalChar
  dates?: DateStyle
  weeks?: WeekLabel
  /** Of the project. */
  timeZone?: string
  onProgress?: (done: number, total: number) => void
}

/** The contract, and what it makes of the sales; nothing where it is open what changes units. */
export async function guessAndTry(
  sales: SalesFile[],
  input: KnownOfSales,
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
  input: KnownOfSales,
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
  { today, onProgress }: KnownOfSales,
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
