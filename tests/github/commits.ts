import { git } from '../../src/base/git.ts'
import { type Commit, commitOf, listCommits, mergeBase, readCommit } from './bare-repository.ts'
import { page } from './pages.ts'
import { allPulls, commitsOf, findPull, shownPull } from './pulls.ts'
import { notFound, Refusal } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { shownPerson, verificationOf } from './signatures.ts'
import { apiUrl, htmlUrl, type State } from './state.ts'

const READ = { needs: 'contents: read' } as const
const PULLS = { needs: 'pull-requests: read' } as const

/** Commits, what they changed, and the pull requests that brought them. */
export const commitRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/commits', READ).answers(async (call) => {
    const { state, query } = call
    const start = await existingCommit(state, query.get('sha') ?? state.defaultBranch)
    const path = query.get('path')
    const ids = await listCommits(state.git, [start, ...(path ? ['--', path] : [])])
    const { items, headers } = page(call, ids)
    return { status: 200, headers, body: await shownCommits(state, items) }
  }),

  route('get', '/repos/{owner}/{repo}/commits/{ref}', READ).answers(async ({ state, params }) => {
    const commit = await readCommit(state.git, await existingCommit(state, params.ref))
    const files = await changedFiles(state, commit.parents[0] ?? EMPTY_TREE, commit.id)
    return { status: 200, body: { ...shownCommit(state, commit), files } }
  }),

  route('get', '/repos/{owner}/{repo}/commits/{commit_sha}/pulls', PULLS).answers(async (call) => {
    const { state, params } = call
    const id = await existingCommit(state, params.commit_sha)
    const found = []
    for (const pull of allPulls(state)) {
      const brings = (await commitsOf(state, pull)).includes(id)
      if (brings || pull.pull.merge?.commit === id) found.push(pull)
    }
    const { items, headers } = page(call, found)
    return { status: 200, headers, body: items.map((pull) => shownPull(state, pull)) }
  }),

  route('get', '/repos/{owner}/{repo}/compare/{basehead}', READ).answers(async (call) => {
    const { state, params } = call
    const [base, head] = params.basehead.split('...')
    if (!base || !head) throw notFound()
    const [from, to] = [await existingCommit(state, base), await existingCommit(state, head)]
    const common = await mergeBase(state.git, from, to)
    if (!common) throw new Refusal(404, `No common ancestor between ${base} and ${head}.`)
    const ahead = (await listCommits(state.git, [to, `^${from}`])).reverse()
    const behind = await listCommits(state.git, [from, `^${to}`])
    return {
      status: 200,
      body: {
        url: apiUrl(state, `/compare/${params.basehead}`),
        html_url: htmlUrl(state, `/compare/${params.basehead}`),
        status: comparison(ahead.length, behind.length),
        ahead_by: ahead.length,
        behind_by: behind.length,
        total_commits: ahead.length,
        base_commit: shownCommit(state, await readCommit(state.git, from)),
        merge_base_commit: shownCommit(state, await readCommit(state.git, common)),
        commits: await shownCommits(state, ahead.slice(0, 250)),
        files: (await changedFiles(state, common, to)).slice(0, 300),
      },
    }
  }),

  route('get', '/repos/{owner}/{repo}/pulls/{pull_number}/files', PULLS).answers(async (call) => {
    const { state, params } = call
    const { pull } = findPull(state, params.pull_number)
    const common = await mergeBase(state.git, pull.base.commit, pull.head.commit)
    const files = await changedFiles(state, common ?? EMPTY_TREE, pull.head.commit)
    const { items, headers } = page(call, files.slice(0, 3000))
    return { status: 200, headers, body: items }
  }),

  route('get', '/repos/{owner}/{repo}/pulls/{pull_number}/commits', PULLS).answers(async (call) => {
    const { state, params } = call
    const ids = (await commitsOf(state, findPull(state, params.pull_number))).reverse()
    const { items, headers } = page(call, ids.slice(0, 250))
    return { status: 200, headers, body: await shownCommits(state, items) }
  }),
]

/** Throws 404 where a branch, tag or commit of that name is not there. */
export async function existingCommit(state: State, name: string): Promise<string> {
  const id = await commitOf(state.git, name)
  if (!id) throw notFound()
  return id
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const STATUSES = new Map([
  ['A', 'added'],
  ['M', 'modified'],
  ['T', 'changed'],
  ['D', 'removed'],
] as const)

function comparison(ahead: number, behind: number) {
  if (ahead && behind) return 'diverged'
  return ahead ? 'ahead' : behind ? 'behind' : 'identical'
}

async function changedFiles(state: State, from: string, to: string) {
  const raw = await git(state.git, ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', from, to])
  const counts = await lineCounts(state, from, to)
  const parts = raw.split('\0').filter(Boolean)
  return Array.from({ length: parts.length / 2 }, (_, i) => {
    const [, , oldId, newId, letter] = parts[2 * i].split(' ')
    const filename = parts[2 * i + 1]
    const status = STATUSES.get(letter as 'A') ?? 'changed'
    const [additions, deletions] = counts.get(filename) ?? [0, 0]
    return {
      sha: letter === 'D' ? oldId : newId,
      filename,
      status,
      additions,
      deletions,
      changes: additions + deletions,
    }
  })
}

async function lineCounts(state: State, from: string, to: string) {
  const lines = await git(state.git, ['diff-tree', '-r', '-z', '--numstat', from, to])
  return new Map(
    lines
      .split('\0')
      .filter(Boolean)
      .map((line) => {
        const [added, deleted, ...path] = line.split('\t')
        return [path.join('\t'), [Number(added) || 0, Number(deleted) || 0]] as const
      }),
  )
}

async function shownCommits(state: State, ids: readonly string[]) {
  const shown = []
  for (const id of ids) shown.push(shownCommit(state, await readCommit(state.git, id)))
  return shown
}

export function shownCommit(state: State, { id, tree, parents, message, ...who }: Commit) {
  return {
    sha: id,
    node_id: `C_${id}`,
    url: apiUrl(state, `/commits/${id}`),
    html_url: htmlUrl(state, `/commit/${id}`),
    commit: {
      author: shownPerson(who.author),
      committer: shownPerson(who.committer),
      message,
      tree: { sha: tree, url: apiUrl(state, `/git/trees/${tree}`) },
      verification: verificationOf(state, id),
    },
    parents: parents.map((sha) => ({ sha, url: apiUrl(state, `/commits/${sha}`) })),
  }
}
