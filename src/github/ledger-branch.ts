import { UserError } from '../base/errors.ts'
import { LEDGER_BRANCH } from '../ledger/leaderboard.ts'
import type { GitHub } from './client.ts'
import { blobId, branchHead, type GitTree, moveBranch, openTree, writeCommit } from './git-data.ts'

export type Files = ReadonlyMap<string, Uint8Array>

export type Append = {
  /** New records by path. They are never changed again. */
  add: Files
  /**
   * What is computed from the ledger as it is before this append, such as its README: from the files
   * at paths, and the names in folders.
   */
  derive: (read: GitTree['read'], names: GitTree['names']) => Promise<Files>
  /** Of the commit. */
  message: string
}

export type Appended = { outcome: 'appended' | 'unchanged'; commit: string }

/**
 * Adds records to the ledger branch, which begins with the first one. Where another run has moved
 * the branch meanwhile, all is done again on top of that, so that no record and no derived file
 * is lost.
 *
 * Throws a `UserError` where a record is there already with other content, and where the branch
 * keeps being moved.
 */
export async function appendToLedger(github: GitHub, append: Append): Promise<Appended> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const head = await branchHead(github, LEDGER_BRANCH)
    const files = await changes(head && openTree(github, head.tree), append)
    if (head && files.size === 0) return { outcome: 'unchanged', commit: head.commit }
    const { commit } = await writeCommit(github, {
      parents: head ? [head.commit] : [],
      ...(head && { baseTree: head.tree }),
      files,
      message: append.message,
    })
    const move = { to: commit, ...(head && { from: head.commit }) }
    if ((await moveBranch(github, LEDGER_BRANCH, move)) === 'moved') {
      return { outcome: 'appended', commit }
    }
    await github.pause(attempt)
  }
  throw new UserError(
    `the branch ${LEDGER_BRANCH} was moved by others ${ATTEMPTS} times while this run wrote its records`,
    { remedy: 'Run the job again: the records are still in its artifacts and in .cd4ml/.' },
  )
}

const ATTEMPTS = 30

/** The files that the ledger has not yet, or not with these bytes. */
async function changes(
  ledger: GitTree | undefined,
  { add, derive }: Append,
): Promise<Map<string, Uint8Array>> {
  const changed = new Map<string, Uint8Array>()
  for (const [path, bytes] of add) {
    const id = await ledger?.idAt(path)
    if (id === undefined) changed.set(path, bytes)
    else if (id !== blobId(bytes)) throw rewritten(path)
  }
  const derived = await derive(
    async (path) => await ledger?.read(path),
    async (folder) => (await ledger?.names(folder)) ?? [],
  )
  for (const [path, bytes] of derived) {
    if ((await ledger?.idAt(path)) !== blobId(bytes)) changed.set(path, bytes)
  }
  return changed
}

function rewritten(path: string): UserError {
  return new UserError('is in the ledger already, with other content', {
    file: path,
    remedy: 'Records are added and never changed: give what is new another name.',
  })
}
