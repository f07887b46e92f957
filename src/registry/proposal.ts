import { UserError } from '../base/errors.ts'
import { GitError, git, gitMaybe } from '../base/git.ts'
import type { Manifest } from './manifest.ts'
import { readVersion, treeWithVersion, type Version, wholeVersion } from './production.ts'
import { commitOf } from './repository.ts'

/** The one branch on which versions are proposed, rewritten in place. */
export const PROMOTION_BRANCH = 'promotion/demand'

export type Proposal = {
  /** `unchanged`: the branch already held exactly this version on exactly this base. */
  outcome: 'proposed' | 'unchanged'
  branch: string
  commit: string
}

/** Where a pull request is reviewed; absent for a proposal that stays on one machine. */
export type Review = {
  /** Page of the repository, such as `https://github.com/shop/demand`. */
  repository: string
  /** Page of the workflow run that proposed it. */
  run: string
  /** Whether GitHub runs the checks at once: not for what the workflow's own token has opened. */
  checks: 'start by themselves' | 'wait for approval'
}

/**
 * Makes the promotion branch one commit on top of `base` (a commit id) that puts `version` into
 * production. Working folder, index and current branch stay as they are: everything is written as
 * new git objects, and the branch moves last, in one step.
 *
 * Throws a `UserError` where the branch is checked out, or cannot be moved.
 */
export async function writeProposal(
  repo: string,
  base: string,
  version: Version,
  message: string,
): Promise<Proposal> {
  const branch = PROMOTION_BRANCH
  const tree = await treeWithVersion(repo, base, version)
  const written = await readVersion(repo, tree)
  if (!written) throw new Error('the version that was written is not there')
  const old = await commitOf(repo, REF)
  if (old && (await treeAndParents(repo, old)) === `${tree}\n${base}`) {
    return { outcome: 'unchanged', branch, commit: old }
  }
  await refuseCheckedOut(repo)
  const commit = await writeCommit(repo, tree, base, message)
  await moveBranch(repo, commit, old)
  return { outcome: 'proposed', branch, commit }
}

/** What is proposed on the promotion branch of this clone; undefined where nothing that is whole is. */
export async function proposedVersion(repo: string): Promise<Manifest | undefined> {
  return (await wholeVersion(repo, REF))?.manifest
}

const REF = `refs/heads/${PROMOTION_BRANCH}`

async function treeAndParents(repo: string, commit: string): Promise<string> {
  return (await git(repo, ['rev-parse', `${commit}^{tree}`, `${commit}^@`])).trim()
}

async function refuseCheckedOut(repo: string): Promise<void> {
  const worktrees = (await git(repo, ['worktree', 'list', '--porcelain', '-z'])).split('\0\0')
  const holder = worktrees.find((lines) => lines.split('\0').includes(`branch ${REF}`))
  if (!holder) return
  throw new UserError(`the branch ${PROMOTION_BRANCH} is checked out, and cd4ml rewrites it`, {
    file: holder.split('\0')[0].slice('worktree '.length),
    remedy: 'Switch to another branch there, such as git switch main, and try again.',
  })
}

async function writeCommit(
  repo: string,
  tree: string,
  parent: string,
  message: string,
): Promise<string> {
  const settings = ['-c', 'i18n.commitEncoding=UTF-8', ...(await fallbackIdentity(repo))]
  const args = [...settings, 'commit-tree', tree, '-p', parent, '-F', '-']
  return (await git(repo, args, { input: message })).trim()
}

// Without a name git either refuses or makes one up from the machine's.
async function fallbackIdentity(repo: string): Promise<string[]> {
  const settings: string[] = []
  for (const [key, value] of [
    ['user.name', 'cd4ml'],
    ['user.email', 'cd4ml@localhost'],
  ]) {
    if (!(await gitMaybe(repo, ['config', key]))) settings.push('-c', `${key}=${value}`)
  }
  return settings
}

async function moveBranch(repo: string, commit: string, old: string | undefined): Promise<void> {
  try {
    // The old value (empty: none) makes git refuse where somebody else has moved the branch.
    await git(repo, ['update-ref', '-m', 'cd4ml: propose a version', REF, commit, old ?? ''])
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause
    throw new UserError(`the branch ${PROMOTION_BRANCH} could not be moved: ${cause.message}`, {
      remedy: 'Do what git says, then try again: nothing has been changed.',
      cause,
    })
  }
}
