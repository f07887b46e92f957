import { canonicalJson } from '../canonical-json.ts'
import { checker, parseJson } from '../schema.ts'
import {
  type ForecastRecord,
  type KeptForecasts,
  keptForecastsSchema,
  type MadeForecasts,
  madeForecastsSchema,
} from './forecast-record.ts'
import { type RunRecord, runProperties } from './run-record.ts'

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

/** What the leaderboard keeps of a comparison. */
export type LeaderboardRun = Omit<RunRecord, 'format' | 'kind' | 'searched' | 'metrics'> & {
  /** Of the deciding metric; absent where it could not be computed. */
  value?: number
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

/** Reads `leaderboard.json`. Throws a `UserError` where it is not one. */
export function leaderboardFrom(bytes: Uint8Array, file: string): Leaderboard {
  return checkLeaderboard(parseJson(new TextDecoder().decode(bytes), file, REMEDY), file)
}

function entryOf(run: RunRecord): LeaderboardRun {
  const { format: _, kind: __, searched: ___, metrics, ...kept } = run
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

const REMEDY = 'Delete the file: it is written anew from the records beside it.'

const checkLeaderboard = checker<Leaderboard>(
  {
    type: 'object',
    required: ['format', 'runs', 'forecasts'],
    additionalProperties: false,
    properties: {
      format: { const: 'cd4ml-leaderboard/1' },
      runs: {
        type: 'array',
        maxItems: MOST_RUNS,
        items: {
          type: 'object',
          required: ['id', 'startedAt', 'seconds', 'recipe', 'data', 'exitCode'],
          additionalProperties: false,
          properties: { ...runProperties, value: { type: 'number' } },
        },
      },
      forecasts: {
        type: 'object',
        additionalProperties: false,
        properties: { made: madeForecastsSchema, kept: keptForecastsSchema },
      },
    },
  },
  REMEDY,
)
