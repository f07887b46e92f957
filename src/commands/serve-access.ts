import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { quoted, UserError } from '../base/errors.ts'
import type { AccessSettings } from '../service/access/access-options.ts'
import type { OpenIdProvider } from '../service/access/openid.ts'
import type { TrustedWorkflows } from '../service/access/workflow-token.ts'

/** The options of `cd4ml serve` by which a chain says who may ask, and how. */
export type AccessFlags = {
  trustProxy?: string
  embedIn?: string[]
  requestsPerMinute?: number
  actionsRepository?: string
  actionsRef: string
  actionsAudience?: string
  actionsIssuer: string
}

/** What options and environment say of access; throws a `UserError` where it cannot be meant. */
export function accessSettings(
  flags: AccessFlags,
  environment: NodeJS.ProcessEnv,
): { access: AccessSettings; trustProxy?: string } {
  const provider = providerIn(environment)
  const workflows = workflowsIn(flags)
  const { embedIn, requestsPerMinute: requestsAMinute, trustProxy } = flags
  return {
    access: {
      ...(provider && { provider }),
      ...(workflows && { workflows }),
      ...(embedIn && { embedIn: embedIn.map(checkedOrigin) }),
      ...(requestsAMinute !== undefined && { requestsAMinute }),
    },
    ...(trustProxy !== undefined && { trustProxy: checkedAddresses(trustProxy) }),
  }
}

function workflowsIn(flags: AccessFlags): TrustedWorkflows | undefined {
  const { actionsRepository: repository, actionsRef: ref, actionsAudience: audience } = flags
  if (repository === undefined) return undefined
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new UserError(`must be a repository, but is ${quoted(repository)}`, {
      key: '--actions-repository',
      remedy: 'Write its owner and name, such as chain/orders.',
    })
  }
  if (!/^refs\/(heads|tags)\/./.test(ref)) {
    throw new UserError(`must be a branch or tag, but is ${quoted(ref)}`, {
      key: '--actions-ref',
      remedy: 'Write it in full, such as refs/heads/main.',
    })
  }
  if (audience === undefined) {
    throw new UserError('a token of GitHub has to say that it is for this service', {
      key: '--actions-audience',
      remedy: 'Write where the workflow reaches it, such as https://orders.example.',
    })
  }
  const issuer = checkedIssuer(flags.actionsIssuer, '--actions-issuer')
  return { repository, ref, audience, issuer, scopes: ['read', 'record'] }
}

function providerIn(environment: NodeJS.ProcessEnv): OpenIdProvider | undefined {
  const of = (name: string) => environment[`${PREFIX}${name}`] || undefined
  const issuer = of('ISSUER')
  if (issuer === undefined) return undefined
  const clientId = of('CLIENT_ID')
  const clientSecret = of('CLIENT_SECRET') ?? secretIn(of('CLIENT_SECRET_FILE'))
  const [emailDomain, group] = [of('EMAIL_DOMAIN'), of('GROUP')]
  if (clientId === undefined || clientSecret === undefined) {
    throw new UserError('a login by accounts needs what the provider knows this service by', {
      key: `${PREFIX}CLIENT_ID`,
      remedy: `Set ${PREFIX}CLIENT_ID, and ${PREFIX}CLIENT_SECRET or ${PREFIX}CLIENT_SECRET_FILE.`,
    })
  }
  if (emailDomain === undefined && group === undefined) {
    throw new UserError('a login by accounts needs to know which of them belong here', {
      key: `${PREFIX}EMAIL_DOMAIN`,
      remedy: `Set ${PREFIX}EMAIL_DOMAIN, such as chain.example, or ${PREFIX}GROUP.`,
    })
  }
  return {
    issuer: checkedIssuer(issuer, `${PREFIX}ISSUER`),
    clientId,
    clientSecret,
    allowed: {
      ...(emailDomain !== undefined && { emailDomain: emailDomain.replace(/^@/, '') }),
      ...(group !== undefined && { group }),
    },
  }
}

function secretIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  const secret = readFileSync(file, 'utf8').trim()
  if (secret !== '') return secret
  throw new UserError('is empty, but must hold the secret', { file })
}

function checkedIssuer(issuer: string, key: string): string {
  const url = URL.parse(issuer)
  const isLocal = url !== null && LOCAL.has(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) {
    return issuer
  }
  throw new UserError(`must be an address that begins with https, but is ${quoted(issuer)}`, {
    key,
    remedy: 'Write the issuer as the provider names it, such as https://accounts.example.',
  })
}

function checkedOrigin(origin: string): string {
  const url = URL.parse(origin)
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin
  throw new UserError(`must be the origin of a page, but is ${quoted(origin)}`, {
    key: '--embed-in',
    remedy: 'Write scheme and host alone, such as https://stock.example.',
  })
}

/** As Fastify takes them: addresses, networks and names of some, with commas between. */
function checkedAddresses(text: string): string {
  const wrong = text.split(',').find((part) => !isAddress(part.trim()))
  if (wrong === undefined) return text
  throw new UserError(`must be addresses of proxies, but has ${quoted(wrong)}`, {
    key: '--trust-proxy',
    remedy: 'Write addresses or networks, such as 127.0.0.1 or 10.0.0.0/8,loopback.',
  })
}

function isAddress(text: string): boolean {
  const [address, bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0) return NETWORKS.has(text)
  if (bits === undefined) return true
  const length = /^\d{1,3}$/.test(bits) ? Number(bits) : 0
  return more.length === 0 && length > 0 && length <= (version === 4 ? 32 : 128)
}

const PREFIX = 'CD4ML_OIDC_'
const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]'])
const NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal'])
