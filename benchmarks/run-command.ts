import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** What a process used, with all its threads, but without git's processes. */
type Usage = { cpuSeconds: number; megabytes: number }

/** What it used, in seconds of the clock as well, and what it printed. */
export type Ran = Usage & { seconds: number; stdout: string }

/** Runs a command of this repository in a project, as a process with these options of Node. */
export function runCommand(
  folder: string,
  command: string[],
  options: string[] = [],
): Promise<Ran> {
  const hook = `data:text/javascript,${encodeURIComponent(TELL_USAGE)}`
  const cli = join(import.meta.dirname, '../src/cli.ts')
  const args = [...options, '--import', hook, cli, ...command]
  const start = performance.now()
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: folder, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        const told = /^used: (.*)$/m.exec(stderr)
        const seconds = (performance.now() - start) / 1000
        // 1 is a verdict as well: the challenger is not better.
        if (told && (!error || error.code === 1)) {
          resolve({ ...(JSON.parse(told[1]) as Usage), seconds, stdout })
        } else reject(new Error(`${command.join(' ')} failed: ${stderr}`, { cause: error }))
      },
    )
  })
}

const TELL_USAGE = `
  import { isMainThread } from 'node:worker_threads'
  const tell = () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6
    console.error('used: ' + JSON.stringify({ cpuSeconds, megabytes: (maxRSS * 1024) / 1e6 }))
  }
  if (isMainThread) process.on('exit', tell)
`
