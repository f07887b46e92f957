import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { localPath } from '../../src/sales/sources/remote-files.ts'
import { httpsServer } from '../https-server.ts'
import { temporaryFolder } from '../repository.ts'

const content = Buffer.from('product,day\nmilk,2026-10-31\n')
const patience = { stall: 300, leastBytes: 1, attempts: 2, pause: async () => {} }

/** A proxy that connects to whatever it is asked for, or answers by itself. */
async function proxyThat(answer?: (socket: Duplex) => void) {
  const asked: string[] = []
  const sockets = new Set<Duplex>()
  const proxy = createServer((_, response) => void response.writeHead(400).end())
  proxy.on('connect', (request, socket: Duplex) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim())
    sockets.add(socket)
    socket.on('error', () => {})
    if (answer) return answer(socket)
    const { hostname, port } = new URL(`https://${request.url}`)
    const server = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      server.pipe(socket).pipe(server)
    })
    sockets.add(server)
    server.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => proxy.close(resolve))
  })
  return { host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked }
}

/** Fetches a file from a server of this machine, or from what it redirects to. */
async function fetched(location?: string) {
  const server = await httpsServer((request, response) => {
    if (location && request.url === '/sales.csv') response.writeHead(302, { location }).end()
    else response.end(content)
  })
  const digest = createHash('sha256').update(content).digest('hex')
  const remote = {
    url: `${server.url}/sales.csv`,
    bytes: content.length,
    algorithm: 'sha256' as const,
    digest,
  }
  const folder = await temporaryFolder()
  const path = localPath(remote, folder, { patience })
  const text = await path.then(
    (path) => readFile(path, 'utf8'),
    (error) => `${error.name}: ${error.message}`,
  )
  return { text, folder, target: `localhost:${server.port}` }
}

test.each(['http://', ''])(
  'behind a proxy, written as %shost:port, a file is fetched through it',
  async (scheme) => {
    const proxy = await proxyThat()
    vi.stubEnv('HTTPS_PROXY', `${scheme}maria:geheim@${proxy.host}`)
    const { text, target } = await fetched()
    expect(text).toBe(content.toString())
    expect(proxy.asked).toEqual([
      `${target} Basic ${Buffer.from('maria:geheim').toString('base64')}`,
    ])
  },
)

test('a host for which the proxy is not is asked without it', async () => {
  const proxy = await proxyThat()
  vi.stubEnv('HTTPS_PROXY', `http://${proxy.host}`)
  vi.stubEnv('NO_PROXY', 'example.com,localhost')
  expect((await fetched()).text).toBe(content.toString())
  expect(proxy.asked).toEqual([])
})

test('a redirect into the own network is not followed through the proxy either', async () => {
  const proxy = await proxyThat()
  vi.stubEnv('HTTPS_PROXY', `http://${proxy.host}`)
  expect((await fetched('https://169.254.169.254/latest')).text).toContain('own network')
  expect(proxy.asked).toHaveLength(1)
})

test.each([
  ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', /407.*HTTPS_PROXY names the proxy/s, 1],
  ['HTTP/1.1 403 Forbidden\r\n\r\n', /403 Forbidden.*HTTPS_PROXY names the proxy/s, 1],
  ['HTTP/1.1 502 Bad Gateway\r\n\r\n', /502 Bad Gateway.*Try again later/s, 2],
  ['', /cannot be fetched: .*Try again later/s, 2],
])(
  'a proxy that answers %j is told, with what to do, and nothing is kept',
  async (answer, told, times) => {
    const proxy = await proxyThat((socket) => void (answer === '' ? 0 : socket.end(answer)))
    vi.stubEnv('HTTPS_PROXY', `http://maria:geheim@${proxy.host}`)
    const { text, folder } = await fetched()
    expect(text).toMatch(/^UserError/)
    expect(text).toMatch(told)
    expect(text).not.toContain('geheim')
    expect(proxy.asked).toHaveLength(times)
    expect(await readdir(folder)).toEqual([])
  },
)

test('what is no proxy is refused, not gone around, and its password is not told', async () => {
  await proxyThat()
  vi.stubEnv('HTTPS_PROXY', 'socks5://maria:geheim@proxy.example.com')
  const { text } = await fetched()
  expect(text).toContain('HTTPS_PROXY holds no address of a proxy')
  expect(text).not.toContain('geheim')
})
