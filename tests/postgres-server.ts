import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, chmodSync, chownSync, globSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import pg from 'pg'

export type Postgres = {
  /** Makes an empty database, and returns its address. */
  newDatabase(): Promise<string>
  /** Ends the server at once, as a machine that loses power. */
  kill(): Promise<void>
  /** Starts it again after `kill`. */
  start(): Promise<void>
}

/** What a server shows to be itself, as PEM, and at which port. */
export type ServerTls = { certificate: string; key: string; port: number }

/**
 * A PostgreSQL of its own, in a folder within another that its user has to get into; undefined where
 * this machine has none. `end` leaves nothing of it. With `tls` it is reached by TLS as well, at `port`
 * of 127.0.0.1.
 */
export async function newPostgres(
  parent = tmpdir(),
  tls?: ServerTls,
): Promise<(Postgres & { end(): Promise<void> }) | undefined> {
  const programs = folderOfPrograms()
  if (programs === undefined) return undefined
  const user = await unprivileged()
  const folder = folderOf(user, parent)
  const data = join(folder, 'data')
  await promisify(execFile)(
    join(programs, 'initdb'),
    ['--no-sync', '--auth=trust', '--username=cd4ml', '--encoding=UTF8', '--locale=C', '-D', data],
    { ...user, cwd: folder },
  )
  // Reached by a socket in the folder alone: no port that another process could take.
  const settings = [
    ...(tls ? reachedByTls(tls, data, user) : ['-c', 'listen_addresses=']),
    ...SETTINGS,
  ]
  const server = serverOf(join(programs, 'postgres'), ['-D', data, '-k', folder, ...settings], {
    ...user,
    cwd: folder,
  })
  await server.start()
  return {
    end: async () => {
      await server.end('SIGINT')
      await rm(folder, { recursive: true, force: true })
    },
    newDatabase: async () => {
      const name = `ledger-${randomUUID()}`
      const client = new pg.Client(addressOf('postgres'))
      await client.connect()
      await client.query(`create database "${name}"`)
      await client.end()
      return addressOf(name)
    },
    kill: () => server.end('SIGQUIT'),
    start: () => server.start(),
  }

  function addressOf(database: string): string {
    return `postgres://cd4ml@/${database}?host=${encodeURIComponent(folder)}&port=${tls?.port ?? 5432}`
  }
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

// Tests kill processes, never the machine: what the kernel has, it keeps.
const SETTINGS = ['-c', 'fsync=off']

function reachedByTls(
  { certificate, key, port }: ServerTls,
  data: string,
  { uid, gid }: User,
): string[] {
  for (const [name, text] of [
    ['server.crt', certificate],
    ['server.key', key],
  ]) {
    writeFileSync(join(data, name), text, { mode: 0o600 })
    if (uid !== undefined && gid !== undefined) chownSync(join(data, name), uid, gid)
  }
  return ['-c', 'listen_addresses=127.0.0.1', '-c', 'ssl=on', '-p', String(port)]
}

/** The newest that Debian has, or what the PATH finds. */
function folderOfPrograms(): string | undefined {
  const major = (folder: string) => Number(/(\d+)\/bin$/.exec(folder)?.[1])
  const debian = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => major(b) - major(a))
  return [...debian, ...(process.env.PATH ?? '').split(delimiter)].find(hasServer)
}

function hasServer(folder: string): boolean {
  try {
    accessSync(join(folder, 'initdb'))
    accessSync(join(folder, 'postgres'))
    return true
  } catch {
    return false
  }
}

type User = { uid?: number; gid?: number }

/** PostgreSQL refuses to run as root: there, it runs as nobody. */
async function unprivileged(): Promise<User> {
  if (process.getuid?.() !== 0) return {}
  const idOf = async (option: string) =>
    Number((await promisify(execFile)('id', [option, 'nobody'])).stdout)
  return { uid: await idOf('-u'), gid: await idOf('-g') }
}

/** In its own: the names of sockets have to be short, and the server's user has to get there. */
function folderOf({ uid, gid }: User, parent: string): string {
  const folder = mkdtempSync(join(parent, 'pg-'))
  if (uid !== undefined && gid !== undefined) {
    chmodSync(parent, 0o711)
    chownSync(folder, uid, gid)
  }
  return folder
}

function serverOf(program: string, args: string[], options: User & { cwd: string }) {
  let exited: Promise<unknown> | undefined
  let running: ReturnType<typeof spawn> | undefined
  return {
    start: async () => {
      const server = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
      running = server
      exited = new Promise((resolve) => server.once('exit', resolve))
      const said: string[] = []
      for await (const line of createInterface(server.stderr)) {
        said.push(line)
        if (line.includes('ready to accept connections')) {
          server.stderr.resume()
          return
        }
      }
      throw new Error(`PostgreSQL did not start: ${said.join('\n')}`)
    },
    end: async (signal: NodeJS.Signals) => {
      running?.kill(signal)
      await exited
    },
  }
}
