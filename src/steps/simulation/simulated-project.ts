import { existsSync } from 'node:fs'
import { readdir, readFile, rm, symlink } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { UserError } from '../../base/errors.ts'
import { committingAt, git, gitMaybe } from '../../base/git.ts'
import { makeFolder, writeWhole } from '../../base/write-file.ts'
import { PRODUCTION } from '../../registry/production.ts'
import { isRepository, resolveBase } from '../../registry/repository.ts'
import { isStillSample } from '../../registry/sample.ts'

/**
 * Makes the folder a repository whose first commit, at that moment, holds what the last commit of the
 * project does. Nothing in it leads back to the project, and the project itself stays as it is. A
 * simulation that stood there before goes away.
 *
 * Throws a `UserError` where the project does not have the sample sales, or the folder something else
 * than a simulation.
 */
export async function beginProject(project: string, folder: string, at: string): Promise<void> {
  await requireSample(project)
  await makeRoom(folder)
  const { commit } = await resolveBase(project, 'HEAD')
  const settings = SETTINGS.flatMap((setting) => ['-c', setting])
  const options = ['--quiet', '--no-checkout', '--no-tags', '--template=', ...settings]
  await git(project, ['clone', ...options, '--', project, folder])
  const args = ['commit-tree', `${commit}^{tree}`, '-m', 'Begin with the sample sales']
  const root = (await committingAt(at, () => git(folder, args))).trim()
  await onlyBranch(folder, root)
  await git(folder, ['reset', '--quiet', '--hard'])
  await symlink(PACKAGES, join(folder, 'node_modules'), 'junction')
}

/** Puts these sales in the place of the sample's, with nothing in production that has learnt from those. */
export async function replaceSales(
  folder: string,
  files: readonly { name: string; text: string }[],
  at: string,
): Promise<void> {
  await rm(join(folder, 'data', 'sales'), { recursive: true })
  await rm(join(folder, PRODUCTION), { recursive: true, force: true })
  await writeSales(folder, files)
  await commitAll(folder, 'Begin with the sales of another chain', at)
}

/** Writes sales files into the project. */
export async function writeSales(
  folder: string,
  files: readonly { name: string; text: string }[],
): Promise<void> {
  for (const { name, text } of files) await writeWhole(join(folder, 'data', 'sales', name), text)
}

/** Has whoever works in the project take this ISO day for today. */
export async function setToday(folder: string, day: string): Promise<void> {
  const file = join(folder, 'project.yml')
  const document = parseDocument(existsSync(file) ? await readFile(file, 'utf8') : '')
  document.set('today', day)
  await writeWhole(file, String(document))
}

/** Commits whatever there is at a moment, ISO 8601 in UTC. */
export async function commitAll(folder: string, message: string, at: string): Promise<void> {
  await git(folder, ['add', '--all'])
  await committingAt(at, () => git(folder, ['commit', '--quiet', '-m', message]))
}

/** Merges the branch of promotions, as the button of its pull request does. */
export async function mergePromotion(folder: string, branch: string, at: string): Promise<void> {
  const title = (await git(folder, ['show', '--no-patch', '--format=%s', branch])).trim()
  const args = ['merge', '--quiet', '--no-ff', '-m', `Merge: ${title}`, branch]
  await committingAt(at, () => git(folder, args))
}

/** Says of a repository that it may go away. */
const MARK = 'cd4ml.simulation'

/**
 * Whoever calls git in there has no hooks, no signatures and no name that are somebody's own; and no
 * commit looks whether to tidy up what is thrown away as a whole.
 */
const SETTINGS = [
  `${MARK}=true`,
  'user.name=cd4ml',
  'user.email=cd4ml@localhost',
  'core.hooksPath=/dev/null',
  'core.autocrlf=false',
  'commit.gpgSign=false',
  'maintenance.auto=false',
]

const PACKAGES = resolve(import.meta.dirname, '../../../node_modules')

async function requireSample(project: string): Promise<void> {
  if (!(await isRepository(project))) {
    throw new UserError('is not the top folder of a git repository', {
      file: project,
      remedy: 'Run cd4ml simulate where git has the project.',
    })
  }
  const { commit } = await resolveBase(project, 'HEAD')
  if (await isStillSample(project, commit)) return
  throw new UserError('holds other sales than the sample that the template ships', {
    file: 'data',
    remedy: 'Only that chain can be simulated: run cd4ml simulate in a fresh copy of the template.',
  })
}

async function makeRoom(folder: string): Promise<void> {
  if (await isSimulation(folder)) await rm(folder, { recursive: true, force: true })
  await makeFolder(folder)
  if ((await readdir(folder)).length === 0) return
  throw new UserError('is there already, and is no simulation', {
    file: relative('.', folder),
    remedy: 'Name another folder with --out.',
  })
}

async function isSimulation(folder: string): Promise<boolean> {
  const config = join(folder, '.git', 'config')
  if (!existsSync(config)) return false
  return (await gitMaybe(folder, ['config', '--file', config, '--get', MARK])) === 'true'
}

/** Leaves the branch `main`, which begins with a commit, and no way back to where it came from. */
async function onlyBranch(folder: string, commit: string): Promise<void> {
  await git(folder, ['update-ref', '--no-deref', 'HEAD', commit])
  await git(folder, ['symbolic-ref', 'HEAD', 'refs/heads/main'])
  await git(folder, ['remote', 'remove', 'origin'])
  const refs = (await git(folder, ['for-each-ref', '--format=%(refname)'])).split('\n')
  for (const ref of refs.filter(Boolean)) await git(folder, ['update-ref', '-d', ref])
  await git(folder, ['update-ref', 'refs/heads/main', commit])
  await rm(join(folder, '.git', 'shallow'), { force: true })
}
