import { FLAG, TEXT } from './body-check.ts'
import { page } from './pages.ts'
import { notFound, Refusal, unprocessable } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { now, type State, type Variable } from './state.ts'

const READ_ADMIN = { needs: 'administration: read' } as const
const NAME = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/i

/** What Actions may do here, and the names of variables and secrets. */
export const actionsSettingsRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/actions/permissions', READ_ADMIN).answers(async () => {
    return { status: 200, body: { enabled: true, allowed_actions: 'all' } }
  }),

  route('get', '/repos/{owner}/{repo}/actions/permissions/workflow', READ_ADMIN).answers(
    async ({ state }) => {
      return { status: 200, body: state.workflowToken }
    },
  ),

  route('put', '/repos/{owner}/{repo}/actions/permissions/workflow', {
    needs: 'administration: write',
    body: {
      properties: {
        default_workflow_permissions: { enum: ['read', 'write'] },
        can_approve_pull_request_reviews: FLAG,
      },
    },
  }).answers(async ({ state, body }) => {
    Object.assign(state.workflowToken, body)
    return { status: 204 }
  }),

  route('get', '/repos/{owner}/{repo}/pages', { needs: 'pages: read' }).answers(
    async ({ state }) => ({ status: 200, body: pagesOf(state) }),
  ),

  route('post', '/repos/{owner}/{repo}/pages', {
    needs: 'pages: write',
    body: { properties: { build_type: { enum: ['legacy', 'workflow'] } } },
  }).answers(async ({ state }) => {
    if (state.pages) throw new Refusal(409, 'GitHub Pages is already enabled.')
    state.pages = { public: true }
    return { status: 201, body: pagesOf(state) }
  }),

  route('get', '/repos/{owner}/{repo}/actions/variables', { needs: 'variables: read' }).answers(
    async (call) => {
      const { items, total, headers } = page(call, call.state.variables)
      return { status: 200, headers, body: { total_count: total, variables: items.map(shown) } }
    },
  ),

  route('get', '/repos/{owner}/{repo}/actions/variables/{name}', {
    needs: 'variables: read',
  }).answers(async ({ state, params }) => {
    return { status: 200, body: shown(findVariable(state, params.name)) }
  }),

  route('post', '/repos/{owner}/{repo}/actions/variables', {
    needs: 'variables: write',
    body: { required: ['name', 'value'], properties: { name: TEXT, value: TEXT } },
  }).answers(async ({ state, body }) => {
    const name = body.name.toUpperCase()
    if (!NAME.test(name)) throw unprocessable(`Variable name is invalid: ${body.name}`)
    if (state.variables.some((variable) => variable.name === name)) {
      throw new Refusal(409, 'Already exists - Variable already exists')
    }
    state.variables.push({ name, value: body.value, createdAt: now(), updatedAt: now() })
    return { status: 201, body: {} }
  }),

  route('patch', '/repos/{owner}/{repo}/actions/variables/{name}', {
    needs: 'variables: write',
    body: { properties: { value: TEXT } },
  }).answers(async ({ state, params, body }) => {
    const variable = findVariable(state, params.name)
    Object.assign(variable, { value: body.value ?? variable.value, updatedAt: now() })
    return { status: 204 }
  }),

  route('get', '/repos/{owner}/{repo}/actions/secrets', { needs: 'secrets: read' }).answers(
    async (call) => {
      const { items, total, headers } = page(call, call.state.secrets)
      const secrets = items.map(({ name, createdAt, updatedAt }) => ({
        name,
        created_at: createdAt,
        updated_at: updatedAt,
      }))
      return { status: 200, headers, body: { total_count: total, secrets } }
    },
  ),

  route('get', '/repos/{owner}/{repo}/environments/{environment_name}', {
    needs: 'administration: read',
  }).answers(async ({ state, params }) => {
    const { branches } = environmentOf(state, params.environment_name)
    const policy = { protected_branches: false, custom_branch_policies: true }
    return {
      status: 200,
      body: { name: params.environment_name, deployment_branch_policy: branches ? policy : null },
    }
  }),

  route('get', '/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies', {
    needs: 'administration: read',
  }).answers(async ({ state, params }) => {
    const { branches = [] } = environmentOf(state, params.environment_name)
    const branch_policies = branches.map((name) => ({ name }))
    return { status: 200, body: { total_count: branches.length, branch_policies } }
  }),

  route('get', '/repos/{owner}/{repo}/environments/{environment_name}/secrets', {
    needs: 'secrets: read',
  }).answers(async ({ state, params }) => {
    const { secrets } = environmentOf(state, params.environment_name)
    const named = secrets.map((name) => ({ name, created_at: now(), updated_at: now() }))
    return { status: 200, body: { total_count: secrets.length, secrets: named } }
  }),

  // The value cannot be read back, so nothing is lost by not keeping it.
  route('put', '/repos/{owner}/{repo}/actions/secrets/{secret_name}', {
    needs: 'secrets: write',
    body: {
      required: ['encrypted_value', 'key_id'],
      properties: { encrypted_value: TEXT, key_id: TEXT },
    },
  }).answers(async ({ state, params }) => {
    const name = params.secret_name.toUpperCase()
    if (!NAME.test(name)) throw unprocessable(`Secret name is invalid: ${params.secret_name}`)
    const known = state.secrets.find((secret) => secret.name === name)
    if (known) {
      known.updatedAt = now()
      return { status: 204 }
    }
    state.secrets.push({ name, createdAt: now(), updatedAt: now() })
    return { status: 201, body: {} }
  }),
]

function findVariable(state: State, name: string): Variable {
  const variable = state.variables.find((other) => other.name === name.toUpperCase())
  if (!variable) throw notFound()
  return variable
}

function environmentOf(state: State, name: string) {
  const environment = state.environments.get(name)
  if (!environment) throw notFound()
  return environment
}

function shown({ name, value, createdAt, updatedAt }: Variable) {
  return { name, value, created_at: createdAt, updated_at: updatedAt }
}

function pagesOf({ pages, url }: State) {
  if (!pages) throw notFound()
  return {
    url: `${url}/pages`,
    status: 'built' as const,
    cname: null,
    custom_404: false,
    build_type: 'workflow' as const,
    public: pages.public,
  }
}
