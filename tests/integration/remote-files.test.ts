import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { checkedUrl, type RemoteFile, shownUrl } from '../../src/sales/contract/remote-path.ts'
import type { Patience } from '../../src/sales/sources/remote-download.ts'
import { localPath } from '../../src/sales/sources/remote-files.ts'
import { httpsServer } from '../https-server.ts'
import { smallContract } from '../unit/sales/contracts.ts'
import { temporaryFolder, validated } from './validate-fixture.ts'

const content = Buffer.from(
  `id,sold,quantity\n${Array.from({ length: 20_000 }, (_, n) => `p${n % 7},2026-01-0${1 + (n % 9)},${n % 5}\n`).join('')}`,
)

/** Nobody waits, and a second without a byte is a line that has gone quiet. */
const patience = (): Patience & { paused: number[] } => {
  const paused: number[] = []
  const pause = async (milliseconds: number) => void paused.push(milliseconds)
  return { stall: 300, leastBytes: 1, attempts: 5, pause, paused }
}

function described(url: string, bytes = content): RemoteFile {
  const digest = createHash('sha256').update(bytes).digest('hex')
  return { url, bytes: bytes.length, algorithm: 'sha256', digest }
}

/** A server that knows ranges, and may be told to fail first: each of these answers one question. */
function serverOf(...faults: ((request: IncomingMessage, response: ServerResponse) => void)[]) {
  return httpsServer((request, response) => {
    const fault = faults.shift()
    if (fault) return fault(request, response)
    whole(request, response)
  })
}

function whole({ headers }: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
  const isSame = headers['if-range'] === undefined || headers['if-range'] === '"v1"'
  if (from === 0 || !isSame) {
    response.writeHead(200, { 'content-length': content.length, etag: '"v1"' }).end(content)
    return
  }
  response
    .writeHead(206, {
      'content-length': content.length - from,
      'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
      etag: '"v1"',
    })
    .end(content.subarray(from))
}

/** Sends the beginning, and then nothing or the end of the line. */
const breaksOff =
  (then: 'cut' | 'silence', headers = {}) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': content.length, etag: '"v1"', ...headers })
    response.write(content.subarray(0, 100_000), () => {
      if (then === 'cut') setImmediate(() => response.destroy())
    })
  }

const status =
  (code: number, headers = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(code, headers).end('no')

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing',
    (error) => `${error.name}: ${error.message}`,
  )
}

describe('a file on another machine', () => {
  it('is fetched once, and read without a network from then on', async () => {
    const folder = await temporaryFolder()
    const { url, asked } = await serverOf()
    const remote = described(`${url}/sales.csv`)
    for (let time = 0; time < 2; time++) {
      const path = await localPath(remote, folder, { patience: patience() })
      expect(await readFile(path)).toEqual(content)
    }
    expect(asked.length).toBe(1)
    expect(await readdir(folder)).toEqual([remote.digest])
  })

  it('is fetched anew where what is kept was changed: a poisoned cache is not believed', async () => {
    const folder = await temporaryFolder()
    const { url } = await serverOf()
    const remote = described(`${url}/sales.csv`)
    const path = await localPath(remote, folder, { patience: patience() })
    await writeFile(path, content.toString().replace('p1', 'p9'))
    await localPath(remote, folder, { patience: patience() })
    expect(await readFile(path)).toEqual(content)
  })

  it('is fetched into its place, whatever stands there: nothing is written through links', async () => {
    const { url } = await serverOf()
    const remote = described(`${url}/sales.csv`)
    const other = join(await temporaryFolder(), 'other')
    await writeFile(other, 'of somebody else')
    const whole = remote.digest
    const left = `${whole}.99999999`
    const own = `${whole}.${process.pid}`
    for (const name of [whole, `${left}.partial`, `${own}.partial`, `${own}.etag`]) {
      for (const kind of ['link', 'folder']) {
        const folder = await temporaryFolder()
        if (kind === 'link') await symlink(other, join(folder, name))
        else await mkdir(join(folder, name, 'in'), { recursive: true })
        const path = await localPath(remote, folder, { patience: patience() })
        expect(await readFile(path), name).toEqual(content)
        expect(await readdir(folder)).toEqual([whole])
      }
    }
    expect(await readFile(other, 'utf8')).toBe('of somebody else')
  })

  it.each(['cut', 'silence'] as const)('goes on after %s, where it stopped', async (how) => {
    const folder = await temporaryFolder()
    const { url, asked } = await serverOf(breaksOff(how))
    const path = await localPath(described(`${url}/sales.csv`), folder, { patience: patience() })
    expect(await readFile(path)).toEqual(content)
    expect(asked[0].headers.range).toBeUndefined()
    expect(asked[1].headers.range).toMatch(/^bytes=\d{4,6}-$/)
    expect(asked[1].headers['if-range']).toBe('"v1"')
  })

  it('begins again where the server has another state of it, or knows no ranges', async () => {
    for (const fault of [
      breaksOff('cut', { etag: '"v0"' }),
      breaksOff('cut', { etag: 'W/"v1"' }),
    ]) {
      const folder = await temporaryFolder()
      const plain = (_: IncomingMessage, response: ServerResponse) =>
        void response.writeHead(200, { 'content-length': content.length }).end(content)
      const { url } = await serverOf(fault, plain)
      const path = await localPath(described(`${url}/sales.csv`), folder, { patience: patience() })
      expect(await readFile(path)).toEqual(content)
    }
  })

  it('goes on from what a killed process left, and never from what a living one writes', async () => {
    const folder = await temporaryFolder()
    const { url, asked } = await serverOf()
    const remote = described(`${url}/sales.csv`)
    await mkdir(folder, { recursive: true })
    // No process has a number beyond 2^22 on Linux.
    await writeFile(join(folder, `${remote.digest}.99999999.partial`), content.subarray(0, 50_000))
    await writeFile(join(folder, `${remote.digest}.99999999.etag`), '"v1"')
    await writeFile(join(folder, `${remote.digest}.${process.ppid}.partial`), 'of another one')
    await localPath(remote, folder, { patience: patience() })
    expect(asked[0].headers).toMatchObject({ range: 'bytes=50000-', 'if-range': '"v1"' })
    expect((await readdir(folder)).sort()).toEqual(
      [remote.digest, `${remote.digest}.${process.ppid}.partial`].sort(),
    )
  })

  it('is fetched whole where what was left is damaged', async () => {
    const folder = await temporaryFolder()
    const { url, asked } = await serverOf()
    const remote = described(`${url}/sales.csv`)
    await writeFile(join(folder, `${remote.digest}.99999999.partial`), 'x'.repeat(50_000))
    expect(await readFile(await localPath(remote, folder, { patience: patience() }))).toEqual(
      content,
    )
    expect(asked.length).toBe(2)
  })

  it.each([429, 500, 503])('is asked for again after %i, later each time', async (code) => {
    const folder = await temporaryFolder()
    const waiting = patience()
    const { url } = await serverOf(status(code), status(code, { 'retry-after': '7' }))
    await localPath(described(`${url}/sales.csv`), folder, { patience: waiting })
    expect(waiting.paused).toEqual([1000, 7000])
  })

  it('is asked for again when the server says so, also by a moment', async () => {
    const waiting = patience()
    const date = 'Sat, 28 Nov 2026 03:00:00 GMT'
    const later = { date, 'retry-after': 'Sat, 28 Nov 2026 03:00:20 GMT' }
    const { url } = await serverOf(status(503, later), status(429, { 'retry-after': '86400' }))
    const remote = described(`${url}/sales.csv`)
    await localPath(remote, await temporaryFolder(), { patience: waiting })
    expect(waiting.paused).toEqual([20_000, 60_000])
  })

  it.each([
    [
      'that drips',
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': content.length })
        const drip = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(drip))
      },
    ],
    ['that never answers', () => {}],
  ])('is given up where a server %s, with what it was', async (_, answer) => {
    const folder = await temporaryFolder()
    const { url, asked } = await httpsServer(answer)
    const slow = { ...patience(), leastBytes: 1000, stall: 100, attempts: 2 }
    const said = await refusal(localPath(described(`${url}/sales.csv`), folder, { patience: slow }))
    expect(said).toMatch(/^UserError: .*cannot be fetched: too little came for too long/)
    expect(asked.length).toBe(2)
    expect(await readdir(folder)).not.toContain(described(url).digest)
  })

  it('is given up after five questions, with what came kept', async () => {
    const folder = await temporaryFolder()
    const { url, asked } = await serverOf(breaksOff('cut'), ...Array(9).fill(status(503)))
    const remote = described(`${url}/sales.csv`)
    const said = await refusal(
      localPath(remote, folder, { patience: { ...patience(), leastBytes: 1e9, stall: 1e6 } }),
    )
    expect(said).toMatch(
      /^UserError: https:\/\/localhost:\d+\/sales.csv cannot be fetched: the server answers 503\n.*\d{4,6} bytes that came are kept/,
    )
    expect(asked.length).toBe(5)
    expect((await readdir(folder)).sort()).toEqual([
      `${remote.digest}.${process.pid}.etag`,
      `${remote.digest}.${process.pid}.partial`,
    ])
  })

  it('is fetched once by one process that needs it twice', async () => {
    const folder = await temporaryFolder()
    const { url, asked } = await serverOf()
    const remote = described(`${url}/sales.csv`)
    await Promise.all([localPath(remote, folder), localPath(remote, folder)])
    expect(asked.length).toBe(1)
  })
})

describe('a server that lies leaves nothing behind', () => {
  const short = content.subarray(0, 1000)
  const lies: {
    [what: string]: [(request: IncomingMessage, response: ServerResponse) => void, RegExp]
  } = {
    'that it is longer': [
      (_, response) => void response.writeHead(200, { 'content-length': content.length + 5 }).end(),
      /has \d+ bytes, but the contract says/,
    ],
    'and sends more than it is to': [
      (_, response) => {
        response.write(content)
        const more = setInterval(() => response.write(content), 1)
        response.on('close', () => clearInterval(more))
      },
      /sends more than the \d+ bytes which the contract says: stopped there/,
    ],
    'and sends less': [
      (_, response) => void response.end(short),
      /has 1000 bytes, but the contract says/,
    ],
    'and sends another file of that size': [
      (_, response) => void response.end(Buffer.alloc(content.length, 'x')),
      /is another file: its sha256 is [0-9a-f]{64}, not [0-9a-f]{64}/,
    ],
    'and packs it on its way': [
      (_, response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(content)),
      /packed on its way \(gzip\)/,
    ],
    'with 401': [status(401), /asks for a password \(401\)/],
    'with 403': [status(403), /is forbidden \(403\)/],
    'with 404': [status(404), /is not there \(404\)/],
    'by http': [status(302, { location: 'http://localhost/sales.csv' }), /not https/],
    'by file:': [status(302, { location: 'file:///etc/passwd' }), /not https/],
    'by nothing': [status(302), /nowhere/],
    'by a password': [status(302, { location: 'https://a:geheim@localhost/' }), /name or password/],
    'into loopback': [status(307, { location: 'https://127.0.0.1/' }), /own network/],
    'into loopback, as IPv6': [status(307, { location: 'https://[::1]/' }), /own network/],
    'into loopback, as IPv4 in IPv6': [
      status(307, { location: 'https://[::ffff:7f00:1]/' }),
      /own network/,
    ],
    'into loopback, as a number': [status(307, { location: 'https://2130706433/' }), /own network/],
    'to the metadata of a cloud': [
      status(308, { location: 'https://169.254.169.254/' }),
      /own network/,
    ],
    'into a private network': [status(301, { location: 'https://10.0.0.1/' }), /own network/],
    'in circles': [
      (request, response) => status(302, { location: request.url })(request, response),
      /more than five times/,
    ],
  }
  it.each(Object.keys(lies))('%s', async (what) => {
    const [answer, says] = lies[what]
    const folder = await temporaryFolder()
    const { url } = await httpsServer(answer)
    const said = await refusal(
      localPath(described(`${url}/sales.csv`), folder, { patience: patience() }),
    )
    expect(said).toMatch(says)
    expect(said).toMatch(/^UserError/)
    expect(said).not.toContain('geheim')
    expect(await readdir(folder)).toEqual([])
  })

  const partly = (range: string) => (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(206, { 'content-range': range }).end(content.subarray(100_000))

  it.each([
    ['another part than was asked for', `bytes 5-9/${content.length}`, /another part of the file/],
    ['no part that it names', 'none', /another part of the file/],
    [
      'a file that has grown',
      `bytes FROM-500000/500001`,
      /has 500001 bytes now, but the contract says/,
    ],
    [
      'a file that has shrunk',
      `bytes FROM-150000/150001`,
      /has 150001 bytes now, but the contract says/,
    ],
  ])('with %s, after it broke off', async (_, range, says) => {
    const folder = await temporaryFolder()
    const { url, asked } = await serverOf(
      breaksOff('cut', { etag: 'W/"v1"' }),
      (request, response) => {
        const from = /\d+/.exec(request.headers.range ?? '')?.[0] ?? ''
        partly(range.replace('FROM', from))(request, response)
      },
    )
    const remote = described(`${url}/sales.csv`)
    expect(await refusal(localPath(remote, folder, { patience: patience() }))).toMatch(says)
    expect(asked.length).toBe(2)
    expect(await readdir(folder)).toEqual([])
  })

  it('into loopback, by a name that the contract does not name', async () => {
    const folder = await temporaryFolder()
    const { port } = await serverOf()
    const { url } = await httpsServer((_, response) =>
      status(302, { location: `https://localhost:${port}/sales.csv` })(_, response),
    )
    const remote = described(`${url.replace('localhost', '127.0.0.1')}/sales.csv`)
    const said = await refusal(localPath(remote, folder, { patience: patience() }))
    expect(said).toMatch(
      /a redirect leads to localhost, an address within this machine's own network/,
    )
  })

  it('with a certificate that nobody knows is not asked again', async () => {
    const folder = await temporaryFolder()
    const waiting = patience()
    const { url, asked } = await httpsServer(whole, { isBelieved: false })
    const said = await refusal(localPath(described(url), folder, { patience: waiting }))
    expect(said).toMatch(/cannot be fetched: self-signed certificate/)
    expect([asked, waiting.paused]).toEqual([[], []])
  })

  it('may redirect within the host that the contract names, on this machine as well', async () => {
    const folder = await temporaryFolder()
    const { url } = await serverOf(status(302, { location: '/moved/sales.csv' }))
    await localPath(described(`${url}/sales.csv`), folder, { patience: patience() })
  })
})

describe('an address in a contract', () => {
  it.each([
    'https://maria:geheim@example.com/sales.csv',
    'https://example.com/sales.csv?X-Amz-Signature=geheim',
    'https://example.com/sales.csv?sig=geheim&se=2026',
    'https://example.com/sales.csv?access_token=geheim',
    'http://example.com/sales.csv?x=geheim',
    'ftp://geheim@example.com/sales.csv',
    's3://bucket/geheim',
    'https://',
  ])('%s is refused, and its secret is not printed', (written) => {
    const refused = () => checkedUrl(written)
    expect(refused).toThrow()
    expect(refused).not.toThrow(/=geheim|:geheim/)
  })

  it('is shown without what may be secret', () => {
    expect(shownUrl('https://a:b@example.com:8443/x.csv?sig=1#y')).toBe(
      'https://example.com:8443/x.csv',
    )
  })
})

describe('a contract that names it', () => {
  const contractOf = (path: string, told: object) => {
    const contract = smallContract() as { resources: object[] }
    return {
      ...contract,
      resources: contract.resources.map((resource) => ({ ...resource, path, ...told })),
    }
  }
  const told = { bytes: content.length, hash: `sha256:${described('').digest}` }

  it('gives the buyer the same report as with the file in the folder', async () => {
    const { url } = await serverOf()
    const remoteFolder = await temporaryFolder()
    const contract = contractOf(`${url}/exports/sales.csv?version=3`, told)
    const seen: [number, number][] = []
    const onProgress = (done: number, total: number) => void seen.push([done, total])
    const remote = await validated({ files: {}, contract, remoteFolder, onProgress })
    // Whoever waits for it sees it come, and then be read.
    expect(seen.findIndex(([done]) => done === content.length)).toBeLessThan(seen.length - 1)
    expect(seen.every(([, total]) => total === content.length)).toBe(true)
    const local = await validated({ files: { 'sales.csv': content }, contract: smallContract() })
    const [file] = remote.report.files
    expect(file.file).toMatch(/^localhost-\d+\/exports\/sales.csv$/)
    expect({ ...remote.report, files: [{ ...file, file: 'sales.csv' }] }).toEqual(local.report)
  })

  it.each([
    [{ hash: told.hash }, /needs bytes.*\n.*data add/],
    [{ bytes: 5 }, /needs hash/],
    [{ ...told, hash: 'd41d8cd98f00b204e9800998ecf8427e' }, /md5 is not good enough/],
    [{ ...told, hash: `sha1:${'0'.repeat(40)}` }, /sha1 is not good enough/],
    [{ ...told, hash: `sha512:${'0'.repeat(64)}` }, /64 digits/],
  ])('is refused where it does not say what the file has to be: %j', async (described, says) => {
    const contract = contractOf('https://example.com/sales.csv', described)
    expect(await refusal(validated({ files: {}, contract }))).toMatch(says)
  })

  it('says where it stands if the file cannot be had', async () => {
    const { url } = await httpsServer(status(404))
    const contract = contractOf(`${url}/sales.csv`, told)
    const said = await refusal(
      validated({ files: {}, contract, remoteFolder: await temporaryFolder() }),
    )
    expect(said).toMatch(/datapackage.json: resources.0.path: https.*is not there \(404\)/)
  })
})
