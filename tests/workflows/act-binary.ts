import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the program that executes workflows. */
    act: string
  }
}

/** Finds act, or builds it with Go, before the first scenario; throws where neither is there. */
export default async function setup({ provide }: TestProject): Promise<void> {
  provide('act', (await installed('act')) ?? (await installed(BUILT)) ?? (await build()))
}

// Others behave differently: whether they know `node24` and `--local-repository`, for a start.
const VERSION = '0.2.87'
const FOLDER = join(process.cwd(), 'node_modules', '.cache', 'act', VERSION)
const BUILT = join(FOLDER, 'act')
const run = promisify(execFile)

async function installed(program: string): Promise<string | undefined> {
  const said = await run(program, ['--version']).catch(() => undefined)
  return said?.stdout.trim() === `act version ${VERSION}` ? program : undefined
}

async function build(): Promise<string> {
  console.log(`Building act ${VERSION} with Go, once …`)
  const module = `github.com/nektos/act@v${VERSION}`
  await run('go', ['install', module], { env: { ...process.env, GOBIN: FOLDER } }).catch(
    (cause) => {
      throw new Error(
        `The workflows are executed by act ${VERSION}, which is not on the PATH, and Go could not build it. Install act (https://nektosact.com) or Go (https://go.dev).`,
        { cause },
      )
    },
  )
  return BUILT
}
