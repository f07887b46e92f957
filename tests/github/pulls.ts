import { branchHead, isAncestor, listCommits, mergedTree, resolve } from './bare-repository.ts'
import { FLAG, INTEGER, NULLABLE_TEXT, TEXT } from './body-check.ts'
import { headRef } from './follow-branches.ts'
import { type Identity, userOf } from './identity.ts'
import { checkText, findIssue, openIssue, record, setState, shownIssue } from './issues.ts'
import { page } from './pages.ts'
import { notFound, Refusal, validationFailed } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { apiUrl, htmlUrl, type Issue, now, type Pull, type State } from './state.ts'

const READ = { needs: 'pull-requests: read' } as const

/** Pull requests: opening, listing, changing. Merging and reviewing are in files of their own. */
export const pullRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/pulls', READ).answers(async (call) => {
    const { state, query } = call
    const { items, headers } = page(call, sorted(filtered(state, query), query))
    return { status: 200, headers, body: items.map((pull) => shownPull(state, pull)) }
  }),

  route('get', '/repos/{owner}/{repo}/pulls/{pull_number}', READ).answers(
    async ({ state, params }) => {
      return { status: 200, body: await detailedPull(state, findPull(state, params.pull_number)) }
    },
  ),

  route('post', '/repos/{owner}/{repo}/pulls', {
    needs: 'pull-requests: write',
    body: {
      required: ['head', 'base'],
      properties: {
        title: TEXT,
        head: TEXT,
        head_repo: TEXT,
        base: TEXT,
        body: NULLABLE_TEXT,
        maintainer_can_modify: FLAG,
        draft: FLAG,
        issue: INTEGER,
      },
    },
  }).answers(async ({ state, identity, body }) => {
    refuseActions(state, identity)
    const [head, base] = await branchesOf(state, body.head, body.base)
    const same = (other: Pull) =>
      other.head.owner === head.owner &&
      other.head.branch === head.branch &&
      other.base.branch === base.branch
    if (allPulls(state).some((issue) => issue.state === 'open' && same(issue.pull))) {
      throw invalidPull(`A pull request already exists for ${head.owner}:${head.branch}.`)
    }
    if (await isAncestor(state.git, head.commit, base.commit)) {
      throw invalidPull(`No commits between ${body.base} and ${body.head}`)
    }
    const issue = openIssue(state, identity, body.title ?? '', body.body ?? null, 'PullRequest')
    const pull: Pull = {
      head,
      base,
      draft: body.draft ?? false,
      merge: null,
      autoMerge: null,
      reviews: [],
      requestedReviewers: [],
    }
    issue.pull = pull
    // Whether it can be merged is computed after the answer, as at GitHub.
    const shown = {
      ...shownPull(state, { ...issue, pull }),
      mergeable: null,
      mergeable_state: 'unknown',
    }
    return { status: 201, body: shown }
  }),

  route('patch', '/repos/{owner}/{repo}/pulls/{pull_number}', {
    needs: 'pull-requests: write',
    body: {
      properties: {
        title: TEXT,
        body: NULLABLE_TEXT,
        state: { enum: ['open', 'closed'] },
        base: TEXT,
        maintainer_can_modify: FLAG,
      },
    },
  }).answers(async ({ state, identity, params, body }) => {
    const issue = findPull(state, params.pull_number)
    const title = body.title ?? issue.title
    const text = body.body === undefined ? issue.body : body.body
    checkText('PullRequest', title, text)
    if (body.base && body.base !== issue.pull.base.branch) await changeBase(state, issue, body.base)
    if (body.state === 'open') await refuseReopening(state, issue)
    if (title !== issue.title) record(state, issue, identity, { event: 'renamed' })
    Object.assign(issue, { title, body: text, updatedAt: now() })
    if (body.state) setState(state, identity, issue, body.state)
    return { status: 200, body: await detailedPull(state, issue) }
  }),
]

/** An issue that is a pull request. */
export type PullIssue = Issue & { pull: Pull }

export function findPull(state: State, number: string): PullIssue {
  const issue = findIssue(state, number)
  if (!isPull(issue)) throw notFound()
  return issue
}

export function allPulls(state: State): PullIssue[] {
  return state.issues.filter(isPull)
}

export function invalidPull(message: string, field?: string): Refusal {
  const error = { resource: 'PullRequest', code: field ? 'invalid' : 'custom' }
  return validationFailed({ ...error, ...(field ? { field } : { message }) })
}

/** As lists show a pull request. */
export function shownPull(state: State, issue: PullIssue) {
  const { number, pull } = issue
  const shown = shownIssue(state, issue)
  return {
    id: shown.id,
    node_id: `PR_${shown.id}`,
    number,
    url: apiUrl(state, `/pulls/${number}`),
    html_url: htmlUrl(state, `/pull/${number}`),
    issue_url: shown.url,
    comments_url: shown.comments_url,
    title: shown.title,
    body: shown.body,
    state: shown.state,
    user: shown.user,
    author_association: shown.author_association,
    // In pull requests, the description of GitHub's API has no label without a description.
    labels: shown.labels.map((label) => ({ ...label, description: label.description ?? '' })),
    assignees: shown.assignees,
    locked: shown.locked,
    draft: pull.draft,
    created_at: shown.created_at,
    updated_at: shown.updated_at,
    closed_at: shown.closed_at,
    merged_at: pull.merge?.at ?? null,
    merge_commit_sha: pull.merge?.commit ?? null,
    auto_merge: pull.autoMerge && {
      enabled_by: userOf(pull.autoMerge.by),
      merge_method: pull.autoMerge.method,
    },
    requested_reviewers: pull.requestedReviewers.map((login) => userOf({ login, type: 'User' })),
    head: branchOf(state, pull.head.owner, pull.head.branch, pull.head.commit),
    base: branchOf(state, state.owner, pull.base.branch, pull.base.commit),
  }
}

/** As a pull request is shown by itself. */
export async function detailedPull(state: State, issue: PullIssue) {
  const { pull } = issue
  const open = issue.state === 'open'
  const base = await branchHead(state.git, pull.base.branch)
  const mergeable =
    open && base ? Boolean(await mergedTree(state.git, base, pull.head.commit)) : null
  const commits = await commitsOf(state, issue)
  return {
    ...shownPull(state, issue),
    merge_commit_sha: pull.merge?.commit ?? (await mergeCommit(state, issue)),
    merged: pull.merge !== null,
    merged_by: pull.merge && userOf(pull.merge.by),
    mergeable,
    mergeable_state: mergeable === null ? 'unknown' : mergeable ? 'clean' : 'dirty',
    comments: state.comments.filter((comment) => comment.issue === issue.number).length,
    commits: commits.length,
  }
}

/** The commits that a pull request brings, newest first. */
export async function commitsOf(state: State, { pull }: PullIssue): Promise<string[]> {
  const base = pull.merge
    ? pull.base.commit
    : ((await branchHead(state.git, pull.base.branch)) ?? pull.base.commit)
  return await listCommits(state.git, [pull.head.commit, `^${base}`])
}

function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== undefined
}

export function refuseActions(state: State, { login }: Identity): void {
  if (state.workflowToken.can_approve_pull_request_reviews || login !== 'github-actions[bot]')
    return
  throw new Refusal(403, 'GitHub Actions is not permitted to create or approve pull requests.')
}

async function branchesOf(
  state: State,
  head: string,
  base: string,
): Promise<[Pull['head'], Pull['base']]> {
  const colon = head.indexOf(':')
  const owner = colon < 0 ? state.owner : head.slice(0, colon)
  const branch = head.slice(colon + 1)
  const headCommit = await resolve(state.git, headRef(state, { owner, branch }))
  const baseCommit = await branchHead(state.git, base)
  if (!headCommit) throw invalidPull('', 'head')
  if (!baseCommit) throw invalidPull('', 'base')
  return [
    { owner, branch, commit: headCommit },
    { branch: base, commit: baseCommit },
  ]
}

async function changeBase(state: State, { pull }: PullIssue, branch: string): Promise<void> {
  const commit = await branchHead(state.git, branch)
  if (!commit) throw invalidPull('', 'base')
  pull.base = { branch, commit }
}

async function refuseReopening(state: State, issue: PullIssue): Promise<void> {
  const { pull } = issue
  if (issue.state === 'open' || pull.merge) return
  const head = await resolve(state.git, headRef(state, pull.head))
  if (!head)
    throw invalidPull(`state cannot be changed. The ${pull.head.branch} branch has been deleted.`)
  if (!(await isAncestor(state.git, pull.head.commit, head))) {
    throw invalidPull(
      `state cannot be changed. The ${pull.head.branch} branch was force-pushed or recreated.`,
    )
  }
  const rival = (other: PullIssue) =>
    other.state === 'open' &&
    other.pull.head.owner === pull.head.owner &&
    other.pull.head.branch === pull.head.branch &&
    other.pull.base.branch === pull.base.branch
  if (allPulls(state).some(rival)) {
    throw invalidPull(
      `state cannot be changed. There is already an open pull request for ${pull.head.branch}.`,
    )
  }
}

// Without an owner before a colon GitHub does not filter at all, so neither does this.
function filtered(state: State, query: URLSearchParams): PullIssue[] {
  const wanted = query.get('state') ?? 'open'
  const head = query.get('head') ?? ''
  const base = query.get('base')
  return allPulls(state).filter(
    ({ state: is, pull }) =>
      (wanted === 'all' || is === wanted) &&
      (!head.includes(':') || head === `${pull.head.owner}:${pull.head.branch}`) &&
      (!base || base === pull.base.branch),
  )
}

function sorted(pulls: PullIssue[], query: URLSearchParams): PullIssue[] {
  const sort = query.get('sort') ?? 'created'
  const key = sort === 'updated' ? 'updatedAt' : 'createdAt'
  const upwards = [...pulls].sort((a, b) => compare(a[key], b[key]) || a.number - b.number)
  const direction = query.get('direction') ?? (sort === 'created' ? 'desc' : 'asc')
  return direction === 'asc' ? upwards : upwards.reverse()
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

async function mergeCommit(state: State, { number }: PullIssue): Promise<string | null> {
  return (await resolve(state.git, `refs/pull/${number}/merge`)) ?? null
}

function branchOf(state: State, owner: string, ref: string, sha: string) {
  const fork = owner !== state.owner
  const fullName = `${owner}/${state.name}`
  return {
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: userOf({ login: owner, type: 'User' }),
    repo: {
      id: fork ? state.id + 1 : state.id,
      name: state.name,
      full_name: fullName,
      fork,
      html_url: `https://github.com/${fullName}`,
      owner: userOf({ login: owner, type: 'User' }),
    },
  }
}
