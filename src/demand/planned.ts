import { type Day, weekday } from '../base/day.ts'
import { remembered } from '../base/remembered.ts'
import { firstDay, lastDay, periodOf } from './calendar.ts'
import type { Panel } from './panel.ts'
import type { PanelPlan } from './panel-plan.ts'

/** What is planned for one series in one period; shares are of the period's demand. */
export type PlannedPeriod = {
  /** The share of the period in which the series is sold. */
  open: number
  /**
   * Mean price over these days: `price` where prices are planned, plus `share` of the usual one
   * where a share of it is, or nothing.
   */
  price: number
  share: number
  /** Shares of these days: with a promotion of each kind, or none named, and on display. */
  promoted: number
  kinds: ReadonlyMap<string, number>
  display: number
}

/** What is planned for one series, by the day on which somebody asks. */
export type PlannedSeries = {
  /**
   * Of the period `target`, as it was known at the end of `origin` or of the target, whichever is
   * earlier: what is written down later changes nothing that has been. Undefined where nothing is
   * planned. Both are indices of the panel's periods; at its end all that it holds is known.
   */
  at(origin: number, target: number): PlannedPeriod | undefined
  /** Of a single day, as all that the panel holds says. */
  on(day: Day): PlannedPeriod | undefined
}

/**
 * A function that says what is planned for a series of the panel, given its index; undefined where
 * nothing ever is.
 */
export function plannedSeries(panel: Panel): (index: number) => PlannedSeries | undefined {
  const { plan } = panel
  if (!plan) return () => undefined
  const byTarget = remembered(rowsByTarget, plan, () => groupRows(plan))
  const codes = new Map(plan.names.map((name, code) => [name, code]))
  const codeOf = (name: string | undefined) => (name === undefined ? -1 : (codes.get(name) ?? -2))
  return (index) => {
    const { productId, category, storeId } = panel.series[index]
    const rows: number[] = []
    for (const product of [codeOf(productId), -1]) {
      for (const group of category === undefined ? [-1] : [codeOf(category), -1]) {
        for (const store of storeId === undefined ? [-1] : [codeOf(storeId), -1]) {
          for (const row of byTarget.get(targetKey(product, group, store)) ?? []) rows.push(row)
        }
      }
    }
    return rows.length === 0 ? undefined : seriesOf(panel, plan, index, rows)
  }
}

/** Nobody asks for more periods after the panel. */
const MOST_AHEAD = 800

const rowsByTarget = new WeakMap<PanelPlan, Map<string, number[]>>()

function groupRows({ product, category, store }: PanelPlan): Map<string, number[]> {
  return Map.groupBy(product.keys(), (row) => targetKey(product[row], category[row], store[row]))
}

function targetKey(product: number, category: number, store: number): string {
  return `${product} ${category} ${store}`
}

/** What was planned for a period from the day `since` on. */
type Version = { since: Day; planned: PlannedPeriod | undefined }

function seriesOf(panel: Panel, plan: PanelPlan, index: number, rows: number[]): PlannedSeries {
  const { frequency, firstPeriod, periods } = panel
  const ofPeriod = new Map<number, number[]>()
  for (const row of rows) {
    const first = Math.max(0, periodOf(frequency, plan.from[row]) - firstPeriod)
    const to = Math.min(plan.to[row], plan.through ?? Number.POSITIVE_INFINITY)
    const last = Math.min(periods + MOST_AHEAD, periodOf(frequency, to) - firstPeriod)
    for (let period = first; period <= last; period++) {
      const own = ofPeriod.get(period)
      if (own) own.push(row)
      else ofPeriod.set(period, [row])
    }
  }
  const versions = new Map<number, Version[]>()
  return {
    at(origin, target) {
      const own = ofPeriod.get(target)
      if (own === undefined) return undefined
      const known = remembered(versions, target, () => versionsOf(panel, plan, index, target, own))
      const day =
        origin >= periods - 1 ? Number.POSITIVE_INFINITY : lastDay(frequency, firstPeriod + origin)
      return known.findLast(({ since }) => since <= day)?.planned
    },
    on(day) {
      const own = ofPeriod.get(periodOf(frequency, day) - firstPeriod)
      const inOrder = own?.toSorted((a, b) => precedence(plan, a, b))
      return inOrder && plannedIn(panel, plan, index, { first: day, last: day }, inOrder)
    },
  }
}

/** What was planned for a period since when, in the order of time, up to the end of the period. */
function versionsOf(
  panel: Panel,
  plan: PanelPlan,
  index: number,
  period: number,
  rows: number[],
): Version[] {
  const first = firstDay(panel.frequency, panel.firstPeriod + period)
  const last = lastDay(panel.frequency, panel.firstPeriod + period)
  const inTime = rows
    .filter((row) => plan.knownOn[row] <= last)
    .sort((a, b) => precedence(plan, a, b))
  const days = [...new Set(inTime.map((row) => plan.knownOn[row]))].sort((a, b) => a - b)
  return days.map((since) => {
    const known = inTime.filter((row) => plan.knownOn[row] <= since)
    return { since, planned: plannedIn(panel, plan, index, { first, last }, known) }
  })
}

/** Whether anything is planned of a series for the days from `from` to `to`, after the panel's end. */
export function isPlanned(panel: Panel, index: number, from: Day, to: Day): boolean {
  const planned = plannedSeries(panel)(index)
  if (!planned) return false
  const { frequency, firstPeriod, periods } = panel
  const last = periodOf(frequency, to) - firstPeriod
  for (let period = periodOf(frequency, from) - firstPeriod; period <= last; period++) {
    if (planned.at(periods - 1, period)) return true
  }
  return false
}

/** What counts comes first: that of the latest revision, and of that, what names more. */
function precedence(plan: PanelPlan, a: number, b: number): number {
  return plan.revision[b] - plan.revision[a] || rank(plan, b) - rank(plan, a) || b - a
}

function rank({ product, category, store }: PanelPlan, row: number): number {
  return 4 * Number(product[row] >= 0) + 2 * Number(category[row] >= 0) + Number(store[row] >= 0)
}

/**
 * Of the rows, sorted by `precedence`, the first one that is about an offer says all of the offer,
 * together with others of the same target and day; so does the first one about opening.
 */
function plannedIn(
  panel: Panel,
  plan: PanelPlan,
  index: number,
  { first, last }: { first: Day; last: Day },
  rows: number[],
): PlannedPeriod | undefined {
  const until = plan.through ?? Number.POSITIVE_INFINITY
  const sums: OfferSums = { price: 0, share: 0, promoted: 0, display: 0, kinds: new Map() }
  let whole = 0
  let sold = 0
  let isPlanned = false
  let before: number[] = []
  let closed: Record<'closed', number> | undefined
  let offer: Offer | undefined
  for (let day = first; day <= last; day++) {
    // A single day is all that is asked about, whatever sells on its weekday.
    const weight = first === last ? 1 : panel.weekdayShares[index * 7 + weekday(day)]
    whole += weight
    const onDay =
      day <= until ? rows.filter((row) => plan.from[row] <= day && day <= plan.to[row]) : []
    // Most plans say the same of all days of a period.
    if (onDay.length !== before.length || onDay.some((row, k) => row !== before[k])) {
      closed = said(plan, onDay, ['closed'])
      offer = said(plan, onDay, ['price', 'discount', 'display', 'kind'])
      before = onDay
    }
    const isClosed = closed?.closed === 1
    isPlanned ||= isClosed || offer !== undefined
    if (isClosed) continue
    sold += weight
    if (offer) addOffer(sums, offer, weight, plan.names)
    else sums.share += weight
  }
  if (!isPlanned) return undefined
  // Without a day on which it is sold, at the usual price.
  if (!(sold > 0)) return { open: 0, price: 0, share: 1, promoted: 0, kinds: new Map(), display: 0 }
  return {
    open: whole > 0 ? sold / whole : 1,
    price: sums.price / sold,
    share: sums.share / sold,
    promoted: sums.promoted / sold,
    kinds: new Map([...sums.kinds].map(([kind, weight]) => [kind, weight / sold])),
    display: sums.display / sold,
  }
}

type Offer = Record<'price' | 'discount' | 'display' | 'kind', number>

/** As in `PlannedPeriod`, times the weight of the days on which it is sold. */
type OfferSums = Omit<PlannedPeriod, 'open' | 'kinds'> & { kinds: Map<string, number> }

/** A row that names a discount and a price is taken at its discount. */
function addOffer(sums: OfferSums, offer: Offer, weight: number, names: string[]): void {
  const isPromotion = offer.kind >= 0
  const isReduced = offer.discount > 0
  if (isReduced) sums.share += weight * (1 - offer.discount)
  else if (offer.price > 0) sums.price += weight * offer.price
  else sums.share += weight
  if (offer.display === 1) sums.display += weight
  if (isPromotion || isReduced) sums.promoted += weight
  if (!isPromotion) return
  const kind = names[offer.kind]
  sums.kinds.set(kind, (sums.kinds.get(kind) ?? 0) + weight)
}

type Said = 'price' | 'discount' | 'display' | 'kind' | 'closed'

function said<const T extends Said>(
  plan: PanelPlan,
  rows: number[],
  names: readonly T[],
): Record<T, number> | undefined {
  const first = rows.find((row) => names.some((name) => says(plan, name, row)))
  if (first === undefined) return undefined
  const like = rows.filter(
    (row) => plan.revision[row] === plan.revision[first] && rank(plan, row) === rank(plan, first),
  )
  const values = names.map((name) => {
    const row = like.find((it) => says(plan, name, it)) ?? first
    return [name, plan[name][row]] as const
  })
  return Object.fromEntries(values) as Record<T, number>
}

function says(plan: PanelPlan, name: Said, row: number): boolean {
  const value = plan[name][row]
  return name === 'kind' ? value >= 0 : !Number.isNaN(value)
}
