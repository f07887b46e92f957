import { randomUUID } from 'node:crypto'
import type { components } from '@octokit/openapi-types'
import { Refusal } from './refusal.ts'

type Access = 'read' | 'write'
type Scope =
  | 'actions'
  | 'administration'
  | 'checks'
  | 'contents'
  | 'issues'
  | 'metadata'
  | 'pages'
  | 'pull-requests'
  | 'secrets'
  | 'statuses'
  | 'variables'

/** As a workflow writes it: `contents: write`. */
export type Permission = `${Scope}: ${Access}`

/** Who a token stands for, and what it may do. `everything` is an administrator's own token. */
export type Identity = {
  login: string
  type: 'User' | 'Bot'
  permissions: readonly Permission[] | 'everything'
}

/** The token of a workflow run whose jobs ask for all that this project's jobs ask for. */
export const WORKFLOW: Identity = {
  login: 'github-actions[bot]',
  type: 'Bot',
  permissions: [
    'actions: write',
    'checks: write',
    'contents: write',
    'issues: write',
    'metadata: read',
    'pull-requests: write',
    'statuses: write',
  ],
}

/** The tokens that a server knows. */
export class Tokens {
  readonly #identities = new Map<string, Identity>()

  issue(identity: Identity): string {
    const token = `ghs_${randomUUID().replaceAll('-', '')}`
    this.#identities.set(token, identity)
    return token
  }

  /** Throws the 401 of a request without a token, or with one that nobody gave out. */
  identify(authorization: string | undefined): Identity {
    if (!authorization) throw new Refusal(401, 'Requires authentication')
    const [, token] = /^(?:token|bearer) (\S+)$/i.exec(authorization) ?? []
    const identity = this.#identities.get(token ?? '')
    if (!identity) throw new Refusal(401, 'Bad credentials')
    return identity
  }
}

/** Throws the 403 of a token that lacks each of the permissions of which one is needed. */
export function authorise(identity: Identity, oneOf: readonly Permission[]): void {
  const { permissions } = identity
  if (permissions === 'everything' || oneOf.length === 0) return
  if (oneOf.some((needed) => grants(permissions, needed))) return
  const message =
    identity.type === 'Bot'
      ? 'Resource not accessible by integration'
      : 'Resource not accessible by personal access token'
  const accepted = oneOf.map((needed) => needed.replace('-', '_').replace(': ', '='))
  throw new Refusal(403, message, [], { 'x-accepted-github-permissions': accepted.join('; ') })
}

/** Who did something, as every answer names people. */
export function userOf({ login, type }: Pick<Identity, 'login' | 'type'>): User {
  return {
    login,
    id: idOf(login),
    node_id: `U_${idOf(login)}`,
    type,
    site_admin: false,
    html_url: `https://github.com/${login}`,
  }
}

/** The address that GitHub puts in commits that somebody makes through it. */
export function emailOf({ login }: Pick<Identity, 'login'>): string {
  return `${idOf(login)}+${login}@users.noreply.github.com`
}

type User = Pick<
  components['schemas']['simple-user'],
  'login' | 'id' | 'node_id' | 'type' | 'site_admin' | 'html_url'
>

function grants(permissions: readonly Permission[], needed: Permission): boolean {
  const asWrite = needed.replace(': read', ': write')
  return permissions.some((granted) => granted === needed || granted === asWrite)
}

/** Stable for a login: that of the Actions bot is the real one. */
function idOf(login: string): number {
  if (login === WORKFLOW.login) return 41_898_282
  return [...login].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 90_000_000, 7)
}
