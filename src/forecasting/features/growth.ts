import { median } from 'simple-statistics'
import type { Smoothed } from '../families/smoothing.ts'

/** A growth of the logarithm of demand per period, and the variance of this estimate. */
export type Growth = { growth: number; variance: number }

/**
 * How much the demand of all series together grows beyond what the factors of the histories say.
 *
 * A smoothed level is c periods old, the weighted mean age of what it is made of, so that a growth of
 * g per period makes demand about g c higher than what simple exponential smoothing forecasts from
 * the period before. So g is Σ (y − ŷ) c / Σ ŷ c² over all series and periods: one step of Newton's
 * method to exponential smoothing with drift (Hyndman & Billah 2003, "Unmasking the Theta method",
 * International Journal of Forecasting 19) by a quasi-Poisson likelihood. Its variance is told from
 * how much spans of `span` periods differ, in which everything that hits all series alike is one
 * observation (Liang & Zeger 1986, "Longitudinal data analysis using generalized linear models",
 * Biometrika 73); infinite where fewer than three of them are known.
 *
 * @param span periods; the first so many of a series are not looked at: a launch is no growth
 */
export function growthOf(histories: Smoothed[], span: number): Growth {
  const periods = histories[0]?.units.length ?? 0
  const spans = Math.ceil(periods / span)
  const score = new Float64Array(spans)
  const information = new Float64Array(spans)
  for (const { units, factors, from } of histories) {
    let demand = 0
    let time = 0
    let moment = 0
    let known = 0
    for (let period = 0; period < periods; period++) {
      if (Number.isNaN(units[period])) continue
      if (period >= from && known >= span && time > 0) {
        const expected = (demand / time) * factors[period]
        const age = period - moment / time
        const at = spans - 1 - Math.floor((periods - 1 - period) / span)
        score[at] += (units[period] - expected) * age
        information[at] += expected * age ** 2
      }
      demand = demand * (1 - ALPHA) + units[period]
      time = time * (1 - ALPHA) + factors[period]
      moment = moment * (1 - ALPHA) + factors[period] * period
      known++
    }
  }
  const known = information.filter((it) => it > 0).length
  if (known < FEWEST_SPANS) return { growth: 0, variance: Number.POSITIVE_INFINITY }
  const total = information.reduce((sum, it) => sum + it, 0)
  const growth = score.reduce((sum, it) => sum + it, 0) / total
  const squares = score.reduce((sum, it, at) => sum + (it - growth * information[at]) ** 2, 0)
  return { growth, variance: (squares / total ** 2) * (known / (known - 1)) }
}

/** The histories with single orders taken for no more than so many times what is usual. */
export function withoutOutliers(histories: Smoothed[]): Smoothed[] {
  return histories.map(({ units, factors, from }) => {
    const levels = units.map((value, at) => value / factors[at]).filter((it) => it > 0)
    const most = levels.length > 0 ? MOST_TIMES * median(Array.from(levels)) : 0
    return { units: units.map((value, at) => Math.min(value, most * factors[at])), factors, from }
  })
}

/**
 * As much of a growth as is worth forecasting with: 1 − 2/t² of it, where t is its ratio to its
 * standard error, and none where Akaike's criterion (1974) would leave it out, t² ≤ 2. A growth that
 * sales only wandered into does more harm than one that is missed.
 */
export function credibleGrowth({ growth, variance }: Growth): number {
  if (growth === 0) return 0
  const credible = growth * Math.max(0, 1 - (2 * variance) / growth ** 2)
  return Math.max(-MOST_GROWTH, Math.min(MOST_GROWTH, credible))
}

/** Of the level that growth is told from: the same for all, since what follows best also lags least. */
const ALPHA = 0.2
const FEWEST_SPANS = 3
/** Growth for five years multiplies what is usual by less. */
const MOST_TIMES = 5
/** In a period; more is a launch or an end. */
const MOST_GROWTH = 0.1
