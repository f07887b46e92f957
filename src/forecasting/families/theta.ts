import { TheilSenRegression } from 'ml-regression'
import type { Static } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import type { Panel } from '../../demand/panel.ts'
import {
  checkProfiles,
  type SeasonalHistory,
  SharedSeasons,
  seasonalHistories,
  seasonSetting,
  sharedSeasons,
} from '../features/seasonal-histories.ts'
import { AlphaErrors, alphaErrors, bestAlpha } from './alpha-choice.ts'
import type { Family } from './family.ts'
import { type Smoothed, smoothedLevel } from './smoothing.ts'
import { spanTotals } from './span-totals.ts'

const Parameters = object({
  ...SharedSeasons.properties,
  ...AlphaErrors.properties,
})
type Parameters = Static<typeof Parameters>

/**
 * The theta method (Assimakopoulos & Nikolopoulos 2000, "The theta model: a decomposition approach
 * to forecasting", International Journal of Forecasting 16), on demand without its season: the mean
 * of the straight line through the history and of a smoothed curve with twice its curvature. That
 * is exponential smoothing with half the line's slope for a drift (Hyndman & Billah 2003,
 * "Unmasking the Theta method", ibid. 19). Seasonal profiles and α are found as by
 * exponential-smoothing.
 */
export const theta: Family = {
  name: 'theta',
  description: 'A seasonal profile times a smoothed level that goes on with half the trend.',
  settings: {
    season: seasonSetting,
  },
  fit: (panel, settings, { season }) => {
    const seasons = sharedSeasons(panel, settings.season === 'none' ? 1 : season)
    const rests = seasonalHistories(panel, seasons, 0).map((history) => withoutHalf(history).rest)
    return { ...seasons, ...alphaErrors(rests) }
  },
  cost: ({ series, periods }) => 1.2e-6 * series * periods,
  parameters: Parameters,
  check: checkProfiles,
  forecast,
}

function forecast(panel: Panel, horizon: number, parameters: Parameters): Float64Array {
  const result = new Float64Array(panel.series.length * horizon)
  let cell = 0
  for (const history of seasonalHistories(panel, parameters, horizon)) {
    const { rest, half } = withoutHalf(history)
    // The trend goes on from what is known, not through a gap behind it.
    const end = 1 + history.units.findLastIndex((value) => !Number.isNaN(value))
    const level = smoothedLevel(rest.units, rest.factors, bestAlpha(rest, parameters))
    for (let step = 0; step < horizon; step++) {
      const deseasonalised = level + half(end + step)
      result[cell++] = Math.max(0, deseasonalised) * history.factorsAhead[step]
    }
  }
  return result
}

/**
 * A series as half its straight line, a function of the period in units per period whose factor is
 * 1, and what that leaves. Smoothing is linear: half the line plus the smoothed rest is the mean of
 * the line (θ = 0) and of smoothed demand with twice its curvature (θ = 2). Where the line begins
 * makes no difference to that.
 */
function withoutHalf({ units, factors, from }: SeasonalHistory): {
  rest: Smoothed
  half: (period: number) => number
} {
  const slope = slopeOf(units, factors)
  const half = (period: number) => (slope / 2) * period
  const rest = units.map((value, period) => value - factors[period] * half(period))
  return { rest: { units: rest, factors, from }, half }
}

/**
 * How much more is sold from one period to the next without the season: the median of the slopes
 * between any two points (Theil 1950; Sen 1968, "Estimates of the regression coefficient based on
 * Kendall's tau", Journal of the American Statistical Association 63), so that one order for a
 * wedding is no trend. It is drawn towards none as by eight more periods without a trend: of eight
 * it is half believed, of four a tenth, of one not at all.
 */
function slopeOf(units: Float64Array, factors: Float64Array): number {
  const known = units.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0)
  const spans = spanTotals(units, factors, Math.max(1, Math.ceil(known / MOST_POINTS)))
  const points = [...spans.units.keys()].filter((span) => spans.factors[span] > 0)
  if (points.length < 2) return 0
  const { slope } = new TheilSenRegression(
    points.map((span) => spans.middles[span]),
    points.map((span) => spans.units[span] / spans.factors[span]),
  )
  return (slope * known ** 3) / (known ** 3 + LEVEL_PERIODS ** 3)
}

/** Points of long series are the means of spans: their number squared is what the slopes cost. */
const MOST_POINTS = 40
const LEVEL_PERIODS = 8
