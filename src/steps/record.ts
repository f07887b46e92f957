import { canonicalJson } from '../canonical-json.ts'
import type { GitHub } from '../github/client.ts'
import { type Appended, appendToLedger, type Files } from '../github/ledger-branch.ts'
import type { ForecastRecord, KeptForecasts } from '../ledger/forecast-record.ts'
import {
  addForecasts,
  addRuns,
  emptyLeaderboard,
  type Leaderboard,
  leaderboardFrom,
} from '../ledger/leaderboard.ts'
import type { RunRecord, WorkflowRun } from '../ledger/run-record.ts'
import { type DamagedRun, readRuns } from '../ledger/run-store.ts'
import { leaderboardText } from '../reporting/leaderboard.ts'
import { attemptId, forecastFiles, readForecasts } from './forecast-files.ts'

export type RecordInput = {
  /** Folders of the run records and of the forecasts; either may be missing. */
  runs: string
  forecasts: string
  /** Why there are no new forecasts, where there should be some. */
  problem?: string
  /** The moment, ISO 8601 in UTC. */
  at: string
  workflow: WorkflowRun
  /** Page of the repository. */
  repository: string
}

export type Recorded = {
  runs: RunRecord[]
  forecasts: ForecastRecord[]
  /** Files that were left out, since they are no run records. */
  damaged: DamagedRun[]
} & (Appended | { outcome: 'none' })

/**
 * Appends runs and forecasts to the ledger, and brings its leaderboard up to date. The same records
 * again change nothing. Throws a `UserError` where forecasts or the leaderboard are not what cd4ml
 * wrote.
 */
export async function record(github: GitHub, input: RecordInput): Promise<Recorded> {
  const { runs, damaged } = await readRuns(input.runs)
  const made = await readForecasts(input.forecasts)
  const kept = keptForecasts(input)
  const forecasts = [...made, ...kept]
  const records = { runs, forecasts: forecasts.map(({ record }) => record), damaged }
  const add = new Map([...runs.map(runFile), ...forecasts.flatMap(({ files }) => [...files])])
  if (add.size === 0) return { ...records, outcome: 'none' }
  const appended = await appendToLedger(github, {
    add,
    derive: async (read) => leaderboardFiles(await read(LEADERBOARD), records, input),
    message: messageOf(records),
  })
  return { ...records, ...appended }
}

const LEADERBOARD = 'leaderboard.json'

function keptForecasts({ problem, at, workflow }: RecordInput) {
  if (problem === undefined) return []
  const record: KeptForecasts = {
    format: 'cd4ml-forecasts/1',
    outcome: 'kept',
    at,
    problem,
    workflow,
  }
  const path = forecastFiles(attemptId(at)).record
  return [{ record, files: new Map([[path, Buffer.from(canonicalJson(record))]]) }]
}

function runFile(run: RunRecord): [string, Uint8Array] {
  return [`runs/${run.id}.json`, Buffer.from(canonicalJson(run))]
}

function leaderboardFiles(
  before: Buffer | undefined,
  { runs, forecasts }: Pick<Recorded, 'runs' | 'forecasts'>,
  { repository }: RecordInput,
): Files {
  const known = before ? leaderboardFrom(before, LEADERBOARD) : emptyLeaderboard
  const leaderboard: Leaderboard = addForecasts(addRuns(known, runs), forecasts)
  return new Map([
    [LEADERBOARD, Buffer.from(canonicalJson(leaderboard))],
    ['README.md', Buffer.from(leaderboardText(leaderboard, repository))],
  ])
}

function messageOf({ runs, forecasts }: Pick<Recorded, 'runs' | 'forecasts'>): string {
  const parts = [
    ...(runs.length > 0 ? [`${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`] : []),
    ...forecasts.map((record) =>
      record.outcome === 'made' ? `forecasts of version ${record.version}` : 'missing forecasts',
    ),
  ]
  return `Record ${parts.join(', ')}`
}
