import type { components } from '@octokit/openapi-types'
import type { Identity } from './identity.ts'

/** A repository on the server: what is not in git. Everything else is read from git. */
export type State = {
  id: number
  owner: string
  name: string
  /** The address of this server, without a slash at its end. */
  url: string
  /** The folder of the bare repository. */
  git: string
  defaultBranch: string
  /** Issues and pull requests, which share their numbers. */
  issues: Issue[]
  comments: Comment[]
  labels: Label[]
  releases: Release[]
  /** Commits that were made through the API: GitHub signs those of bots. */
  signed: Set<string>
  options: Options
  workflowToken: WorkflowToken
  /** Logins of people with a token: those of whom a review may be requested. */
  people: Set<string>
  rulesets: Ruleset[]
  /** By the name of the branch. */
  protections: Map<string, BranchProtection>
  checkRuns: CheckRun[]
  statuses: CommitStatus[]
  runs: WorkflowRun[]
  /** By the path of the workflow's file; those that are not here are active. */
  disabledWorkflows: Map<string, 'disabled_manually' | 'disabled_inactivity'>
  dispatches: Dispatch[]
  /** Of the page "Pages"; undefined where it is off. */
  pages: { public: boolean } | undefined
  variables: Variable[]
  /** Names and instants: GitHub gives no secret back either. */
  secrets: Omit<Variable, 'value'>[]
  /** By name: branches that get their secrets, or undefined where all do, and names of these. */
  environments: Map<string, { branches: string[] | undefined; secrets: string[] }>
  lastId: number
}

/** Of the page "Settings". */
export type Options = {
  private: boolean
  archived: boolean
  has_issues: boolean
  allow_merge_commit: boolean
  allow_squash_merge: boolean
  allow_rebase_merge: boolean
  delete_branch_on_merge: boolean
  allow_auto_merge: boolean
}

/** Of the page "Actions": what a job may do that asks for nothing, and whether it may open pull requests. */
export type WorkflowToken = {
  default_workflow_permissions: 'read' | 'write'
  can_approve_pull_request_reviews: boolean
}

export type Ruleset = {
  id: number
  name: string
  enforcement: 'active' | 'disabled' | 'evaluate'
  /** `~DEFAULT_BRANCH`, `~ALL` or `refs/heads/main`. */
  include: string[]
  rules: Rule[]
}

export type Rule = components['schemas']['repository-rule']

/** The older way to protect a branch; undefined: not asked for. */
export type BranchProtection = {
  checks: { strict: boolean; contexts: string[] } | undefined
  reviews: { approvals: number; codeOwners: boolean } | undefined
  enforceAdmins: boolean
}

export type CheckRun = {
  id: number
  name: string
  commit: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: Conclusion | null
  startedAt: string
  completedAt: string | null
  detailsUrl: string | null
  title: string | null
  summary: string | null
}

export type Conclusion = Exclude<components['schemas']['check-run']['conclusion'], null>

export type CommitStatus = {
  id: number
  commit: string
  context: string
  state: 'error' | 'failure' | 'pending' | 'success'
  description: string | null
  targetUrl: string | null
  creator: Actor
  at: string
}

/** `path` is that of the workflow's file; instants are ISO. */
export type WorkflowRun = {
  id: number
  path: string
  branch: string
  commit: string
  event: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: Conclusion | null
  actor: Actor
  startedAt: string
  /** What `run-name` of the workflow makes of it; absent where it has none. */
  title?: string
}

/** A workflow that somebody asked for, for a test to run. */
export type Dispatch =
  | {
      event: 'workflow_dispatch'
      path: string
      ref: string
      inputs: Record<string, string>
      actor: string
      /** Waits until the test has run it. */
      run: WorkflowRun
    }
  | { event: 'repository_dispatch'; type: string; payload: object; actor: string }

export type Variable = { name: string; value: string; createdAt: string; updatedAt: string }

export type Actor = Pick<Identity, 'login' | 'type'>

export type Issue = {
  id: number
  number: number
  title: string
  body: string | null
  state: 'open' | 'closed'
  stateReason: 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null
  /** Whether a person has locked the conversation. */
  locked: boolean
  user: Actor
  /** Names, as `labels` spells them. */
  labels: string[]
  assignees: string[]
  createdAt: string
  updatedAt: string
  closedAt: string | null
  closedBy: Actor | null
  events: IssueEvent[]
  pull?: Pull
}

export type IssueEvent = {
  id: number
  event:
    | 'labeled'
    | 'unlabeled'
    | 'closed'
    | 'reopened'
    | 'renamed'
    | 'merged'
    | 'head_ref_deleted'
    | 'head_ref_force_pushed'
    | 'review_requested'
  actor: Actor
  at: string
  label?: string
}

export type Pull = {
  /** Where the branch is: another owner than the repository's is a fork. */
  head: { owner: string; branch: string; commit: string }
  /** `commit` is that of the base branch when the head was last pushed. */
  base: { branch: string; commit: string }
  draft: boolean
  merge: { commit: string; at: string; by: Actor } | null
  /** Who has told GitHub to merge it when the rules are met, and how. */
  autoMerge: { by: Identity; method: 'merge' | 'squash' } | null
  reviews: Review[]
  requestedReviewers: string[]
}

export type Review = {
  id: number
  user: Actor
  body: string
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED'
  commit: string
  at: string
}

export type Comment = {
  id: number
  issue: number
  user: Actor
  body: string
  createdAt: string
  updatedAt: string
}

export type Label = { id: number; name: string; color: string; description: string | null }

export type Release = {
  id: number
  tag: string
  target: string
  name: string | null
  body: string | null
  draft: boolean
  prerelease: boolean
  author: Actor
  createdAt: string
  publishedAt: string | null
  assets: Asset[]
}

export type Asset = {
  id: number
  name: string
  label: string | null
  contentType: string
  bytes: Buffer
  state: 'uploaded' | 'open'
  uploader: Actor
  at: string
}

export function nextId(state: State): number {
  state.lastId += 1
  return state.lastId
}

/** The address of something of the repository in the API. */
export function apiUrl(state: State, path = ''): string {
  return `${state.url}/repos/${state.owner}/${state.name}${path}`
}

/** Its page for people. */
export function htmlUrl(state: State, path = ''): string {
  return `https://github.com/${state.owner}/${state.name}${path}`
}

/** As GitHub gives instants: whole seconds, UTC. */
export function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`
}
