import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { linters } from '../../../scripts/workflows/linters.ts'

let cache: string

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'cd4ml-linters-'))
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(cache, { recursive: true })
})

/** A linter that is installed already: a shell script that knows its version. */
async function installed(path: string, script: string): Promise<void> {
  const program = join(cache, path)
  await mkdir(join(program, '..'), { recursive: true })
  await writeFile(program, `#!/bin/sh\n[ "$1" = --version ] && exit\n${script}\n`)
  await chmod(program, 0o755)
}

describe.each(linters)('$name', ({ name, lint }) => {
  const path = name.startsWith('zizmor')
    ? `${name.replace(' ', '-')}/bin/zizmor`
    : `${name.replace(' ', '-')}/actionlint`

  it('is left out where what installs it is not there, and says what is missing', async () => {
    vi.stubEnv('PATH', cache)
    expect(await lint(cache, { cache })).toEqual({
      outcome: 'not installed',
      reason: expect.stringMatching(/spawn (go|python3) ENOENT/),
    })
  })

  it('fails with what it has found, once it is there', async () => {
    await installed(path, 'echo "ci.yml:3: not so"; exit 1')
    expect(await lint(cache, { cache })).toEqual({ outcome: 'failed', output: 'ci.yml:3: not so' })
  })

  it('passes where it finds nothing', async () => {
    await installed(path, 'exit 0')
    expect(await lint(cache, { cache })).toEqual({ outcome: 'passed' })
  })
})
