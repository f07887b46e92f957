import { mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { exitCodeOf } from '../../../src/base/exit-code.ts'
import { GitError, git } from '../../../src/base/git.ts'
import { asUserError } from '../../../src/base/system-errors.ts'
import { makeFolder, readBack, writeWhole } from '../../../src/base/write-file.ts'

test.each([
  ['ENOSPC', /no space/],
  ['EDQUOT', /share of the disk/],
  ['EROFS', /read-only/],
  ['EACCES', /the right/],
  ['EPERM', /the right/],
  ['EMFILE', /ulimit -n/],
  ['ENFILE', /too many files/],
  ['EISDIR', /is a folder/],
  ['ENOTDIR', /must be/],
  ['EEXIST', /stands there/],
  ['ENAMETOOLONG', /too long/],
  ['ELOOP', /links/],
  ['EBUSY', /another program/],
  ['EIO', /disk fails/],
])('%s is the user’s to mend: a sentence with the file, and exit code 2', (code, sentence) => {
  const error = Object.assign(new Error(`${code}: as the system says it`), {
    code,
    syscall: 'open',
    path: '/data/model.json',
  })
  const mistake = asUserError(new Error('wrapped', { cause: error }))
  expect(mistake?.message).toMatch(/^\/data\/model\.json: /)
  expect(mistake?.message).toMatch(sentence)
  expect(mistake?.remedy).toContain(code)
  expect(exitCodeOf(error)).toBe(2)
})

test.each([
  ["Unable to create '/r/.git/index.lock': File exists.", '/r/.git/index.lock', /no git runs/],
  ['error: could not lock config file .git/config: File exists', '.git/config', /lock/],
  ["detected dubious ownership in repository at '/r'", '/r', /safe\.directory/],
  ['Please tell me who you are.', undefined, /git config user\.name/],
  ['fatal: empty ident name (for <>) not allowed', undefined, /git config user\.name/],
  ['not a git repository (or any of the parent directories): .git', undefined, /git init/],
  ['error: unable to write file: No space left on device', undefined, /Make room/],
  ['unable to create temporary file: Read-only file system', undefined, /writable/],
  ['insufficient permission for adding an object to repository', undefined, /rights/],
  ["unable to access 'https://x/': Could not resolve host: x", undefined, /network/],
  ['error: object file .git/objects/ab/c is empty', undefined, /git fsck/],
])('where git says %j, the user reads what to do', (said, file, remedy) => {
  const mistake = asUserError(new GitError(['add', '.'], 128, said, new Error('exit 128')))
  expect(mistake?.place.file).toBe(file)
  expect(mistake?.remedy).toMatch(remedy)
})

test('a lock that a killed git left behind is named, in a real repository', async () => {
  const folder = await temporaryFolder()
  await git(folder, ['init', '--quiet'])
  await writeFile(join(folder, '.git/index.lock'), '')
  await writeFile(join(folder, 'a.txt'), 'a')
  const error = await git(folder, ['add', 'a.txt']).catch((thrown) => thrown)
  expect(asUserError(error)?.message).toMatch(/index\.lock: another git holds the repository/)
})

test('a machine without git is told so', async () => {
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('PATH', '/nowhere')
  const error = await git('/', ['status']).catch((thrown) => thrown)
  expect(asUserError(error)?.message).toMatch(/git is not installed/)
})

test.runIf(process.platform === 'linux')('a disk that is really full is told so', async () => {
  const full = await open('/dev/full', 'w')
  const error = await full.writeFile('x').catch((thrown) => thrown)
  await full.close()
  expect(asUserError(error)?.message).toMatch(/no space left/)
})

test('a folder for models that is a file, or below one, is named and left as it is', async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'recipe.yml')
  await writeFile(file, 'mine')
  for (const path of [join(file, 'model.json'), join(file, 'deep', 'model.json')]) {
    const error = await writeWhole(path, 'x').catch((thrown) => thrown)
    expect(asUserError(error)?.message).toMatch(/recipe\.yml.*(is a file|a file stands)/)
  }
  await mkdir(join(folder, 'taken'))
  const error = await writeWhole(join(folder, 'taken'), 'x').catch((thrown) => thrown)
  expect(asUserError(error)?.message).toMatch(/taken/)
  expect(await readFile(file, 'utf8')).toBe('mine')
  await symlink('nowhere', join(folder, 'link'))
  const dangling = await makeFolder(join(folder, 'link')).catch((thrown) => thrown)
  expect(asUserError(dangling)?.message).toMatch(/link: something else stands there/)
  const long = await makeFolder(join(folder, 'x'.repeat(300))).catch((thrown) => thrown)
  expect(asUserError(long)?.message).toMatch(/too long/)
})

test.runIf(process.platform === 'linux')(
  'a folder in /proc is refused, where Node would try for ever',
  async () => {
    await expect(makeFolder('/proc/cd4ml/model')).rejects.toThrow(UserError)
  },
)

test('a bug stays one, also where a user’s mistake is the cause of it', () => {
  const bugs = [
    new TypeError('x is undefined'),
    Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', syscall: 'open' }),
    Object.assign(new Error('Invalid'), { code: 'ERR_INVALID_ARG_TYPE' }),
    new GitError(['frobnicate'], 1, "git: 'frobnicate' is not a git command", undefined),
    'thrown text',
  ]
  for (const bug of bugs) expect(exitCodeOf(bug)).toBe(3)
  const unreadable = () =>
    readBack('model.json', () => {
      throw new UserError('horizon must be a number')
    })
  const thrown = (() => {
    try {
      return unreadable()
    } catch (error) {
      return error
    }
  })()
  expect(exitCodeOf(thrown)).toBe(3)
})

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}
