import { SingleBar } from 'cli-progress'
import type { Day } from '../day.ts'

/** What a command may do to the world outside of its step. */
export type Shell = {
  /** The project's folder: where the command was called. */
  project: string
  /** The calendar day in the project's time zone. */
  today: Day
  /** Results, to standard output. */
  print(text: string): void
  /** What is going on, to standard error; nothing with --quiet. */
  say(text: string): void
  /** Shows how far a long step is. On a terminal a bar; elsewhere nothing, so that logs stay short. */
  progress(label: string, quiet: boolean): Progress
}

export type Progress = { update(done: number, total: number): void; stop(): void }

export function terminalShell(project: string, today: Day): Shell {
  return {
    project,
    today,
    print: (text) => void process.stdout.write(ended(text)),
    say: (text) => void process.stderr.write(ended(text)),
    progress: (label, quiet) =>
      process.stderr.isTTY && !quiet ? terminalBar(label) : { update: () => {}, stop: () => {} },
  }
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

function terminalBar(label: string): Progress {
  const bar = new SingleBar({
    format: `${label.padEnd(9)} {bar} {percentage}%  {eta_formatted} left`,
    hideCursor: true,
    clearOnComplete: true,
  })
  let started = false
  return {
    update(done, total) {
      if (!started) bar.start(total, 0)
      started = true
      bar.setTotal(total)
      bar.update(done)
    },
    stop() {
      if (started) bar.stop()
    },
  }
}
