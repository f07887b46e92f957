import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Day } from '../base/day.ts'
import { MOST_JOBS } from '../forecasting/most-jobs.ts'
import { type Role, roles } from '../sales/contract/roles.ts'
import { type Scope, scopes } from '../service/http/identity.ts'
import type { SimulatedShift } from '../steps/simulation/live-on.ts'
import type { Shell } from './shell.ts'

/** Options of every command that reads sales. */
export type DataOptions = { data: string; contract?: string; asOf?: Day; json?: true; quiet?: true }

/** Options of every command that works on a challenger. */
export type ModelOptions = DataOptions & { recipe: string; out: string; name?: string }

export const CHALLENGER = '.cd4ml/challenger'

export const VALIDATION = '.cd4ml/validation'

export function withDataOptions(command: Command): Command {
  return withOutputOptions(
    command
      .option('--data <folder>', 'folder of the sales files', 'data')
      .option('--contract <file>', 'data contract (default: datapackage.json in the data folder)')
      .option(
        '--as-of <date>',
        'behave as if this day (YYYY-MM-DD) were today: nothing dated later is seen',
      ),
  )
}

export function withRecipeOption(command: Command): Command {
  return withDataOptions(command).option('--recipe <file>', 'what is trained', 'recipe.yml')
}

export function withModelOptions(command: Command): Command {
  return withRecipeOption(command)
    .option('--out <folder>', 'folder of the challenger', CHALLENGER)
    .addOption(
      new Option('--name <text>', 'what runs calls this run by (default: the branch)').argParser(
        parseRunName,
      ),
    )
}

export function withCompareOptions(command: Command): Command {
  return withModelOptions(command)
    .option('--policy <file>', 'what a challenger must show', 'model-registry/policy.yml')
    .option('--ordering <file>', 'how the chain buys (default: ordering.yml)')
    .option('--base <branch>', 'branch that is in production (default: main)')
    .option('--rows <file>', 'write forecast and actual of every scored row there, as CSV')
}

export function withForecastingOptions(command: Command): Command {
  return withDataOptions(command)
    .option(
      '--out <folder>',
      `forecast with the challenger in this folder (default: the model in production; for other data or an earlier --as-of, ${CHALLENGER})`,
    )
    .option('--recipe <file>', 'the recipe is in the model; accepted as by the other commands')
    .option('--ordering <file>', 'how the chain buys (default: ordering.yml)')
}

/** What if something else were planned of a product on the days that are asked about. */
export function withWhatIfOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--price <amount>', 'what if a unit cost so much on these days')
        .argParser(parsePrice)
        .conflicts('discount'),
    )
    .addOption(
      new Option('--discount <percent>', 'what if so much were off the usual price').argParser(
        parseDiscount,
      ),
    )
    .option('--promotion <kind>', 'what if there were a promotion of this kind')
    .option('--display', 'what if it stood where customers see it')
    .option('--closed', 'what if it were not sold')
}

export function withOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'print only the result, not what is going on')
}

export function withLedgerOptions(command: Command): Command {
  return withOutputOptions(command).option(
    '--ledger <url>',
    'the ledger of the service, sqlite:PATH or postgres://… (default: sqlite:.cd4ml/ledger.sqlite)',
  )
}

/** Who may ask the service, and how. Accounts of people are set in its environment. */
export function withAccessOptions(command: Command): Command {
  return command
    .option(
      '--trust-proxy <addresses>',
      'of proxies in front of it, whose word is taken for who asks and whether by https',
    )
    .option('--embed-in <origin...>', 'whose pages may show it in a frame (default: nobody)')
    .addOption(
      new Option('--requests-per-minute <count>', 'that one system may send').argParser(parseCount),
    )
    .option(
      '--actions-repository <owner/name>',
      'whose workflows may read and report what sold, by the token of GitHub (default: none)',
    )
    .option('--actions-ref <ref>', 'the branch on which they run', 'refs/heads/main')
    .option(
      '--actions-audience <url>',
      'for whom they ask for the token: where they reach the service, such as https://orders.example',
    )
    .option(
      '--actions-issuer <url>',
      'who signs the tokens: another one on GitHub Enterprise Server',
      'https://token.actions.githubusercontent.com',
    )
}

/**
 * Reads every option that takes a `<date>` or a `<month>`, in the language of the project, which is
 * not known before. Throws a `UserError`.
 */
export async function readDays(command: Command, shell: Shell): Promise<void> {
  const given = command.options.flatMap((option) => {
    const name = option.attributeName()
    const text: string | undefined = command.opts()[name]
    return text === undefined ? [] : [{ name, text, flags: option.flags }]
  })
  const [days, months] = ['<date>', '<month>'].map((kind) =>
    given.filter(({ flags }) => flags.endsWith(kind)),
  )
  if (days.length + months.length === 0) return
  const { writtenDay, writtenMonth } = await import('./written-days.ts')
  const language = await shell.language()
  for (const { name, text, flags } of days) {
    command.setOptionValue(name, writtenDay(flags.split(' ')[0], text, language))
  }
  for (const { name, text, flags } of months) {
    const today: Day = command.opts().asOf ?? (await shell.today())
    command.setOptionValue(name, writtenMonth(flags.split(' ')[0], text, today))
  }
}

export function parseCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (count < 1) throw new InvalidArgumentError('It must be a whole number of at least 1.')
  return count
}

/** How many jobs, or which of them. */
export function parseJobs(text: string): number {
  const jobs = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (jobs >= 1 && jobs <= MOST_JOBS) return jobs
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_JOBS}.`)
}

/** `9.90` or `9,90`. */
export function parsePrice(text: string): number {
  const price = amountIn(text)
  if (!(price > 0)) throw new InvalidArgumentError('It must be an amount above 0, such as 9.90.')
  return price
}

/** `20`, `12.5` or `0.5%`, as a share of 1. Without the sign, 0.2 is most likely a share itself. */
export function parseDiscount(text: string): number {
  const percent = amountIn(text.replace(/ ?%$/, ''))
  const isUnclear = percent > 0 && percent < 1 && !text.endsWith('%')
  if (percent >= 0 && percent < 100 && !isUnclear) return percent / 100
  throw new InvalidArgumentError(
    'It must be percent of the usual price, below 100, such as 20; below 1 with the sign: 0.5%.',
  )
}

function amountIn(text: string): number {
  return /^\d{1,9}([.,]\d{1,4})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN
}

export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw new InvalidArgumentError('It must be a port from 0 to 65535.')
  return port
}

export function parseRunName(text: string): string {
  if (text === '' || text.length > 100) {
    throw new InvalidArgumentError('It must be a text of 1 to 100 characters.')
  }
  return text
}

export function parseScopes(text: string): Scope[] {
  return text.split(',').map((name) => {
    const known = scopes.find((scope) => scope === name.trim())
    if (known !== undefined) return known
    throw new InvalidArgumentError(`The scopes are ${scopes.join(', ')}.`)
  })
}

/** `+0.5@20`, `-0.5@20` or `0.5@20`: what becomes of demand in which week. */
export function parseBreak(text: string): SimulatedShift {
  const [, sign, number, week] = /^([+-]?)(\d{1,2}(?:\.\d{1,6})?)@([1-9]\d{0,3})$/.exec(text) ?? []
  const share = Number(number)
  const isPossible = share > 0 && (sign === '+' ? share <= 10 : share < 1)
  if (week === undefined || !isPossible) {
    throw new InvalidArgumentError(
      'It must be a share and a week, such as +0.5@20, -0.5@20 or 0.5@20; of less than 1 but for +.',
    )
  }
  const kind = sign === '' ? 'restless' : 'level'
  return { kind, share: sign === '-' ? -share : share, week: Number(week) }
}

/** `0.01` or `-0.01`: by how much demand changes every week. */
export function parseDrift(text: string): SimulatedShift {
  const share = /^[+-]?0?\.\d{1,6}$/.test(text) ? Number(text) : 0
  if (share === 0 || Math.abs(share) > 0.1) {
    throw new InvalidArgumentError('It must be a share of at most 0.1, such as 0.01 or -0.01.')
  }
  return { kind: 'drift', share, week: 1 }
}

/** One of the meanings that a column can have, into the set of those before it. */
export function parseRole(value: string, before: Set<Role>): Set<Role> {
  return new Set(before).add(roleNamed(value))
}

export function parseColumn(value: string, before: Map<Role, string>): Map<Role, string> {
  const [role, ...header] = value.split('=')
  if (header.length === 0) {
    throw new InvalidArgumentError('It must be ROLE=HEADER, such as product=sku.')
  }
  return new Map(before).set(roleNamed(role), header.join('='))
}

function roleNamed(name: string): Role {
  const known = roles.find((candidate) => candidate === name)
  if (known !== undefined) return known
  throw new InvalidArgumentError(`The roles are ${roles.join(', ')}.`)
}
