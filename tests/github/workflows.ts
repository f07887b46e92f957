import { createHash } from 'node:crypto'
import { parse } from 'yaml'
import { commitOf, listTree, readBlob, resolve } from './bare-repository.ts'
import { FLAG, OBJECT, TEXT } from './body-check.ts'
import { userOf } from './identity.ts'
import { page } from './pages.ts'
import { notFound, Refusal, unprocessable } from './refusal.ts'
import { type Call, type Route, route } from './routing.ts'
import { apiUrl, htmlUrl, nextId, now, type State, type WorkflowRun } from './state.ts'

const READ = { needs: 'actions: read' } as const
const WRITE = { needs: 'actions: write' } as const

/** The workflows in git, their runs, and asking for a run. */
export const workflowRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/actions/workflows', READ).answers(async (call) => {
    const { items, total, headers } = page(call, await listWorkflows(call.state))
    const workflows = items.map((workflow) => shownWorkflow(call.state, workflow))
    return { status: 200, headers, body: { total_count: total, workflows } }
  }),

  route('get', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}', READ).answers(
    async ({ state, params }) => {
      const workflow = await findWorkflow(state, params.workflow_id)
      return { status: 200, body: shownWorkflow(state, workflow) }
    },
  ),

  route('put', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/enable', WRITE).answers(
    async ({ state, params }) => {
      const { path } = await findWorkflow(state, params.workflow_id)
      state.disabledWorkflows.delete(path)
      return { status: 204 }
    },
  ),

  route('put', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/disable', WRITE).answers(
    async ({ state, params }) => {
      const { path } = await findWorkflow(state, params.workflow_id)
      state.disabledWorkflows.set(path, 'disabled_manually')
      return { status: 204 }
    },
  ),

  route('get', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', READ).answers(
    async (call) => {
      const { path } = await findWorkflow(call.state, call.params.workflow_id)
      return pageOfRuns(call, (run) => run.path === path)
    },
  ),

  route('get', '/repos/{owner}/{repo}/actions/runs', READ).answers(async (call) =>
    pageOfRuns(call, () => true),
  ),

  route('get', '/repos/{owner}/{repo}/actions/runs/{run_id}', READ).answers(
    async ({ state, params }) => {
      const run = state.runs.find(({ id }) => String(id) === params.run_id)
      if (!run) throw notFound()
      return { status: 200, body: shownRun(state, run) }
    },
  ),

  route('post', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
    ...WRITE,
    body: {
      required: ['ref'],
      properties: { ref: TEXT, inputs: OBJECT, return_run_details: FLAG },
    },
  }).answers(async ({ state, identity, params, body: { ref, inputs = {} } }) => {
    const { path } = await findWorkflow(state, params.workflow_id)
    if (state.disabledWorkflows.has(path)) {
      throw new Refusal(403, 'Cannot trigger a "workflow_dispatch" on a disabled workflow')
    }
    const commit = await commitOf(state.git, ref.replace(/^refs\/(heads|tags)\//, ''))
    if (!commit) throw unprocessable(`No ref found for: ${ref}`)
    const workflow = await readWorkflow(state, commit, path)
    checkInputs(workflow, inputs)
    const { login, type } = identity
    const given = Object.fromEntries(Object.entries(inputs).map(([name, it]) => [name, String(it)]))
    const title = titleOf(workflow, given)
    const run: WorkflowRun = {
      id: nextId(state),
      path,
      branch: ref.replace(/^refs\/(heads|tags)\//, ''),
      commit,
      event: 'workflow_dispatch',
      status: 'queued',
      conclusion: null,
      actor: { login, type },
      startedAt: now(),
      ...(title && { title }),
    }
    state.runs.push(run)
    state.dispatches.push({
      event: 'workflow_dispatch',
      path,
      ref,
      inputs: given,
      actor: login,
      run,
    })
    return { status: 204 }
  }),

  route('post', '/repos/{owner}/{repo}/dispatches', {
    needs: 'contents: write',
    body: {
      required: ['event_type'],
      properties: {
        event_type: { type: 'string', minLength: 1, maxLength: 100 },
        client_payload: { type: 'object', maxProperties: 10 },
      },
    },
  }).answers(async ({ state, identity, body }) => {
    const { event_type: type, client_payload: payload = {} } = body
    state.dispatches.push({ event: 'repository_dispatch', type, payload, actor: identity.login })
    return { status: 204 }
  }),
]

type Workflow = { id: number; path: string; name: string }

/** As GitHub, of the default branch alone. */
async function listWorkflows(state: State): Promise<Workflow[]> {
  const head = await resolve(state.git, `refs/heads/${state.defaultBranch}`)
  if (!head) return []
  const entries = await listTree(state.git, head, { path: '.github/workflows/' })
  const files = entries.filter(({ path }) => /\.ya?ml$/.test(path))
  return await Promise.all(
    files.map(async ({ path }) => {
      const { name } = await readWorkflow(state, head, path)
      return { id: idOf(path), path, name: name ?? path }
    }),
  )
}

/** By its id or the name of its file. */
async function findWorkflow(state: State, idOrFile: string): Promise<Workflow> {
  const workflow = (await listWorkflows(state)).find(
    ({ id, path }) => String(id) === idOrFile || path === `.github/workflows/${idOrFile}`,
  )
  if (!workflow) throw notFound()
  return workflow
}

type WorkflowFile = { name?: string; 'run-name'?: string; on?: unknown }

async function readWorkflow(state: State, commit: string, path: string): Promise<WorkflowFile> {
  const id = await resolve(state.git, `${commit}:${path}`)
  if (!id) throw notFound()
  return parse((await readBlob(state.git, id)).toString()) as WorkflowFile
}

function checkInputs({ on }: WorkflowFile, given: object): void {
  const triggers = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on ?? {})
  if (!triggers.includes('workflow_dispatch')) {
    throw unprocessable("Workflow does not have 'workflow_dispatch' trigger")
  }
  const { workflow_dispatch: trigger } = on as {
    workflow_dispatch?: { inputs?: Record<string, { required?: boolean; default?: unknown }> }
  }
  const inputs = trigger?.inputs ?? {}
  const unexpected = Object.keys(given).filter((name) => !(name in inputs))
  if (unexpected.length > 0) {
    throw unprocessable(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`)
  }
  for (const [name, { required, default: otherwise }] of Object.entries(inputs)) {
    if (required && otherwise === undefined && !(name in given)) {
      throw unprocessable(`Required input '${name}' not provided`)
    }
  }
}

/** What `run-name` says; of expressions, the one form that the workflows here use. */
function titleOf({ 'run-name': name = '' }: WorkflowFile, inputs: Record<string, string>): string {
  return name.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const form = /^ inputs\.(\w+) && format\('([^']*)', inputs\.\1\) \|\| '' $/.exec(expression)
    if (!form) throw new Error(`the imitation does not know the expression${expression}`)
    const [, input, text] = form
    return inputs[input] ? text.replace('{0}', inputs[input]) : ''
  })
}

function pageOfRuns(call: Call, fits: (run: WorkflowRun) => boolean) {
  const { state, query } = call
  const [branch, event] = [query.get('branch'), query.get('event')]
  const [status, commit] = [query.get('status'), query.get('head_sha')]
  const runs = state.runs.filter(
    (run) =>
      fits(run) &&
      (!branch || run.branch === branch) &&
      (!event || run.event === event) &&
      (!status || run.status === status || run.conclusion === status) &&
      (!commit || run.commit === commit),
  )
  const newest = runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
  const { items, total, headers } = page(call, newest)
  const workflow_runs = items.map((run) => shownRun(state, run))
  return { status: 200, headers, body: { total_count: total, workflow_runs } } as const
}

function idOf(path: string): number {
  return createHash('sha256').update(path).digest().readUInt32BE() % 100_000_000
}

function shownWorkflow(state: State, { id, path, name }: Workflow) {
  return {
    id,
    node_id: `W_${id}`,
    name,
    path,
    state: state.disabledWorkflows.get(path) ?? ('active' as const),
    // Nobody asks for more than that it was added lately.
    created_at: now(),
    url: apiUrl(state, `/actions/workflows/${id}`),
    html_url: htmlUrl(state, `/blob/${state.defaultBranch}/${path}`),
  }
}

function shownRun(state: State, run: WorkflowRun) {
  return {
    id: run.id,
    node_id: `WFR_${run.id}`,
    workflow_id: idOf(run.path),
    path: run.path,
    head_branch: run.branch,
    head_sha: run.commit,
    event: run.event,
    display_title: run.title ?? 'Change something',
    status: run.status,
    conclusion: run.conclusion,
    run_attempt: 1,
    actor: userOf(run.actor),
    url: apiUrl(state, `/actions/runs/${run.id}`),
    html_url: htmlUrl(state, `/actions/runs/${run.id}`),
    created_at: run.startedAt,
    run_started_at: run.startedAt,
    updated_at: run.startedAt,
  }
}
