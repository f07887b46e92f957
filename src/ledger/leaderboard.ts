import { type Static, Type } from 'typebox'
import { canonicalJson } from '../base/canonical-json.ts'
import { unlessMistaken } from '../base/errors.ts'
import { type Checker, checker, parseJson } from '../base/schema.ts'
import { number, object, partialRecord } from '../base/schema-parts.ts'
import {
  checkForecastRecord,
  type ForecastRecord,
  KeptForecasts,
  MadeForecasts,
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
const Leaderboard = object({
  format: Type.Literal('cd4ml-leaderboard/1'),
  /** The newest comparisons, newest first. */
  runs: Type.Array(LeaderboardRun),
  forecasts: object({
    /** The ones that are published: the newest that were made. */
    made: Type.Optional(MadeForecasts),
    /** Set where a later attempt failed. */
    kept: Type.Optional(KeptForecasts),
    /** Those with the orders that are published, where that is not `made`. */
    ordered: Type.Optional(MadeForecasts),
  }),
})
export type Leaderboard = Static<typeof Leaderboard>

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
  let { made, kept, ordered = withOrders(made) } = leaderboard.forecasts
  for (const record of records) {
    if (record.outcome === 'made') {
      made = later(made, record)
      ordered = withOrders(record) ? later(ordered, record) : ordered
    } else kept = later(kept, record)
  }
  const failedSince = kept && (!made || kept.at > made.at)
  return {
    ...leaderboard,
    forecasts: {
      ...(made && { made }),
      ...(failedSince && { kept }),
      ...(ordered && ordered.at !== made?.at && { ordered }),
    },
  }
}

function withOrders(record: MadeForecasts | undefined): MadeForecasts | undefined {
  return record?.orders?.outcome === 'made' ? record : undefined
}

/**
 * The orders that are published, and why there are no newer ones, with its moment. Undefined where
 * none have been made yet.
 */
export function publishedOrders({ forecasts: { made, kept, ordered } }: Leaderboard) {
  const orders = ordered ?? withOrders(made)
  if (orders?.orders?.outcome !== 'made') return undefined
  const failed =
    made?.orders?.outcome === 'kept' && made.at > orders.at
      ? { at: made.at, problem: made.orders.problem }
      : undefined
  return { at: orders.at, ...orders.orders, stale: kept ?? failed }
}

/** What of a leaderboard can be believed, and how many of its entries cannot. */
export type KnownLeaderboard = { leaderboard: Leaderboard; leftOut: number }

/**
 * Reads `leaderboard.json` as of the moment `now`. An entry that is damaged or lies after now is
 * left out, so that it hides no other. Throws a `UserError` where the whole is no leaderboard.
 */
export function leaderboardFrom(bytes: Uint8Array, file: string, now: string): KnownLeaderboard {
  const found = checkLeaderboard(parseJson(new TextDecoder().decode(bytes), file), file)
  const attempts = Object.values(found.forecasts)
  const runs = found.runs
    .flatMap((run) => whole(run, checkRun, file))
    .filter((run) => implausibleRun(run, now) === undefined)
  const forecasts = attempts
    .flatMap((attempt) => whole(attempt, checkForecastRecord, file))
    .filter((record) => implausibleForecasts(record, now) === undefined)
  const leaderboard = addForecasts(
    { ...emptyLeaderboard, runs: runs.slice(0, MOST_RUNS) },
    forecasts,
  )
  const entries = found.runs.length + attempts.length
  return { leaderboard, leftOut: entries - runs.length - forecasts.length }
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

// Each entry is believed or not by itself.
const checkLeaderboard = checker(
  object({
    ...Leaderboard.properties,
    runs: Type.Array(Type.Unknown()),
    forecasts: partialRecord(['made', 'kept', 'ordered'], () => Type.Unknown()),
  }),
)

const checkRun = checker(LeaderboardRun)

/** The entry, where it is one. */
function whole<Entry>(entry: unknown, check: Checker<Entry>, file: string): Entry[] {
  const found = unlessMistaken(() => check(entry, file))
  return found === undefined ? [] : [found]
}
