import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { git } from '../src/base/git.ts'

/**
 * A repository with the code, recipe and policy of this one, and what `write` leaves in the folder of
 * its data, for as long as `measure` takes. `files` stand in it as well, or instead.
 */
export async function inProject<Written, Measured>(
  write: (dataFolder: string) => Promise<Written>,
  measure: (folder: string, written: Written) => Promise<Measured>,
  files: { [path: string]: string } = {},
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-benchmark-'))
  try {
    for (const path of COPIED) {
      await cp(join(repository, path), join(folder, path), { recursive: true })
    }
    const written = await write(join(folder, 'data'))
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    await git(folder, ['init', '--quiet', '--initial-branch=main'])
    await git(folder, ['add', '.'])
    const author = ['-c', 'user.name=benchmark', '-c', 'user.email=benchmark@localhost']
    await git(folder, [...author, 'commit', '--quiet', '--message=Begin'])
    return await measure(folder, written)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const repository = join(import.meta.dirname, '..')
const COPIED = [
  'src',
  'package.json',
  'package-lock.json',
  'recipe.yml',
  'model-registry/policy.yml',
]
