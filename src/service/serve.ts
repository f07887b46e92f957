import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { UserError } from '../base/errors.ts'
import { dayAt } from '../base/today.ts'
import { askLedger, openDatabase } from '../ledger/sql/database.ts'
import { sqlEventLog } from '../ledger/sql/sql-event-log.ts'
import { remoteBranch } from '../registry/remote-branch.ts'
import { OWN_FILES } from '../registry/workspace.ts'
import { history } from '../steps/promotion/history.ts'
import type { AccessSettings } from './access/access-options.ts'
import { accessPlugin } from './access/access-plugin.ts'
import { namesOf, personNamed } from './access/persons.ts'
import { newLoginPath } from './access/sessions.ts'
import { branchSource } from './engine/branch-source.ts'
import { folderSource } from './engine/folder-source.ts'
import type { EngineLog } from './engine/follow-production.ts'
import { openEngine } from './engine/open-engine.ts'
import { openExchange } from './exchange/exchange.ts'
import { loggingOptions } from './ops/logging.ts'
import { serviceMetrics } from './ops/metrics.ts'
import { opsRoutes } from './ops/ops-routes.ts'
import { openDashboard } from './page/open-dashboard.ts'
import { pageRoutes } from './page/page-routes.ts'
import { recordSalesOnChange } from './recording/sales-actuals.ts'
import { buildServer } from './server.ts'

export type ServeOptions = {
  /** The folder whose model and sales answer. */
  project: string
  /** Address of the ledger, as `openDatabase` takes it. */
  ledger: string
  host: string
  /** 0 for any that is free. */
  port: number
  /** Where model and sales come from instead, as `remoteBranch` takes it: the folder is not asked. */
  follow?: string
  /** Of cd4ml. */
  release: string
  /** Who may ask, and how. */
  access?: AccessSettings
  /** Addresses of proxies in front, whose headers say who asks. */
  trustProxy?: string
  /** Folder through which systems without HTTP exchange files. */
  exchange?: string
  /** Where a line for each request goes; nowhere without it. */
  logs?: { write(line: string): void }
}

export type Serving = {
  /** Such as `http://127.0.0.1:8080`. */
  address: string
  /** Of a page where one person can log in once. */
  loginLink: string
  /** Answers what was asked, and ends. */
  close(): Promise<void>
}

/**
 * Opens ledger, model and sales, and answers from then on. Throws a `UserError` where one of them
 * cannot be opened or the port is taken: then nothing is left open, and no ledger was begun for a
 * port that is taken or a project that cannot answer.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const opened: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of opened.splice(0).reverse()) await end()
  }
  try {
    return { ...(await open(options, opened)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Adds to `opened` how to close what it opens; what was opened last is closed first. */
async function open(
  options: ServeOptions,
  opened: (() => Promise<unknown>)[],
): Promise<Omit<Serving, 'close'>> {
  const { project, release, follow } = options
  const now = () => new Date()
  await refuseTaken(options)
  const logger = laterLogger()
  const source =
    follow === undefined
      ? folderSource(project)
      : branchSource(join(project, OWN_FILES, 'service'), await remoteBranch(follow))
  const engine = await openEngine({ source, log: logger })
  opened.push(() => engine.close())
  const database = await openDatabase(options.ledger, project)
  const stored = sqlEventLog(database, now)
  opened.push(() => stored.close())
  const metrics = serviceMetrics(engine)
  const log = metrics.counting(stored)
  const recording = recordSalesOnChange({
    engine,
    log,
    by: () => ({ source: '/cd4ml/service', time: now().toISOString() }),
    onProblem: (err) => logger.warn({ err }, 'what has sold could not be recorded'),
  })
  opened.push(() => recording.idle())
  const { settings } = engine
  const parts = { engine, log, settings, now }
  const dashboard =
    follow === undefined
      ? openDashboard({
          project,
          engine,
          settings,
          now,
          onProblem: (err) => logger.warn({ err }, 'the dashboard could not be made'),
        })
      : undefined
  opened.push(async () => await dashboard?.close())
  const names = (pseudonyms: readonly string[]) => namesOf(database, pseudonyms)
  const app = await buildServer({
    ...parts,
    release,
    // Of a branch somewhere else only the newest commit is fetched.
    versions: async () =>
      follow === undefined ? history({ repo: project }).catch(unknownHistory) : undefined,
    access: accessPlugin({ ...options.access, database, now, settings }),
    ops: opsRoutes({ engine, log, metrics }),
    pages: pageRoutes({ ...parts, names, ...(dashboard && { dashboard }) }),
    ...(options.trustProxy !== undefined && { trustProxy: options.trustProxy }),
    ...(options.logs && { logging: loggingOptions(options.logs) }),
  })
  opened.push(() => app.close())
  logger.become(app.log)
  const exchange =
    options.exchange === undefined
      ? undefined
      : await openExchange({
          ...parts,
          folder: resolve(project, options.exchange),
          today: () => dayAt(now(), settings().timeZone),
          now: () => now().toISOString(),
          onProblem: (error) => app.log.error({ err: error }, 'the exchange of files failed'),
        })
  opened.push(async () => await exchange?.close())
  const address = await listening(app, options)
  const path = await askLedger(async () => {
    const { pseudonym } = await personNamed(database, FIRST_PERSON, now())
    return await newLoginPath(database, {
      person: pseudonym,
      scopes: ['read', 'decide'],
      hours: 24,
      now: now(),
    })
  })
  exchange?.start()
  return { address, loginLink: address + path }
}

/** What is logged before there is a server goes nowhere; then it goes where the server's lines go. */
function laterLogger() {
  let logger: EngineLog | undefined
  return {
    info: (about: object, message: string) => logger?.info(about, message),
    warn: (about: object, message: string) => logger?.warn(about, message),
    become(of: EngineLog) {
      logger = of
    },
  }
}

/** Who uses the link that is printed: whoever has started the service. */
const FIRST_PERSON = 'local'

/** A folder without git, or in which nothing was ever promoted on its main branch, has none. */
function unknownHistory(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error
}

type Listens = { host: string; port: number }

/** Listens for a moment, so that what cannot be is said before anything is loaded or written. */
async function refuseTaken({ host, port }: Listens): Promise<void> {
  const server = createServer((socket) => socket.destroy()).listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw notListening(error as NodeJS.ErrnoException, host, port)
  }
  server.close()
  await once(server, 'close')
}

async function listening(app: FastifyInstance, { host, port }: Listens): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw notListening(error as NodeJS.ErrnoException, host, port)
  }
  const { port: listens } = app.server.address() as AddressInfo
  // Whoever listens everywhere is reached here, too.
  const named = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${named.includes(':') ? `[${named}]` : named}:${listens}`
}

function notListening(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const what = says[error.code ?? '']
  if (!what) return error
  return new UserError(`${host}:${port} ${what.what}`, {
    key: what.key,
    remedy: what.remedy,
    cause: error,
  })
}

const says: { [code: string]: { key: string; what: string; remedy: string } } = {
  EADDRINUSE: {
    key: '--port',
    what: 'is taken by another program',
    remedy: 'End that one, or name another port; --port 0 takes any that is free.',
  },
  EACCES: {
    key: '--port',
    what: 'may not be listened on by you',
    remedy: 'Name a port from 1024 on, such as --port 8080.',
  },
  EADDRNOTAVAIL: {
    key: '--host',
    what: 'is no address of this machine',
    remedy: 'Name one that is, or 0.0.0.0 for all of them.',
  },
  ENOTFOUND: {
    key: '--host',
    what: 'is no address that is known',
    remedy: 'Name one of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them.',
  },
}
