import { LEDGER_BRANCH } from '../ledger/leaderboard.ts'
import type { GitHub } from './client.ts'
import { statusOf, unlessMissing } from './failure.ts'
import { branchHead } from './git-data.ts'
import { runsOn } from './workflow-runs.ts'

/** Some settings are shown to administrators only: to others they are unknown, not absent. */
export type Answer<T> = T | 'unknown'

/** How a repository on GitHub is set up. */
export type RepositorySettings = {
  /** The page of the repository: those of its settings are below it. */
  url: string
  defaultBranch: string
  archived: boolean
  isPrivate: boolean
  /** Its site on GitHub Pages, and whether everybody sees that. */
  pages: Answer<{ isPublic: boolean } | 'off'>
  /** Whether the repository has issues, which alerts need. */
  issues: boolean
  /** Whether this is GitHub Enterprise Server, on a machine of the company. */
  isEnterpriseServer: boolean
  /** Of the default branch. Private repositories have none in a free plan. */
  protection: Answer<Protection> | 'not in the plan'
  /** Whether a pull request may be merged by rebasing its commits, one by one. */
  rebaseMerges: Answer<boolean>
  /** Whether a pull request may be told to merge itself when the rules are met. */
  autoMerge: Answer<boolean>
  ledger: { exists: boolean; isAppendOnly: Answer<boolean> }
  /** What GitHub finds wrong with CODEOWNERS on the default branch, such as an owner without access. */
  codeOwnersErrors: string[]
  /** The file CODEOWNERS on the default branch; absent where there is none. */
  codeOwners?: string
  /** Whether workflows run at all. */
  actions: Answer<boolean>
  workflowToken: Answer<WorkflowToken>
  labels: Answer<string[]>
  workflows: Answer<Workflow[]>
  /** Names only. */
  variables: Answer<string[]>
  secrets: Answer<string[]>
}

/** By rulesets and by the older branch protection, whichever asks for more. */
export type Protection = {
  pullRequest: boolean
  approvals: number
  codeOwners: boolean
  /** Names of the checks that have to pass. */
  checks: string[]
}

export type WorkflowToken = { permissions: 'read' | 'write'; mayOpenPullRequests: boolean }

export type Workflow = {
  /** Such as `.github/workflows/retrain.yml`. */
  path: string
  /** `active`, or why not: `disabled_inactivity` after 60 days without a commit. */
  state: string
  /** The newest run on the default branch; absent where there is none. */
  lastRun?: LastRun
}

/** `conclusion` is absent while it runs; `at` is an ISO instant. */
export type LastRun = { event: string; conclusion?: string; at: string; url: string }

/** Throws a `UserError` where the token may not even see the repository. */
export async function readSettings(github: GitHub): Promise<RepositorySettings> {
  const { api, owner, repo } = github
  const { data } = await api.rest.repos.get({ owner, repo })
  const all = { owner, repo, per_page: 100 }
  const names = (list: { name: string }[]) => list.map(({ name }) => name)
  const codeOwners = await readCodeOwners(github)
  return {
    url: data.html_url,
    defaultBranch: data.default_branch,
    archived: data.archived,
    isPrivate: data.private,
    pages: await unlessHidden(readPages(github)),
    issues: data.has_issues,
    // That of github.com is https://api.github.com, that of a company's cloud https://api.shop.ghe.com.
    isEnterpriseServer: api.request.endpoint.DEFAULTS.baseUrl.endsWith('/api/v3'),
    protection: await readProtection(github, data.default_branch),
    rebaseMerges: data.allow_rebase_merge ?? 'unknown',
    autoMerge: data.allow_auto_merge ?? 'unknown',
    ledger: {
      exists: (await branchHead(github, LEDGER_BRANCH)) !== undefined,
      isAppendOnly: await readAppendOnly(github),
    },
    codeOwnersErrors: await readCodeOwnersErrors(github),
    ...(codeOwners !== undefined && { codeOwners }),
    actions: await unlessHidden(
      api.rest.actions
        .getGithubActionsPermissionsRepository({ owner, repo })
        .then(({ data }) => data.enabled),
    ),
    workflowToken: await unlessHidden(readWorkflowToken(github)),
    labels: await unlessHidden(api.paginate(api.rest.issues.listLabelsForRepo, all).then(names)),
    workflows: await unlessHidden(readWorkflows(github, data.default_branch)),
    variables: await unlessHidden(
      api.paginate(api.rest.actions.listRepoVariables, all).then(names),
    ),
    secrets: await unlessHidden(api.paginate(api.rest.actions.listRepoSecrets, all).then(names)),
  }
}

async function readPages({ api, owner, repo }: GitHub): Promise<{ isPublic: boolean } | 'off'> {
  const answer = await unlessMissing(api.rest.repos.getPages({ owner, repo }))
  return answer ? { isPublic: answer.data.public } : 'off'
}

/** One line each; none where there is no such file. */
async function readCodeOwnersErrors({ api, owner, repo }: GitHub): Promise<string[]> {
  const answer = await unlessMissing(api.rest.repos.codeownersErrors({ owner, repo }))
  return (answer?.data.errors ?? []).map(({ message }) => message.split('\n')[0])
}

async function readCodeOwners({ api, owner, repo }: GitHub): Promise<string | undefined> {
  const answer = await unlessMissing(
    api.rest.repos.getContent({ owner, repo, path: '.github/CODEOWNERS' }),
  )
  const file = answer?.data
  if (file === undefined || !('content' in file)) return undefined
  return Buffer.from(file.content, 'base64').toString()
}

async function readProtection(
  github: GitHub,
  branch: string,
): Promise<RepositorySettings['protection']> {
  try {
    return await knownProtection(github, branch)
  } catch (error) {
    if (isNotInThePlan(error)) return 'not in the plan'
    throw error
  }
}

async function knownProtection(github: GitHub, branch: string): Promise<Answer<Protection>> {
  const byRules = await unlessHidden(readRules(github, branch))
  const byBranch = await unlessHidden(readBranchProtection(github, branch))
  const known = [byRules, byBranch].filter((answer) => answer !== 'unknown')
  const together: Protection = {
    pullRequest: known.some(({ pullRequest }) => pullRequest),
    approvals: Math.max(0, ...known.map(({ approvals }) => approvals)),
    codeOwners: known.some(({ codeOwners }) => codeOwners),
    checks: [...new Set(known.flatMap(({ checks }) => checks))].sort(),
  }
  const isWhole = known.length === 2 || together.pullRequest || together.checks.length > 0
  return isWhole ? together : 'unknown'
}

async function readRules({ api, owner, repo }: GitHub, branch: string): Promise<Protection> {
  const rules = await api.paginate(api.rest.repos.getBranchRules, {
    owner,
    repo,
    branch,
    per_page: 100,
  })
  const reviews = rules.filter((rule) => rule.type === 'pull_request')
  const checks = rules.filter((rule) => rule.type === 'required_status_checks')
  return {
    pullRequest: reviews.length > 0,
    approvals: Math.max(
      0,
      ...reviews.map(({ parameters }) => parameters?.required_approving_review_count ?? 0),
    ),
    codeOwners: reviews.some(({ parameters }) => parameters?.require_code_owner_review),
    checks: checks.flatMap(({ parameters }) =>
      (parameters?.required_status_checks ?? []).map(({ context }) => context),
    ),
  }
}

async function readBranchProtection(github: GitHub, branch: string): Promise<Protection> {
  const data = await branchProtection(github, branch)
  const reviews = data?.required_pull_request_reviews
  return {
    pullRequest: reviews !== undefined,
    approvals: reviews?.required_approving_review_count ?? 0,
    codeOwners: reviews?.require_code_owner_reviews ?? false,
    checks: data?.required_status_checks?.contexts ?? [],
  }
}

/** Where the plan has no rules, the checkup of the default branch says so. */
async function readAppendOnly(github: GitHub): Promise<Answer<boolean>> {
  try {
    return await unlessHidden(isAppendOnly(github, LEDGER_BRANCH))
  } catch (error) {
    if (isNotInThePlan(error)) return false
    throw error
  }
}

/** Whether the branch can be neither deleted nor moved to anything but a descendant. */
async function isAppendOnly(github: GitHub, branch: string): Promise<boolean> {
  const { api, owner, repo } = github
  const { data: rules } = await api.rest.repos.getBranchRules({ owner, repo, branch })
  const types = rules.map(({ type }) => type)
  if (types.includes('deletion') && types.includes('non_fast_forward')) return true
  const protection = await branchProtection(github, branch)
  if (!protection) return false
  return !protection.allow_deletions?.enabled && !protection.allow_force_pushes?.enabled
}

/** The older kind of protection; undefined where the branch has none. */
async function branchProtection({ api, owner, repo }: GitHub, branch: string) {
  try {
    return (await api.rest.repos.getBranchProtection({ owner, repo, branch })).data
  } catch (error) {
    // "Not Found" is also what those get who may not see it.
    if (error instanceof Error && /branch not (protected|found)/i.test(String(error.cause))) {
      return undefined
    }
    throw error
  }
}

async function readWorkflowToken({ api, owner, repo }: GitHub): Promise<WorkflowToken> {
  const { data } = await api.rest.actions.getGithubActionsDefaultWorkflowPermissionsRepository({
    owner,
    repo,
  })
  return {
    permissions: data.default_workflow_permissions,
    mayOpenPullRequests: data.can_approve_pull_request_reviews,
  }
}

async function readWorkflows(github: GitHub, branch: string): Promise<Workflow[]> {
  const { api, owner, repo } = github
  const workflows = await api.paginate(api.rest.actions.listRepoWorkflows, {
    owner,
    repo,
    per_page: 100,
  })
  return await Promise.all(
    workflows.map(async ({ id, path, state }) => {
      const lastRun = await readLastRun(github, id, branch)
      return { path, state, ...(lastRun && { lastRun }) }
    }),
  )
}

async function readLastRun(
  github: GitHub,
  workflow: number,
  branch: string,
): Promise<LastRun | undefined> {
  const [run] = (await unlessMissing(runsOn(github, branch, { workflow_id: workflow }))) ?? []
  if (!run) return undefined
  const { event, conclusion, html_url: url } = run
  const at = run.run_started_at ?? run.created_at
  return { event, ...(conclusion && { conclusion }), at, url }
}

/** Whether GitHub asks for a paid plan: `Upgrade to GitHub Pro or make this repository public to …`. */
export function isNotInThePlan(error: unknown): boolean {
  return error instanceof Error && /upgrade to github/i.test(error.message)
}

/** The answer to a question, `unknown` where the token may not ask it. */
export async function unlessHidden<T>(question: Promise<T>): Promise<Answer<T>> {
  try {
    return await question
  } catch (error) {
    if (isNotInThePlan(error)) throw error
    const status = statusOf(error)
    if (status === 403 || status === 404 || status === 410) return 'unknown'
    throw error
  }
}
