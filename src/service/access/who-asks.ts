import type { FastifyRequest } from 'fastify'
import type { LedgerDatabase } from '../../ledger/sql/database.ts'
import type { Identity } from '../http/identity.ts'
import type { FailedTries } from './limits.ts'
import { rememberedLookup } from './remembered-lookup.ts'
import { isSecret, secretHash } from './secret.ts'
import { cookieOf } from './session-cookie.ts'
import { noteSeen, sessionByHash } from './sessions.ts'
import { noteUse, tokenByHash } from './tokens.ts'
import { isSigned, type TrustedWorkflows, workflowTokens } from './workflow-token.ts'

/** What a request says of who sends it. */
export type Asker =
  | { who: 'nobody' }
  /** `session` is the secret of the session that it belongs to. */
  | { who: 'known'; identity: Identity; session?: string }
  /** What it says is not so. */
  | { who: 'refused'; detail: string }
  /** Whoever could tell does not answer. */
  | { who: 'not known now' }

/**
 * Says who sends a request: by a token where it has one, else by the cookie of a session. Throws an
 * `HttpError` where too many that were wrong came from the same address.
 */
export function whoAsks({
  database,
  now,
  workflows,
  wrong,
}: {
  database: LedgerDatabase
  now: () => Date
  workflows?: TrustedWorkflows | undefined
  wrong: FailedTries
}) {
  const checkWorkflow = workflows && workflowTokens(workflows, now)
  const tokens = rememberedLookup((hash) => tokenByHash(database, hash), now)
  const sessions = rememberedLookup((hash) => sessionByHash(database, hash), now)
  const used = new Map<string, string>()

  async function byToken(token: string, request: FastifyRequest): Promise<Asker> {
    const hash = secretHash(token)
    // Whoever was let in before, is not kept out by what others at the same address try.
    if (!tokens.knows(hash)) await wrong.refuseMany(request)
    const found = isSecret('token', token) ? await tokens.find(hash) : undefined
    if (!found) return refused('The token is not known here: it is wrong, or it was revoked.')
    const { identity, expires } = found
    if (isOver(expires)) return refused(`The token expired at ${expires}.`)
    const today = now().toISOString().slice(0, 10)
    if (used.get(hash) !== today) {
      used.set(hash, today)
      // Nobody waits for it, and where the ledger is full or away, reading goes on.
      noteUse(database, hash, now()).catch(() => used.delete(hash))
    }
    return { who: 'known', identity }
  }

  async function byWorkflow(token: string, request: FastifyRequest): Promise<Asker> {
    if (!checkWorkflow) return refused('No workflows are trusted here: the token is of no use.')
    await wrong.refuseMany(request)
    const checked = await checkWorkflow(token)
    if (checked.outcome === 'not checked') return { who: 'not known now' }
    return checked.outcome === 'trusted'
      ? { who: 'known', identity: checked.identity }
      : refused(checked.detail)
  }

  async function bySession(secret: string, request: FastifyRequest): Promise<Asker> {
    const hash = secretHash(secret)
    if (!sessions.knows(hash)) await wrong.refuseMany(request)
    const found = await sessions.find(hash)
    if (!found || isOver(found.expires)) {
      return refused('The session has ended. Log in again.')
    }
    const { identity, seen } = found
    if (now().getTime() - Date.parse(seen) > SEEN_EVERY) {
      noteSeen(database, hash, now()).catch(() => {})
    }
    return { who: 'known', identity, session: secret }
  }

  function isOver(expires: string | undefined): boolean {
    return expires !== undefined && expires <= now().toISOString()
  }

  async function bySecret(request: FastifyRequest): Promise<Asker> {
    const { authorization } = request.headers
    if (authorization === undefined) {
      const secret = cookieOf(request, 'session')
      return secret === undefined ? { who: 'nobody' } : await bySession(secret, request)
    }
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization) ?? []
    if (token === undefined) {
      return refused('The header Authorization must be: Bearer, a space, and a token.')
    }
    return await (isSigned(token) ? byWorkflow : byToken)(token, request)
  }

  return async (request: FastifyRequest): Promise<Asker> => {
    const asker = await bySecret(request)
    if (asker.who === 'refused') await wrong.count(request)
    return asker
  }
}

function refused(detail: string): Asker {
  return { who: 'refused', detail }
}

/** Milliseconds: how exactly it is known when a session was last used. */
const SEEN_EVERY = 10 * 60_000
