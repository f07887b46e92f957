import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A server that runs as a process of its own. */
export type Served = {
  url: string
  process: ChildProcess
  /** Ends it and waits for that. */
  stop(): Promise<void>
}

/**
 * Starts a process and waits for the line that `ready` finds its address in. Throws with what it
 * printed where it ends before that.
 */
export async function served(
  [program, ...args]: [string, ...string[]],
  options: { cwd: string; env: Record<string, string> },
  ready: (line: string) => string | undefined,
): Promise<Served> {
  const child = spawn(program, args, {
    ...options,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (printed.length < 200) printed.push(line)
        const found = ready(line)
        if (found !== undefined) resolve(found)
      })
    }
    child.on('exit', () => reject(new Error(`${program} ended: ${printed.join('\n')}`)))
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return { url, process: child, stop }
}
