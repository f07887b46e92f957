import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Day, dayFromIso } from '../day.ts'

/** Options of every command that reads sales. */
export type DataOptions = { data: string; contract?: string; asOf?: Day; json?: true; quiet?: true }

/** Options of every command that works on a challenger. */
export type ModelOptions = DataOptions & { recipe: string; out: string }

export const CHALLENGER = '.cd4ml/challenger'

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
