import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { uncensoredUnits } from '../../demand/demand-estimate.ts'
import type { Panel } from '../../demand/panel.ts'
import { growthFactors, sharedSeasons } from '../features/seasonal-histories.ts'
import type { Family } from './family.ts'

const Parameters = object({
  window: Type.Integer({ minimum: 1 }),
  /** Of the logarithm of demand per period; older models have none. */
  growth: Type.Optional(Type.Number({ minimum: -1, maximum: 1 })),
})
type Parameters = Static<typeof Parameters>

/**
 * The mean of the last known values, which goes on with the growth that all series have in common, as
 * far as that can be told by who knows of no season.
 */
export const movingAverage: Family = {
  name: 'moving-average',
  description: 'The mean of the last periods, without a season.',
  settings: {
    /** Periods with a known demand that are averaged. */
    window: { schema: Type.Integer({ minimum: 1, maximum: 1000 }), default: 8 },
  },
  fit: (panel, settings) => ({
    window: Number(settings.window),
    growth: sharedSeasons(panel, 1).growth ?? 0,
  }),
  cost: ({ series, periods }) => 1.5e-7 * series * periods,
  parameters: Parameters,
  forecast,
}

function forecast(panel: Panel, horizon: number, { window, growth = 0 }: Parameters): Float64Array {
  const { periods, series } = panel
  const units = uncensoredUnits(panel)
  const growing = growthFactors(panel, growth, horizon)
  const result = new Float64Array(series.length * horizon)
  for (let index = 0; index < series.length; index++) {
    const history = units.subarray(index * periods, (index + 1) * periods)
    const { known, ahead } = growing(history)
    const level = levelOfLast(history, known, window)
    for (let step = 0; step < horizon; step++) {
      result[index * horizon + step] = level * ahead[step]
    }
  }
  return result
}

/** In units per period whose factor is 1; NaN where no value is known. */
function levelOfLast(history: Float64Array, factors: Float64Array, window: number): number {
  let sum = 0
  let time = 0
  let count = 0
  for (let period = history.length - 1; period >= 0 && count < window; period--) {
    if (Number.isNaN(history[period])) continue
    sum += history[period]
    time += factors[period]
    count++
  }
  return sum / time
}
