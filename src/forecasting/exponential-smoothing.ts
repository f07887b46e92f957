import type { Panel } from '../demand/panel.ts'
import { type AlphaErrors, alphaErrors, alphaErrorsSchema, bestAlpha } from './alpha-choice.ts'
import type { Family, FittedModel } from './family.ts'
import { isIntermittent, sba, totalsOfIntervals, tsb } from './intermittent.ts'
import { forecastNewSeries } from './new-series.ts'
import {
  SEASON_LENGTHS,
  type SeasonalHistory,
  type SharedSeasons,
  seasonalHistories,
  sharedSeasons,
  sharedSeasonsSchema,
} from './seasonal-histories.ts'
import { smoothedLevel } from './smoothing.ts'

const METHODS = ['tsb', 'sba', 'adida'] as const

type Method = (typeof METHODS)[number]

/**
 * Seasonal profile × exponentially smoothed level. Each series has its own profile, drawn towards
 * that of its category, and its own α: the one that would have forecast it best, weighed together
 * with the one that suits all. What series share is fitted; what is a series' own is read off its
 * history when it is forecast, so that a product is not forecast worse for having come after the
 * fit.
 */
export const exponentialSmoothing: Family = {
  name: 'exponential-smoothing',
  description:
    'A seasonal profile times a smoothed level; products that sell now and then by TSB, SBA or ADIDA.',
  settings: {
    /** `profile`: a factor for each position in the season, from 1¼ seasons of history on. */
    season: { schema: { type: 'string', enum: ['profile', 'none'] }, default: 'profile' },
    /** The method for series with more than 1.32 periods from one demand to the next. */
    intermittent: { schema: { type: 'string', enum: METHODS }, default: 'tsb' },
  },
  fit: (panel, settings, { season }) => {
    const seasons = sharedSeasons(panel, settings.season === 'none' ? 1 : season)
    const errors = alphaErrors(seasonalHistories(panel, seasons, 0))
    return fitted({ intermittent: settings.intermittent as Method, ...seasons, ...errors })
  },
  cost: ({ series, periods }) => 1.1e-6 * series * periods,
  parameters: {
    anyOf: SEASON_LENGTHS.map((season) => {
      const properties = {
        intermittent: { enum: METHODS },
        ...sharedSeasonsSchema(season),
        ...alphaErrorsSchema,
      }
      const required = Object.keys(properties)
      return { type: 'object', required, additionalProperties: false, properties }
    }),
  },
  restore: (parameters) => fitted(parameters as Parameters),
}

type Parameters = SharedSeasons & AlphaErrors & { intermittent: Method }

function fitted(parameters: Parameters): FittedModel {
  return { parameters, forecast: (panel, horizon) => forecast(panel, horizon, parameters) }
}

function forecast(panel: Panel, horizon: number, parameters: Parameters): Float64Array {
  const result = new Float64Array(panel.series.length * horizon)
  let cell = 0
  for (const history of seasonalHistories(panel, parameters, horizon)) {
    const level = levelOf(history, parameters)
    for (const factor of history.factorsAhead) result[cell++] = level * factor
  }
  forecastNewSeries(result, panel, horizon)
  return result
}

/** In units per period whose factor is 1; NaN where nothing is known. */
function levelOf(history: SeasonalHistory, parameters: Parameters): number {
  const { units, factors } = history
  const alpha = bestAlpha(history, parameters)
  if (!isIntermittent(units, factors)) return smoothedLevel(units, factors, alpha)
  if (parameters.intermittent === 'tsb') return tsb(units, factors, alpha)
  if (parameters.intermittent === 'sba') return sba(units, factors, alpha)
  const totals = totalsOfIntervals(units, factors)
  return smoothedLevel(totals.units, totals.factors, bestAlpha({ ...totals, from: 0 }, parameters))
}
