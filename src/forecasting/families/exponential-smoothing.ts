import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { type DemandClass, demandClass } from '../../demand/demand-class.ts'
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
import { sba, totalsOfIntervals, tsb } from './intermittent.ts'
import { smoothedLevel } from './smoothing.ts'

const INTERMITTENT = ['by-class', 'tsb', 'sba', 'adida']

const Parameters = object({
  intermittent: Type.String({ enum: INTERMITTENT }),
  ...SharedSeasons.properties,
  ...AlphaErrors.properties,
})
type Parameters = Static<typeof Parameters>

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
    'A seasonal profile times a smoothed level; products that sell now and then by ADIDA or TSB.',
  settings: {
    season: seasonSetting,
    /** The method for demand that comes now and then: `by-class` is TSB for lumpy, else ADIDA. */
    intermittent: { schema: Type.String({ enum: INTERMITTENT }), default: 'by-class' },
  },
  fit: (panel, settings, { season }) => {
    const seasons = sharedSeasons(panel, settings.season === 'none' ? 1 : season)
    const errors = alphaErrors(seasonalHistories(panel, seasons, 0))
    return { intermittent: String(settings.intermittent), ...seasons, ...errors }
  },
  cost: ({ series, periods }) => 6e-7 * series * periods,
  parameters: Parameters,
  check: checkProfiles,
  forecast,
}

function forecast(panel: Panel, horizon: number, parameters: Parameters): Float64Array {
  const result = new Float64Array(panel.series.length * horizon)
  let cell = 0
  for (const history of seasonalHistories(panel, parameters, horizon)) {
    const level = levelOf(history, parameters)
    for (const factor of history.factorsAhead) result[cell++] = level * factor
  }
  return result
}

/** In units per period whose factor is 1; NaN where nothing is known. */
function levelOf(history: SeasonalHistory, parameters: Parameters): number {
  const { units, factors } = history
  const alpha = bestAlpha(history, parameters)
  switch (methodFor(demandClass(units, factors), parameters.intermittent)) {
    case 'tsb':
      return tsb(units, factors, alpha)
    case 'sba':
      return sba(units, factors, alpha)
    case 'adida': {
      const totals = totalsOfIntervals(units, factors)
      const ofTotals = bestAlpha({ ...totals, from: 0 }, parameters)
      return smoothedLevel(totals.units, totals.factors, ofTotals)
    }
    default:
      return smoothedLevel(units, factors, alpha)
  }
}

function methodFor(demand: DemandClass, intermittent: string): string {
  if (demand === 'smooth' || demand === 'erratic') return 'smoothing'
  if (intermittent !== 'by-class') return intermittent
  return demand === 'lumpy' ? 'tsb' : 'adida'
}
