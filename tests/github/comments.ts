import { TEXT } from './body-check.ts'
import { userOf } from './identity.ts'
import { checkBodyLength, findIssue } from './issues.ts'
import { page } from './pages.ts'
import { notFound, Refusal, validationFailed } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { apiUrl, type Comment, htmlUrl, nextId, now, type State } from './state.ts'

const READ = { needs: ['issues: read', 'pull-requests: read'] } as const
const WRITE = {
  needs: ['issues: write', 'pull-requests: write'],
  body: { required: ['body'], properties: { body: TEXT } },
} as const

/** Comments on issues and pull requests. */
export const commentRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/issues/{issue_number}/comments', READ).answers(
    async (call) => {
      const { state, params, query } = call
      const issue = findIssue(state, params.issue_number)
      const since = query.get('since')
      const all = state.comments.filter(
        (comment) => comment.issue === issue.number && (!since || comment.updatedAt >= since),
      )
      const { items, headers } = page(call, all)
      return { status: 200, headers, body: items.map((comment) => shownComment(state, comment)) }
    },
  ),

  route('post', '/repos/{owner}/{repo}/issues/{issue_number}/comments', WRITE).answers(
    async ({ state, identity, params, body }) => {
      const issue = findIssue(state, params.issue_number)
      checkComment(body.body)
      const { login, type } = identity
      if (issue.locked && type === 'Bot') {
        throw new Refusal(403, 'Unable to create comment because issue is locked.')
      }
      const at = now()
      const comment: Comment = {
        id: nextId(state),
        issue: issue.number,
        user: { login, type },
        body: body.body,
        createdAt: at,
        updatedAt: at,
      }
      state.comments.push(comment)
      issue.updatedAt = at
      return { status: 201, body: shownComment(state, comment) }
    },
  ),

  route('get', '/repos/{owner}/{repo}/issues/comments/{comment_id}', READ).answers(
    async ({ state, params }) => {
      return { status: 200, body: shownComment(state, findComment(state, params.comment_id)) }
    },
  ),

  route('patch', '/repos/{owner}/{repo}/issues/comments/{comment_id}', WRITE).answers(
    async ({ state, params, body }) => {
      const comment = findComment(state, params.comment_id)
      checkComment(body.body)
      Object.assign(comment, { body: body.body, updatedAt: now() })
      return { status: 200, body: shownComment(state, comment) }
    },
  ),

  route('delete', '/repos/{owner}/{repo}/issues/comments/{comment_id}', {
    needs: WRITE.needs,
  }).answers(async ({ state, params }) => {
    const comment = findComment(state, params.comment_id)
    state.comments = state.comments.filter((other) => other !== comment)
    return { status: 204 }
  }),
]

function checkComment(body: string): void {
  if (body.trim() === '') {
    throw validationFailed({ resource: 'IssueComment', code: 'missing_field', field: 'body' })
  }
  checkBodyLength('IssueComment', body)
}

function findComment(state: State, id: string): Comment {
  const comment = state.comments.find((other) => String(other.id) === id)
  if (!comment) throw notFound()
  return comment
}

function shownComment(state: State, comment: Comment) {
  const { id, issue } = comment
  const kind = state.issues.some(({ number, pull }) => number === issue && pull) ? 'pull' : 'issues'
  return {
    id,
    node_id: `IC_${id}`,
    url: apiUrl(state, `/issues/comments/${id}`),
    html_url: htmlUrl(state, `/${kind}/${issue}#issuecomment-${id}`),
    issue_url: apiUrl(state, `/issues/${issue}`),
    body: comment.body,
    user: userOf(comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
  }
}
