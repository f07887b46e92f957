import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '../base/errors.ts'
import { GitError, git, gitMaybe } from '../base/git.ts'

/** A branch or commit that something is compared with, and the commit that it is now. */
export type Revision = { name: string; commit: string }

/**
 * Whether the folder is the top of a git repository. A folder somewhere inside one is not: its
 * surroundings may be anybody's.
 *
 * Throws a `UserError` where git itself cannot say, such as in a folder of another owner.
 */
export async function isRepository(folder: string): Promise<boolean> {
  // What has been one stays one: every step asks, and each answer of git is a process.
  if (repositories.has(resolve(folder))) return true
  try {
    const top = (await git(folder, ['rev-parse', '--show-toplevel'])).replace(/\n$/, '')
    const isTop = (await realpath(top)) === (await realpath(folder))
    if (isTop) repositories.add(resolve(folder))
    return isTop
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause
    if (/not a git repository|must be run in a work tree/.test(cause.message)) return false
    throw new UserError(`git cannot read this folder: ${cause.message}`, { file: folder, cause })
  }
}

const repositories = new Set<string>()

/** The commit that a name stands for; undefined where there is none. The name may be anything. */
export async function commitOf(repo: string, name: string): Promise<string | undefined> {
  if (!isName(name)) return undefined
  return await gitMaybe(repo, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ])
}

/**
 * The first of these refs, named in full (`refs/heads/main`), that there is, and the commit that it
 * is at. The names may be anything.
 */
export async function firstRef(
  repo: string,
  refs: string[],
): Promise<{ ref: string; commit: string } | undefined> {
  const named = refs.filter(isName)
  const args = ['for-each-ref', '--format=%(refname) %(objectname)', '--', ...named]
  const lines = (await git(repo, args)).split('\n')
  for (const ref of named) {
    const found = lines.find((line) => line.startsWith(`${ref} `))
    if (found !== undefined) return { ref, commit: found.slice(ref.length + 1) }
  }
  return undefined
}

/** As `commitOf`, but a branch wins over a tag of the same name, other than in git itself. */
export async function branchOrCommit(repo: string, name: string): Promise<string | undefined> {
  return (await firstBranch(repo, [name]))?.commit ?? (await commitOf(repo, name))
}

/**
 * The branch that promotions go to: the given one, else `main`, else `origin/main`, else the
 * current branch. Throws a `UserError` where it does not exist.
 */
export async function resolveBase(repo: string, base?: string): Promise<Revision> {
  await requireRepository(repo)
  if (base === undefined) {
    // Branches alone: where only the remote one is there, a tag of its name is somebody else's.
    const branch = await firstBranch(repo, MAIN)
    if (branch) return branch
    const commit = await commitOf(repo, 'HEAD')
    if (commit) return { name: await currentBranch(repo), commit }
    throw new UserError('the repository has no commit yet', {
      file: repo,
      remedy: 'Commit your data, recipe and code first.',
    })
  }
  const commit = await branchOrCommit(repo, base)
  if (commit) return { name: base === 'HEAD' ? await currentBranch(repo) : base, commit }
  throw new UserError(`the base must be a branch or a commit, but is ${JSON.stringify(base)}`, {
    remedy: 'Name a branch that git branch --all lists, such as --base main.',
  })
}

/** Whether a base is that of the workflows, here or on the remote. */
export function isMain(name: string): boolean {
  return MAIN.includes(name)
}

const MAIN = ['main', 'origin/main']

export async function isAncestor(repo: string, older: string, newer: string): Promise<boolean> {
  return (await gitMaybe(repo, ['merge-base', '--is-ancestor', older, newer])) !== undefined
}

/** Whether the clone holds only the newest commits, as those of CI services do. */
export async function isShallow(repo: string): Promise<boolean> {
  return (await git(repo, ['rev-parse', '--is-shallow-repository'])).trim() === 'true'
}

function isName(text: string): boolean {
  return text !== '' && !/\p{Cc}/u.test(text)
}

/** Of this clone, or as the remote was last fetched. */
async function firstBranch(repo: string, names: string[]): Promise<Revision | undefined> {
  const refs = names.flatMap((name) => [`refs/heads/${name}`, `refs/remotes/${name}`])
  const found = await firstRef(repo, refs)
  return found && { name: found.ref.replace(/^refs\/(heads|remotes)\//, ''), commit: found.commit }
}

/** Throws a `UserError` where the folder is no repository, as `isRepository` has it. */
export async function requireRepository(folder: string): Promise<void> {
  if (!(await isRepository(folder))) {
    throw new UserError('is not the top folder of a git repository', {
      file: folder,
      remedy: 'Run cd4ml in the top folder of the repository, or make one with git init.',
    })
  }
}

async function currentBranch(repo: string): Promise<string> {
  return (await gitMaybe(repo, ['symbolic-ref', '--short', '--quiet', 'HEAD'])) ?? 'HEAD'
}
