import { UserError } from '../base/errors.ts'
import { appendEvents, type Derive } from '../ledger/append-events.ts'
import { LEDGER_BRANCH } from '../ledger/leaderboard.ts'
import {
  type AppendToBranch,
  type Ledger,
  type LedgerFiles,
  NO_FILES,
  readRecords,
} from '../ledger/ledger.ts'
import type { GitHub } from './client.ts'
import { branchHead, moveBranch, openTree, writeCommit } from './git-data.ts'

/** The ledger that everybody sees: a branch, which begins with the first event. */
export function ledgerBranch(github: GitHub, derive: Derive) {
  return {
    append: (events) => appendEvents(appendTo(github), events, derive),
    async read(query) {
      return await readRecords(await ledgerFiles(github), query)
    },
  } satisfies Ledger
}

/** The files of the branch as it is now; none where there is no branch. */
export async function ledgerFiles(github: GitHub): Promise<LedgerFiles> {
  const head = await branchHead(github, LEDGER_BRANCH)
  return head ? openTree(github, head.tree) : NO_FILES
}

/**
 * Puts on the branch what is planned, in one commit. Where another run has moved the branch
 * meanwhile, all is planned again on top of that, so that no record and no derived file is lost.
 * Throws a `UserError` where the branch keeps being moved.
 */
export function appendTo(github: GitHub): AppendToBranch {
  return async (plan) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const head = await branchHead(github, LEDGER_BRANCH)
      const { files, message } = await plan(head ? openTree(github, head.tree) : NO_FILES)
      if (files.size === 0) return { outcome: 'unchanged', commit: head?.commit }
      const { commit } = await writeCommit(github, {
        parents: head ? [head.commit] : [],
        ...(head && { baseTree: head.tree }),
        files,
        message,
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
}

const ATTEMPTS = 30
