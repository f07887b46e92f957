import type { Panel } from '../../demand/panel.ts'
import {
  SEASON_LENGTHS,
  type SeasonalHistory,
  type SharedSeasons,
  seasonalHistories,
  sharedSeasons,
  sharedSeasonsSchema,
} from '../features/seasonal-histories.ts'
import {
  type AlphaErrors,
  alphaErrors,
  alphaErrorsSchema,
  bestAlpha,
  type Smoothed,
} from './alpha-choice.ts'
import type { Family, FittedModel } from './family.ts'
import { smoothedLevel } from './smoothing.ts'

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
    /** `profile`: a factor for each position in the season, from 1¼ seasons of history on. */
    season: { schema: { type: 'string', enum: ['profile', 'none'] }, default: 'profile' },
  },
  fit: (panel, settings, { season }) => {
    const seasons = sharedSeasons(panel, settings.season === 'none' ? 1 : season)
    const rests = seasonalHistories(panel, seasons, 0).map((history) => withoutHalf(history).rest)
    return fitted({ ...seasons, ...alphaErrors(rests) })
  },
  cost: ({ series, periods }) => 7e-7 * series * periods,
  parameters: {
    anyOf: SEASON_LENGTHS.map((season) => {
      const properties = { ...sharedSeasonsSchema(season), ...alphaErrorsSchema }
      const required = Object.keys(properties)
      return { type: 'object', required, additionalProperties: false, properties }
    }),
  },
  restore: (parameters) => fitted(parameters as Parameters),
}

type Parameters = SharedSeasons & AlphaErrors

function fitted(parameters: Parameters): FittedModel {
  return { parameters, forecast: (panel, horizon) => forecast(panel, horizon, parameters) }
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
 * the line (θ = 0) and of smoothed demand with twice its curvature (θ = 2).
 */
function withoutHalf({ units, factors, from }: SeasonalHistory): {
  rest: Smoothed
  half: (period: number) => number
} {
  const line = straightLine(units, factors)
  const half = (period: number) => line(period) / 2
  const rest = units.map((value, period) => value - factors[period] * half(period))
  return { rest: { units: rest, factors, from }, half }
}

/**
 * The least squares line through the series without its season: the a + b·t that minimise
 * Σ (yₜ − sₜ (a + b·t))², so that periods in which nearly nothing is sold do not shout. Its slope is
 * drawn towards none as by eight more periods without a trend: of eight it is half believed, of four
 * a tenth, of one not at all.
 */
function straightLine(units: Float64Array, factors: Float64Array): (period: number) => number {
  // Around the mean period, where level and slope do not hang on each other.
  let weight = 0
  let middle = 0
  let level = 0
  for (let period = 0; period < units.length; period++) {
    if (Number.isNaN(units[period])) continue
    weight += factors[period] ** 2
    middle += factors[period] ** 2 * period
    level += factors[period] * units[period]
  }
  if (weight === 0) return () => 0
  middle /= weight
  level /= weight
  let squares = 0
  let products = 0
  for (let period = 0; period < units.length; period++) {
    if (Number.isNaN(units[period])) continue
    const from = period - middle
    squares += factors[period] ** 2 * from ** 2
    products += factors[period] * units[period] * from
  }
  const slope = products / (squares + LEVEL_SQUARES)
  return (period) => level + slope * (period - middle)
}

/** Σ (t − mean)² over eight consecutive periods. */
const LEVEL_SQUARES = 42
