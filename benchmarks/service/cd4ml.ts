import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { type Served, served } from './process.ts'

/** The service as a process, with what a client needs to ask it. */
export type ServedCd4ml = Served & {
  headers: Record<string, string>
  /** One of its own, for whoever has this name. */
  token(name: string): Promise<string>
  /** After everything that nobody holds was collected, in megabytes. */
  memory(): Promise<{ resident: number; heap: number }>
}

const REPOSITORY = resolve(import.meta.dirname, '../..')
const CLI = resolve(REPOSITORY, 'src/cli.ts')

/** `cd4ml serve` on the sample data of this repository or a clone of it, with its ledger in a folder. */
export async function cd4mlServer(
  folder: string,
  nodeOptions: string[] = [],
  project = REPOSITORY,
): Promise<ServedCd4ml> {
  const ledger = ['--ledger', `sqlite:${folder}/ledger.sqlite`]
  const hook = `data:text/javascript,${encodeURIComponent(TELL_MEMORY)}`
  const node = ['--expose-gc', '--import', hook, ...nodeOptions]
  const options = { cwd: project, env: {} }
  const server = await served(
    [process.execPath, ...node, CLI, 'serve', '--port', '0', ...ledger],
    options,
    (line) => /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0],
  )
  const token = async (name: string) => {
    const asked = ['token', 'create', '--name', name, '--scope', 'read,decide', ...ledger]
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...asked], options)
    return stdout.trim()
  }
  const authorization = `Bearer ${await token('benchmark')}`
  const headers = { authorization, 'content-type': 'application/json' }
  return { ...server, headers, token, memory: () => memoryOf(server) }
}

async function memoryOf({ process }: Served): Promise<{ resident: number; heap: number }> {
  const lines = createInterface({ input: process.stderr! })
  process.kill('SIGUSR2')
  for (;;) {
    const [line] = await once(lines, 'line')
    const told = /^memory: (.*)$/.exec(line)
    if (!told) continue
    lines.close()
    const { rss, heapUsed } = JSON.parse(told[1])
    return { resident: rss / 1e6, heap: heapUsed / 1e6 }
  }
}

const TELL_MEMORY = `
  import { isMainThread } from 'node:worker_threads'
  const tell = () => {
    gc()
    gc()
    console.error('memory: ' + JSON.stringify(process.memoryUsage()))
  }
  if (isMainThread) process.on('SIGUSR2', tell)
`
