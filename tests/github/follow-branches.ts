import {
  isAncestor,
  listRefs,
  mergedTree,
  moveRef,
  readCommit,
  writeCommit,
} from './bare-repository.ts'
import { WORKFLOW } from './identity.ts'
import { record, setState } from './issues.ts'
import { signatureOf } from './signatures.ts'
import { type Issue, now, type Pull, type State } from './state.ts'

/**
 * Brings pull requests up to date with what plain git or another request did to their branches:
 * a moved head is their new head, a deleted one closes them, one that is in the base is merged.
 * Keeps `refs/pull/N/head` and, where there is no conflict, `refs/pull/N/merge`.
 */
export async function followBranches(state: State): Promise<void> {
  const refs = new Map((await listRefs(state.git)).map(({ name, id }) => [name, id]))
  for (const issue of state.issues) {
    if (issue.pull && issue.state === 'open') await follow(state, issue, issue.pull, refs)
  }
}

/** Where the branch of a pull request is kept. Forks share the objects, as they do at GitHub. */
export function headRef(
  state: State,
  { owner, branch }: Pick<Pull['head'], 'owner' | 'branch'>,
): string {
  return owner === state.owner ? `refs/heads/${branch}` : `refs/forks/${owner}/heads/${branch}`
}

async function follow(
  state: State,
  issue: Issue,
  pull: Pull,
  refs: ReadonlyMap<string, string>,
): Promise<void> {
  const head = refs.get(headRef(state, pull.head))
  const base = refs.get(`refs/heads/${pull.base.branch}`)
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
  if (await isAncestor(state.git, head, base)) {
    const { login, type } = actor
    if (!pushed) pull.merge = { commit: head, at: now(), by: { login, type } }
    setState(state, actor, issue, 'closed')
    return
  }
  await keepPullRefs(state, issue.number, head, base, refs)
}

async function keepPullRefs(
  state: State,
  number: number,
  head: string,
  base: string,
  refs: ReadonlyMap<string, string>,
): Promise<void> {
  const [headName, mergeName] = [`refs/pull/${number}/head`, `refs/pull/${number}/merge`]
  const merge = refs.get(mergeName)
  const parents = [base, head]
  if (refs.get(headName) === head && merge && (await hasParents(state, merge, parents))) return
  await moveRef(state.git, headName, { to: head, from: refs.get(headName) ?? '' })
  const tree = await mergedTree(state.git, base, head)
  if (!tree) return
  const committer = signatureOf({ login: 'web-flow', type: 'User', permissions: [] })
  const message = `Merge ${head} into ${base}`
  const commit = { tree, parents, author: committer, committer, message }
  const to = await writeCommit(state.git, commit)
  await moveRef(state.git, mergeName, { to, from: merge ?? '' })
}

async function hasParents(state: State, commit: string, parents: string[]): Promise<boolean> {
  return (await readCommit(state.git, commit)).parents.join() === parents.join()
}
