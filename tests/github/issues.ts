import { NULLABLE_TEXT, TEXT, TEXTS } from './body-check.ts'
import { type Identity, userOf } from './identity.ts'
import { keepLabel, shownLabels } from './labels.ts'
import { page } from './pages.ts'
import { notFound, Refusal, validationFailed } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { apiUrl, htmlUrl, type Issue, type IssueEvent, nextId, now, type State } from './state.ts'

const READ = { needs: ['issues: read', 'pull-requests: read'] } as const
const WRITE = ['issues: write', 'pull-requests: write'] as const
const LABELS = { type: 'array', items: { type: ['string', 'object'] } }

/** Issues, their labels and events. Pull requests are issues, too. */
export const issueRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/issues', READ).answers(async (call) => {
    const { state, query } = call
    const { items, headers } = page(call, sorted(filtered(state, query), query))
    return { status: 200, headers, body: items.map((issue) => shownIssue(state, issue)) }
  }),

  route('get', '/repos/{owner}/{repo}/issues/{issue_number}', READ).answers(
    async ({ state, params }) => {
      return { status: 200, body: shownIssue(state, findIssue(state, params.issue_number)) }
    },
  ),

  route('post', '/repos/{owner}/{repo}/issues', {
    needs: 'issues: write',
    body: {
      required: ['title'],
      properties: {
        title: { type: ['string', 'integer'] },
        body: TEXT,
        labels: LABELS,
        assignees: TEXTS,
      },
    },
  }).answers(async ({ state, identity, body }) => {
    if (!state.options.has_issues)
      throw new Refusal(410, 'Issues has been disabled in this repository.')
    const issue = openIssue(state, identity, String(body.title), body.body ?? null)
    setLabels(state, identity, issue, namesOf(body.labels ?? []))
    issue.assignees = body.assignees ?? []
    return { status: 201, body: shownIssue(state, issue) }
  }),

  route('patch', '/repos/{owner}/{repo}/issues/{issue_number}', {
    needs: WRITE,
    body: {
      properties: {
        title: { type: ['string', 'integer', 'null'] },
        body: NULLABLE_TEXT,
        state: { enum: ['open', 'closed'] },
        state_reason: { enum: ['completed', 'not_planned', 'duplicate', 'reopened', null] },
        labels: LABELS,
        assignees: TEXTS,
      },
    },
  }).answers(async ({ state, identity, params, body }) => {
    const issue = findIssue(state, params.issue_number)
    const title = body.title === undefined || body.title === null ? issue.title : String(body.title)
    const text = body.body === undefined ? issue.body : body.body
    checkText(issue.pull ? 'PullRequest' : 'Issue', title, text)
    if (title !== issue.title) record(state, issue, identity, { event: 'renamed' })
    Object.assign(issue, { title, body: text, updatedAt: now() })
    if (body.labels) setLabels(state, identity, issue, namesOf(body.labels))
    if (body.assignees) issue.assignees = body.assignees.map(loginOf)
    if (body.state) setState(state, identity, issue, body.state, body.state_reason ?? undefined)
    return { status: 200, body: shownIssue(state, issue) }
  }),

  route('put', '/repos/{owner}/{repo}/issues/{issue_number}/lock', { needs: WRITE }).answers(
    async ({ state, params }) => {
      findIssue(state, params.issue_number).locked = true
      return { status: 204 }
    },
  ),

  route('get', '/repos/{owner}/{repo}/issues/{issue_number}/events', READ).answers(async (call) => {
    const { state, params } = call
    const { items, headers } = page(call, findIssue(state, params.issue_number).events)
    const body = items.map(({ id, event, actor, at, label }) => ({
      id,
      event,
      actor: userOf(actor),
      created_at: at,
      ...(label && { label: { name: label, color: 'ededed' } }),
    }))
    return { status: 200, headers, body }
  }),

  route('get', '/repos/{owner}/{repo}/issues/{issue_number}/labels', READ).answers(async (call) => {
    const { state, params } = call
    const { items, headers } = page(call, findIssue(state, params.issue_number).labels)
    return { status: 200, headers, body: shownLabels(state, items) }
  }),

  route('post', '/repos/{owner}/{repo}/issues/{issue_number}/labels', {
    needs: WRITE,
    body: { required: ['labels'], properties: { labels: LABELS } },
  }).answers(async ({ state, identity, params, body }) => {
    const issue = findIssue(state, params.issue_number)
    const { labels } = body as { labels: (string | { name?: string | null })[] }
    setLabels(state, identity, issue, [...issue.labels, ...namesOf(labels)])
    return { status: 200, body: shownLabels(state, issue.labels) }
  }),

  route('put', '/repos/{owner}/{repo}/issues/{issue_number}/labels', {
    needs: WRITE,
    body: { required: ['labels'], properties: { labels: LABELS } },
  }).answers(async ({ state, identity, params, body }) => {
    const issue = findIssue(state, params.issue_number)
    const { labels } = body as { labels: (string | { name?: string | null })[] }
    setLabels(state, identity, issue, namesOf(labels))
    return { status: 200, body: shownLabels(state, issue.labels) }
  }),

  route('delete', '/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', {
    needs: WRITE,
  }).answers(async ({ state, identity, params }) => {
    const issue = findIssue(state, params.issue_number)
    const same = (name: string) => name.toLowerCase() === params.name.toLowerCase()
    if (!issue.labels.some(same)) throw new Refusal(404, 'Label does not exist')
    setLabels(
      state,
      identity,
      issue,
      issue.labels.filter((name) => !same(name)),
    )
    return { status: 200, body: shownLabels(state, issue.labels) }
  }),
]

/** Adds an issue (or what a pull request is made of) to the repository. */
export function openIssue(
  state: State,
  identity: Identity,
  title: string,
  body: string | null,
  resource: 'Issue' | 'PullRequest' = 'Issue',
): Issue {
  checkText(resource, title, body)
  const at = now()
  const { login, type } = identity
  const issue: Issue = {
    id: nextId(state),
    number: state.issues.length + 1,
    title,
    body,
    state: 'open',
    stateReason: null,
    locked: false,
    user: { login, type },
    labels: [],
    assignees: [],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    events: [],
  }
  state.issues.push(issue)
  return issue
}

export function findIssue(state: State, number: string): Issue {
  const issue = state.issues.find((other) => String(other.number) === number)
  if (!issue) throw notFound()
  return issue
}

/** Throws GitHub's 422 for a title or text that is missing or too long. */
export function checkText(resource: string, title: string, body: string | null): void {
  if (title.trim() === '')
    throw validationFailed({ resource, code: 'missing_field', field: 'title' })
  if (title.length > 256) throw tooLong(resource, 'title', 256)
  checkBodyLength(resource, body)
}

export function checkBodyLength(resource: string, body: string | null): void {
  if ((body ?? '').length > 65_536) throw tooLong(resource, 'body', 65_536)
}

export function setState(
  state: State,
  identity: Identity,
  issue: Issue,
  to: 'open' | 'closed',
  reason?: Issue['stateReason'],
): void {
  if (issue.state === to) return
  if (to === 'open' && issue.pull?.merge) {
    throw validationFailed({
      resource: 'PullRequest',
      code: 'custom',
      field: 'state',
      message: 'state cannot be changed. The pull request has been merged.',
    })
  }
  const { login, type } = identity
  const closed = to === 'closed'
  issue.state = to
  issue.stateReason = issue.pull ? null : (reason ?? (closed ? 'completed' : 'reopened'))
  issue.closedAt = closed ? now() : null
  issue.closedBy = closed ? { login, type } : null
  issue.updatedAt = now()
  record(state, issue, identity, { event: closed ? 'closed' : 'reopened' })
}

export function record(
  state: State,
  issue: Issue,
  { login, type }: Pick<Identity, 'login' | 'type'>,
  event: Pick<IssueEvent, 'event' | 'label'>,
): void {
  issue.events.push({ id: nextId(state), actor: { login, type }, at: now(), ...event })
}

export function shownIssue(state: State, issue: Issue) {
  const { number } = issue
  const kind = issue.pull ? 'pull' : 'issues'
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    number,
    url: apiUrl(state, `/issues/${number}`),
    html_url: htmlUrl(state, `/${kind}/${number}`),
    comments_url: apiUrl(state, `/issues/${number}/comments`),
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.stateReason,
    user: userOf(issue.user),
    author_association: issue.user.type === 'Bot' ? ('NONE' as const) : ('OWNER' as const),
    labels: shownLabels(state, issue.labels),
    assignees: issue.assignees.map((login) => userOf({ login, type: 'User' })),
    comments: state.comments.filter((comment) => comment.issue === number).length,
    locked: issue.locked,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy && userOf(issue.closedBy),
    ...(issue.pull && {
      draft: issue.pull.draft,
      pull_request: {
        url: apiUrl(state, `/pulls/${number}`),
        html_url: htmlUrl(state, `/pull/${number}`),
        diff_url: htmlUrl(state, `/pull/${number}.diff`),
        patch_url: htmlUrl(state, `/pull/${number}.patch`),
        merged_at: issue.pull.merge?.at ?? null,
      },
    }),
  }
}

function filtered(state: State, query: URLSearchParams): Issue[] {
  const wanted = query.get('state') ?? 'open'
  const labels = (query.get('labels') ?? '').toLowerCase().split(',').filter(Boolean)
  const creator = query.get('creator')
  const since = query.get('since')
  return state.issues.filter((issue) => {
    const names = issue.labels.map((name) => name.toLowerCase())
    return (
      (wanted === 'all' || issue.state === wanted) &&
      labels.every((name) => names.includes(name.trim())) &&
      (!creator || issue.user.login === creator) &&
      (!since || issue.updatedAt >= since)
    )
  })
}

function sorted(issues: Issue[], query: URLSearchParams): Issue[] {
  const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt'
  const upwards = [...issues].sort((a, b) => compare(a[key], b[key]) || a.number - b.number)
  return query.get('direction') === 'asc' ? upwards : upwards.reverse()
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function setLabels(state: State, identity: Identity, issue: Issue, names: string[]): void {
  const kept = [...new Set(names.map((name) => keepLabel(state, name)))]
  const added = kept.filter((name) => !issue.labels.includes(name))
  const removed = issue.labels.filter((name) => !kept.includes(name))
  for (const label of added) record(state, issue, identity, { event: 'labeled', label })
  for (const label of removed) record(state, issue, identity, { event: 'unlabeled', label })
  issue.labels = kept
  issue.updatedAt = now()
}

function namesOf(labels: readonly (string | { name?: string | null })[]): string[] {
  return labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')))
}

function loginOf(assignee: string | { login?: string }): string {
  return typeof assignee === 'string' ? assignee : (assignee.login ?? '')
}

function tooLong(resource: string, field: string, maximum: number): Refusal {
  const message = `${field} is too long (maximum is ${maximum} characters)`
  return validationFailed({ resource, code: 'custom', field, message })
}
