import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { addCompare } from './commands/compare.ts'
import { addDoctor } from './commands/doctor.ts'
import { addForecast } from './commands/forecast.ts'
import { addHistory } from './commands/history.ts'
import { addInit } from './commands/init.ts'
import { addOrder } from './commands/order.ts'
import { addPipeline } from './commands/pipeline.ts'
import { addPromote } from './commands/promote.ts'
import { addRollback } from './commands/rollback.ts'
import { addRuns } from './commands/runs.ts'
import { terminalShell } from './commands/shell.ts'
import { addTrain } from './commands/train.ts'
import { addValidate } from './commands/validate.ts'
import { addVerify } from './commands/verify.ts'
import { UserError } from './errors.ts'
import { exitCodeOf } from './exit-code.ts'
import { today } from './today.ts'

// Whoever reads the output, such as head, may have read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program().parseAsync()
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = exitCodeOf(error)
}

function program(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const root = new Command('cd4ml')
    .description('Continuous delivery for demand forecasting models, on nothing but git.')
    .version(version)
    .showHelpAfterError('(add --help for the options)')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  const shell = terminalShell(process.cwd(), today())
  const commands = [
    addPipeline,
    addValidate,
    addTrain,
    addCompare,
    addPromote,
    addVerify,
    addRollback,
    addHistory,
    addForecast,
    addOrder,
    addRuns,
    addInit,
    addDoctor,
  ]
  for (const add of commands) add(root, shell)
  return root
}

function messageOf(error: unknown): string {
  if (error instanceof UserError) return `cd4ml: ${error.message}`
  return `cd4ml: this is a bug of cd4ml, not a mistake of yours.\n${error instanceof Error ? error.stack : String(error)}`
}
