import { NULLABLE_TEXT, OBJECT, TEXT } from './body-check.ts'
import { existingCommit } from './commits.ts'
import { userOf } from './identity.ts'
import { page } from './pages.ts'
import { notFound, Refusal, unprocessable } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { apiUrl, type CheckRun, type CommitStatus, nextId, now, type State } from './state.ts'

const CHECKS = { needs: 'checks: read' } as const
const STATUSES = { needs: 'statuses: read' } as const
const CHECK_RUN = {
  name: TEXT,
  head_sha: TEXT,
  status: { enum: ['queued', 'in_progress', 'completed'] },
  conclusion: {
    enum: ['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'],
  },
  started_at: TEXT,
  completed_at: TEXT,
  details_url: TEXT,
  external_id: TEXT,
  output: OBJECT,
}

/** Check runs, which jobs of workflows are, and commit statuses. */
export const checkRoutes: Route[] = [
  route('post', '/repos/{owner}/{repo}/check-runs', {
    needs: 'checks: write',
    body: { required: ['name', 'head_sha'], properties: CHECK_RUN },
  }).answers(async ({ state, identity, body }) => {
    if (identity.type !== 'Bot') throw new Refusal(403, 'You must authenticate via a GitHub App.')
    const { name, head_sha, status = 'queued', conclusion, details_url, output } = body
    const commit = await existingCommit(state, head_sha)
    if (status === 'completed' && !conclusion) {
      throw unprocessable('Invalid request.\n\n"conclusion" wasn\'t supplied.')
    }
    if (conclusion === 'stale') throw unprocessable('Only GitHub can make a check run stale.')
    const run: CheckRun = {
      id: nextId(state),
      name,
      commit,
      status: conclusion ? 'completed' : status,
      conclusion: conclusion ?? null,
      startedAt: now(),
      completedAt: conclusion ? now() : null,
      detailsUrl: details_url ?? null,
      title: output?.title ?? null,
      summary: output?.summary ?? null,
    }
    state.checkRuns.push(run)
    return { status: 201, body: shownRun(state, run) }
  }),

  route('get', '/repos/{owner}/{repo}/check-runs/{check_run_id}', CHECKS).answers(
    async ({ state, params }) => {
      const run = state.checkRuns.find(({ id }) => String(id) === params.check_run_id)
      if (!run) throw notFound()
      return { status: 200, body: shownRun(state, run) }
    },
  ),

  route('get', '/repos/{owner}/{repo}/commits/{ref}/check-runs', CHECKS).answers(async (call) => {
    const { state, params, query } = call
    const commit = await existingCommit(state, params.ref)
    const name = query.get('check_name')
    const latest = latestRuns(state, commit).filter((run) => !name || run.name === name)
    const { items, total, headers } = page(call, latest)
    const check_runs = items.map((run) => shownRun(state, run))
    return { status: 200, headers, body: { total_count: total, check_runs } }
  }),

  route('post', '/repos/{owner}/{repo}/statuses/{sha}', {
    needs: 'statuses: write',
    body: {
      required: ['state'],
      properties: {
        state: { enum: ['error', 'failure', 'pending', 'success'] },
        context: TEXT,
        description: NULLABLE_TEXT,
        target_url: NULLABLE_TEXT,
      },
    },
  }).answers(async ({ state, identity, params, body }) => {
    const { login, type } = identity
    if ((body.description ?? '').length > 140) {
      throw unprocessable('description is too long (maximum is 140 characters)')
    }
    const status: CommitStatus = {
      id: nextId(state),
      commit: await existingCommit(state, params.sha),
      context: body.context ?? 'default',
      state: body.state,
      description: body.description ?? null,
      targetUrl: body.target_url ?? null,
      creator: { login, type },
      at: now(),
    }
    state.statuses.push(status)
    return { status: 201, body: shownStatus(state, status) }
  }),

  route('get', '/repos/{owner}/{repo}/commits/{ref}/statuses', STATUSES).answers(async (call) => {
    const { state, params } = call
    const commit = await existingCommit(state, params.ref)
    const all = state.statuses.filter((status) => status.commit === commit).reverse()
    const { items, headers } = page(call, all)
    return { status: 200, headers, body: items.map((status) => shownStatus(state, status)) }
  }),

  route('get', '/repos/{owner}/{repo}/commits/{ref}/status', STATUSES).answers(
    async ({ state, params }) => {
      const sha = await existingCommit(state, params.ref)
      const statuses = latestStatuses(state, sha)
      const worst = ['failure', 'error', 'pending'].find((bad) =>
        statuses.some((status) => status.state === bad),
      )
      const none = statuses.length === 0 ? 'pending' : 'success'
      return {
        status: 200,
        body: {
          sha,
          state: worst === 'error' ? 'failure' : (worst ?? none),
          total_count: statuses.length,
          statuses: statuses.map(({ id, context, state: is, description, targetUrl, at }) => ({
            id,
            context,
            state: is,
            description,
            target_url: targetUrl,
            created_at: at,
            updated_at: at,
          })),
        },
      }
    },
  ),
]

/** Whether a check of that name, of either kind, has passed for a commit. A skipped one has. */
export function hasPassed(state: State, commit: string, name: string): boolean {
  const passes: (string | null)[] = ['success', 'neutral', 'skipped']
  const runs = latestRuns(state, commit).filter((run) => run.name === name)
  const statuses = latestStatuses(state, commit).filter(({ context }) => context === name)
  return (
    runs.length + statuses.length > 0 &&
    runs.every(({ conclusion }) => passes.includes(conclusion)) &&
    statuses.every((status) => status.state === 'success')
  )
}

function latestRuns(state: State, commit: string): CheckRun[] {
  const runs = state.checkRuns.filter((run) => run.commit === commit)
  return [...new Map(runs.map((run) => [run.name, run])).values()]
}

function latestStatuses(state: State, commit: string): CommitStatus[] {
  const statuses = state.statuses.filter((status) => status.commit === commit)
  return [...new Map(statuses.map((status) => [status.context, status])).values()]
}

function shownRun(state: State, run: CheckRun) {
  const url = apiUrl(state, `/check-runs/${run.id}`)
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    url,
    name: run.name,
    head_sha: run.commit,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    details_url: run.detailsUrl,
    output: {
      title: run.title,
      summary: run.summary,
      text: null,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
  }
}

function shownStatus(state: State, status: CommitStatus) {
  return {
    id: status.id,
    node_id: `SC_${status.id}`,
    url: apiUrl(state, `/statuses/${status.commit}`),
    context: status.context,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    creator: userOf(status.creator),
    created_at: status.at,
    updated_at: status.at,
  }
}
