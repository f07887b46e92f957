import type { Readable, Writable } from 'node:stream'
import type { Day } from '../base/day.ts'
import type { Language } from '../base/language.ts'
import type { Terminal } from './ask.ts'

/** What a command may know of the world outside of its step, and do to it. */
export type Shell = {
  /** The project's folder: where the command was called. */
  project: string
  /** The calendar day in the project's time zone. Rejects with a `UserError` where that is none. */
  today(): Promise<Day>
  /** The moment, ISO 8601 in UTC. Rejects as `today` does. */
  now(): Promise<string>
  /** Of what is printed for people who are no programmers. */
  language(): Promise<Language>
  environment: NodeJS.ProcessEnv
  /** Where a person can be asked; undefined where nobody would answer. */
  terminal?: Terminal
  /** Results, to standard output. */
  print(text: string): void
  /** What is going on, to standard error; nothing with --quiet. */
  say(text: string): void
  /** Shows how far a long step is. On a terminal a bar; elsewhere nothing, so that logs stay short. */
  progress(label: string, quiet: boolean): Promise<Progress>
  /** Resolves when somebody wants the process to end: by Ctrl+C, or as a service manager does. */
  stopped(): Promise<void>
  /** 1 where a gate says no; without a call, the code is 0. */
  exitWith(code: 1 | 2 | 3): void
}

export type Progress = { update(done: number, total: number): void; stop(): void }

/** What a shell needs of a process. */
export type Surroundings = {
  cwd(): string
  env: NodeJS.ProcessEnv
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable
  stderr: Writable & { isTTY?: boolean }
  exitCode?: number | string | null | undefined
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}

/** The shell of whoever started the process. */
export function shellOf(surroundings: Surroundings): Shell {
  const { stdin, stdout, stderr } = surroundings
  const project = surroundings.cwd()
  return {
    project,
    today: async () => (await import('../base/project-settings.ts')).todayIn(project),
    now: async () => (await import('../base/project-settings.ts')).momentIn(project),
    language: async () => (await import('../base/project-settings.ts')).languageOf(project),
    environment: surroundings.env,
    ...(stdin.isTTY && stderr.isTTY && { terminal: { input: stdin, output: stderr } }),
    print: (text) => void stdout.write(ended(text)),
    say: (text) => void stderr.write(ended(text)),
    progress: async (label, quiet) => (stderr.isTTY && !quiet ? await terminalBar(label) : NO_BAR),
    stopped: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) surroundings.once(signal, resolve)
      }),
    exitWith: (code) => {
      surroundings.exitCode = code
    },
  }
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

async function terminalBar(label: string): Promise<Progress> {
  const { SingleBar } = await import('cli-progress')
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

const NO_BAR: Progress = { update: () => {}, stop: () => {} }
