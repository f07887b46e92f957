import { branchHead, commitOf, listRefs, readCommit } from './bare-repository.ts'
import { FLAG } from './body-check.ts'
import { requirementsOf } from './branch-rules.ts'
import { shownCommit } from './commits.ts'
import { type Identity, userOf } from './identity.ts'
import { page } from './pages.ts'
import { Refusal } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { apiUrl, htmlUrl, type State } from './state.ts'

const READ = { needs: 'contents: read' } as const

/** The repository itself, its branches and its tags. */
export const repositoryRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}', { needs: 'metadata: read' }).answers(
    async ({ state, identity }) => ({ status: 200, body: shownRepository(state, identity) }),
  ),

  route('patch', '/repos/{owner}/{repo}', {
    needs: 'administration: write',
    body: {
      properties: {
        private: FLAG,
        archived: FLAG,
        has_issues: FLAG,
        allow_merge_commit: FLAG,
        allow_squash_merge: FLAG,
        allow_rebase_merge: FLAG,
        delete_branch_on_merge: FLAG,
        allow_auto_merge: FLAG,
      },
    },
  }).answers(async ({ state, identity, body }) => {
    Object.assign(state.options, body)
    return { status: 200, body: shownRepository(state, identity) }
  }),

  route('get', '/repos/{owner}/{repo}/branches', READ).answers(async (call) => {
    const refs = await listRefs(call.state.git, 'refs/heads/')
    const { items, headers } = page(call, refs)
    const body = items.map(({ name: ref, id }) => {
      const name = ref.slice('refs/heads/'.length)
      const commit = { sha: id, url: apiUrl(call.state, `/commits/${id}`) }
      return { name, commit, protected: isProtected(call.state, name) }
    })
    return { status: 200, headers, body }
  }),

  route('get', '/repos/{owner}/{repo}/branches/{branch}', READ).answers(
    async ({ state, params }) => {
      const id = await branchHead(state.git, params.branch)
      if (!id) throw new Refusal(404, 'Branch not found')
      const commit = shownCommit(state, await readCommit(state.git, id))
      const name = params.branch
      return { status: 200, body: { name, commit, protected: isProtected(state, name) } }
    },
  ),

  route('get', '/repos/{owner}/{repo}/tags', READ).answers(async (call) => {
    const refs = await listRefs(call.state.git, 'refs/tags/')
    const { items, headers } = page(call, refs)
    const body = []
    for (const { name } of items) {
      const sha = await commitOf(call.state.git, name)
      if (sha) body.push({ name: name.slice('refs/tags/'.length), commit: { sha } })
    }
    return { status: 200, headers, body }
  }),
]

function shownRepository(state: State, { permissions }: Identity) {
  const admin = permissions === 'everything'
  const push = admin || permissions.includes('contents: write')
  return {
    id: state.id,
    node_id: `R_${state.id}`,
    name: state.name,
    full_name: `${state.owner}/${state.name}`,
    owner: userOf({ login: state.owner, type: 'User' }),
    url: apiUrl(state),
    html_url: htmlUrl(state),
    visibility: state.options.private ? 'private' : 'public',
    fork: false,
    default_branch: state.defaultBranch,
    permissions: { admin, push, pull: true },
    ...state.options,
  }
}

function isProtected(state: State, branch: string): boolean {
  const { pullRequest, checks } = requirementsOf(state, branch)
  return pullRequest || checks.length > 0
}
