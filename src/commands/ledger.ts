import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import type { Day } from '../base/day.ts'
import { UserError, unlessMistaken } from '../base/errors.ts'
import { readProjectSettings, USUAL_SETTINGS } from '../base/project-settings.ts'
import { startOfDay } from '../base/today.ts'
import { eventIndex, type ReadableLog } from '../ledger/events/event-index.ts'
import { type LedgerEntry, ledgerEntries } from '../ledger/events/ledger-entries.ts'
import {
  askLedger,
  type LedgerDatabase,
  OWN_LEDGER,
  openDatabase,
  sqliteFile,
} from '../ledger/sql/database.ts'
import { sqlEventLog } from '../ledger/sql/sql-event-log.ts'
import { readDecisionReasons } from '../ordering/decision-reasons.ts'
import type { Forecaster } from '../ordering/forecaster.ts'
import { entryText } from '../reporting/ledger-entries.ts'
import { entryTexts } from '../reporting/texts/ledger-entries.ts'
import { seriesId } from '../sales/totals/daily-totals.ts'
import { inputsIn } from '../steps/data/inputs.ts'
import { modelToAsk, openForecasts } from '../steps/forecasts/open-forecasts.ts'
import { collectedEvents } from '../steps/model/clone-ledger.ts'
import { noLedgerBranch } from './no-ledger-branch.ts'
import { CHALLENGER } from './options.ts'
import { productAsked } from './product-option.ts'
import type { Shell } from './shell.ts'

type Options = {
  ledger?: string
  product?: string
  store?: string
  since?: Day
  limit: number
  json?: true
}

type EntryNames = Parameters<typeof entryText>[1]

/** What was forecast and advised, decided, and sold: the last that happened first. */
export async function ledgerCommand(shell: Shell, options: Options): Promise<void> {
  if (options.store !== undefined && options.product === undefined) {
    throw new UserError('--store needs --product', {
      remedy: 'Such as: cd4ml ledger --product 1042 --store 7.',
    })
  }
  const asked = await ledgerAsked(shell, options)
  if (!asked) {
    if (options.json) shell.print(canonicalJson({ entries: [] }))
    return
  }
  const { log, id, persons, close } = asked
  try {
    const forecaster = await unlessMistaken(() => forecasterOf(shell))
    const { timeZone } =
      (await unlessMistaken(() => readProjectSettings(shell.project))) ?? USUAL_SETTINGS
    const query = await queryOf(shell, options, forecaster, timeZone)
    const entries = await askLedger(() => ledgerEntries(log, query))
    if (options.json) shell.print(canonicalJson({ ...(id && { ledger: id }), entries }))
    else {
      const names = { timeZone, ...(await namesOf(shell, await askLedger(persons), forecaster)) }
      show(shell, options, entries, names)
    }
  } finally {
    await close()
  }
}

type AskedLedger = {
  log: ReadableLog
  /** The branch has the events of each. */
  id?: string
  /** Names by pseudonyms. */
  persons(): Promise<Map<string, string>>
  close(): Promise<void>
}

/** Undefined, having said so, where the project has no ledger yet. */
async function ledgerAsked(
  shell: Shell,
  { ledger = OWN_LEDGER }: Options,
): Promise<AskedLedger | undefined> {
  if (ledger === 'branch') return await collectedLedger(shell)
  const file = sqliteFile(ledger, shell.project)
  if (file === undefined || existsSync(file)) {
    return inDatabase(await openDatabase(ledger, shell.project))
  }
  if (ledger !== OWN_LEDGER) {
    throw new UserError('there is no ledger', {
      file,
      remedy: 'cd4ml serve --ledger begins one there.',
    })
  }
  const { noLedger } = entryTexts[await shell.language()]
  shell.say(noLedger(relative(shell.project, file)))
  return undefined
}

function inDatabase(database: LedgerDatabase): AskedLedger {
  const log = sqlEventLog(database)
  return {
    log,
    id: database.id,
    persons: async () => {
      const known = database.kysely.selectFrom('persons').select(['pseudonym', 'name'])
      return new Map((await known.execute()).map(({ pseudonym, name }) => [pseudonym, name]))
    },
    close: () => log.close(),
  }
}

/** What was collected from services, as this clone knows the branch: no names and no notes. */
async function collectedLedger(shell: Shell): Promise<AskedLedger> {
  const collected = await collectedEvents(shell.project)
  if (!collected) throw noLedgerBranch()
  for (const { file, problem } of collected.leftOut) shell.say(`${file}: ${problem}`)
  return {
    log: eventIndex(collected.events),
    persons: async () => new Map(),
    close: async () => {},
  }
}

/** By which products are known by their names; undefined where there are no sales to read. */
async function forecasterOf(shell: Shell): Promise<Forecaster | undefined> {
  const { project } = shell
  const { artifact } = await modelToAsk({ project }, CHALLENGER)
  const opened = await openForecasts(
    artifact,
    inputsIn(project, await shell.today(), { data: 'data' }),
  )
  return opened.outcome === 'opened' ? opened.forecaster : undefined
}

async function queryOf(
  shell: Shell,
  { product, store, since, limit }: Options,
  forecaster: Forecaster | undefined,
  timeZone: string,
) {
  const from = since !== undefined && { since: startOfDay(since, timeZone).toISOString() }
  const query = { limit, ...from }
  if (product === undefined) return query
  const { productId } = forecaster
    ? await productAsked(shell, forecaster, { product })
    : { productId: product }
  return store === undefined
    ? { ...query, product: productId }
    : { ...query, subjects: [seriesId({ productId, storeId: store })] }
}

async function namesOf(
  shell: Shell,
  persons: Map<string, string>,
  forecaster: Forecaster | undefined,
): Promise<Omit<EntryNames, 'timeZone'>> {
  const series = forecaster?.series ?? []
  return {
    language: await shell.language(),
    reasons: (await unlessMistaken(() => readDecisionReasons(shell.project))) ?? [],
    products: new Map(series.flatMap(({ productId, name }) => (name ? [[productId, name]] : []))),
    persons,
  }
}

function show(
  shell: Shell,
  { product, since, limit }: Options,
  entries: LedgerEntry[],
  names: EntryNames,
): void {
  const say = entryTexts[names.language]
  if (entries.length === 0) {
    shell.print(product === undefined && since === undefined ? say.nothing : say.nothingAsked)
    return
  }
  shell.print(entries.map((entry) => entryText(entry, names)).join('\n'))
  if (entries.length === limit) shell.say(say.more)
}
