import {
  isAncestor,
  mergedTree,
  moveRef,
  readCommit,
  resolve,
  writeCommit,
} from './bare-repository.ts'
import { WORKFLOW } from './identity.ts'
import { record, setState } from './issues.ts'
import { signatureOf } from './signatures.ts'
import { type Issue, now, type Pull, type State } from './state.ts'

/**
 * Brings pull requests up to date with what plain git or another request did to their branches:
 * a moved head is their new head, a deleted one closes them, one that is in the base is merged.
 * Keeps `refs/pull/N/head` and, where there is no conflict, `refs/pull/N/merge`. It is asked before
 * every request: where nothing was done, it starts no process.
 */
export async function followBranches(state: State): Promise<void> {
  for (const issue of state.issues) {
    if (issue.pull && issue.state === 'open') await follow(state, issue, issue.pull)
  }
}

/** Where the branch of a pull request is kept. Forks share the objects, as they do at GitHub. */
export function headRef(
  state: State,
  { owner, branch }: Pick<Pull['head'], 'owner' | 'branch'>,
): string {
  return owner === state.owner ? `refs/heads/${branch}` : `refs/forks/${owner}/heads/${branch}`
}

async function follow(state: State, issue: Issue, pull: Pull): Promise<void> {
  const head = await resolve(state.git, headRef(state, pull.head))
  const base = await resolve(state.git, `refs/heads/${pull.base.branch}`)
  const actor = { ...WORKFLOW, ...issue.user }
  if (!head || !base) {
    setState(state, actor, issue, 'closed')
    if (!head) record(state, issue, actor, { event: 'head_ref_deleted' })
    return
  }
  const pushed = head !== pull.head.commit
  if (pushed) {
    if (!(await isAncestor(state.git, pull.head.commit, head))) {
      record(state, issue, actor, { event: 'head_ref_force_pushed' })
    }
    pull.head.commit = head
    pull.base.commit = base
    issue.updatedAt = now()
  }
  const merge = { number: issue.number, base, head }
  if (await isKept(state, merge)) return
  if (await isAncestor(state.git, head, base)) {
    const { login, type } = actor
    if (!pushed) pull.merge = { commit: head, at: now(), by: { login, type } }
    setState(state, actor, issue, 'closed')
    return
  }
  await keep(state, merge)
}

/** What merging a pull request would join. */
type Merge = { number: number; base: string; head: string }

/** Whether the references of the pull request are of these commits, none of which is in the other. */
async function isKept(state: State, { number, base, head }: Merge): Promise<boolean> {
  const merge = await resolve(state.git, `refs/pull/${number}/merge`)
  if (!merge || (await resolve(state.git, `refs/pull/${number}/head`)) !== head) return false
  const { parents } = await readCommit(state.git, merge)
  return parents.join() === [base, head].join()
}

async function keep(state: State, { number, base, head }: Merge): Promise<void> {
  const move = async (name: string, to: string) =>
    await moveRef(state.git, name, { to, from: (await resolve(state.git, name)) ?? '' })
  await move(`refs/pull/${number}/head`, head)
  const tree = await mergedTree(state.git, base, head)
  if (!tree) return
  const committer = signatureOf({ login: 'web-flow', type: 'User', permissions: [] })
  const message = `Merge ${head} into ${base}`
  const commit = { tree, parents: [base, head], author: committer, committer, message }
  await move(`refs/pull/${number}/merge`, await writeCommit(state.git, commit))
}
