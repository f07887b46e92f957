import { branchHead, mergedTree, moveRef, writeCommit } from './bare-repository.ts'
import { TEXT } from './body-check.ts'
import { signatureOf } from './git-data.ts'
import { record, setState } from './issues.ts'
import { findPull, type PullIssue } from './pulls.ts'
import { notFound, Refusal } from './refusal.ts'
import { type Route, route } from './routing.ts'
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
    const issue = findPull(state, params.pull_number)
    const { pull } = issue
    const wanted: Wanted = body ?? {}
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
    const moved = await moveRef(state.git, `refs/heads/${pull.base.branch}`, {
      to: sha,
      from: base,
    })
    if (!moved) throw new Refusal(409, 'Base branch was modified. Review and try the merge again.')
    pull.base.commit = base
    const { login, type } = identity
    pull.merge = { commit: sha, at: now(), by: { login, type } }
    record(state, issue, identity, { event: 'merged' })
    setState(state, identity, issue, 'closed')
    return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } }
  }),
]

type Wanted = {
  commit_title?: string
  commit_message?: string
  sha?: string
  merge_method?: 'merge' | 'squash' | 'rebase'
}

async function mergeableBase(state: State, issue: PullIssue, { sha, merge_method }: Wanted) {
  const { pull } = issue
  const base = await branchHead(state.git, pull.base.branch)
  if (issue.state === 'closed' || pull.draft || !base) {
    throw new Refusal(405, 'Pull Request is not mergeable')
  }
  if (sha && sha !== pull.head.commit) {
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.')
  }
  if (merge_method === 'rebase') {
    throw new Refusal(405, 'Rebase merges are not allowed on this repository.')
  }
  return base
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
