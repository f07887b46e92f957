import { type Day, dayFromIso } from '../../base/day.ts'
import { examiner } from '../../base/schema.ts'
import { number, openObject } from '../../base/schema-parts.ts'
import { firstDay, lastDay, periodOf } from '../../demand/calendar.ts'
import { dayShares } from '../../demand/day-shares.ts'
import type { Panel } from '../../demand/panel.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import type { LedgerEntry } from '../../ledger/events/ledger-entries.ts'
import type { PublishedForecasts, PublishedSeries } from '../../ledger/published-forecasts.ts'
import { type Demand, expectedShort } from '../../ordering/demand-quantiles.ts'

/** The forecasts that were published on the sales of a day, by the subject of each series. */
export type PublishedBySubject = Pick<PublishedForecasts, 'frequency' | 'from' | 'levels'> & {
  series: ReadonlyMap<string, PublishedSeries>
}

/** What the event itself says that the model expected on its days; undefined where it says nothing. */
export function demandToldBy(on: LedgerEntry['of']): Demand | undefined {
  if (on.type === 'cd4ml.forecast.v1') {
    const { mean, quantiles } = on.data
    return { mean, levels: LEVELS, quantiles }
  }
  const told = examineForecast(on.data.advice.forecast)
  if (told.outcome === 'refused') return
  const { mean, p10, p90 } = told.value
  if (!(0 <= p10 && p10 <= p90)) return
  return { mean, levels: TOLD, quantiles: [p10, medianOf(mean, p10, p90), p90] }
}

/**
 * The demand on the days `from` to `to` that a publication expected of a series, at all of its levels;
 * undefined where it does not reach so far. Means are shared out by day; what the quantiles of the
 * periods lie apart from them adds up as independent errors do, as in `quantilesOfTotal`
 * (`forecasting/calibration.ts`).
 *
 * @param weekdays - how the demand of the series, by its index, falls on the days of a week
 */
export function demandPublished(
  { frequency, from: starts, levels, series }: PublishedBySubject,
  subject: string,
  { from, to }: { from: Day; to: Day },
  weekdays: { panel: Panel; index: number },
): Demand | undefined {
  const told = series.get(subject)
  const first = dayFromIso(starts[0])
  if (told === undefined || first === undefined) return
  const start = periodOf(frequency, first)
  const [begin, end] = [periodOf(frequency, from), periodOf(frequency, to)]
  if (begin < start || end >= start + starts.length) return
  let mean = 0
  const variances = new Float64Array(levels.length)
  for (let period = begin; period <= end; period++) {
    const weight = shareOf(weekdays, { frequency, period, from, to })
    const expected = told.mean[period - start]
    mean += weight * expected
    told.quantiles[period - start].forEach((quantile, level) => {
      const apart = quantile - expected
      variances[level] += weight * apart * Math.abs(apart)
    })
  }
  const quantiles = Array.from(variances, (variance) =>
    Math.max(0, mean + Math.sign(variance) * Math.sqrt(Math.abs(variance))),
  )
  return { mean, levels, quantiles }
}

/**
 * The distribution of whoever says a number alone, as seasonal naive and the buyer do: that of the
 * model, scaled to it. What the steps from one to the next differ in is then the number, not how sure
 * somebody was, and whoever repeats the model's number is given the model's distribution. Where the
 * model expects nothing, the number itself is all there is.
 */
export function scaledTo(expected: number, { mean, levels, quantiles }: Demand): Demand {
  const scaled = Array.from(quantiles, (units) =>
    mean > 0 ? units * (expected / mean) : Math.max(0, expected),
  )
  return { mean: expected, levels, quantiles: scaled }
}

const examineForecast = examiner(openObject({ mean: number, p10: number, p90: number }))

const TOLD = [0.1, 0.5, 0.9]

/** The median by which lines between the quantiles, and the tails beyond, have this mean. */
function medianOf(mean: number, p10: number, p90: number): number {
  let [low, high] = [p10, p90]
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    const expected = expectedShort({ levels: TOLD, quantiles: [p10, middle, p90] }, 0)
    if (expected < mean) low = middle
    else high = middle
  }
  return (low + high) / 2
}

const STEPS = 40

/** The share of a period's demand that falls on those of its days which are asked for. */
function shareOf(
  { panel, index }: { panel: Panel; index: number },
  {
    frequency,
    period,
    from,
    to,
  }: { frequency: Panel['frequency']; period: number; from: Day; to: Day },
): number {
  const shares = dayShares({ ...panel, frequency }, index, period)
  const first = firstDay(frequency, period)
  let share = 0
  for (let day = Math.max(from, first); day <= Math.min(to, lastDay(frequency, period)); day++) {
    share += shares[day - first]
  }
  return share
}
