import { median } from 'simple-statistics'
import type { Series } from '../demand/panel.ts'

/**
 * Gives each series whose forecast is NaN the median forecast of its category for the same period;
 * of all series where the category is unknown or has no forecast; 0 where there is none at all.
 * Changes `forecast`, n × horizon.
 */
export function forecastNewSeries(forecast: Float64Array, series: Series[], horizon: number): void {
  const isNew = series.map((_, index) => Number.isNaN(forecast[index * horizon]))
  const known = series.map((_, index) => index).filter((index) => !isNew[index])
  const profileOf = new Map<string | undefined, Float64Array>()
  for (let index = 0; index < series.length; index++) {
    if (!isNew[index]) continue
    const { category } = series[index]
    let profile = profileOf.get(category)
    if (profile === undefined) {
      const peers = known.filter((peer) => series[peer].category === category)
      profile = medians(forecast, peers.length > 0 ? peers : known, horizon)
      profileOf.set(category, profile)
    }
    forecast.set(profile, index * horizon)
  }
}

function medians(forecast: Float64Array, peers: number[], horizon: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, step) =>
    peers.length === 0 ? 0 : median(peers.map((peer) => forecast[peer * horizon + step])),
  )
}
