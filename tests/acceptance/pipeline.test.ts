import { execFile } from 'node:child_process'
import { readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { environment, REPOSITORY, SAMPLE } from '../project.ts'
import { temporaryFolder } from '../repository.ts'

// In a repository with sales of its own, what comes of them is not for a test to say.
const withSample = it.runIf(SAMPLE === join(REPOSITORY, 'data'))

withSample(
  'turns the sample sales of a fresh clone into a promotion that can be verified, once',
  async () => {
    const clone = await temporaryFolder()
    await git(clone, ['clone', '--quiet', REPOSITORY, '.'])
    await git(clone, ['switch', '--quiet', '--force-create', 'main'])
    await symlink(join(REPOSITORY, 'node_modules'), join(clone, 'node_modules'))
    const state = () =>
      Promise.all(
        [
          ['for-each-ref', '--format=%(refname) %(objectname)'],
          ['status', '--porcelain'],
          ['branch', '--show-current'],
          ['hash-object', ...CHALLENGER],
        ].map((args) => git(clone, args)),
      )

    const first = await run(clone, 'npm', ['run', '--silent', 'pipeline'])
    expect(first).toMatch(/^Better: Weighted quantile loss is \d+\.\d% lower than /m)
    expect(first).toMatch(/^promotion\/demand is now at [0-9a-f]{12}: version \d+/m)
    const before = await state()
    expect(before.slice(1, 3)).toEqual(['', 'main\n'])
    const fits = await readdir(join(clone, '.cd4ml/fits'))

    expect(await cd4ml(clone, 'verify')).toMatch(/^promotion\/demand \([0-9a-f]{12}\): verified\n/)

    const again = await cd4ml(clone, 'pipeline')
    expect(again).toMatch(/^promotion\/demand was already at /m)
    expect(again.replace('was already', 'is now')).toBe(first)
    expect(await state()).toEqual(before)
    expect(await readdir(join(clone, '.cd4ml/fits'))).toEqual(fits)
  },
)

const CHALLENGER = ['model', 'training', 'comparison'].map((it) => `.cd4ml/challenger/${it}.json`)

/** As `npx cd4ml` in the clone, with the code of the clone. */
function cd4ml(clone: string, command: string): Promise<string> {
  return run(clone, process.execPath, [join('bin', 'cd4ml.js'), command])
}

async function run(clone: string, program: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd: clone, env: environment() })
  return stdout
}
