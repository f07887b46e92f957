import { cpSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { git } from '../src/base/git.ts'

// The settings of whoever runs the tests must not decide about them.
process.env.GIT_CONFIG_GLOBAL = '/dev/null'
process.env.GIT_CONFIG_NOSYSTEM = '1'

/** A folder that lives as long as the tests of a file. Its name has spaces. */
export async function temporaryFolder(): Promise<string> {
  const folder = await sharedFolder()
  folders.push(folder)
  return folder
}

/** A folder that lives as long as the run of all tests: for what is made once, and copied. */
export async function sharedFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'cd4ml test '))
}

/** After the tests of a file. */
export async function removeTemporaryFolders(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
}

/** Makes the folder an empty repository on `main`. */
export async function initialise(folder: string, options: string[] = []): Promise<void> {
  await git(folder, ['init', '--quiet', '--template=', '--initial-branch=main', ...options])
  await appendFile(join(folder, '.git', 'config'), SETTINGS)
}

/** The same repository in another folder: quicker than to make it again. */
export async function copyOf(repo: string): Promise<string> {
  const folder = await temporaryFolder()
  // Costs a quarter of what the asynchronous one does.
  cpSync(repo, folder, { recursive: true, preserveTimestamps: true })
  return folder
}

/** Makes a repository that will be copied often a matter of few files. */
export async function pack(repo: string): Promise<void> {
  await git(repo, ['repack', '-a', '-d', '--quiet'])
}

export async function put(repo: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(repo, path)), { recursive: true })
    await writeFile(join(repo, path), content)
  }
}

/** Commits whatever there is, now or `at` an ISO instant, and returns the commit. */
export async function commitAll(repo: string, message: string, at?: string): Promise<string> {
  const env = at ? { GIT_COMMITTER_DATE: at, GIT_AUTHOR_DATE: at } : {}
  await git(repo, ['add', '--all'])
  await git(repo, ['commit', '--quiet', '--allow-empty', '-m', message], { env })
  return (await git(repo, ['rev-parse', 'HEAD'])).trim()
}

// By the last two, git believes that a file is the same in a copy of the folder, without reading it.
const SETTINGS = `[user]
	name = Maria Souza
	email = maria@example.com
[core]
	trustctime = false
	checkStat = minimal
`

const folders: string[] = []
