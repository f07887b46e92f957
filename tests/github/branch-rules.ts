import { FLAG, INTEGER, OBJECT, TEXT, TEXTS } from './body-check.ts'
import { page } from './pages.ts'
import { notFound, Refusal } from './refusal.ts'
import { type Route, route } from './routing.ts'
import {
  apiUrl,
  type BranchProtection,
  nextId,
  type Rule,
  type Ruleset,
  type State,
} from './state.ts'

const ADMIN = { needs: 'administration: write' } as const
const NULLABLE_OBJECT = { type: ['object', 'null'] }
const RULESET = {
  name: TEXT,
  target: { enum: ['branch'] },
  enforcement: { enum: ['active', 'disabled', 'evaluate'] },
  bypass_actors: { type: 'array', maxItems: 0 },
  conditions: {
    type: 'object',
    properties: {
      ref_name: { type: 'object', properties: { include: TEXTS, exclude: TEXTS } },
    },
  },
  rules: {
    type: 'array',
    items: { type: 'object', required: ['type'], properties: { type: TEXT, parameters: OBJECT } },
  },
}

/** Rulesets, and the older branch protection. What they ask for is held: see `refuseDirectChange`. */
export const branchRuleRoutes: Route[] = [
  route('get', '/repos/{owner}/{repo}/rulesets', { needs: 'metadata: read' }).answers(
    async (call) => {
      const { items, headers } = page(call, call.state.rulesets)
      return {
        status: 200,
        headers,
        body: items.map((ruleset) => shownRuleset(call.state, ruleset)),
      }
    },
  ),

  route('get', '/repos/{owner}/{repo}/rulesets/{ruleset_id}', { needs: 'metadata: read' }).answers(
    async ({ state, params }) => {
      const ruleset = state.rulesets.find(({ id }) => String(id) === params.ruleset_id)
      if (!ruleset) throw notFound()
      const { include, rules } = ruleset
      const conditions = { ref_name: { include, exclude: [] } }
      return { status: 200, body: { ...shownRuleset(state, ruleset), conditions, rules } }
    },
  ),

  route('post', '/repos/{owner}/{repo}/rulesets', {
    ...ADMIN,
    body: { required: ['name', 'enforcement'], properties: RULESET },
  }).answers(async ({ state, body }) => {
    const ruleset: Ruleset = {
      id: nextId(state),
      name: body.name,
      enforcement: body.enforcement,
      include: body.conditions?.ref_name?.include ?? [],
      rules: body.rules ?? [],
    }
    state.rulesets.push(ruleset)
    return { status: 201, body: shownRuleset(state, ruleset) }
  }),

  route('delete', '/repos/{owner}/{repo}/rulesets/{ruleset_id}', ADMIN).answers(
    async ({ state, params }) => {
      const ruleset = state.rulesets.find(({ id }) => String(id) === params.ruleset_id)
      if (!ruleset) throw notFound()
      state.rulesets = state.rulesets.filter((other) => other !== ruleset)
      return { status: 204 }
    },
  ),

  route('get', '/repos/{owner}/{repo}/rules/branches/{branch}', {
    needs: 'metadata: read',
  }).answers(async (call) => {
    const { state, params } = call
    const rules = activeRulesets(state, params.branch).flatMap(({ id, rules }) =>
      rules.map((rule) => ({
        ...rule,
        ruleset_source_type: 'Repository' as const,
        ruleset_source: `${state.owner}/${state.name}`,
        ruleset_id: id,
      })),
    )
    const { items, headers } = page(call, rules)
    return { status: 200, headers, body: items }
  }),

  route('get', '/repos/{owner}/{repo}/branches/{branch}/protection', {
    needs: 'administration: read',
  }).answers(async ({ state, params }) => {
    const protection = state.protections.get(params.branch)
    if (!protection) throw new Refusal(404, 'Branch not protected')
    return { status: 200, body: shownProtection(state, params.branch, protection) }
  }),

  route('put', '/repos/{owner}/{repo}/branches/{branch}/protection', {
    ...ADMIN,
    body: {
      required: [
        'required_status_checks',
        'enforce_admins',
        'required_pull_request_reviews',
        'restrictions',
      ],
      properties: {
        required_status_checks: {
          ...NULLABLE_OBJECT,
          required: ['strict', 'contexts'],
          properties: { strict: FLAG, contexts: TEXTS },
        },
        enforce_admins: { type: ['boolean', 'null'] },
        required_pull_request_reviews: {
          ...NULLABLE_OBJECT,
          properties: {
            required_approving_review_count: INTEGER,
            require_code_owner_reviews: FLAG,
          },
        },
        restrictions: { type: 'null' },
      },
    },
  }).answers(async ({ state, params, body }) => {
    const { required_status_checks: checks, required_pull_request_reviews: reviews } = body
    const protection: BranchProtection = {
      checks: checks ? { strict: checks.strict, contexts: checks.contexts } : undefined,
      reviews: reviews
        ? {
            approvals: reviews.required_approving_review_count ?? 1,
            codeOwners: reviews.require_code_owner_reviews ?? false,
          }
        : undefined,
      enforceAdmins: body.enforce_admins ?? false,
    }
    state.protections.set(params.branch, protection)
    return { status: 200, body: shownProtection(state, params.branch, protection) }
  }),

  route('delete', '/repos/{owner}/{repo}/branches/{branch}/protection', ADMIN).answers(
    async ({ state, params }) => {
      if (!state.protections.delete(params.branch)) throw new Refusal(404, 'Branch not protected')
      return { status: 204 }
    },
  ),
]

/** What a branch asks of a change, by rulesets and by branch protection together. */
export type Requirements = { pullRequest: boolean; approvals: number; checks: string[] }

export function requirementsOf(state: State, branch: string): Requirements {
  const rules = activeRulesets(state, branch).flatMap((ruleset) => ruleset.rules)
  const reviews = rules.filter((rule) => rule.type === 'pull_request')
  const protection = state.protections.get(branch)
  return {
    pullRequest: reviews.length > 0 || protection?.reviews !== undefined,
    approvals: Math.max(
      protection?.reviews?.approvals ?? 0,
      ...reviews.map(({ parameters }) => parameters?.required_approving_review_count ?? 0),
    ),
    checks: [...(protection?.checks?.contexts ?? []), ...rules.flatMap(checksOf)],
  }
}

/** Throws where a branch may be changed by merging pull requests only. */
export function refuseDirectChange(state: State, branch: string, status = 422): void {
  const { pullRequest, checks } = requirementsOf(state, branch)
  if (pullRequest) throw violation(['Changes must be made through a pull request.'], status)
  if (checks.length > 0) throw violation(checks.map(missingCheck), status)
}

/** The refusal that lists what a change lacks. */
export function violation(reasons: readonly string[], status: number): Refusal {
  const list = reasons.map((reason) => `${reason}\n\n`).join('')
  return new Refusal(status, `Repository rule violations found\n\n${list}`)
}

export function missingCheck(name: string): string {
  return `Required status check "${name}" is expected.`
}

function activeRulesets(state: State, branch: string): Ruleset[] {
  const names = ['~ALL', `refs/heads/${branch}`]
  if (branch === state.defaultBranch) names.push('~DEFAULT_BRANCH')
  return state.rulesets.filter(
    ({ enforcement, include }) =>
      enforcement === 'active' && include.some((name) => names.includes(name)),
  )
}

function checksOf(rule: Rule): string[] {
  if (rule.type !== 'required_status_checks') return []
  return (rule.parameters?.required_status_checks ?? []).map(({ context }) => context)
}

function shownRuleset(state: State, { id, name, enforcement }: Ruleset) {
  return {
    id,
    node_id: `RRS_${id}`,
    name,
    enforcement,
    target: 'branch' as const,
    source_type: 'Repository' as const,
    source: `${state.owner}/${state.name}`,
  }
}

function shownProtection(
  state: State,
  branch: string,
  { checks, reviews, enforceAdmins }: BranchProtection,
) {
  const url = apiUrl(state, `/branches/${encodeURIComponent(branch)}/protection`)
  return {
    url,
    enforce_admins: { url: `${url}/enforce_admins`, enabled: enforceAdmins },
    ...(checks && {
      required_status_checks: {
        url: `${url}/required_status_checks`,
        contexts_url: `${url}/required_status_checks/contexts`,
        ...checks,
        checks: checks.contexts.map((context) => ({ context, app_id: null })),
      },
    }),
    ...(reviews && {
      required_pull_request_reviews: {
        url: `${url}/required_pull_request_reviews`,
        required_approving_review_count: reviews.approvals,
        require_code_owner_reviews: reviews.codeOwners,
        dismiss_stale_reviews: false,
      },
    }),
  }
}
