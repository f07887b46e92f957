import { median } from 'simple-statistics'
import type { Panel } from '../demand/panel.ts'

/**
 * Gives each series whose forecast is NaN the median forecast of its peers for the same period: the
 * series of its category, of these the ones of the nearest prices where its own price is known; all
 * series where the category is unknown or has no forecast; 0 where there is none at all. Changes
 * `forecast`, n × horizon.
 */
export function forecastNewSeries(
  forecast: Float64Array,
  panel: Pick<Panel, 'series' | 'price' | 'periods'>,
  horizon: number,
): void {
  const { series } = panel
  const prices = lastPrices(panel)
  const isNew = series.map((_, index) => Number.isNaN(forecast[index * horizon]))
  const known = series.map((_, index) => index).filter((index) => !isNew[index])
  const peersOf = Map.groupBy(known, (index) => series[index].category)
  const profileOf = new Map<string, Float64Array>()
  for (let index = 0; index < series.length; index++) {
    if (!isNew[index]) continue
    const { category } = series[index]
    const key = JSON.stringify([category, prices[index]])
    let profile = profileOf.get(key)
    if (profile === undefined) {
      const peers = peersOf.get(category) ?? known
      profile = medians(forecast, nearest(peers, prices, prices[index]), horizon)
      profileOf.set(key, profile)
    }
    forecast.set(profile, index * horizon)
  }
}

/** Of so many peers at least is the median taken. */
const FEWEST_PEERS = 7

/** n; NaN where it is not known. */
function lastPrices({ series, price, periods }: Pick<Panel, 'series' | 'price' | 'periods'>) {
  return series.map((_, index) => price[(index + 1) * periods - 1])
}

/** The third of the peers whose prices are nearest in proportion, but not fewer than a few. */
function nearest(peers: number[], prices: number[], price: number): number[] {
  const priced = peers.filter((peer) => prices[peer] > 0)
  const count = Math.max(FEWEST_PEERS, Math.ceil(priced.length / 3))
  if (!(price > 0) || priced.length <= count) return peers
  const distance = (peer: number) => Math.abs(Math.log(prices[peer] / price))
  return priced.toSorted((a, b) => distance(a) - distance(b) || a - b).slice(0, count)
}

function medians(forecast: Float64Array, peers: number[], horizon: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, step) =>
    peers.length === 0 ? 0 : median(peers.map((peer) => forecast[peer * horizon + step])),
  )
}
