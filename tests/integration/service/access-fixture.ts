import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import { parseHTML } from 'linkedom'
import { onTestFinished } from 'vitest'
import { USUAL_SETTINGS } from '../../../src/base/project-settings.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import type { AccessOptions } from '../../../src/service/access/access-options.ts'
import { accessPlugin } from '../../../src/service/access/access-plugin.ts'
import { personNamed } from '../../../src/service/access/persons.ts'
import { newLoginPath } from '../../../src/service/access/sessions.ts'
import { answerErrors } from '../../../src/service/api/error-answers.ts'
import { sharedSchemas } from '../../../src/service/api/schemas.ts'
import { scopes } from '../../../src/service/http/identity.ts'
import { temporaryFolder } from '../../repository.ts'

/** A clock that stands still until it is told. */
export class Clock {
  #now = Date.parse('2026-03-02T12:00:00Z')
  readonly now = () => new Date(this.#now)
  advance({ days = 0, hours = 0, seconds = 0 }): void {
    this.#now += ((days * 24 + hours) * 3600 + seconds) * 1000
  }
}

/** A server with a route for each scope, which answer who asks, on a ledger of its own. */
export async function guardedServer({
  trustProxy = false,
  ...options
}: Partial<AccessOptions> & { trustProxy?: boolean } = {}) {
  const clock = new Clock()
  const database =
    options.database ?? (await openDatabase('sqlite:ledger.sqlite', await temporaryFolder()))
  const logged: string[] = []
  const stream = { write: (line: string) => void logged.push(line) }
  const app = Fastify({ logger: { level: 'trace', stream }, trustProxy })
  answerErrors(app)
  for (const schema of sharedSchemas) app.addSchema(schema)
  app.setSerializerCompiler(() => JSON.stringify)
  await app.register(
    accessPlugin({ database, now: clock.now, settings: () => USUAL_SETTINGS, ...options }),
  )
  addRoutes(app)
  await app.ready()
  onTestFinished(async () => {
    await app.close()
    await database.close()
  })
  return { app, database, clock, logged }
}

/** A server, and a browser in which somebody has logged in to it. */
export async function loggedIn(options: Parameters<typeof guardedServer>[0] = {}) {
  const server = await guardedServer(options)
  const { database, clock, app } = server
  const { pseudonym } = await personNamed(database, 'Ana', clock.now())
  const newPath = () =>
    newLoginPath(database, {
      person: pseudonym,
      scopes: ['read', 'decide'],
      hours: 1,
      now: clock.now(),
    })
  const browser = new Browser(app)
  await browser.get(await newPath())
  await browser.send()
  return { ...server, browser, pseudonym, newPath }
}

function addRoutes(app: FastifyInstance): void {
  for (const scope of scopes) {
    app.route({
      method: ['GET', 'POST', 'PUT', 'DELETE'],
      url: `/${scope}`,
      config: { scope },
      handler: async ({ identity, body, formToken }) => ({
        ...identity,
        scopes: [...identity.scopes],
        body,
        formToken,
      }),
    })
  }
  app.get('/public', { config: { scope: 'public' } }, async ({ identity }) => identity.by)
}

/** What a browser does: keeps cookies, and sends the forms of the page that it shows. */
export class Browser {
  readonly #app: FastifyInstance
  readonly cookies = new Map<string, string>()
  readonly #headers: Record<string, string>
  #page = ''
  #path = '/'

  constructor(app: FastifyInstance, headers: Record<string, string> = {}) {
    this.#app = app
    this.#headers = { accept: 'text/html', ...headers }
  }

  async get(path: string, headers: Record<string, string> = {}) {
    return await this.#ask({
      method: 'GET',
      url: path,
      headers,
    })
  }

  /** Sends the form of the page that is shown. */
  async send(fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
    const form = parseHTML(this.#page).document.querySelector('form')
    if (!form) throw new Error('the page that is shown has no form')
    const named = [...form.querySelectorAll('input[name]')].map(
      (input) => [input.getAttribute('name')!, input.getAttribute('value') ?? ''] as const,
    )
    const path = form.getAttribute('action') ?? this.#path
    return await this.post(path, { ...Object.fromEntries(named), ...fields }, headers)
  }

  async post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return await this.#ask({
      method: 'POST',
      url: path,
      payload: new URLSearchParams(fields).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'http://localhost:80',
        ...headers,
      },
    })
  }

  async #ask(request: InjectOptions) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...this.#headers, ...(cookie && { cookie }), ...request.headers }
    const response = await this.#app.inject({ ...request, headers })
    for (const { name, value, maxAge } of response.cookies) {
      if (maxAge === 0 || value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    if (response.headers['content-type']?.toString().startsWith('text/html')) {
      this.#page = response.body
      this.#path = request.url as string
    }
    return response
  }
}
