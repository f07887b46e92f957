import { runCommandLine } from './commands/command-line.ts'
import { terminalShell } from './commands/shell.ts'

// Whoever reads the output, such as head, may have read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

await runCommandLine(process.argv.slice(2), terminalShell())
