import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { UserError } from '../base/errors.ts'
import type { Language } from '../base/language.ts'
import type { Frequency } from '../demand/calendar.ts'
import type { Role } from '../sales/contract/roles.ts'
import type { DateStyle } from '../sales/guess/guess-dates.ts'
import type { DecimalChar } from '../sales/guess/guess-numbers.ts'
import { type InitReport, init } from '../steps/setup/init.ts'
import { ask, type Question, type Terminal } from './ask.ts'
import { initText } from './init-text.ts'
import { answersTo, type GivenAnswers, withSetting } from './open-questions.ts'
import type { Shell } from './shell.ts'

type InitOptions = {
  name?: string
  sales?: string[]
  column: Map<Role, string>
  unset: Set<Role>
  decimal?: DecimalChar
  dates?: DateStyle
  weeks?: 'first' | 'last'
  frequency?: Frequency
  horizon?: number
  holidays?: string
  language?: Language
  owners?: string[]
  dryRun?: true
  json?: true
  quiet?: true
}

type Answers = { name: string; sales: string[]; owners: string[] }

export async function initCommand(shell: Shell, options: InitOptions): Promise<void> {
  const answers = await answersFor(shell, options)
  const { column: columns, unset, dryRun = false, quiet = false } = options
  const { decimal, dates, weeks, frequency, horizon, holidays, language } = options
  const run = async (settings: GivenAnswers): Promise<InitReport> => {
    const bar = await shell.progress('validate', quiet)
    return init({
      project: shell.project,
      today: await shell.today(),
      ...answers,
      ...settings,
      ...(frequency && { frequency }),
      ...(horizon !== undefined && { horizon }),
      ...(holidays && { holidays }),
      ...(language && { language }),
      dryRun,
      onProgress: bar.update,
    }).finally(bar.stop)
  }
  const said: GivenAnswers = {
    columns,
    unset,
    ...(decimal && { decimal }),
    ...(dates && { dates }),
    ...(weeks && { weeks: weeks === 'first' ? 'first day' : 'last day' }),
  }
  const result = await runAsking(run, said, options.json || dryRun ? undefined : shell.terminal)
  shell.print(options.json ? canonicalJson(result) : initText(result))
  if (result.outcome === 'invalid' || result.outcome === 'open') shell.exitWith(1)
}

/** What the sales leave open is asked for, where somebody can answer, until nothing is. */
async function runAsking(
  run: (settings: GivenAnswers) => Promise<InitReport>,
  said: GivenAnswers,
  terminal: Terminal | undefined,
): Promise<InitReport> {
  const result = await run(said)
  if (result.outcome !== 'open' || terminal === undefined) return result
  const open = result.guess.questions.filter(({ changesUnits }) => changesUnits)
  if (open.some(({ answers }) => answers.length === 0)) return result
  const answers = await answersTo(open, terminal)
  return runAsking(run, answers.reduce(withSetting, said), terminal)
}

/** What the options say; what they leave open is asked for where somebody can answer. */
async function answersFor(shell: Shell, options: InitOptions): Promise<Answers> {
  const { name = packageName(basename(shell.project)), sales, dryRun } = options
  const owners = options.owners ?? (dryRun ? [] : undefined)
  if (sales && owners) return { name, sales, owners }
  if (options.json || !shell.terminal) {
    throw new UserError(`${sales ? '--owners' : '--sales'} must be given`, {
      remedy: 'Such as --sales ../sales.csv --owners @maria; on a terminal, you are asked.',
    })
  }
  const noFile = (answer: string) => {
    const missing = words(answer).find((file) => !existsSync(resolve(shell.project, file)))
    return missing === undefined ? undefined : `There is no file ${missing}.`
  }
  const open: Question[] = [
    ...(options.name ? [] : [{ text: 'What is the repository called?', otherwise: name }]),
    ...(sales ? [] : [{ text: 'Which CSV or Parquet files hold your sales?', problem: noFile }]),
    ...(owners ? [] : [{ text: 'Who reviews (@user, @org/team)?' }]),
  ]
  const given = await ask(open, shell.terminal)
  const next = () => given.shift() ?? ''
  return {
    name: options.name ?? next(),
    sales: sales ?? words(next()),
    owners: owners ?? words(next()),
  }
}

function packageName(folder: string): string {
  return folder
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** Names with spaces stand in quotes, as on a command line. */
function words(line: string): string[] {
  return Array.from(
    line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
    ([, double, single, bare]) => double ?? single ?? bare,
  )
}
