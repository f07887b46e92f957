import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { uncensoredUnits } from '../../demand/demand-estimate.ts'
import type { Panel } from '../../demand/panel.ts'
import type { Family } from './family.ts'

const Parameters = object({ window: Type.Integer({ minimum: 1 }) })
type Parameters = Static<typeof Parameters>

/** The mean of the last known values, the same for every period ahead. */
export const movingAverage: Family = {
  name: 'moving-average',
  description: 'The mean of the last periods: no season, no trend.',
  settings: {
    /** Periods with a known demand that are averaged. */
    window: { schema: Type.Integer({ minimum: 1, maximum: 1000 }), default: 8 },
  },
  fit: (_panel, settings) => ({ window: Number(settings.window) }),
  cost: ({ series, periods }) => 3e-8 * series * periods,
  parameters: Parameters,
  forecast,
}

function forecast(panel: Panel, horizon: number, { window }: Parameters): Float64Array {
  const { periods, series } = panel
  const units = uncensoredUnits(panel)
  const result = new Float64Array(series.length * horizon)
  for (let index = 0; index < series.length; index++) {
    const history = units.subarray(index * periods, (index + 1) * periods)
    result.fill(meanOfLast(history, window), index * horizon, (index + 1) * horizon)
  }
  return result
}

/** NaN where no value is known. */
function meanOfLast(history: Float64Array, window: number): number {
  let sum = 0
  let count = 0
  for (let period = history.length - 1; period >= 0 && count < window; period--) {
    if (Number.isNaN(history[period])) continue
    sum += history[period]
    count++
  }
  return sum / count
}
