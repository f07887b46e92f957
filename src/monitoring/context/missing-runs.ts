import { type Static, Type } from 'typebox'
import { MILLISECONDS_A_DAY } from '../../base/day.ts'
import { count, number, object } from '../../base/schema-parts.ts'
import type { ForecastRecord } from '../../ledger/forecast-record.ts'
import { moment, type RunRecord } from '../../ledger/run-record.ts'

/** Whether forecasting and retraining run as often as they do in this project. */
export const MissingRuns = object({
  forecasts: object({
    /** Days on which forecasts were made, and those on which the last ones had to be kept. */
    made: count,
    kept: count,
    /** Days from one attempt to the next, at most, as a rule; absent where too few are known. */
    rhythm: Type.Optional(number),
    /** Attempts that this rhythm lets expect and that the ledger does not have. */
    absent: count,
    /** The last attempt, and why it made none; absent without one. */
    last: Type.Optional(
      object({ at: moment, problem: Type.Optional(Type.String({ maxLength: 2000 })) }),
    ),
  }),
  /** The last comparison of a retraining on main, and how it ended; absent where none is recorded. */
  retraining: Type.Optional(object({ at: moment, exitCode: count })),
})
export type MissingRuns = Static<typeof MissingRuns>

/**
 * Which runs are missing since a moment, as the records up to `at` tell. A chain may forecast every day,
 * on working days, or once a week: the rhythm is what most of the times between its last attempts do
 * not exceed, so that a week of failures is seen against the weeks before. Moments are ISO 8601 in UTC.
 */
export function missingRuns({
  forecasts,
  runs,
  since,
  at,
}: {
  /** Of any time, the oldest first. */
  forecasts: readonly ForecastRecord[]
  runs: readonly RunRecord[]
  since: string
  at: string
}): MissingRuns {
  const known = forecasts.filter((record) => record.at <= at)
  const made = daysOf(known.filter(({ outcome }) => outcome === 'made'))
  const tried = daysOf(known)
  const moments = [...new Map(known.map((record) => [dayOf(record.at), record.at])).values()]
  const rhythm = rhythmOf(moments.slice(-LOOKED_AT))
  const first = dayOf(since)
  const isSince = (day: number) => day >= first
  const last = known.at(-1)
  const retraining = runs.filter(isRetraining).findLast(({ startedAt }) => startedAt <= at)
  return {
    forecasts: {
      made: made.filter(isSince).length,
      kept: tried.filter((day) => isSince(day) && !made.includes(day)).length,
      ...(rhythm !== undefined && { rhythm }),
      absent: rhythm === undefined ? 0 : absentFrom([...moments, at], since, rhythm),
      ...(last && {
        last: { at: last.at, ...(last.outcome === 'kept' && { problem: last.problem }) },
      }),
    },
    ...(retraining && { retraining: { at: retraining.startedAt, exitCode: retraining.exitCode } }),
  }
}

/** Fewer attempts show no rhythm. */
const FEWEST = 8
const LOOKED_AT = 30
/** Weekends are more than the rest of the times between working days. */
const MOST = 0.85

/** What the workflow that retrains has recorded: no experiment of a branch, no pull request. */
function isRetraining({ kind, workflow }: RunRecord): boolean {
  return kind === 'compare' && workflow !== undefined && workflow.event !== 'pull_request'
}

/** The days in UTC, each once, ascending. */
function daysOf(records: readonly ForecastRecord[]): number[] {
  return [...new Set(records.map(({ at }) => dayOf(at)))].sort((a, b) => a - b)
}

function dayOf(at: string): number {
  return Math.floor(Date.parse(at) / MILLISECONDS_A_DAY)
}

/** Whole days: a cron is some minutes late. */
function rhythmOf(moments: string[]): number | undefined {
  if (moments.length < FEWEST) return undefined
  const gaps = moments.slice(1).map((at, i) => Math.round(daysFrom(moments[i], at)))
  return Math.max(1, gaps.sort((a, b) => a - b)[Math.floor(MOST * gaps.length)])
}

/** A cron may be late by half of its rhythm; where it is daily, by a day. */
function absentFrom(moments: string[], since: string, rhythm: number): number {
  const latest = rhythm + Math.max(1, rhythm / 2)
  const spans = moments.slice(1).map((at, i) => daysFrom(later(moments[i], since), at))
  return spans.reduce((sum, span) => sum + (span >= latest ? Math.round(span / rhythm) - 1 : 0), 0)
}

function daysFrom(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / MILLISECONDS_A_DAY
}

function later(a: string, b: string): string {
  return a > b ? a : b
}
