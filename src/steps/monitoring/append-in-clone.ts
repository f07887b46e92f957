import { UserError } from '../../base/errors.ts'
import { GitError, git } from '../../base/git.ts'
import { LEDGER_BRANCH } from '../../ledger/leaderboard.ts'
import { type AppendToBranch, NO_FILES } from '../../ledger/ledger.ts'
import { type Edit, editedTree } from '../../registry/edited-tree.ts'
import { commitOf } from '../../registry/repository.ts'
import { ledgerFilesAt } from '../model/clone-ledger.ts'

/**
 * The branch of records in a clone, for steps that write to GitHub's otherwise. Working folder and
 * index stay as they are. Where somebody else moves the branch meanwhile, it throws a `UserError`, and
 * nothing has been changed.
 */
export function appendInClone(repo: string): AppendToBranch {
  return async (plan) => {
    const head = await commitOf(repo, REF)
    const { files, message } = await plan(head ? ledgerFilesAt(repo, head) : NO_FILES)
    if (files.size === 0) return { outcome: 'unchanged', commit: head }
    const edits = [...files].map(([path, content]): Edit => ({ kind: 'write', path, content }))
    const tree = await editedTree(repo, edits, head ?? (await emptyTree(repo)))
    const args = ['commit-tree', tree, ...(head ? ['-p', head] : []), '-F', '-']
    const commit = (await git(repo, args, { input: message })).trim()
    await move(repo, commit, head)
    return { outcome: 'appended', commit }
  }
}

const REF = `refs/heads/${LEDGER_BRANCH}`

async function emptyTree(repo: string): Promise<string> {
  return (await git(repo, ['mktree'])).trim()
}

async function move(repo: string, commit: string, old: string | undefined): Promise<void> {
  try {
    await git(repo, ['update-ref', '-m', 'cd4ml: record', REF, commit, old ?? ''])
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause
    throw new UserError(`the branch ${LEDGER_BRANCH} could not be moved: ${cause.message}`, {
      remedy: 'Do what git says, then try again: nothing has been changed.',
      cause,
    })
  }
}
