import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** What a process used, with all its threads, but without git's processes. */
export type Usage = { cpuSeconds: number; megabytes: number }

/** Runs `cd4ml pipeline` of this repository in a project, as a process with these options of Node. */
export function runPipeline(folder: string, options: string[] = []): Promise<Usage> {
  const hook = `data:text/javascript,${encodeURIComponent(TELL_USAGE)}`
  const cli = join(import.meta.dirname, '../src/cli.ts')
  const args = [...options, '--import', hook, cli, 'pipeline', '--quiet']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 }, (error, _, stderr) => {
      const told = /^used: (.*)$/m.exec(stderr)
      // 1 is a verdict as well: the challenger is not better.
      if (told && (!error || error.code === 1)) resolve(JSON.parse(told[1]))
      else reject(new Error(`the pipeline failed: ${stderr}`, { cause: error }))
    })
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
