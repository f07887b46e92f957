import { userOf, WORKFLOW } from './identity.ts'
import { notFound, Refusal } from './refusal.ts'
import { type Route, route } from './routing.ts'

const ANYBODY = { needs: [] } as const

/** Whose token it is, and how much it may still ask. */
export const accountRoutes: Route[] = [
  route('get', '/user', ANYBODY).answers(async ({ identity }) => {
    if (identity.type === 'Bot') throw new Refusal(403, 'Resource not accessible by integration')
    return { status: 200, body: userOf(identity) }
  }),

  route('get', '/users/{username}', ANYBODY).answers(async ({ state, params }) => {
    const { username: login } = params
    if (login === WORKFLOW.login) return { status: 200, body: userOf(WORKFLOW) }
    if (login !== state.owner && !state.people.has(login)) throw notFound()
    return { status: 200, body: userOf({ login, type: 'User' }) }
  }),

  // Only an App's own JSON web token opens this, and there is none here.
  route('get', '/app', ANYBODY).answers(async () => {
    throw new Refusal(401, 'A JSON web token could not be decoded')
  }),

  route('get', '/rate_limit', ANYBODY).answers(async () => {
    const reset = Math.floor(Date.now() / 1000) + 3600
    const rate = { limit: 5000, used: 1, remaining: 4999, reset }
    return { status: 200, body: { resources: { core: rate, search: rate }, rate } }
  }),
]
