import { NULLABLE_TEXT, TEXT } from './body-check.ts'
import { page } from './pages.ts'
import { notFound, validationFailed } from './refusal.ts'
import { type Route, route } from './routing.ts'
import { apiUrl, type Label, nextId, type State } from './state.ts'

const READ = { needs: ['issues: read', 'pull-requests: read'] } as const
const WRITE = ['issues: write', 'pull-requests: write'] as const

export const labelRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/labels', READ).answers(async (call) => {
    const { items, headers } = page(call, call.state.labels)
    return { status: 200, headers, body: items.map((label) => shownLabel(call.state, label)) }
  }),

  route('get', '/repos/{owner}/{repo}/labels/{name}', READ).answers(async ({ state, params }) => {
    const label = findLabel(state, params.name)
    if (!label) throw notFound()
    return { status: 200, body: shownLabel(state, label) }
  }),

  route('post', '/repos/{owner}/{repo}/labels', {
    needs: WRITE,
    body: {
      required: ['name'],
      properties: { name: TEXT, color: TEXT, description: NULLABLE_TEXT },
    },
  }).answers(async ({ state, body }) => {
    const { name, color = 'ededed', description = null } = body
    checkLabel({ name, color, description })
    if (findLabel(state, name)) {
      throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' })
    }
    const label = { id: nextId(state), name, color: color.toLowerCase(), description }
    state.labels.push(label)
    return { status: 201, body: shownLabel(state, label) }
  }),

  route('patch', '/repos/{owner}/{repo}/labels/{name}', {
    needs: WRITE,
    body: { properties: { new_name: TEXT, color: TEXT, description: NULLABLE_TEXT } },
  }).answers(async ({ state, params, body }) => {
    const label = findLabel(state, params.name)
    if (!label) throw notFound()
    const name = body.new_name ?? label.name
    const { color = label.color, description = label.description } = body
    checkLabel({ name, color, description })
    for (const issue of state.issues) {
      issue.labels = issue.labels.map((other) => (other === label.name ? name : other))
    }
    Object.assign(label, { name, color: color.toLowerCase(), description })
    return { status: 200, body: shownLabel(state, label) }
  }),

  route('delete', '/repos/{owner}/{repo}/labels/{name}', { needs: WRITE }).answers(
    async ({ state, params }) => {
      const label = findLabel(state, params.name)
      if (!label) throw notFound()
      state.labels = state.labels.filter((other) => other !== label)
      for (const issue of state.issues) {
        issue.labels = issue.labels.filter((name) => name !== label.name)
      }
      return { status: 204 }
    },
  ),
]

/** The name as the repository spells it: labels differ by more than case. Made where missing. */
export function keepLabel(state: State, name: string): string {
  const known = findLabel(state, name)
  if (known) return known.name
  checkLabel({ name, color: 'ededed', description: null })
  state.labels.push({ id: nextId(state), name, color: 'ededed', description: null })
  return name
}

export function shownLabels(state: State, names: readonly string[]) {
  return names.flatMap((name) => {
    const label = findLabel(state, name)
    return label ? [shownLabel(state, label)] : []
  })
}

export function findLabel(state: State, name: string): Label | undefined {
  return state.labels.find((label) => label.name.toLowerCase() === name.toLowerCase())
}

function checkLabel({ name, color, description }: Omit<Label, 'id'>): void {
  const invalid = (field: string, code = 'invalid') =>
    validationFailed({ resource: 'Label', code, field })
  if (name.trim() === '') throw invalid('name', 'missing_field')
  if (name.length > 50) throw invalid('name')
  if (!/^[0-9a-f]{6}$/i.test(color)) throw invalid('color')
  if ((description ?? '').length > 100) throw invalid('description')
}

function shownLabel(state: State, label: Label) {
  return {
    ...label,
    node_id: `LA_${label.id}`,
    url: apiUrl(state, `/labels/${encodeURIComponent(label.name)}`),
    default: false,
  }
}
