import type { Day } from '../../base/day.ts'
import { firstIndex } from '../../base/first-index.ts'
import type { Panel } from '../../demand/panel.ts'
import { type PlannedPeriod, plannedSeries } from '../../demand/planned.ts'
import { lengths } from './demand-level.ts'

/** What is planned for a series in a period, as numbers that are 0 where all is as usual. */
export type PlanColumns = {
  /** In the order of the columns. */
  names: string[]
  /** Undefined for a series of which nothing is ever planned. */
  ofSeries(index: number): SeriesPlan | undefined
}

export type SeriesPlan = {
  /**
   * Writes what is planned for the period `target` as known at `origin`, both indices of the panel's
   * periods, into `row`. Returns the share of the period in which the series is sold.
   */
  write(row: Float64Array, origin: number, target: number): number
  /** The same of a single day, as known at the end of the panel; undefined where nothing is planned. */
  writeDay(row: Float64Array, day: Day): number | undefined
}

/** The first columns; then one for each kind of promotion that is told apart. */
const FIXED = ['depth', 'promoted', 'display', 'depth after', 'promoted after', 'going on']
export const [DEPTH, PROMOTED, DISPLAY, DEPTH_AFTER, PROMOTED_AFTER, GOING_ON] = FIXED.keys()
/** Columns about what was before, which does what it does whatever is on now. */
export const isAboutBefore = (column: number) => column >= DEPTH_AFTER && column <= GOING_ON
/** Columns that tell one kind of promotion from another. */
export const isAboutKind = (column: number) => column >= FIXED.length

/**
 * Depth: −ln of the mean planned price over the usual one at the origin, the median of the last 26
 * weeks, 56 days or 12 months. The others are shares of the period: under a promotion, on display,
 * under a promotion of each kind. After a promotion pantries are full, for about as long as it lasted:
 * these periods, four weeks of them at most, have the depth and the promotion that are over in them,
 * and what of the period before goes on.
 */
export function planColumns(panel: Panel, kinds: string[]): PlanColumns {
  const { plan, periods, price } = panel
  const planOf = plannedSeries(panel)
  const offerBefore = lastOffer(MOST_AFTER[panel.frequency])
  const names = [...FIXED, ...kinds.map((kind) => `promotion: ${kind}`)]
  const ofSeries = (index: number): SeriesPlan | undefined => {
    const planned = planOf(index)
    if (!planned && !plan?.actualPrices) return undefined
    const prices = price.subarray(index * periods, (index + 1) * periods)
    const usual = usualPrices(prices, lengths[panel.frequency].long)
    const depth = (at: PlannedPeriod | undefined, origin: number, target: number) => {
      const came = plan?.actualPrices ? priceThatCame(panel, index, target) : undefined
      // Of a period that has been, the usual price is that of the periods before it.
      const before = usual[Math.min(origin, target - 1)] ?? Number.NaN
      const isToCome = target >= periods
      if (at && (isToCome || came === undefined)) return depthOf(at.price / before + at.share)
      if (came !== undefined) return depthOf(came / before)
      return plan?.actualPrices ? depthOf(prices[periods - 1] / before) : 0
    }
    const put = (row: Float64Array, at: PlannedPeriod | undefined) => {
      row[PROMOTED] = at?.promoted ?? 0
      row[DISPLAY] = at?.display ?? 0
      for (let k = 0; k < kinds.length; k++) row[FIXED.length + k] = at?.kinds.get(kinds[k]) ?? 0
    }
    return {
      write(row, origin, target) {
        const at = planned?.at(origin, target)
        put(row, at)
        row[DEPTH] = depth(at, origin, target)
        const before = offerBefore(target, (period) => {
          const earlier = planned?.at(origin, period)
          return { depth: depth(earlier, origin, period), promoted: earlier?.promoted ?? 0 }
        })
        row[DEPTH_AFTER] = over(before.depth, row[DEPTH])
        row[PROMOTED_AFTER] = Math.max(0, before.promoted - row[PROMOTED])
        row[GOING_ON] = before.promoted - row[PROMOTED_AFTER]
        return at?.open ?? 1
      },
      writeDay(row, day) {
        const at = planned?.on(day)
        if (!at) return undefined
        row.fill(0)
        put(row, at)
        row[DEPTH] = depthOf(at.price / usual[periods - 1] + at.share)
        return at.open
      },
    }
  }
  return { names, ofSeries }
}

type Offer = { depth: number; promoted: number }

/**
 * Of the `most` periods before one, the offer of the last one that had any, unless it has been over for
 * longer than it lasted.
 */
function lastOffer(most: number) {
  return (target: number, offerIn: (period: number) => Offer): Offer => {
    for (let ago = 1; ago <= Math.min(most, target); ago++) {
      const offer = offerIn(target - ago)
      if (!isOffer(offer)) continue
      for (let lasted = 1; lasted < ago; lasted++) {
        const first = target - ago - lasted
        if (first < 0 || !isOffer(offerIn(first))) return NO_OFFER
      }
      return offer
    }
    return NO_OFFER
  }
}

const MOST_AFTER = { day: 28, week: 4, month: 1 }
const NO_OFFER: Offer = { depth: 0, promoted: 0 }

function isOffer({ depth, promoted }: Offer): boolean {
  return depth !== 0 || promoted > 0
}

/** How much of the depth before is no more, be it that of a cut or of a rise. */
function over(before: number, now: number): number {
  if (Math.sign(before) !== Math.sign(now)) return before
  return Math.sign(before) * Math.max(0, Math.abs(before) - Math.abs(now))
}

/** The kinds of promotion that most rows of the plan are about, in code-point order. */
export function mainKinds({ plan }: Panel): string[] {
  const rows = new Map<string, number>()
  for (const code of plan?.kind ?? []) {
    if (code >= 0) rows.set(plan!.names[code], (rows.get(plan!.names[code]) ?? 0) + 1)
  }
  return [...rows]
    .sort(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1))
    .slice(0, MOST_KINDS)
    .map(([kind]) => kind)
    .sort()
}

const MOST_KINDS = 6
/** No price counts for more than five times the usual one, or less than a fifth of it. */
const MOST_DEPTH = Math.log(5)
const LEAST_DEPTH = 1e-3

/** 0 where the usual price is not known. */
function depthOf(ratio: number): number {
  if (!(ratio >= 0)) return 0
  const depth = -Math.log(ratio)
  if (Math.abs(depth) < LEAST_DEPTH) return 0
  return Math.max(-MOST_DEPTH, Math.min(MOST_DEPTH, depth))
}

function priceThatCame({ plan, price, periods }: Panel, index: number, target: number) {
  if (target < periods) return price[index * periods + target]
  const coming = plan?.comingPrices
  const ahead = coming ? coming.length / (price.length / periods) : 0
  return coming && target - periods < ahead ? coming[index * ahead + target - periods] : undefined
}

/** T: the median of up to `span` known prices that end with each period; NaN where there is none. */
function usualPrices(prices: Float64Array, span: number): Float64Array {
  const usual = new Float64Array(prices.length).fill(Number.NaN)
  const window: number[] = []
  for (let period = 0; period < prices.length; period++) {
    const leaving = prices[period - span]
    if (leaving > 0) window.splice(placeOf(window, leaving), 1)
    if (prices[period] > 0) window.splice(placeOf(window, prices[period]), 0, prices[period])
    if (window.length > 0) usual[period] = window[window.length >> 1]
  }
  return usual
}

/** Of an ascending list, the first index whose value is not less. */
function placeOf(ascending: number[], value: number): number {
  return firstIndex(0, ascending.length, (index) => ascending[index] >= value)
}
