import { rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { firstOf } from '../../base/first-of.ts'
import type { Language } from '../../base/language.ts'
import { readProjectSettings } from '../../base/project-settings.ts'
import type { Frequency } from '../../demand/calendar.ts'
import { buildPanel } from '../../demand/panel.ts'
import { hasHolidays, holidaysOf } from '../../demand/public-holidays.ts'
import { suitingPeriods } from '../../demand/suiting-periods.ts'
import { type Change, changesTo, checkOutTree, editedTree } from '../../registry/edited-tree.ts'
import { changedFiles } from '../../registry/lineage.ts'
import { isMain, resolveBase } from '../../registry/repository.ts'
import type { ValidationReport } from '../../sales/checks/validation-report.ts'
import { readContract } from '../../sales/contract/contract.ts'
import type { ContractGuess } from '../../sales/guess/guess-contract.ts'
import { headerLanguage } from '../../sales/guess/header-language.ts'
import type { SalesFile } from '../../sales/guess/sales-file.ts'
import { guessAndTry, type KnownOfSales } from './guess-and-try.ts'
import { initEdits } from './init-edits.ts'

export type InitInput = KnownOfSales & {
  /** Top folder of a copy of the template. */
  project: string
  /** Paths of the sales files; they lie outside of the repository. */
  sales: string[]
  /** By default what suits the sales. */
  frequency?: Frequency
  /** Periods ahead; by default what the history can carry. */
  horizon?: number
  /** Region of the holidays, such as `BR-SP`; by default that of the country, where the sales tell. */
  holidays?: string
  /** Of what people read; by default that of the sales. */
  language?: Language
  /** None is needed for a dry run. */
  owners: string[]
  /** Say what would change, and change nothing: the copy need not be clean. */
  dryRun: boolean
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
      language: Language
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
  const { timeZone } = await readProjectSettings(project)
  const { guess, tried } = await guessAndTry(sales, { ...input, timeZone })
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
  const language = input.language ?? languageOfSales(guess)
  const settings = { frequency, horizon, holidays, language }
  const edits = await initEdits(project, { name, sales, dataPackage, owners, ...settings })
  const tree = await editedTree(project, edits)
  const changes = await changesTo(project, tree)
  if (!dryRun) {
    await checkOutTree(project, tree)
    // Runs, reports and challengers of the sample.
    await rm(join(project, '.cd4ml'), { recursive: true, force: true })
  }
  const outcome = dryRun ? 'planned' : 'initialised'
  return { outcome, guess, report, ...settings, changes }
}

/** Portuguese where the headers are, or the shops are in Brazil; else English. */
function languageOfSales({ country, columns }: ContractGuess): Language {
  const header = headerLanguage(columns.map(({ name }) => name))
  return country === 'BR' || header === 'pt' ? 'pt-BR' : 'en'
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
  const { name } = await resolveBase(project)
  const { file, isSample } = await readContract(join(project, 'data', 'datapackage.json'))
  if (!isSample) {
    throw new UserError('describes your own sales: this is no fresh copy of the template', {
      file,
      remedy: 'Change the contract, the recipe and .github/CODEOWNERS by hand from now on.',
    })
  }
  if (mayBeChanged) return
  if (!isMain(name)) {
    throw new UserError(`the branch must be main, which the workflows work on, but is ${name}`, {
      remedy: `Rename it: git branch --move ${name} main; on GitHub, under Settings > General > Default branch.`,
    })
  }
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
  if (!found.isFile()) refuse('is not a file', 'Name CSV or Parquet files with --sales.')
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
