import { type Static, Type } from 'typebox'
import { count, object, share } from '../../base/schema-parts.ts'
import type { OriginForecast } from '../../evaluation/scoring/rows.ts'

/** A publication that was made again by the model, as a sample of all that the evidence rests on. */
export const CheckedPublication = object({
  id: Type.String({ maxLength: 100 }),
  outcome: Type.Enum([
    'same',
    /** From the very sales that it rests on: not this model has made it. */
    'otherwise',
    /** From the sales of today; those that it rests on are not at hand, and may have been others. */
    'otherwise by the sales of today',
  ]),
  series: count,
  /** Of how many series it says otherwise, and by what share of the units. */
  otherwise: count,
  difference: share,
})
export type CheckedPublication = Static<typeof CheckedPublication>

/** Of some series, how many there are, of how many the model says otherwise, and the units of both. */
export type PublishedAgainst = { series: number; otherwise: number; apart: number; all: number }

/**
 * What was published against what the model says of the same rows, of `horizon` periods each; of series
 * that were not published nothing is said.
 */
export function publishedAgainst(
  published: OriginForecast,
  made: OriginForecast,
  horizon: number,
): PublishedAgainst {
  const found = { series: 0, otherwise: 0, apart: 0, all: 0 }
  for (let row = 0; row < published.mean.length; row += horizon) {
    if (Number.isNaN(published.mean[row])) continue
    found.series++
    if (!isAlike(published, made, row, row + horizon)) found.otherwise++
    for (let cell = row; cell < row + horizon; cell++) {
      const [was, is] = [published.mean[cell], made.mean[cell]].map((units) => units || 0)
      found.apart += Math.abs(was - is)
      found.all += Math.max(Math.abs(was), Math.abs(is))
    }
  }
  return found
}

/** What it comes to over all parts of the sales. */
export function joinedChecks(
  parts: readonly PublishedAgainst[],
): Pick<CheckedPublication, 'series' | 'otherwise' | 'difference'> {
  const sum = (of: keyof PublishedAgainst) => parts.reduce((total, part) => total + part[of], 0)
  const all = sum('all')
  return {
    series: sum('series'),
    otherwise: sum('otherwise'),
    difference: all > 0 ? Math.min(1, sum('apart') / all) : 0,
  }
}

/** Of the cells `from` to before `to`: means and quantiles, up to the digits that are published. */
function isAlike(a: OriginForecast, b: OriginForecast, from: number, to: number): boolean {
  const levels = a.quantiles.length / a.mean.length
  return (
    a.mean.subarray(from, to).every((units, i) => isSame(units, b.mean[from + i])) &&
    a.quantiles
      .subarray(from * levels, to * levels)
      .every((units, i) => isSame(units, b.quantiles[from * levels + i]))
  )
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= DIGITS * Math.max(Math.abs(a), Math.abs(b))
}

/** Published are five digits. */
const DIGITS = 1e-4
