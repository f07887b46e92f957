import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as later } from 'node:timers/promises'

// Run as a process of its own: `attacker.ts ATTACK ADDRESS TOKEN SECONDS`. It comes from another
// address than the clients that are measured, as attackers do, and ends by itself.
const [attack, address, token, seconds] = process.argv.slice(2)
const { hostname, port } = new URL(address)
const FROM = '127.0.0.2'
const agent = new Agent({ keepAlive: true })
const end = performance.now() + 1000 * Number(seconds)
const goesOn = () => performance.now() < end

const attacks: Record<string, () => Promise<unknown>> = {
  'bodies of 1 GB': () => many(4, body),
  'JSON of 10,000 levels': () =>
    many(4, () => ask('/v1/forecasts', '['.repeat(10_000) + ']'.repeat(10_000), token)),
  'half-open requests': () => Promise.all(Array.from({ length: 400 }, halfOpen)),
  'ids that do not exist': () => many(4, () => ask('/v1/forecasts', unknownIds(), token)),
  'wrong tokens': () => many(8, () => ask('/v1/forecasts', '{}', `wrong-${Math.random()}`)),
}

await attacks[attack]()
process.exit()

/** So many do it again and again until the time is up. */
async function many(connections: number, once: () => Promise<unknown>): Promise<void> {
  const one = async () => {
    while (goesOn()) await once().catch(() => later(5))
  }
  await Promise.all(Array.from({ length: connections }, one))
}

/** Sends until it is refused. */
async function body(): Promise<void> {
  const socket = connect({ port: Number(port), host: hostname, localAddress: FROM })
  const closed = new Promise<void>((done) => socket.on('close', () => done()))
  socket.on('error', () => {})
  socket.resume()
  socket.write(
    `POST /v1/forecasts HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n` +
      'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
  )
  const megabyte = `100000\r\n${' '.repeat(1024 ** 2)}\r\n`
  for (let sent = 0; sent < 1024 && socket.writable && goesOn(); sent++) {
    if (socket.write(megabyte)) continue
    await Promise.race([closed, new Promise((drained) => socket.once('drain', drained))])
  }
  socket.destroy()
  await closed
}

/** Begins a request and sends one more character each second; begins again when it is cut off. */
async function halfOpen(): Promise<void> {
  while (goesOn()) {
    const socket = connect({ port: Number(port), host: hostname, localAddress: FROM })
    socket.on('error', () => {})
    socket.write('POST /v1/forecasts HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    while (goesOn() && !socket.destroyed) {
      await later(1000)
      if (socket.writable) socket.write('a')
    }
    socket.destroy()
  }
}

function unknownIds(): string {
  const { random } = Math
  return JSON.stringify({ product: `no-${random()}`, from: '2026-11-01', to: '2026-11-07' })
}

function ask(path: string, content: string, secret: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL(path, address),
      {
        agent,
        method: 'POST',
        localAddress: FROM,
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      },
      (answer) => answer.resume().on('end', resolve).on('error', reject),
    )
    asked.on('error', reject).end(content)
  })
}
