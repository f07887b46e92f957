import { parseHTML } from 'linkedom'
import { onTestFinished } from 'vitest'
import type { Language } from '../../../src/base/language.ts'
import type { EventLog } from '../../../src/ledger/events/event-log.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import type { DecisionReason } from '../../../src/ordering/decision-reasons.ts'
import type { SeriesOrder } from '../../../src/ordering/forecaster.ts'
import { accessPlugin } from '../../../src/service/access/access-plugin.ts'
import { personNamed } from '../../../src/service/access/persons.ts'
import { newLoginPath } from '../../../src/service/access/sessions.ts'
import type { Engine } from '../../../src/service/engine/engine.ts'
import type { Scope } from '../../../src/service/http/identity.ts'
import { pageRoutes } from '../../../src/service/page/page-routes.ts'
import type { PageParts } from '../../../src/service/page/pages.ts'
import { buildServer } from '../../../src/service/server.ts'
import { temporaryFolder } from '../../repository.ts'
import { Browser } from './access-fixture.ts'
import { shopEngine } from './shop-engine.ts'

const usualReasons: DecisionReason[] = [
  { id: 'promotion', en: 'Promotion', 'pt-BR': 'Promoção' },
  { id: 'event', en: 'Local event', 'pt-BR': 'Evento local' },
]

export const NOW = new Date('2026-11-02T09:30:00Z')

/** The page of a shop with these orders, on a ledger of its own, and a person who is logged in. */
export async function pageServer<Shop extends Engine = ReturnType<typeof shopEngine>>({
  orders = [],
  engine = shopEngine(orders) as unknown as Shop,
  scopes = ['read', 'decide'],
  language = 'en',
  log: wrapped = (log) => log,
  embedIn = [],
  reasons = usualReasons,
  name = 'Ana',
  dashboard,
}: {
  orders?: SeriesOrder[]
  engine?: Shop
  scopes?: Scope[]
  language?: Language
  /** Puts something between the page and its ledger. */
  log?: (log: EventLog) => EventLog
  /** Origins of pages that may show this one in a frame. */
  embedIn?: readonly string[]
  reasons?: readonly DecisionReason[]
  /** Of whoever decides. */
  name?: string
  dashboard?: PageParts['dashboard']
}) {
  const now = () => NOW
  const database = await openDatabase('sqlite:ledger.sqlite', await temporaryFolder())
  const log = sqlEventLog(database, now)
  const settings = () => ({ reasons, language, timeZone: 'America/Sao_Paulo' })
  const page = pageRoutes({
    engine,
    log: wrapped(log),
    settings,
    names: async (pseudonyms) => new Map(pseudonyms.map((it) => [it, name])),
    now,
    ...(dashboard && { dashboard }),
  })
  const app = await buildServer({
    engine,
    log,
    settings,
    versions: async () => undefined,
    now,
    release: '0.1.0',
    access: accessPlugin({ database, now, settings, embedIn }),
    pages: page,
  })
  const { pseudonym } = await personNamed(database, 'Ana', NOW)
  const loginPath = () => newLoginPath(database, { person: pseudonym, scopes, hours: 1, now: NOW })
  const browser = new BuyersBrowser(app, { 'accept-language': language })
  await browser.login(await loginPath())
  onTestFinished(async () => {
    await app.close()
    await log.close()
    await database.close()
  })
  return { app, browser, engine, log, loginPath, pseudonym }
}

/** A browser that sends the form for decisions of the page that it shows. */
class BuyersBrowser extends Browser {
  #shown = ''

  async login(path: string): Promise<void> {
    await super.get(path)
    await super.send()
  }

  override async get(path: string, headers: Record<string, string> = {}) {
    return this.#show(await super.get(path, headers))
  }

  override async post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ) {
    return this.#show(await super.post(path, fields, headers))
  }

  override async send(fields: Record<string, string> = {}) {
    return await this.post('/decisions', { ...decisionFields(this.#shown), ...fields })
  }

  #show<Answer extends { body: string }>(answer: Answer): Answer {
    if (answer.body) this.#shown = answer.body
    return answer
  }
}

/** What a browser sends of the form for decisions as it is on a page. */
export function decisionFields(page: string): Record<string, string> {
  const { document } = parseHTML(page)
  const fields = [...document.querySelectorAll('.decide input, .decide select')]
  const sent = fields.filter(
    (field) => field.getAttribute('type') !== 'radio' || field.hasAttribute('checked'),
  )
  return Object.fromEntries(
    sent.map((field) => {
      const chosen = field.querySelector('option[selected]') ?? field
      return [field.getAttribute('name')!, chosen.getAttribute('value') ?? '']
    }),
  )
}
