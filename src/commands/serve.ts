import { serve } from '../service/serve.ts'
import { type AccessFlags, accessSettings } from './serve-access.ts'
import type { Shell } from './shell.ts'

export type ServeCommandOptions = AccessFlags & {
  host: string
  port: number
  ledger: string
  exchange?: string
  follow?: string
}

/** Serves until it is told to end; what was accepted by then is answered. */
export async function serveCommand(
  shell: Shell,
  release: string,
  { host, port, ledger, exchange, follow, ...flags }: ServeCommandOptions,
): Promise<void> {
  const stopped = shell.stopped()
  const serving = await serve({
    project: shell.project,
    ledger,
    host,
    port,
    release,
    ...accessSettings(flags, shell.environment),
    ...(exchange !== undefined && { exchange }),
    ...(follow !== undefined && { follow }),
    // A person at a terminal wants to see the address, a program every request.
    ...(!shell.terminal && { logs: { write: (line: string) => shell.print(line) } }),
  })
  shell.say(`cd4ml answers at ${serving.address}
Log in, once and within a day: ${serving.loginLink}
API: ${serving.address}/openapi.json. Ctrl+C ends it.`)
  await stopped
  await serving.close()
}
