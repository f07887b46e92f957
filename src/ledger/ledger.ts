import { createHash, randomUUID } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { canonicalJson } from '../base/canonical-json.ts'
import { UserError } from '../base/errors.ts'
import { type Checker, parseJson } from '../base/schema.ts'
import { object } from '../base/schema-parts.ts'
import { readBack } from '../base/write-file.ts'
import { checkForecastRecord, type ForecastRecord, type MadeForecasts } from './forecast-record.ts'
import { implausibleForecasts, implausibleRun, momentOf } from './plausible.ts'
import { checkRunRecord, type RunRecord } from './run-record.ts'

/** What happened, added once and never changed. Who records and who reads know no store. */
export type Ledger = {
  /**
   * Adds the events that are not there yet, all or none. Throws a `UserError` where something else is
   * there by the id of one.
   */
  append(events: readonly LedgerEvent[]): Promise<{ outcome: 'appended' | 'unchanged' }>
  /** Records of one kind, the oldest first. What is damaged hides no other. */
  read<Kind extends EventKind>(query: LedgerQuery<Kind>): Promise<FoundRecords<Kind>>
}

export type LedgerEvent =
  | {
      kind: 'run'
      record: RunRecord
      /** Of a challenger that may be tried beside production: its `model.json`. */
      contents?: ReadonlyMap<string, Uint8Array>
    }
  | {
      kind: 'forecasts'
      /** As `recordId` makes it. */
      id: string
      record: ForecastRecord
      /** Of forecasts that were made: what the record names, by path. */
      contents?: ReadonlyMap<string, Uint8Array>
      newest?: Partial<Record<NewestFile, Uint8Array>>
    }

type Records = { run: RunRecord; forecasts: ForecastRecord }
export type EventKind = keyof Records

export type LedgerQuery<Kind extends EventKind> = {
  kind: Kind
  /** At most so many, the newest. */
  newest?: number
  /** A moment, ISO 8601 in UTC: what lies after it, or cannot have been by then, is not believed. */
  asOf?: string
}

export type FoundRecords<Kind extends EventKind> = { records: Records[Kind][]; leftOut: LeftOut[] }

/** A file that is not taken for a record, and why. */
export const LeftOut = object({ file: Type.String(), problem: Type.String() })
export type LeftOut = Static<typeof LeftOut>

/** The files of a store. */
export type LedgerFiles = {
  /** The names in a folder; none where it is missing. */
  names(folder: string): Promise<string[]>
  /** Undefined where nothing is; throws a `UserError` where what is there is no file. */
  read(path: string): Promise<Uint8Array | undefined>
}

/** The files of a branch, with the ids that git gives them. */
export type LedgerTree = LedgerFiles & {
  /** Undefined where nothing is. */
  idAt(path: string): Promise<string | undefined>
}

export const NO_FILES: LedgerTree = {
  names: async () => [],
  read: async () => undefined,
  idAt: async () => undefined,
}

/** What is to be added to a branch of records as it is, in one commit. */
export type LedgerPlan = (
  ledger: LedgerTree,
) => Promise<{ files: ReadonlyMap<string, Uint8Array>; message: string }>

export type Appended =
  | { outcome: 'appended'; commit: string }
  /** The branch does not exist where nothing was ever to be added. */
  | { outcome: 'unchanged'; commit: string | undefined }

/**
 * Puts on a branch of records what is planned; where others have moved it meanwhile, it is planned
 * again on top of that. The branch is GitHub's, or one of a clone.
 */
export type AppendToBranch = (plan: LedgerPlan) => Promise<Appended>

/**
 * A new id, such as `20261102T093000000Z-1f0c7a2e`: ids sort by their moment. With what the record
 * says, it follows from that, so that whoever records the same writes the same.
 */
export function recordId(at: string, said?: string): string {
  const own = said === undefined ? randomUUID() : createHash('sha256').update(said).digest('hex')
  return `${momentOf(at)}-${own.slice(0, 8)}`
}

/** What the ledger keeps of every publication, packed, as files that are named by their content. */
export const keptFiles = {
  json: 'forecasts.ndjson.gz',
  ordersPage: 'orders.md.gz',
  ordersCsv: 'orders.csv.gz',
  shadow: 'shadow.ndjson.gz',
} as const
export type KeptFile = keyof typeof keptFiles

/** What people and programs find at the front of the branch, made anew with every publication. */
export const newestFiles = {
  csv: 'forecasts.csv',
  excel: 'forecasts-excel.csv',
  ordersPage: 'orders.md',
  ordersCsv: 'orders.csv',
  ordersExcel: 'orders-excel.csv',
} as const
export type NewestFile = keyof typeof newestFiles

/** Where what a record names by these keys stands. */
export function namedFiles({
  files,
  orders,
  shadow,
}: MadeForecasts): Partial<Record<KeptFile, string>> {
  return {
    json: files.json,
    ...(orders?.outcome === 'made' && {
      ordersPage: orders.files.page,
      ordersCsv: orders.files.csv,
    }),
    ...(shadow?.outcome === 'made' && { shadow: shadow.json }),
  }
}

/** What is to be written of an event, by its path. */
export function filesOf(event: LedgerEvent): Map<string, Uint8Array> {
  if (event.kind === 'run') return new Map([recordFile(kinds.run, event.record.id, event.record)])
  return new Map([recordFile(kinds.forecasts, event.id, event.record)])
}

/** What an event rests on, as files that are named by their content, by their paths. */
export function contentsOf(event: LedgerEvent): ReadonlyMap<string, Uint8Array> {
  return event.contents ?? new Map()
}

/** `Ledger.read`, by the files of a store. */
export async function readRecords<Kind extends EventKind>(
  files: LedgerFiles,
  { kind, ...which }: LedgerQuery<Kind>,
): Promise<FoundRecords<Kind>> {
  const { kept, leftOut } = await readKept(files, kinds[kind], which)
  return { records: kept.map(({ record }) => record), leftOut }
}

/** As `readRecords`, of any kind, with their ids. */
export async function readKept<Record>(
  files: LedgerFiles,
  kind: KindOfRecord<Record>,
  { newest, asOf }: Omit<LedgerQuery<EventKind>, 'kind'>,
): Promise<{ kept: Kept<Record>[]; leftOut: LeftOut[] }> {
  const ids = await idsOf(files, kind, asOf)
  const found: { kept: Kept<Record>[]; leftOut: LeftOut[] } = { kept: [], leftOut: [] }
  for (const id of ids.slice(-(newest ?? ids.length))) {
    const read = await readOne(files, kind, { id, asOf })
    if (read === undefined) continue
    if ('record' in read) found.kept.push(read)
    else found.leftOut.push(read)
  }
  return found
}

/** The newest record of a kind that is believed, and what is left out on the way to it. */
export async function newestKept<Record>(
  files: LedgerFiles,
  kind: KindOfRecord<Record>,
  { asOf }: { asOf: string },
): Promise<{ kept: Kept<Record> | undefined; leftOut: LeftOut[] }> {
  const leftOut: LeftOut[] = []
  for (const id of (await idsOf(files, kind, asOf)).slice(-MOST_PASSED_OVER).reverse()) {
    const read = await readOne(files, kind, { id, asOf })
    if (read === undefined) continue
    if ('record' in read) return { kept: read, leftOut }
    leftOut.push(read)
  }
  return { kept: undefined, leftOut }
}

/** Each is a request to GitHub. */
const MOST_PASSED_OVER = 50

/** One record of a kind, or why it is none; undefined where there is none of this id. */
export async function readOne<Record>(
  files: LedgerFiles,
  kind: KindOfRecord<Record>,
  { id, asOf }: { id: string; asOf: string | undefined },
): Promise<Kept<Record> | LeftOut | undefined> {
  const { path, check, implausible } = kind
  const file = path(id)
  try {
    const bytes = await files.read(file)
    if (bytes === undefined) return undefined
    const record = check(parseJson(new TextDecoder().decode(bytes), file), file)
    const problem = asOf === undefined ? undefined : implausible(record, asOf, id)
    return problem === undefined ? { id, record } : { file, problem }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { file, problem: problemOf(error) }
  }
}

/** The oldest first; those that lie after `asOf` are not among them. */
async function idsOf(
  files: LedgerFiles,
  { folder, ending }: Pick<KindOfRecord<never>, 'folder' | 'ending'>,
  asOf: string | undefined,
): Promise<string[]> {
  const named = (await files.names(folder)).filter(
    (name) => name.endsWith(ending) && (asOf === undefined || name <= `${momentOf(asOf)}~`),
  )
  return named.sort().map((name) => name.slice(0, name.length - ending.length))
}

/** A user's mistake in a record, without its file. */
export function problemOf({ what, place }: UserError): string {
  return place.key ? `${place.key} ${what}` : what
}

/** Of an event whose id is taken by something else. */
export function rewritten(file: string): UserError {
  return new UserError('is in the ledger already, with other content', {
    file,
    remedy: 'Records are added and never changed: give what is new another name.',
  })
}

/** How the ledger keeps records of forecasts: a folder each, with files that are of them alone. */
export const forecastsKind: KindOfRecord<ForecastRecord> = {
  folder: 'forecasts',
  ending: '',
  path: (id) => `forecasts/${id}/record.json`,
  check: checkForecastRecord,
  implausible: implausibleForecasts,
}

const kinds: { [Kind in EventKind]: KindOfRecord<Records[Kind]> } = {
  run: {
    folder: 'runs',
    ending: '.json',
    path: (id) => `runs/${id}.json`,
    check: checkRunRecord,
    implausible: implausibleRun,
  },
  forecasts: forecastsKind,
}

/** Where records of a kind stand, and which are believed. */
export type KindOfRecord<Record> = {
  folder: string
  /** Of the names in the folder, after the id. */
  ending: string
  path: (id: string) => string
  check: Checker<Record>
  /** Why it cannot have been so, seen at the moment `now`; undefined where it can. */
  implausible: (record: Record, now: string, id: string) => string | undefined
}

export type Kept<Record> = { id: string; record: Record }

/** The file of a record. Throws where it could not be read again. */
export function recordFile<Record>(
  { path, check }: Pick<KindOfRecord<Record>, 'path' | 'check'>,
  id: string,
  record: Record,
): [string, Uint8Array] {
  const file = path(id)
  const text = canonicalJson(record)
  readBack(file, () => check(parseJson(text, file), file))
  return [file, Buffer.from(text)]
}
