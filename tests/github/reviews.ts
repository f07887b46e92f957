import { TEXT, TEXTS } from './body-check.ts'
import { userOf } from './identity.ts'
import { record } from './issues.ts'
import { page } from './pages.ts'
import { findPull, invalidPull, type PullIssue, refuseActions, shownPull } from './pulls.ts'
import { unprocessable } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { htmlUrl, nextId, now, type Review, type State } from './state.ts'

const WRITE = 'pull-requests: write'

/** Reviews of pull requests, and of whom they are requested. */
export const reviewRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
    needs: 'pull-requests: read',
  }).answers(async (call) => {
    const { state, params } = call
    const issue = findPull(state, params.pull_number)
    const { items, headers } = page(call, issue.pull.reviews)
    return { status: 200, headers, body: items.map((review) => shownReview(state, issue, review)) }
  }),

  route('post', '/repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
    needs: WRITE,
    body: {
      properties: {
        event: { enum: ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'] },
        body: TEXT,
        commit_id: TEXT,
      },
    },
  }).answers(async ({ state, identity, params, body: { event, body = '', commit_id } }) => {
    const issue = findPull(state, params.pull_number)
    const { login, type } = identity
    if (!event) throw unprocessable('Pending reviews are not kept here: "event" wasn\'t supplied.')
    if (event !== 'COMMENT' && login === issue.user.login) {
      const what = event === 'APPROVE' ? 'approve' : 'request changes on'
      throw unprocessable(`Can not ${what} your own pull request`)
    }
    if (event === 'APPROVE') refuseActions(state, identity)
    if (event !== 'APPROVE' && body === '') throw unprocessable('Body cannot be blank')
    const review: Review = {
      id: nextId(state),
      user: { login, type },
      body,
      state: STATES[event],
      commit: commit_id ?? issue.pull.head.commit,
      at: now(),
    }
    issue.pull.reviews.push(review)
    return { status: 200, body: shownReview(state, issue, review) }
  }),

  route('post', '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', {
    needs: WRITE,
    body: { properties: { reviewers: TEXTS, team_reviewers: TEXTS } },
  }).answers(async ({ state, identity, params, body }) => {
    const issue = findPull(state, params.pull_number)
    const { reviewers = [], team_reviewers: teams = [] } = body as {
      reviewers?: string[]
      team_reviewers?: string[]
    }
    if (reviewers.includes(issue.user.login)) {
      throw unprocessable('Review cannot be requested from pull request author.')
    }
    if (teams.length > 0 || reviewers.some((login) => !state.people.has(login))) {
      throw invalidPull(
        `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${state.owner}/${state.name} repository.`,
      )
    }
    const { pull } = issue
    pull.requestedReviewers = [...new Set([...pull.requestedReviewers, ...reviewers])]
    record(state, issue, identity, { event: 'review_requested' })
    return { status: 201, body: shownPull(state, issue) }
  }),
]

/** Logins of those whose last word on a pull request is yes. */
export function approvers({ pull }: PullIssue): string[] {
  const words = pull.reviews.filter((review) => review.state !== 'COMMENTED')
  const last = new Map(words.map((review) => [review.user.login, review.state]))
  return [...last].filter(([, word]) => word === 'APPROVED').map(([login]) => login)
}

const STATES = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const

function shownReview(state: State, { number }: PullIssue, review: Review) {
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: userOf(review.user),
    body: review.body,
    state: review.state,
    html_url: htmlUrl(state, `/pull/${number}#pullrequestreview-${review.id}`),
    commit_id: review.commit,
    submitted_at: review.at,
  }
}
