import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { uncensoredUnits } from '../../demand/demand-estimate.ts'
import type { Panel } from '../../demand/panel.ts'
import type { Family } from './family.ts'

const Parameters = object({ season: Type.Integer({ enum: [7, 12, 52] }) })
type Parameters = Static<typeof Parameters>

/**
 * The value of the same period one season ago (Hyndman & Athanasopoulos, "Forecasting: Principles
 * and Practice", 3rd ed., section 5.2); the last known value where that one is not known.
 */
export const seasonalNaive: Family = {
  name: 'seasonal-naive',
  description: 'Repeats the last season: what every other model has to beat.',
  settings: {},
  fit: (_panel, _settings, { season }) => ({ season }),
  cost: ({ series, periods }) => 3e-8 * series * periods,
  parameters: Parameters,
  forecast,
}

function forecast(panel: Panel, horizon: number, { season }: Parameters): Float64Array {
  const { periods, series } = panel
  const units = uncensoredUnits(panel)
  const result = new Float64Array(series.length * horizon)
  for (let index = 0; index < series.length; index++) {
    const history = units.subarray(index * periods, (index + 1) * periods)
    const last = history.findLast((value) => !Number.isNaN(value)) ?? Number.NaN
    for (let step = 0; step < horizon; step++) {
      const seasonAgo = history[periods - season + (step % season)]
      result[index * horizon + step] = seasonAgo >= 0 ? seasonAgo : last
    }
  }
  return result
}
