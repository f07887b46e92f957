import { median } from 'simple-statistics'
import { DEVIATION_OVER_MEDIAN } from '../base/normal.ts'
import { remembered } from '../base/remembered.ts'
import { uncensoredUnits } from '../demand/demand-estimate.ts'
import type { Panel } from '../demand/panel.ts'
import { expectedLevels } from './expected-levels.ts'
import { lengths } from './features/demand-level.ts'
import { sharedByPanel } from './features/shared-by-panel.ts'
import { launchesOf } from './launch-curve.ts'
import { afterShift } from './level-shift.ts'
import { surprises } from './surprise.ts'

/** What the history of a series says of how far off forecasts of it will be. */
export type Spread = {
  /** Mean absolute deviation from its mean lately, in units per period. */
  deviation: number
  /** By how much its errors will be larger because its level is not known yet: 1 where it is. */
  widening: number
  /** At least 1: by how much its latest periods differ from those before, see `surprises`. */
  surprise: number
  /** The most units that it, or while it is young its like, could have sold in a period known. */
  most: number
}

/** What is known of each series of a panel beside what is known of its like; all arrays n. */
export type Standing = {
  /** Periods of its own whose demand is known, and how much of them was seen: see `stockedShare`. */
  known: Int32Array
  seen: Float64Array
  /** The most units that could have been sold in one of them. */
  most: Float64Array
  /**
   * Z, 0 to 1: what its own history counts; its like count 1 − Z. 1 for an established series, one
   * of which 14 days, 8 weeks or 3 months are known, and where no other is established.
   */
  credibility: Float64Array
  /** Units per period, and mean absolute deviation from it, over the last periods known, up to 26. */
  level: Float64Array
  deviation: Float64Array
  /** Whom a series is compared with that is not established: see `likeOf`. */
  like: (index: number) => number[]
  /** See `expectedLevels`: what its like sell is multiplied by its own over theirs. */
  told: Float64Array
}

/**
 * How far each series speaks for itself, by Bühlmann's credibility (1967, "Experience Rating and
 * Credibility", ASTIN Bulletin 4): Z = n / (n + k) after n periods, of which one that was seen in part
 * counts as that part, where k is the variance of a series from period to period over the variance
 * between the levels of like series, beyond what is told of them. Both are relative to the level and
 * medians over established series, so that no spike and no unit of measure decides; the variance of a
 * series is told from its own periods as well, as far as there are any.
 *
 * Where like series differ by a factor, as products of a category do, one week says more than they
 * all; where nearly nothing is sold in a period, it takes many.
 */
export const standings = (panel: Panel): Standing =>
  shared(panel, 0, () => standingsOf(afterShift(launchesOf(panel).settled)))

const shared = sharedByPanel<Standing>()

/**
 * Mixes into the forecast of each series that is not established the median forecast of its like, each
 * times what is told of the level of the one over that of the other (matching with the bias corrected:
 * Abadie & Imbens 2011), which stands alone where the series' own is not known. Changes `forecast`, n × horizon.
 */
export function leanOnLike(forecast: Float64Array, panel: Panel, horizon: number): void {
  const { credibility, like, told } = standings(panel)
  const profiles = new Map<number[], Float64Array>()
  const alone = forecast.slice()
  /** None is expected to sell more than all others. */
  const most = Float64Array.from({ length: horizon }, (_, step) =>
    credibility.reduce((most, weight, index) => {
      return weight === 1 ? Math.max(most, alone[index * horizon + step]) : most
    }, 0),
  )
  for (let index = 0; index < panel.series.length; index++) {
    const weight = credibility[index]
    if (weight === 1) continue
    const peers = like(index)
    const profile = remembered(profiles, peers, () => medians(alone, peers, told, horizon))
    for (let step = 0; step < horizon; step++) {
      const cell = index * horizon + step
      const own = weight > 0 ? weight * alone[cell] : 0
      const ofLike = told[index] * profile[step]
      forecast[cell] = own + (1 - weight) * (ofLike > most[step] ? most[step] : ofLike)
    }
  }
}

/**
 * n: how far off forecasts of each series are to be expected. Of one that is not established the
 * deviation is known badly and drawn towards what is usual for its level; and so is the level, so
 * that the variance of a forecast is not s² but s² + ((1 + b²)^(1 − Z) − 1) m², with the credibility
 * Z, s the deviation, m the level, and b that of the levels of its like over their middle: the variance
 * of a prediction in Bühlmann's model, (1 − Z) b² where b is small, for levels that differ by factors.
 */
export function spreads(panel: Panel): Spread[] {
  return remembered(spreadsOf, panel, () => foundSpreads(panel))
}

/** Every search that looks at a panel, and every forecast from it, asks. */
const spreadsOf = new WeakMap<Panel, Spread[]>()

function foundSpreads(panel: Panel): Spread[] {
  const { known, seen, most, credibility, level, deviation, like, told } = standings(panel)
  const surprise = surprises(panel)
  const established = [...deviation.keys()].filter((index) => credibility[index] === 1)
  const usual = powerLaw(established, level, deviation, 1)
  const mostOfLike = mostIn(most)
  /** Its own where it is known for long. */
  const deviationOf = (index: number, about: number) => {
    const n = seen[index]
    if (known[index] >= RECENT) return deviation[index]
    return (n * deviation[index] + USUAL_WEIGHT * usual(about)) / (n + USUAL_WEIGHT)
  }
  return Array.from(credibility, (weight, index) => {
    if (weight === 1) {
      const ever = most[index] > 0 ? most[index] : mostOfLike(like(index))
      const lately = deviationOf(index, level[index])
      return { deviation: lately, widening: 1, surprise: surprise[index], most: ever }
    }
    const peers = like(index)
    const levelOf = (peer: number) => (told[index] / told[peer]) * level[peer]
    const middle = medianOf(peers, levelOf)
    const about = weight * level[index] + (1 - weight) * middle
    const apart = meanOf(peers, (peer) => Math.abs(levelOf(peer) - middle))
    const within = deviationOf(index, about)
    const variance =
      middle > 0
        ? about ** 2 * ((1 + (apart / middle) ** 2) ** (1 - weight) - 1)
        : (1 - weight) * apart ** 2
    const widening = within > 0 ? Math.sqrt(1 + variance / within ** 2) : 1
    return {
      deviation: within,
      widening,
      surprise: 1,
      most: Math.max(most[index], mostOfLike(peers)),
    }
  })
}

/** The largest of some series' values, told once for each group of them. */
function mostIn(values: Float64Array): (indices: number[]) => number {
  const found = new Map<number[], number>()
  return (indices) =>
    remembered(found, indices, () =>
      indices.reduce((most, index) => Math.max(most, values[index]), 0),
    )
}

/** Periods that count as lately. */
const RECENT = 26
/** How many periods of its own what is usual is worth to the deviation of a series. */
const USUAL_WEIGHT = 4
/** Of so many peers at least is the median taken. */
const FEWEST_PEERS = 7
/** k where too few series are established to tell it, and the most that it is taken for. */
const USUAL_K = 0.25
const MOST_K = 8

function standingsOf(panel: Panel): Standing {
  const { series, periods, frequency } = panel
  const units = uncensoredUnits(panel)
  const known = new Int32Array(series.length)
  const seen = new Float64Array(series.length)
  const most = new Float64Array(series.length)
  const level = new Float64Array(series.length)
  const deviation = new Float64Array(series.length)
  /**
   * From period to period, by half the mean square of successive differences (von Neumann et al.
   * 1941), so that no season and no growth is taken for it.
   */
  const variance = new Float64Array(series.length)
  const lately = new Float64Array(RECENT)
  for (let index = 0; index < series.length; index++) {
    let sum = 0
    for (let cell = (index + 1) * periods - 1; cell >= index * periods; cell--) {
      const value = units[cell]
      if (Number.isNaN(value)) continue
      if (value > most[index]) most[index] = value
      if (known[index] < RECENT) {
        lately[known[index]] = value
        sum += value
      }
      known[index]++
      seen[index] += panel.stockedShare[cell]
    }
    const count = Math.min(RECENT, known[index])
    if (count === 0) continue
    level[index] = sum / count
    for (let k = 0; k < count; k++) {
      const from = lately[k] - level[index]
      deviation[index] += Math.abs(from) / count
      if (k === 0) continue
      variance[index] += (lately[k] - lately[k - 1]) ** 2 / 2 / count
    }
  }
  const isEstablished = (index: number) => known[index] >= lengths[frequency].short
  const all = [...series.keys()].filter(isEstablished)
  const told = expectedLevels(panel, all, level)
  const peersOf = Map.groupBy(all, (index) => series[index].category)
  const beyondTold = level.map((units, index) => units / told[index])
  const between =
    differenceBetween([...peersOf.values()], beyondTold) ?? differenceBetween([all], beyondTold)
  const usual = powerLaw(all, level, variance, 2)
  const usualLevel = medianOf(
    all.filter((index) => level[index] > 0),
    (index) => level[index],
  )
  const credibility = Float64Array.from(seen, (n, index) => {
    if (n === 0) return 0
    if (all.length === 0 || isEstablished(index)) return 1
    if (between === undefined) return n / (n + USUAL_K)
    const about = level[index] > 0 ? level[index] : usualLevel
    const within = (usual(about) / known[index] + variance[index]) / about / about
    return n / (n + Math.min(MOST_K, within / between))
  })
  return { known, seen, most, credibility, level, deviation, like: likeOf(panel, known, all), told }
}

/**
 * What is usual of established series as a power of their level (Taylor 1961, "Aggregation, Variance
 * and the Mean"), `most` at most: who sells little varies more for its level. Few series, or such of
 * about one level, say little of the power, which is drawn towards `most`. 0 where nothing is known.
 */
function powerLaw(
  established: number[],
  level: Float64Array,
  values: Float64Array,
  most: number,
): (level: number) => number {
  const told = established.filter((index) => level[index] > 0 && values[index] > 0)
  if (told.length === 0) return () => 0
  const logs = told.map((index) => [Math.log(level[index]), Math.log(values[index])])
  const mean = logs.reduce((sum, [x]) => sum + x, 0) / logs.length
  const square = logs.reduce((sum, [x]) => sum + (x - mean) ** 2, 0)
  const less = logs.reduce((sum, [x, y]) => sum + (x - mean) * (most * x - y), 0)
  const power = Math.max(0, most - Math.max(0, less / (square + FEWEST_PEERS)))
  const log = median(logs.map(([x, y]) => y - power * x))
  return (units) => (units > 0 ? Math.exp(log + power * Math.log(units)) : 0)
}

/**
 * Variance between the levels of like series, relative to their mean: e^σ² − 1 as of a log-normal
 * distribution, with σ from the median deviation of the logarithms from that of their group.
 * Undefined where too few series with others in their group are known to tell it.
 */
function differenceBetween(groups: number[][], level: Float64Array): number | undefined {
  const deviations = groups.flatMap((group) => {
    const logs = group.flatMap((index) => (level[index] > 0 ? [Math.log(level[index])] : []))
    if (logs.length < 2) return []
    const middle = median(logs)
    return logs.map((log) => Math.abs(log - middle))
  })
  if (deviations.length < FEWEST_PEERS) return undefined
  const sigma = DEVIATION_OVER_MEDIAN * median(deviations)
  return Math.max(LEAST_DIFFERENCE, Math.expm1(sigma ** 2))
}

const LEAST_DIFFERENCE = 1e-6

/**
 * Finds the like of a series: the established ones of its category, of these the third with the
 * nearest prices where its own price is known, but not fewer than a few, and all with such a price as
 * the last of them; all established ones where
 * its category has none. Where none is established, those of which anything is known.
 */
function likeOf(panel: Panel, known: Int32Array, established: number[]) {
  const { series, price, periods } = panel
  const prices = series.map((_, index) => price[(index + 1) * periods - 1])
  const models =
    established.length > 0 ? established : [...known.keys()].filter((index) => known[index] > 0)
  const ofCategory = Map.groupBy(models, (index) => series[index].category)
  const found = new Map<string, number[]>()
  return (index: number) => {
    const { category } = series[index]
    const key = JSON.stringify([category, prices[index]])
    const all = ofCategory.get(category) ?? models
    return remembered(found, key, () => nearest(all, prices, prices[index]))
  }
}

function nearest(peers: number[], prices: number[], price: number): number[] {
  const priced = peers.filter((peer) => prices[peer] > 0)
  const count = Math.max(FEWEST_PEERS, Math.ceil(priced.length / 3))
  if (!(price > 0) || priced.length <= count) return peers
  const distance = (peer: number) => Math.abs(Math.log(prices[peer] / price))
  const farthest = Float64Array.from(priced, distance).sort()[count - 1]
  return priced.filter((peer) => distance(peer) <= farthest)
}

/** H: of what each is forecast over what is told of its level. */
function medians(
  forecast: Float64Array,
  peers: number[],
  told: Float64Array,
  horizon: number,
): Float64Array {
  return Float64Array.from({ length: horizon }, (_, step) =>
    medianOf(peers, (peer) => forecast[peer * horizon + step] / told[peer]),
  )
}

/** 0 where there is none. */
function medianOf(indices: number[], value: (index: number) => number): number {
  return indices.length === 0 ? 0 : median(indices.map(value))
}

/** 0 where there is none. */
function meanOf(indices: number[], value: (index: number) => number): number {
  return indices.reduce((sum, index) => sum + value(index), 0) / Math.max(1, indices.length)
}
