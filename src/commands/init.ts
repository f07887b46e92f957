import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { canonicalJson } from '../canonical-json.ts'
import type { Frequency } from '../demand/calendar.ts'
import { UserError } from '../errors.ts'
import { initText } from '../reporting/init-report.ts'
import { type Role, roles } from '../sales/roles.ts'
import { init } from '../steps/init.ts'
import { ask, type Question } from './ask.ts'
import { parseCount, withOutputOptions } from './options.ts'
import type { Shell } from './shell.ts'

type InitOptions = {
  name?: string
  sales?: string[]
  column: Map<Role, string>
  frequency?: Frequency
  horizon?: number
  owners?: string[]
  dryRun?: true
  json?: true
  quiet?: true
}

type Answers = { name: string; sales: string[]; owners: string[] }

export function addInit(program: Command, shell: Shell): void {
  withOutputOptions(program.command('init'))
    .description('make a fresh copy of the template your own: sales, contract, recipe, owners')
    .option('--sales <file...>', 'your sales as CSV, outside of this folder')
    .option(
      '--owners <owner...>',
      'who reviews: @user or @org/team for all, or team=@owner for one',
    )
    .option('--name <name>', 'of the package (default: that of this folder)')
    .option(
      '--column <role=header>',
      'what a column means, where the guess is wrong',
      byRole,
      new Map(),
    )
    .addOption(
      new Option(
        '--frequency <frequency>',
        'what to forecast by (default: what suits the sales)',
      ).choices(['day', 'week', 'month']),
    )
    .option('--horizon <periods>', 'how many periods ahead', parseCount)
    .option('--dry-run', 'show what would be guessed and changed, and change nothing')
    .action(async (options: InitOptions) => {
      const answers = await answersFor(shell, options)
      const { column: columns, frequency, horizon, dryRun = false, quiet = false } = options
      const bar = shell.progress('validate', quiet)
      const result = await init({
        project: shell.project,
        today: shell.today,
        ...answers,
        columns,
        ...(frequency && { frequency }),
        ...(horizon !== undefined && { horizon }),
        dryRun,
        onProgress: bar.update,
      }).finally(bar.stop)
      shell.print(options.json ? canonicalJson(result) : initText(result))
      if (result.outcome === 'invalid') process.exitCode = 1
    })
}

function byRole(value: string, before: Map<Role, string>): Map<Role, string> {
  const [role, ...header] = value.split('=')
  const known = roles.find((candidate) => candidate === role)
  if (known === undefined || header.length === 0) {
    throw new InvalidArgumentError(
      `It must be ROLE=HEADER, such as product=sku; the roles are ${roles.join(', ')}.`,
    )
  }
  return new Map(before).set(known, header.join('='))
}

/** What the options say; what they leave open is asked for where somebody can answer. */
async function answersFor(shell: Shell, options: InitOptions): Promise<Answers> {
  const { name = packageName(basename(shell.project)), sales, owners } = options
  if (sales && owners) return { name, sales, owners }
  if (options.json || !process.stdin.isTTY || !process.stderr.isTTY) {
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
    ...(sales ? [] : [{ text: 'Which CSV files hold your sales?', problem: noFile }]),
    ...(owners ? [] : [{ text: 'Who reviews (@user, @org/team)?' }]),
  ]
  const given = await ask(open, { input: process.stdin, output: process.stderr })
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
