import { UserError } from '../../base/errors.ts'
import { parseJson } from '../../base/schema.ts'
import type { GitTree } from '../../github/git-data.ts'
import { checkForecastRecord } from '../../ledger/forecast-record.ts'
import {
  addForecasts,
  addRuns,
  emptyLeaderboard,
  type Leaderboard,
  leaderboardFrom,
} from '../../ledger/leaderboard.ts'
import { implausibleForecasts, implausibleRun, momentOf } from '../../ledger/plausible.ts'
import { checkRunRecord, type RunRecord } from '../../ledger/run-record.ts'
import type { LeftOut } from './taken-records.ts'

export const LEADERBOARD = 'leaderboard.json'

export type LedgerFiles = Pick<GitTree, 'read' | 'names'> & {
  /** The moment, ISO 8601 in UTC. */
  now: string
}

/**
 * The leaderboard as the ledger has it, and what in it is not believed. Where `leaderboard.json` is
 * missing or damaged, it is made anew from the newest records beside it.
 */
export async function knownLeaderboard(
  ledger: LedgerFiles,
): Promise<{ leaderboard: Leaderboard; leftOut: LeftOut[] }> {
  try {
    const bytes = await ledger.read(LEADERBOARD)
    if (bytes === undefined) return await rebuilt(ledger)
    const { leaderboard, leftOut } = leaderboardFrom(bytes, LEADERBOARD, ledger.now)
    const problem = `${leftOut} of its entries are damaged, or lie after now`
    return { leaderboard, leftOut: leftOut > 0 ? [{ file: LEADERBOARD, problem }] : [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { leaderboard, leftOut } = await rebuilt(ledger)
    return { leaderboard, leftOut: [{ file: LEADERBOARD, problem: error.what }, ...leftOut] }
  }
}

/** Each record is a request to GitHub. */
const MOST_RUNS_READ = 100
const MOST_FORECASTS_READ = 20

async function rebuilt(
  ledger: LedgerFiles,
): Promise<{ leaderboard: Leaderboard; leftOut: LeftOut[] }> {
  const leftOut: LeftOut[] = []
  async function readRecord<T>(path: string, check: (value: unknown) => T) {
    try {
      const bytes = await ledger.read(path)
      return bytes && check(parseJson(bytes.toString(), path))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      leftOut.push({ file: path, problem: error.what })
      return undefined
    }
  }
  const runs: RunRecord[] = []
  for (const name of await newest(ledger, 'runs', MOST_RUNS_READ)) {
    const path = `runs/${name}`
    const run = await readRecord(path, (value) => plausibleRun(value, path, ledger.now))
    if (run) runs.push(run)
  }
  let leaderboard = addRuns(emptyLeaderboard, runs)
  for (const name of await newest(ledger, 'forecasts', MOST_FORECASTS_READ)) {
    if (leaderboard.forecasts.made) break
    const path = `forecasts/${name}/record.json`
    const record = await readRecord(path, (value) => plausibleForecasts(value, path, ledger.now))
    if (record) leaderboard = addForecasts(leaderboard, [record])
  }
  return { leaderboard, leftOut }
}

/** Names begin with the moment of their record: those of the future are not among the newest. */
async function newest({ names, now }: LedgerFiles, folder: string, most: number) {
  const known = (await names(folder)).filter(
    (name) => /^\d{8}T\d{9}Z-[0-9a-f]{8}(\.json)?$/.test(name) && name <= `${momentOf(now)}~`,
  )
  return known.sort().reverse().slice(0, most)
}

function plausibleRun(value: unknown, file: string, now: string): RunRecord {
  const run = checkRunRecord(value, file)
  return believed(run, implausibleRun(run, now), file)
}

function plausibleForecasts(value: unknown, file: string, now: string) {
  const record = checkForecastRecord(value, file)
  return believed(record, implausibleForecasts(record, now), file)
}

function believed<T>(record: T, problem: string | undefined, file: string): T {
  if (problem !== undefined) throw new UserError(problem, { file })
  return record
}
