import { lookup as lookUp } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { UserError } from '../../base/errors.ts'
import { shownUrl } from '../contract/remote-path.ts'

const MOST_REDIRECTS = 5

/**
 * Asks for a file by GET and follows redirects, at most five, from https to https alone. Whoever
 * answers may not send the question into a network that only this machine sees (server-side request
 * forgery): an address of loopback, of a private network or of the link is asked where `url` itself
 * names that host, and nowhere else. Rejects with a `UserError` where the answer leads elsewhere, with
 * the system's error where there is no answer, and when `signal` says so.
 *
 * Where the environment names a proxy (`HTTPS_PROXY`, and in `NO_PROXY` for whom it is not), it is asked
 * by that, which looks up names and decides what may be reached; TLS goes through it to the host. It is
 * given up where it does not answer within `patience` milliseconds.
 */
export async function ask(
  url: string,
  headers: { [name: string]: string },
  signal: AbortSignal,
  patience: number,
): Promise<IncomingMessage> {
  const agent = new Agent({ proxyEnv: proxyOf(process.env), timeout: patience })
  const named = new URL(url).hostname
  let at = new URL(url)
  for (let redirects = 0; ; redirects++) {
    const response = await get(at, { headers, signal, agent }, at.hostname === named)
    const { statusCode = 0, headers: said } = response
    if (![301, 302, 303, 307, 308].includes(statusCode)) return response
    response.destroy()
    if (redirects === MOST_REDIRECTS) throw elsewhere(url, 'is redirected more than five times')
    const next = said.location === undefined ? null : URL.parse(said.location, at.href)
    if (next === null) throw elsewhere(url, 'is redirected to nowhere')
    if (next.protocol !== 'https:') {
      throw elsewhere(url, `is redirected to ${shownUrl(next.href)}, which is not https`)
    }
    if (next.username !== '' || next.password !== '') {
      throw elsewhere(url, `is redirected to ${shownUrl(next.href)} with a name or password`)
    }
    at = next
  }
}

/** Throws a `UserError`, which does not repeat it, where the proxy is none that can be asked. */
function proxyOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const written = environment.https_proxy || environment.HTTPS_PROXY
  if (!written) return {}
  // Often only host and port are written.
  const address = written.includes('://') ? written : `http://${written}`
  if (!/^https?:$/.test(URL.parse(address)?.protocol ?? '')) {
    throw new UserError('HTTPS_PROXY holds no address of a proxy', {
      remedy: 'Write one such as http://proxy.example.com:3128, or http://user:password@….',
    })
  }
  const NO_PROXY = environment.no_proxy || environment.NO_PROXY
  return { HTTPS_PROXY: address, NO_PROXY }
}

function get(
  url: URL,
  options: { headers: { [name: string]: string }; signal: AbortSignal; agent: Agent },
  isNamed: boolean,
): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (!isNamed && isIP(host) !== 0 && isInside(host)) throw inside(url)
  const lookup: LookupFunction = (name, options, done) =>
    lookUp(name, { ...options, all: true }, (error, found) => {
      if (error) return done(error, [])
      // Of a proxy, the name is another one; it may well stand in the own network.
      if (!isNamed && name === host && found.some(({ address }) => isInside(address)))
        return done(inside(url), [])
      const [{ address, family }] = found
      return options.all ? done(null, found) : done(null, address, family)
    })
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...options, lookup }, resolve)
    asked.on('error', reject)
    asked.end()
  })
}

function elsewhere(url: string, what: string): UserError {
  return new UserError(`${shownUrl(url)} ${what}`, {
    remedy: 'Write the address at which the file lies.',
  })
}

function inside(url: URL): UserError {
  return new UserError(
    `a redirect leads to ${url.hostname}, an address within this machine's own network`,
    { remedy: 'Where the file really lies there, write that address into the contract.' },
  )
}

function isInside(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return isInside(mapped)
  return OWN_NETWORKS.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** Special-purpose addresses (RFC 6890) that are nobody's in the internet. */
const OWN_NETWORKS = new BlockList()
for (const [network, bits] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
  ] as const),
  ...([
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
  ] as const),
  ...([
    ['198.18.0.0', 15],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
] as const) {
  OWN_NETWORKS.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  ...([
    ['::', 128],
    ['::1', 128],
    ['::ffff:0:0', 96],
    ['64:ff9b::', 96],
  ] as const),
  ...([
    ['fc00::', 7],
    ['fe80::', 10],
    ['ff00::', 8],
  ] as const),
] as const) {
  OWN_NETWORKS.addSubnet(network, bits, 'ipv6')
}
