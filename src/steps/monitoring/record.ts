import { canonicalJson } from '../../base/canonical-json.ts'
import { unlessMistaken } from '../../base/errors.ts'
import type { Language } from '../../base/language.ts'
import { shortened } from '../../base/wording.ts'
import { appendEvents, type Files } from '../../ledger/append-events.ts'
import { contentText } from '../../ledger/content.ts'
import type { ForecastRecord, KeptForecasts } from '../../ledger/forecast-record.ts'
import {
  addForecasts,
  addRuns,
  type Leaderboard,
  publishedOrders,
} from '../../ledger/leaderboard.ts'
import {
  type Appended,
  type AppendToBranch,
  type LedgerEvent,
  type LedgerFiles,
  type LeftOut,
  type NewestFile,
  newestFiles,
  recordId,
} from '../../ledger/ledger.ts'
import type { RunRecord } from '../../ledger/run-record.ts'
import { leaderboardText } from '../../reporting/leaderboard.ts'
import { stalePage } from '../../reporting/orders-page.ts'
import { knownLeaderboard, LEADERBOARD } from './known-leaderboard.ts'
import { type OwnRun, takeForecasts, takeRuns } from './taken-records.ts'

export type RecordInput = {
  own: OwnRun
  /** Folder of the run records that are asked for; absent where none are. */
  runs?: string
  /** Folder of the model that these compared, which may be tried beside production. */
  challenger?: string
  /** Folder of the forecasts that are asked for; absent where none are. */
  forecasts?: string
  /** Why there are no new forecasts, where there should be some. */
  problem?: string
  /** Page of the repository. */
  repository: string
  /** Of the pages that people read. */
  language: Language
}

export type Recorded = {
  runs: RunRecord[]
  forecasts: ForecastRecord[]
  /** What was handed over and not taken, and what in the ledger is not believed. */
  leftOut: { runs: LeftOut[]; forecasts: LeftOut[]; ledger: LeftOut[] }
} & (Appended | { outcome: 'none' })

/**
 * Appends the runs and forecasts that are asked for to the ledger, and brings its leaderboard up to
 * date. The same records again change nothing. What is damaged, or cannot be of this run, is left
 * out and said: neither a job's code nor what stands in the ledger already can keep out what is
 * honest.
 */
export async function record(append: AppendToBranch, input: RecordInput): Promise<Recorded> {
  const { own } = input
  const runs =
    input.runs === undefined ? NOTHING : await takeRuns(input.runs, own, input.challenger)
  const made = input.forecasts === undefined ? NOTHING : await takeForecasts(input.forecasts, own)
  const events = [...runs.events, ...made.events, ...keptForecasts(input)]
  const taken = {
    runs: events.flatMap((event) => (event.kind === 'run' ? [event.record] : [])),
    forecasts: events.flatMap((event) => (event.kind === 'forecasts' ? [event.record] : [])),
  }
  const leftOut = { runs: runs.leftOut, forecasts: made.leftOut, ledger: [] }
  if (events.length === 0) return { ...taken, leftOut, outcome: 'none' }
  let inLedger: LeftOut[] = []
  const appended = await appendEvents(append, events, async (before) => {
    const known = await knownLeaderboard(before, own.at)
    inLedger = known.leftOut
    const runsAdded = addRuns(known.leaderboard, taken.runs)
    const leaderboard = addForecasts(runsAdded, taken.forecasts)
    const newest = newestForecasts(leaderboard, events)
    const orders = await ordersFile(leaderboard, before, events, input)
    return new Map([...leaderboardFiles(leaderboard, input), ...newest, ...orders])
  })
  return { ...taken, leftOut: { ...leftOut, ledger: inLedger }, ...appended }
}

const NOTHING = { events: [], leftOut: [] }

function keptForecasts({ problem, own }: RecordInput): LedgerEvent[] {
  if (problem === undefined) return []
  const record: KeptForecasts = {
    format: 'cd4ml-forecasts/1',
    outcome: 'kept',
    at: own.at,
    problem: shortened(problem, LONGEST_PROBLEM),
    workflow: own.workflow,
  }
  return [{ kind: 'forecasts', id: recordId(own.at), record }]
}

const LONGEST_PROBLEM = 1000

/** The files at the front of the branch that are of these events, where no others are newer. */
function newestForecasts(leaderboard: Leaderboard, events: readonly LedgerEvent[]): Files {
  const { made } = leaderboard.forecasts
  const orders = publishedOrders(leaderboard)
  const newest = [
    ...filesAt(made?.at, events, ['csv', 'excel']),
    ...filesAt(orders?.at, events, ['ordersCsv', 'ordersExcel']),
  ]
  return new Map(newest.map(([file, bytes]) => [newestFiles[file], bytes]))
}

/** The published order at the place where buyers look for it, marked where there is no newer one. */
async function ordersFile(
  leaderboard: Leaderboard,
  before: LedgerFiles,
  events: readonly LedgerEvent[],
  { language }: RecordInput,
): Promise<Files> {
  const orders = publishedOrders(leaderboard)
  if (!orders) return new Map()
  const [added] = filesAt(orders.at, events, ['ordersPage'])
  const page = added
    ? new TextDecoder().decode(added[1])
    : await unlessMistaken(() => earlierPage(before, orders.files.page))
  if (page === undefined) return new Map()
  const shown = orders.stale ? stalePage(page, orders, orders.stale, language) : page
  return new Map([[newestFiles.ordersPage, Buffer.from(shown)]])
}

/** What was handed over with the forecasts of that moment. */
function filesAt(
  at: string | undefined,
  events: readonly LedgerEvent[],
  files: NewestFile[],
): [NewestFile, Uint8Array][] {
  return events.flatMap((event) => {
    if (event.kind !== 'forecasts' || event.record.at !== at) return []
    return files.flatMap((file): [NewestFile, Uint8Array][] => {
      const bytes = event.newest?.[file]
      return bytes ? [[file, bytes]] : []
    })
  })
}

/** Pages of format 1 are not packed. */
async function earlierPage(before: LedgerFiles, file: string): Promise<string | undefined> {
  const bytes = await before.read(file)
  if (bytes === undefined) return undefined
  return file.endsWith('.gz') ? contentText(file, bytes) : new TextDecoder().decode(bytes)
}

function leaderboardFiles(leaderboard: Leaderboard, { repository, language }: RecordInput): Files {
  return new Map([
    [LEADERBOARD, Buffer.from(canonicalJson(leaderboard))],
    ['README.md', Buffer.from(leaderboardText(leaderboard, repository, language))],
  ])
}
