import { branchHead, mergedTree, moveRef, writeCommit } from './bare-repository.ts'
import { TEXT } from './body-check.ts'
import { missingCheck, requirementsOf, violation } from './branch-rules.ts'
import { hasPassed } from './checks.ts'
import { headRef } from './follow-branches.ts'
import type { Identity } from './identity.ts'
import { record, setState } from './issues.ts'
import { findPull, type PullIssue } from './pulls.ts'
import { notFound, Refusal } from './refusal.ts'
import { approvers } from './reviews.ts'
import { type Route, route } from './routing.ts'
import { signatureOf } from './signatures.ts'
import { now, type State } from './state.ts'

/** Merging a pull request makes a commit on the base branch. */
export const mergeRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/pulls/{pull_number}/merge', {
    needs: 'contents: read',
  }).answers(async ({ state, params }) => {
    if (!findPull(state, params.pull_number).pull.merge) throw notFound()
    return { status: 204 }
  }),

  route('put', '/repos/{owner}/{repo}/pulls/{pull_number}/merge', {
    needs: 'contents: write',
    body: {
      properties: {
        commit_title: TEXT,
        commit_message: TEXT,
        sha: TEXT,
        merge_method: { enum: ['merge', 'squash', 'rebase'] },
      },
    },
  }).answers(async ({ state, identity, params, body }) => {
    const sha = await mergePull(state, identity, findPull(state, params.pull_number), body ?? {})
    return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } }
  }),
]

/** Merges where all is there that the rules ask for, and returns the commit; else throws GitHub's refusal. */
export async function mergePull(
  state: State,
  identity: Identity,
  issue: PullIssue,
  wanted: Wanted,
): Promise<string> {
  const { pull } = issue
  const base = await mergeableBase(state, issue, wanted)
  const tree = await mergedTree(state.git, base, pull.head.commit)
  if (!tree) throw new Refusal(405, 'Pull Request is not mergeable')
  const squash = wanted.merge_method === 'squash'
  const author = signatureOf(identity)
  const sha = await writeCommit(state.git, {
    tree,
    parents: squash ? [base] : [base, pull.head.commit],
    author,
    committer: author,
    message: messageOf(issue, wanted),
  })
  state.signed.add(sha)
  const moved = await moveRef(state.git, `refs/heads/${pull.base.branch}`, { to: sha, from: base })
  if (!moved) throw new Refusal(409, 'Base branch was modified. Review and try the merge again.')
  pull.base.commit = base
  const { login, type } = identity
  pull.merge = { commit: sha, at: now(), by: { login, type } }
  record(state, issue, identity, { event: 'merged' })
  setState(state, identity, issue, 'closed')
  if (state.options.delete_branch_on_merge) {
    await moveRef(state.git, headRef(state, pull.head), { to: undefined, from: pull.head.commit })
  }
  return sha
}

type Wanted = {
  commit_title?: string
  commit_message?: string
  sha?: string
  merge_method?: 'merge' | 'squash' | 'rebase'
}

/** The base that it can be merged into now. Throws the refusal that names what is missing. */
export async function mergeableBase(state: State, issue: PullIssue, { sha, merge_method }: Wanted) {
  const { pull } = issue
  const base = await branchHead(state.git, pull.base.branch)
  if (issue.state === 'closed' || pull.draft || !base) {
    throw new Refusal(405, 'Pull Request is not mergeable')
  }
  if (sha && sha !== pull.head.commit) {
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.')
  }
  checkMethod(state, merge_method)
  const { approvals, checks } = requirementsOf(state, pull.base.branch)
  const lacks = checks.filter((name) => !hasPassed(state, pull.head.commit, name)).map(missingCheck)
  if (approvers(issue).length < approvals) {
    const noun = approvals === 1 ? 'review is' : 'reviews are'
    lacks.push(`At least ${approvals} approving ${noun} required by reviewers with write access.`)
  }
  if (lacks.length > 0) throw violation(lacks, 405)
  return base
}

function checkMethod({ options }: State, method: Wanted['merge_method'] = 'merge'): void {
  if (method === 'merge' && options.allow_merge_commit) return
  if (method === 'squash' && options.allow_squash_merge) return
  const name = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' }[method]
  throw new Refusal(405, `${name} are not allowed on this repository.`)
}

function messageOf(issue: PullIssue, wanted: Wanted): string {
  const { number, title, pull } = issue
  const squash = wanted.merge_method === 'squash'
  const head = `${pull.head.owner}/${pull.head.branch}`
  const subject =
    wanted.commit_title ??
    (squash ? `${title} (#${number})` : `Merge pull request #${number} from ${head}`)
  const text = wanted.commit_message ?? (squash ? '' : title)
  return text ? `${subject}\n\n${text}` : subject
}
