import { canonicalJson } from '../../base/canonical-json.ts'
import { counted, shortened } from '../../base/wording.ts'
import type { GitHub } from '../../github/client.ts'
import { type Appended, appendToLedger, type Files } from '../../github/ledger-branch.ts'
import type { ForecastRecord, KeptForecasts } from '../../ledger/forecast-record.ts'
import { addForecasts, addRuns, type Leaderboard } from '../../ledger/leaderboard.ts'
import type { RunRecord } from '../../ledger/run-record.ts'
import { leaderboardText } from '../../reporting/leaderboard.ts'
import { attemptId, forecastFiles } from '../forecasts/forecast-files.ts'
import { knownLeaderboard, LEADERBOARD } from './known-leaderboard.ts'
import { type LeftOut, type OwnRun, takeForecasts, takeRuns } from './taken-records.ts'

export type RecordInput = {
  own: OwnRun
  /** Folder of the run records that are asked for; absent where none are. */
  runs?: string
  /** Folder of the forecasts that are asked for; absent where none are. */
  forecasts?: string
  /** Why there are no new forecasts, where there should be some. */
  problem?: string
  /** Page of the repository. */
  repository: string
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
export async function record(github: GitHub, input: RecordInput): Promise<Recorded> {
  const { own } = input
  const runs = input.runs === undefined ? NO_RUNS : await takeRuns(input.runs, own)
  const made =
    input.forecasts === undefined ? NO_FORECASTS : await takeForecasts(input.forecasts, own)
  const forecasts = [...made.forecasts, ...keptForecasts(input)]
  const taken = { runs: runs.runs, forecasts: forecasts.map(({ record }) => record) }
  const leftOut = { runs: runs.leftOut, forecasts: made.leftOut, ledger: [] }
  const add = new Map([...taken.runs.map(runFile), ...forecasts.flatMap(({ files }) => [...files])])
  if (add.size === 0) return { ...taken, leftOut, outcome: 'none' }
  let ledger: LeftOut[] = []
  const appended = await appendToLedger(github, {
    add,
    derive: async (read, names) => {
      const known = await knownLeaderboard({ read, names, now: own.at })
      ledger = known.leftOut
      return leaderboardFiles(
        addForecasts(addRuns(known.leaderboard, taken.runs), taken.forecasts),
        input,
      )
    },
    message: messageOf(taken),
  })
  return { ...taken, leftOut: { ...leftOut, ledger }, ...appended }
}

const NO_RUNS = { runs: [], leftOut: [] }
const NO_FORECASTS = { forecasts: [], leftOut: [] }

function keptForecasts({ problem, own }: RecordInput) {
  if (problem === undefined) return []
  const record: KeptForecasts = {
    format: 'cd4ml-forecasts/1',
    outcome: 'kept',
    at: own.at,
    problem: shortened(problem, LONGEST_PROBLEM),
    workflow: own.workflow,
  }
  const path = forecastFiles(attemptId(own.at)).record
  return [{ record, files: new Map([[path, Buffer.from(canonicalJson(record))]]) }]
}

const LONGEST_PROBLEM = 1000

function runFile(run: RunRecord): [string, Uint8Array] {
  return [`runs/${run.id}.json`, Buffer.from(canonicalJson(run))]
}

function leaderboardFiles(leaderboard: Leaderboard, { repository }: RecordInput): Files {
  return new Map([
    [LEADERBOARD, Buffer.from(canonicalJson(leaderboard))],
    ['README.md', Buffer.from(leaderboardText(leaderboard, repository))],
  ])
}

function messageOf({ runs, forecasts }: Pick<Recorded, 'runs' | 'forecasts'>): string {
  const parts = [
    ...(runs.length > 0 ? [counted(runs.length, 'run')] : []),
    ...forecasts.map((record) =>
      record.outcome === 'made' ? `forecasts of version ${record.version}` : 'missing forecasts',
    ),
  ]
  return `Record ${parts.join(', ')}`
}
