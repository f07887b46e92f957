import { type Static, Type } from 'typebox'
import { canonicalJson } from '../base/canonical-json.ts'
import { unlessMistaken } from '../base/errors.ts'
import { checker, parseJson } from '../base/schema.ts'
import { number, object } from '../base/schema-parts.ts'
import {
  checkForecastRecord,
  type ForecastRecord,
  type KeptForecasts,
  type MadeForecasts,
} from './forecast-record.ts'
import { implausibleForecasts, implausibleRun } from './plausible.ts'
import { keptOfRun, promotesNothingWorse, type RunRecord } from './run-record.ts'

/** The branch of records: it has no history in common with the code. */
export const LEDGER_BRANCH = 'ledger'

/** What the leaderboard keeps of a comparison. */
const LeaderboardRun = object(
  {
    ...keptOfRun,
    /** Of the deciding metric; absent where it could not be computed. */
    value: Type.Optional(number),
  },
  promotesNothingWorse,
)
export type LeaderboardRun = Static<typeof LeaderboardRun>

/** `leaderboard.json` of the ledger: what its README shows, made of records alone. */
export type Leaderboard = {
  format: 'cd4ml-leaderboard/1'
  /** The newest comparisons, newest first. */
  runs: LeaderboardRun[]
  forecasts: {
    /** The ones that are published: the newest that were made. */
    made?: MadeForecasts
    /** Set where a later attempt failed. */
    kept?: KeptForecasts
  }
}

export const emptyLeaderboard: Leaderboard = {
  format: 'cd4ml-leaderboard/1',
  runs: [],
  forecasts: {},
}

/** Most runs that are kept; the records of older ones stay in the ledger's `runs/`. */
export const MOST_RUNS = 500

/**
 * The leaderboard with the comparisons among these runs. Adding the same runs in any order, in any
 * parts, once or twice gives the same leaderboard, so that concurrent writers need not agree.
 */
export function addRuns(leaderboard: Leaderboard, runs: readonly RunRecord[]): Leaderboard {
  const byId = new Map(leaderboard.runs.map((run) => [run.id, run]))
  for (const run of runs) {
    if (run.kind !== 'compare') continue
    const entry = entryOf(run)
    byId.set(entry.id, greater(byId.get(entry.id), entry))
  }
  const newestFirst = [...byId.values()].sort((a, b) => (a.id > b.id ? -1 : 1))
  return { ...leaderboard, runs: newestFirst.slice(0, MOST_RUNS) }
}

/** The leaderboard with these attempts to publish forecasts, with the same promise as `addRuns`. */
export function addForecasts(
  leaderboard: Leaderboard,
  records: readonly ForecastRecord[],
): Leaderboard {
  let { made, kept } = leaderboard.forecasts
  for (const record of records) {
    if (record.outcome === 'made') made = later(made, record)
    else kept = later(kept, record)
  }
  const failedSince = kept && (!made || kept.at > made.at)
  return {
    ...leaderboard,
    forecasts: { ...(made && { made }), ...(failedSince && { kept }) },
  }
}

/** What of a leaderboard can be believed, and how many of its entries cannot. */
export type KnownLeaderboard = { leaderboard: Leaderboard; leftOut: number }

/**
 * Reads `leaderboard.json` as of the moment `now`. An entry that is damaged or lies after now is
 * left out, so that it hides no other. Throws a `UserError` where the whole is no leaderboard.
 */
export function leaderboardFrom(bytes: Uint8Array, file: string, now: string): KnownLeaderboard {
  const found = checkLeaderboard(parseJson(new TextDecoder().decode(bytes), file), file)
  const runs = found.runs.filter(
    (run): run is LeaderboardRun => isRun(run, file) && implausibleRun(run, now) === undefined,
  )
  const { made, kept } = found.forecasts
  const [believedMade, believedKept] = [made, kept].map((record) =>
    isForecasts(record, file) && implausibleForecasts(record, now) === undefined ? [record] : [],
  )
  const leaderboard = addForecasts({ ...emptyLeaderboard, runs: runs.slice(0, MOST_RUNS) }, [
    ...believedMade,
    ...believedKept,
  ])
  const entries = found.runs.length + [made, kept].filter((record) => record !== undefined).length
  return { leaderboard, leftOut: entries - runs.length - believedMade.length - believedKept.length }
}

function entryOf(run: RunRecord): LeaderboardRun {
  const { format: _, kind: __, settings: ___, searched: ____, metrics, ...kept } = run
  const value = kept.comparison && metrics?.[kept.comparison.decidedBy]
  return { ...kept, ...(value !== undefined && { value }) }
}

// Ids are unique and records never change; should two differ all the same, every order agrees.
function greater<T>(a: T | undefined, b: T): T {
  return a !== undefined && canonicalJson(a) > canonicalJson(b) ? a : b
}

function later<T extends { at: string }>(a: T | undefined, b: T): T {
  if (a === undefined || a.at === b.at) return greater(a, b)
  return a.at > b.at ? a : b
}

// Of the entries each is believed or not by itself.
const checkLeaderboard = checker(
  object({
    format: Type.Literal('cd4ml-leaderboard/1'),
    runs: Type.Array(Type.Unknown()),
    forecasts: object({ made: Type.Optional(Type.Unknown()), kept: Type.Optional(Type.Unknown()) }),
  }),
)

const checkRun = checker(LeaderboardRun)

function isRun(value: unknown, file: string): value is LeaderboardRun {
  return unlessMistaken(() => checkRun(value, file)) !== undefined
}

function isForecasts(value: unknown, file: string): value is ForecastRecord {
  return unlessMistaken(() => checkForecastRecord(value, file)) !== undefined
}
