import { runCommandLine } from './commands/command-line.ts'
import { shellOf } from './commands/shell.ts'

// Whoever reads the output, such as head, may have read enough; what is written to may be full.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.stderr.write(`cd4ml: the output cannot be written: ${error.message}\n`)
  process.exit(2)
})
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  // There is nobody left to be told.
  if (error.code !== 'EPIPE') process.exit(2)
})

await runCommandLine(process.argv.slice(2), shellOf(process))
