import { readFileSync } from 'node:fs'
import { Command, CommanderError, Option } from 'commander'
import { exitCodeOf } from '../base/exit-code.ts'
import { asUserError } from '../base/system-errors.ts'
import type { Doubtful } from '../sales/warehouse/doubts.ts'
import type { SimulatedBuyer } from '../simulation/advised-buyer.ts'
import {
  CHALLENGER,
  parseBreak,
  parseColumn,
  parseCount,
  parseDrift,
  parseJobs,
  parsePort,
  parseRole,
  parseScopes,
  readDays,
  VALIDATION,
  withAccessOptions,
  withCompareOptions,
  withDataOptions,
  withForecastingOptions,
  withLedgerOptions,
  withModelOptions,
  withOutputOptions,
  withRecipeOption,
  withWhatIfOptions,
} from './options.ts'
import type { Shell } from './shell.ts'

/**
 * Runs the command that the arguments name. A user's mistake is told in one sentence and ends with
 * code 2, a bug with its stack and code 3.
 */
export async function runCommandLine(args: string[], shell: Shell): Promise<void> {
  try {
    await commandLine(shell).parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said it, or shown the help that was asked for.
      if (error.exitCode !== 0) shell.exitWith(2)
      return
    }
    shell.say(messageOf(error))
    shell.exitWith(exitCodeOf(error))
  }
}

/**
 * Every command with its options. What a command does is loaded when it is called: nobody waits for
 * what is not used.
 */
function commandLine(shell: Shell): Command {
  const { version } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  const program = new Command('cd4ml')
    .description('Continuous delivery for demand forecasting models, on nothing but git.')
    .version(version)
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({ writeOut: shell.print, writeErr: shell.say })
    .exitOverride()
    .hook('preAction', (_, command) => readDays(command, shell))

  withCompareOptions(program.command('pipeline'))
    .description('validate, train, compare and, where the challenger is better, promote')
    .action(async (options) => (await import('./pipeline.ts')).pipelineCommand(shell, options))

  withDataOptions(program.command('validate'))
    .description('check the sales files against the contract')
    .option('--out <folder>', 'where the report goes', VALIDATION)
    .option('--list-files', 'bring the list of files in the contract up to date first')
    .action(async (options) => (await import('./validate.ts')).validateCommand(shell, options))

  withOutputOptions(program.command('ingest'))
    .description(
      'ask the warehouse of the contract for new and revised days, and write their files',
    )
    .option('--data <folder>', 'folder of the sales files', 'data')
    .option('--contract <file>', 'data contract (default: datapackage.json in the data folder)')
    .option('--from <date>', 'the first day (default: the first that may have been revised)')
    .option('--until <date>', 'the last day (default: yesterday, since today is not over)')
    .addOption(
      new Option('--accept <what...>', 'that it is so, where an answer is doubtful').choices([
        'gap',
        'shrunk',
        'doubled',
        'renamed',
      ] satisfies Doubtful[]),
    )
    .option('--dry-run', 'ask and check, say what would change, and change nothing')
    .action(async (options) => (await import('./ingest.ts')).ingestCommand(shell, options))

  const data = program.command('data').description('sales files that lie on another machine')

  withOutputOptions(data.command('add'))
    .description('fetch a file by https, and write into the contract where it lies and what it is')
    .argument('<url>', 'its address, which anybody can read without a password')
    .option('--data <folder>', 'folder of the sales files', 'data')
    .option('--contract <file>', 'data contract (default: datapackage.json in the data folder)')
    .action(async (url, options) => (await import('./data.ts')).addDataCommand(shell, url, options))

  withModelOptions(program.command('train'))
    .description('search the recipe and train the challenger')
    .action(async (options) => (await import('./train.ts')).trainCommand(shell, options))

  withCompareOptions(program.command('compare'))
    .description('backtest the challenger against the champion and decide by the policy')
    .action(async (options) => (await import('./compare.ts')).compareCommand(shell, options))

  withRecipeOption(program.command('plan'))
    .description('share the fits of train and compare among jobs, by what they cost')
    .option('--policy <file>', 'what a challenger must show', 'model-registry/policy.yml')
    .option('--base <branch>', 'branch that is in production (default: main)')
    .addOption(
      new Option('--jobs <count>', 'so many jobs, whatever the recipe says of them').argParser(
        parseJobs,
      ),
    )
    .action(async (options) => (await import('./plan.ts')).planCommand(shell, options))

  withOutputOptions(program.command('fit'))
    .description('make the fits of one job of the plan, of the sales that it hands over')
    .addOption(
      new Option('--shard <number>', 'which job of the plan, from 1 on')
        .argParser(parseJobs)
        .makeOptionMandatory(),
    )
    .action(async (options) => (await import('./fit.ts')).fitCommand(shell, options))

  withOutputOptions(program.command('promote'))
    .description('propose the challenger as the next version, on the branch promotion/demand')
    .option('--out <folder>', 'folder of the challenger', CHALLENGER)
    .option('--base <branch>', 'branch to promote to (default: main)')
    .option(
      '--baseline',
      'put a first model into production, where there is none, without a verdict',
    )
    .action(async (options) => (await import('./promote.ts')).promoteCommand(shell, options))

  withOutputOptions(program.command('verify'))
    .description('prove a version: hashes, parent, scope, and making it again to the same bytes')
    .argument(
      '[revision]',
      'branch or commit (default: promotion/demand where it exists, else HEAD)',
    )
    .option('--base <branch>', 'branch that it is proposed to (default: main)')
    .action(async (revision, options) =>
      (await import('./verify.ts')).verifyCommand(shell, revision, options),
    )

  withOutputOptions(program.command('rollback'))
    .description('propose the model of an earlier version again, without training')
    .requiredOption('--to <version>', 'the version to bring back', parseCount)
    .requiredOption('--reason <text>', 'why, in one line, for the reviewers')
    .option('--base <branch>', 'branch that is in production (default: main)')
    .action(async (options) => (await import('./rollback.ts')).rollbackCommand(shell, options))

  withOutputOptions(program.command('history'))
    .description('which version was in production, and when')
    .option('--base <branch>', 'branch that is in production (default: main)')
    .action(async (options) => (await import('./history.ts')).historyCommand(shell, options))

  withDataOptions(program.command('monitor'))
    .description('whether the model in production keeps what its backtest promised')
    .option('--base <branch>', 'branch that is in production (default: main)')
    .addHelpText(
      'after',
      `
Looks at the forecasts that were published since the promotion (branch ledger) and at what then sold.
The exit code is 0 whatever it finds: how the model is, is a verdict and no gate. Programs read
standing.level with --json: as promised, watch, degraded or wreck.

Such as:
  cd4ml monitor
  cd4ml monitor --as-of 2026-11-30 --json`,
    )
    .action(async (options) => (await import('./monitor.ts')).monitorCommand(shell, options))

  withDataOptions(program.command('dashboard'))
    .description('make the dashboard as a folder of pages, to be opened from there')
    .option('--out <folder>', 'where it goes', '.cd4ml/dashboard')
    .option('--base <branch>', 'branch that is in production (default: main)')
    .action(async (options) => (await import('./dashboard.ts')).dashboardCommand(shell, options))

  withWhatIfOptions(withForecastingOptions(program.command('forecast')))
    .description('how many units will be sold: of one product, or of every one')
    .option('--product <product>', 'its id, its name, or a part of the name that no other has')
    .option('--store <id>', 'the store; without it, every store of the product')
    .addOption(
      new Option(
        '--month <month>',
        'the month, such as 2026-12, dez/2026 or december: the next one of that name',
      ).conflicts(['from', 'to']),
    )
    .option(
      '--from <date>',
      'the first day, such as 2026-12-01; 01/12/2026 where the project speaks Portuguese',
    )
    .option('--to <date>', 'the last day, likewise')
    .addOption(
      new Option('--all', 'every series and period of the horizon').conflicts([
        'product',
        'store',
        'month',
        'from',
        'to',
        'price',
        'discount',
        'promotion',
        'display',
        'closed',
      ]),
    )
    .addOption(
      new Option('--format <format>', 'of --all; excel is CSV as Excel in Brazil opens it')
        .choices(['text', 'csv', 'excel', 'json'])
        .default('csv'),
    )
    .action(async (options) => (await import('./forecast.ts')).forecastCommand(shell, options))

  withWhatIfOptions(withForecastingOptions(program.command('order')))
    .description('what to order of every product; with --product, and why')
    .option('--product <product>', 'of one product: its id, its name, or a part of the name')
    .option('--store <id>', 'the store; without it, every store of the product')
    .option('--from <date>', 'the first day of what if (default: the day of the order)')
    .option('--to <date>', 'the last day of what if (default: that of the horizon)')
    .addOption(
      new Option('--format <format>', 'how it is printed; excel is CSV as Excel in Brazil opens it')
        .choices(['text', 'csv', 'excel', 'json'])
        .default('text'),
    )
    .action(async (options) => (await import('./order.ts')).orderCommand(shell, options))

  withAccessOptions(
    program
      .command('serve')
      .description('answer forecasts and orders over HTTP, and record what is decided')
      .addOption(
        new Option('--port <port>', 'where it listens; 0 takes any that is free')
          .argParser(parsePort)
          .default(8080),
      )
      .option('--host <address>', 'of this machine; 0.0.0.0 for all of them', '127.0.0.1')
      .option(
        '--ledger <address>',
        'sqlite:PATH, or postgres://USER@HOST/DATABASE where there are several of them',
        'sqlite:.cd4ml/ledger.sqlite',
      )
      .option(
        '--exchange <folder>',
        'give out orders there as files, and take in what became of them',
      )
      .option(
        '--follow <repository#branch>',
        'answer by what that branch has in production, and not by this folder',
      ),
  ).action(async (options) => (await import('./serve.ts')).serveCommand(shell, version, options))

  withOutputOptions(program.command('runs'))
    .description('list the runs of train and compare; with ids, put those side by side')
    .argument('[id...]', 'the runs to compare, or the beginnings of their ids')
    .action(async (ids, options) => (await import('./runs.ts')).runsCommand(shell, ids, options))

  withOutputOptions(program.command('ledger'))
    .description('what the service forecast and advised, what was decided, and what sold')
    .option(
      '--ledger <url>',
      'sqlite:PATH, postgres://…, or branch: what was collected in git (default: sqlite:.cd4ml/ledger.sqlite)',
    )
    .option('--product <product>', 'of one product: its id, its name, or a part of the name')
    .option('--store <id>', 'the store; without it, every store of the product')
    .option('--since <date>', 'what happened on this day or later')
    .option('--limit <count>', 'how many, the last first', parseCount, 20)
    .action(async (options) => (await import('./ledger.ts')).ledgerCommand(shell, options))

  withOutputOptions(program.command('simulate'))
    .description(
      'let the sample chain live on, week by week, and watch it forecast, order, monitor and retrain',
    )
    .addOption(new Option('--weeks <count>', 'how long').argParser(parseCount).default(26))
    .addOption(
      new Option(
        '--buyer <kind>',
        'who orders: one who follows the advice, overrides it where promotions are known, changes it by chance (noise), or asks nobody (none)',
      )
        .choices(['follows', 'overrides', 'noise', 'none'] satisfies SimulatedBuyer[])
        .default('follows'),
    )
    .addOption(
      new Option(
        '--break <shift@week>',
        'what happens to demand in a week: +0.5@20 half more from then on, -0.5@20 half less, 0.5@20 half more or less, by chance, anew every week',
      ).argParser(parseBreak),
    )
    .addOption(
      new Option('--drift <share>', 'how much demand changes every week, such as -0.01').argParser(
        parseDrift,
      ),
    )
    .addOption(
      new Option(
        '--products <count>',
        'a chain that sells fewer, which is quicker (default: all of the sample)',
      ).argParser(parseCount),
    )
    .addOption(
      new Option(
        '--seed <number>',
        'another seed, another chain (default: that of the sample)',
      ).argParser(parseCount),
    )
    .option(
      '--out <folder>',
      'where it lives, in a repository of its own that this replaces',
      '.cd4ml/simulation',
    )
    .action(async (options) => (await import('./simulate.ts')).simulateCommand(shell, options))

  withOutputOptions(program.command('init'))
    .description('make a fresh copy of the template your own: sales, contract, recipe, owners')
    .option('--sales <file...>', 'your sales as CSV, outside of this folder')
    .option(
      '--owners <owner...>',
      'who reviews: @user or @org/team for all, or team=@owner for one',
    )
    .option('--name <name>', 'of the package (default: that of this folder)')
    .addOption(
      new Option('--column <role=header>', 'what a column means, where the guess is wrong')
        .argParser(parseColumn)
        .default(new Map(), 'what its name and cells say'),
    )
    .addOption(
      new Option('--unset <role...>', 'that no column has this meaning')
        .argParser(parseRole)
        .default(new Set(), 'none'),
    )
    .addOption(new Option('--decimal <sign>', 'what parts decimals').choices(['.', ',']))
    .addOption(
      new Option('--dates <order>', 'whether days or months are written first').choices([
        'dmy',
        'mdy',
      ]),
    )
    .addOption(
      new Option('--weeks <day>', 'the day of its week by which a weekly total is dated').choices([
        'first',
        'last',
      ]),
    )
    .addOption(
      new Option(
        '--frequency <frequency>',
        'what to forecast by (default: what suits the sales)',
      ).choices(['day', 'week', 'month']),
    )
    .option('--horizon <periods>', 'how many periods ahead', parseCount)
    .option('--holidays <region>', 'whose holidays count, such as BR-SP')
    .addOption(
      new Option(
        '--language <language>',
        'of pull requests, orders and reports (default: that of the sales)',
      ).choices(['en', 'pt-BR']),
    )
    .option(
      '--dry-run',
      'show what would be guessed, changed and asked, and change nothing; needs no owners',
    )
    .action(async (options) => (await import('./init.ts')).initCommand(shell, options))

  withOutputOptions(program.command('doctor'))
    .description('say what is not set up yet, here and on GitHub, and what to do about it')
    .action(async (options) => (await import('./doctor.ts')).doctorCommand(shell, options))

  const token = program
    .command('token')
    .description(
      'who may ask the service: tokens of systems, links for people, and forgetting them',
    )

  withLedgerOptions(token.command('create'))
    .description('make a token for a system, or with --login a link for a person; shown this once')
    .addOption(new Option('--name <text>', 'the system').conflicts('login'))
    .option('--login <name>', 'the person who logs in with the link, once and within a day')
    .addOption(
      new Option(
        '--scope <scopes>',
        'what they may: read, decide, record, admin, with commas between (default: read; a person also decides)',
      ).argParser(parseScopes),
    )
    .addOption(
      new Option(
        '--expires <when>',
        'when the token ends, such as 90d, 12h or 2027-12-31',
      ).conflicts('login'),
    )
    .option(
      '--address <url>',
      'where people reach the service, for the link',
      'http://localhost:8080',
    )
    .action(async (options) => (await import('./token.ts')).createTokenCommand(shell, options))

  withLedgerOptions(token.command('list'))
    .description('which tokens there are, and when they were last used')
    .action(async (options) => (await import('./token.ts')).listTokensCommand(shell, options))

  withLedgerOptions(token.command('revoke'))
    .description('end a token: it lets nobody in from the next request on')
    .argument('<token>', 'its id, as list shows it, or the name for all of that name')
    .action(async (name, options) =>
      (await import('./token.ts')).revokeTokenCommand(shell, name, options),
    )

  withLedgerOptions(token.command('forget'))
    .description('delete what says who somebody is: name, notes, sessions and tokens')
    .argument('<person>', 'name or pseudonym')
    .action(async (person, options) =>
      (await import('./token.ts')).forgetPersonCommand(shell, person, options),
    )

  // What verify calls of the code that it has laid out; of no use to people.
  program
    .command('reproduce', { hidden: true })
    .description('make a version again from what verify has laid out in this folder')
    .argument('<record>', 'what no file in the folder says')
    .requiredOption('--out <folder>', 'folder for the files of the version')
    .action(async (record, options) =>
      (await import('./reproduce.ts')).reproduceCommand(shell, record, options),
    )

  return program
}

function messageOf(error: unknown): string {
  const mistake = asUserError(error)
  if (mistake) return `cd4ml: ${mistake.message}`
  return `cd4ml: this is a bug of cd4ml, not a mistake of yours.\n${error instanceof Error ? error.stack : String(error)}`
}
