import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { REPOSITORY } from '../project.ts'

/** Says on standard error what is loaded. */
const TRACE = `import { registerHooks } from 'node:module'
registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) })`

it.each(['--help', '--version', 'validate --help', 'train --help'])(
  'cd4ml %s loads the options and what parses them, and starts no other process',
  async (args) => {
    const trace = `data:text/javascript,${encodeURIComponent(TRACE)}`
    const node = ['--import', trace, join(REPOSITORY, 'bin/cd4ml.js'), ...args.split(' ')]
    // Without a PATH there is no npx to start.
    const { stderr } = await promisify(execFile)(process.execPath, node, { env: {} })
    const loaded = stderr.split('\n').filter((url) => url.startsWith('file:'))
    const packages = loaded.flatMap(
      (url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [],
    )
    expect(new Set(packages)).toEqual(new Set(['commander']))
    expect(loaded.length).toBeGreaterThan(10)
    expect(loaded.length).toBeLessThan(30)
  },
)
