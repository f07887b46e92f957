import { UserError } from '../../base/errors.ts'
import {
  addForecasts,
  addRuns,
  emptyLeaderboard,
  type Leaderboard,
  leaderboardFrom,
} from '../../ledger/leaderboard.ts'
import { type LedgerFiles, type LeftOut, readRecords } from '../../ledger/ledger.ts'

export const LEADERBOARD = 'leaderboard.json'

/**
 * The leaderboard as the ledger has it, and what in it is not believed. Where `leaderboard.json` is
 * missing or damaged, it is made anew from the newest records beside it.
 */
export async function knownLeaderboard(
  ledger: LedgerFiles,
  now: string,
): Promise<{ leaderboard: Leaderboard; leftOut: LeftOut[] }> {
  try {
    const bytes = await ledger.read(LEADERBOARD)
    if (bytes === undefined) return await rebuilt(ledger, now)
    const { leaderboard, leftOut } = leaderboardFrom(bytes, LEADERBOARD, now)
    const problem = `${leftOut} of its entries are damaged, or lie after now`
    return { leaderboard, leftOut: leftOut > 0 ? [{ file: LEADERBOARD, problem }] : [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { leaderboard, leftOut } = await rebuilt(ledger, now)
    return { leaderboard, leftOut: [{ file: LEADERBOARD, problem: error.what }, ...leftOut] }
  }
}

/** Each record is a request to GitHub. */
const MOST_RUNS_READ = 100
const MOST_FORECASTS_READ = 20

async function rebuilt(
  ledger: LedgerFiles,
  asOf: string,
): Promise<{ leaderboard: Leaderboard; leftOut: LeftOut[] }> {
  const runs = await readRecords(ledger, { kind: 'run', newest: MOST_RUNS_READ, asOf })
  const forecasts = await readRecords(ledger, {
    kind: 'forecasts',
    newest: MOST_FORECASTS_READ,
    asOf,
  })
  return {
    leaderboard: addForecasts(addRuns(emptyLeaderboard, runs.records), forecasts.records),
    leftOut: [...runs.leftOut, ...forecasts.leftOut],
  }
}
