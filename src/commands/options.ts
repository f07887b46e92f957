import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Day, dayFromCivil, dayFromIso, daysInMonth } from '../base/day.ts'
import { type Role, roles } from '../sales/contract/roles.ts'

/** Options of every command that reads sales. */
export type DataOptions = { data: string; contract?: string; asOf?: Day; json?: true; quiet?: true }

/** Options of every command that works on a challenger. */
export type ModelOptions = DataOptions & { recipe: string; out: string }

/** A month as it was asked for, such as 2026-12, and its first and last day. */
export type Month = { label: string; from: Day; to: Day }

export const CHALLENGER = '.cd4ml/challenger'

export const VALIDATION = '.cd4ml/validation'

export function withDataOptions(command: Command): Command {
  return withOutputOptions(
    command
      .option('--data <folder>', 'folder of the sales files', 'data')
      .option('--contract <file>', 'data contract (default: datapackage.json in the data folder)')
      .addOption(
        new Option(
          '--as-of <date>',
          'behave as if this day (YYYY-MM-DD) were today: nothing dated later is seen',
        ).argParser(parseDay),
      ),
  )
}

export function withModelOptions(command: Command): Command {
  return withDataOptions(command)
    .option('--recipe <file>', 'what is trained', 'recipe.yml')
    .option('--out <folder>', 'folder of the challenger', CHALLENGER)
}

export function withCompareOptions(command: Command): Command {
  return withModelOptions(command)
    .option('--policy <file>', 'what a challenger must show', 'model-registry/policy.yml')
    .option('--ordering <file>', 'how the chain buys (default: ordering.yml)')
    .option('--base <branch>', 'branch that is in production (default: main)')
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

export function withOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'print only the result, not what is going on')
}

export function parseDay(text: string): Day {
  const day = dayFromIso(text)
  if (day === undefined) {
    throw new InvalidArgumentError('It must be an existing day such as 2026-10-31.')
  }
  return day
}

export function parseCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (count < 1) throw new InvalidArgumentError('It must be a whole number of at least 1.')
  return count
}

export function parseMonth(text: string): Month {
  const [year, month] = text.split('-').map(Number)
  const from = /^\d{4}-\d{2}$/.test(text) ? dayFromCivil(year, month, 1) : undefined
  if (from === undefined) throw new InvalidArgumentError('It must be a month such as 2026-12.')
  return { label: text, from, to: from + daysInMonth(year, month) - 1 }
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
