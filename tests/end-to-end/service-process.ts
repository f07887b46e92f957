import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { commandLine, environment } from '../project.ts'

/** `cd4ml serve` as a process, which ends with the test. */
export class ServiceProcess {
  readonly #project: string
  readonly #options: string[]
  #process!: ChildProcess
  /** Where it listens, once it does; after `kill`, where it listens then. */
  address!: Promise<string>
  /** The lines that it has printed, also before it was killed. */
  readonly printed: string[] = []

  constructor(project: string, options: string[]) {
    this.#project = project
    this.#options = options
    this.#start()
    onTestFinished(() => void this.#process.kill('SIGKILL'))
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** Ends it as a machine that loses power does, and starts it again. */
  kill(): void {
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    this.address = ended.then(() => {
      this.#start()
      return this.address
    })
  }

  /** Asks it to end, and resolves with its exit code once it has. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const ended = once(this.#process, 'exit')
    this.#process.kill(signal)
    const [code] = await ended
    return code
  }

  #start(): void {
    const args = commandLine(['serve', '--port', '0', ...this.#options])
    const child = spawn(process.execPath, args, {
      cwd: this.#project,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process = child
    this.address = addressOf(child, this.printed)
    // Whoever waits for it is told; where nobody does, it is no failure of its own.
    this.address.catch(() => {})
  }
}

/** Where a service listens, as it prints it; throws with what it printed where it ends before that. */
export function addressOf(child: ChildProcess, printed: string[] = []): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream! }).on('line', (line) => {
        printed.push(line)
        const found = /http:\/\/[\w.]+:\d+/.exec(line)
        if (found) resolve(found[0])
      })
    }
    child.once('exit', (code, signal) => {
      if (signal !== 'SIGKILL') {
        reject(new Error(`the service ended with ${code}: ${printed.join('\n')}`))
      }
    })
  })
}
