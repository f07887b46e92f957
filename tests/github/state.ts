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
  /** The setting "Allow GitHub Actions to create and approve pull requests". */
  actionsMayOpenPullRequests: boolean
  lastId: number
}

type Actor = Pick<Identity, 'login' | 'type'>

export type Issue = {
  id: number
  number: number
  title: string
  body: string | null
  state: 'open' | 'closed'
  stateReason: 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null
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
  reviews: Review[]
  requestedReviewers: string[]
  requestedTeams: string[]
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
