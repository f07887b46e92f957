import { type Day, isoFromDay, weekday } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { float64s } from '../base/memory.ts'
import { remembered } from '../base/remembered.ts'
import {
  chainOf,
  type DailyTotals,
  type SeriesKey,
  saleDays,
  seriesId,
} from '../sales/totals/daily-totals.ts'
import { type KnownTotals, knownOn } from '../sales/totals/known-totals.ts'
import { type Frequency, firstDay, lastDay, periodOf } from './calendar.ts'
import { demandOn, firstOffers, firstShares } from './first-offers.ts'
import type { PanelPlan } from './panel-plan.ts'
import { reportingFrequency } from './reporting-frequency.ts'
import { type SellOut, sellOuts } from './sell-outs.ts'
import { type StockOut, stockOuts } from './stock-outs.ts'
import { unitOfSale } from './unit-of-sale.ts'
import { weekdayShares } from './weekday-shares.ts'

/** A series with what is known of it on the day that the panel is built for. */
export type Series = SeriesKey & { name: string | undefined; category: string | undefined }

/**
 * Demand of n series over T ≥ 1 periods, all arrays n × T, row by row: the value of series i in
 * period t stands at `i * periods + t`. The panel holds nothing later than its last period; a
 * series that was first offered after it is there, with a row of NaN. Threads share its memory.
 */
export type Panel = {
  frequency: Frequency
  series: Series[]
  /** Index of the first period, as `calendar.ts` counts them. */
  firstPeriod: number
  /** T, the number of periods; the last one is finished. */
  periods: number
  /** Units sold: 0 where the product was on offer and sold nothing, NaN before its first offer. */
  units: Float64Array
  /**
   * Share of the period's demand that came while the product was on offer and there was stock; where
   * stock is not known, 1 but in the period of the first offer.
   */
  stockedShare: Float64Array
  /** n: what that share is, with stock throughout, in the period of each series' first offer. */
  firstShare: Float64Array
  /** Mean price in the period, carried forward where nothing was sold; NaN where never known. */
  price: Float64Array
  /** n × 7: how a week's demand falls on Monday … Sunday; each row sums to 1. */
  weekdayShares: Float64Array
  /** What was planned by then, of what has been and of what comes; absent where nothing was. */
  plan?: PanelPlan
}

export type PanelOptions = {
  frequency: Frequency
  /** Build the panel as on this day: nothing dated later is looked at. */
  asOf?: Day
  /** Take every day as one with stock. */
  ignoreStock?: boolean
  /** Begin with the period of this day. */
  from?: Day
  /** Look at these series alone, by `seriesId`. */
  only?: ReadonlySet<string>
  /** What was known on that day of what is planned, as `planOn` says. */
  plan?: PanelPlan | undefined
}

/**
 * The panel of all finished periods since the first sale. Purchases before the first sale count as
 * stock, not as periods: what sold then is not in the data.
 *
 * A period is finished when its last day is known. The last known day is that of the last sale; as
 * of a day, it is that day, but no later than the period of the last sale. Days on which the chain
 * is closed every week are known as well, and a weekly or monthly total makes its own period known.
 * The periods of a part of a chain are over when those of the chain are, whether it sold in them or not.
 *
 * Throws a `UserError` where there are no sales, no finished period, totals of longer periods than
 * the frequency asks for, or more cells than memory is likely to hold.
 */
export function buildPanel(totals: DailyTotals, options: PanelOptions): Panel {
  const source = panelSource(totals, options)
  refuseTooLarge(source, saleDays(totals, options.asOf))
  const panel = rowsOfPanel(source, 0, source.known.series.length)
  const plan = withComingPrices(panel, source.known, options.plan)
  return { ...panel, ...(plan && { plan }) }
}

/**
 * The rows of the same panel, some hundred series at a time, for those that look at one after the
 * other: by day, the panel of a large chain takes as much memory as the totals that it is made of.
 */
export function* panelInSlices(
  totals: DailyTotals,
  options: Omit<PanelOptions, 'plan'>,
): Generator<Panel> {
  const source = panelSource(totals, options)
  for (let from = 0; from < source.known.series.length; from += SERIES_OF_SLICE) {
    yield rowsOfPanel(source, from, from + SERIES_OF_SLICE)
  }
}

const SERIES_OF_SLICE = 500

/** What the rows of a panel are made of: all arrays n, or n × 7. */
type PanelSource = {
  known: KnownTotals
  frame: Frame
  offeredFrom: Float64Array
  firstShare: Float64Array
  outs: StockOut[][]
  /** What `sellOuts` asks for; undefined where they do not count. */
  unit: number | undefined
}

function panelSource(totals: DailyTotals, options: PanelOptions): PanelSource {
  const { frequency, asOf, ignoreStock = false, only } = options
  const known = onlyThese(knownOn(totals, asOf), only)
  const days = saleDays(totals, asOf)
  const reporting = reportingFrequency(totals, asOf)
  refuseFinerThan(reporting, frequency)
  const { firstPeriod, periods } = finishedPeriods(totals, reporting, options)
  const start = firstDay(frequency, firstPeriod)
  const end = lastDay(frequency, firstPeriod + periods - 1)

  const series = describedSeries(known)
  const offeredFrom = firstOffers(known, { reporting, end })
  const outs = ignoreStock ? series.map(() => []) : stockOuts(known, end, reporting)
  const shares =
    reporting === 'day'
      ? weekdayShares(known, {
          categories: series.map(({ category }) => category),
          offeredFrom,
          outs,
          firstDay: start,
          lastDay: end,
        })
      : float64s(series.length * 7).fill(1 / 7)
  const firstShare = firstShares(known, {
    frequency,
    reporting,
    offeredFrom,
    weekdayShares: shares,
    salesFrom: firstDay(reporting, periodOf(reporting, days[0])),
    end,
  })
  return {
    known,
    frame: { frequency, series, firstPeriod, periods, weekdayShares: shares },
    offeredFrom,
    firstShare,
    outs,
    unit: ignoreStock || reporting !== 'day' ? undefined : unitOfSale(known),
  }
}

/** Of the series `from` to before `to`. */
function rowsOfPanel(
  { known: { totals, ...all }, frame: whole, unit, ...source }: PanelSource,
  from: number,
  to: number,
): Panel {
  const known = {
    totals,
    series: all.series.slice(from, to),
    from: all.from.subarray(from, to),
    to: all.to.subarray(from, to),
  }
  const frame = {
    ...whole,
    series: whole.series.slice(from, to),
    weekdayShares: whole.weekdayShares.subarray(from * 7, to * 7),
  }
  const { frequency, firstPeriod, periods, weekdayShares } = frame
  const outs = source.outs.slice(from, to)
  const offeredFrom = source.offeredFrom.subarray(from, to)
  const firstShare = source.firstShare.subarray(from, to)
  const soldOut =
    unit === undefined
      ? known.series.map(() => [])
      : sellOuts(known, {
          offeredFrom,
          outs,
          weekdayShares,
          firstDay: firstDay(frequency, firstPeriod),
          lastDay: lastDay(frequency, firstPeriod + periods - 1),
          unit,
        })
  return {
    ...frame,
    units: unitsSold(frame, known, offeredFrom),
    stockedShare: stockedShares(frame, outs, soldOut, offeredFrom, firstShare),
    firstShare,
    price: meanPrices(frame, known),
  }
}

/** With the prices that came after the panel, where those stand for plans that nobody kept. */
function withComingPrices(
  frame: Frame,
  known: KnownTotals,
  plan: PanelPlan | undefined,
): PanelPlan | undefined {
  if (!plan?.actualPrices) return plan
  const { frequency, firstPeriod, periods, series } = frame
  const later = laterOf(known)
  const whole = periodOf(frequency, (saleDays(chainOf(known.totals)).at(-1) ?? 0) + 1) - firstPeriod
  const ahead = Math.max(0, whole - periods)
  const all = meanPrices({ ...frame, periods: periods + ahead }, later)
  const comingPrices = float64s(series.length * ahead)
  for (let index = 0; index < series.length; index++) {
    const end = (index + 1) * (periods + ahead)
    comingPrices.set(all.subarray(end - ahead, end), index * ahead)
  }
  return { ...plan, comingPrices }
}

/** The same series with all entries that they ever get. */
function laterOf({ totals, series, ...known }: KnownTotals): KnownTotals {
  const all = knownOn(totals)
  const last = new Map(all.series.map((one, index) => [one, all.to[index]]))
  return { totals, series, from: known.from, to: Int32Array.from(series, (one) => last.get(one)!) }
}

/** The last day that a panel knows. */
export function endOf({ frequency, firstPeriod, periods }: Panel): Day {
  return lastDay(frequency, firstPeriod + periods - 1)
}

/** The row of each series of a panel, by `seriesId`. */
export function rowsBySeries(panel: Panel): ReadonlyMap<string, number> {
  return remembered(
    rowsOf,
    panel,
    () => new Map(panel.series.map((series, row) => [seriesId(series), row])),
  )
}

/** Every origin whose demand a panel knows asks. */
const rowsOf = new WeakMap<Panel, ReadonlyMap<string, number>>()

/** Whether for a part of the period, since the first offer, there was no stock. */
export function isCensored(panel: Panel, cell: number): boolean {
  return shareWithoutStock(panel, cell) > 0
}

/** The share of the period's demand that came while the product was on offer without stock. */
export function shareWithoutStock(panel: Panel, cell: number): number {
  const { firstShare, stockedShare, periods } = panel
  const offered = isFirstPeriod(panel, cell) ? firstShare[Math.floor(cell / periods)] : 1
  return offered - stockedShare[cell]
}

/** Whether a cell is the first one of its series with an offer. */
export function isFirstPeriod({ units, periods }: Panel, cell: number): boolean {
  const isOffered = !Number.isNaN(units[cell])
  return isOffered && (cell % periods === 0 || Number.isNaN(units[cell - 1]))
}

function onlyThese(known: KnownTotals, only: PanelOptions['only']): KnownTotals {
  if (!only) return known
  const { series, from, to, totals } = known
  const kept = [...series.keys()].filter((index) => only.has(seriesId(series[index])))
  return {
    series: kept.map((index) => series[index]),
    from: Int32Array.from(kept, (index) => from[index]),
    to: Int32Array.from(kept, (index) => to[index]),
    totals,
  }
}

type Frame = Pick<Panel, 'frequency' | 'series' | 'firstPeriod' | 'periods' | 'weekdayShares'>

const FINENESS: readonly Frequency[] = ['day', 'week', 'month']

function refuseFinerThan(reporting: Frequency, frequency: Frequency): void {
  if (FINENESS.indexOf(frequency) >= FINENESS.indexOf(reporting)) return
  throw new UserError(
    `frequency must not be finer than the sales: they are totals of one ${reporting} each, but the frequency is ${frequency}`,
    { key: 'frequency', remedy: `Write frequency: ${reporting} in the recipe.` },
  )
}

/**
 * Of some 640 bytes each while a model is trained and compared, 13 GB in all, which a runner of GitHub's
 * holds: as many as 10,000 series have in five and a half years of days.
 */
const MOST_CELLS = 20e6

function refuseTooLarge({ frame }: PanelSource, days: Day[]): void {
  const [series, periods] = [frame.series.length, frame.periods]
  if (series * periods <= MOST_CELLS) return
  const [first, last] = [days[0], days[days.length - 1]].map(isoFromDay)
  const after = days.findIndex((day, index) => index > 0 && day - days[index - 1] > YEAR)
  const gap =
    after < 0
      ? ''
      : `, with none between ${isoFromDay(days[after - 1])} and ${isoFromDay(days[after])}`
  throw new UserError(
    `${series} series in ${periods} periods are too many to hold: the sales run from ${first} to ${last}${gap}`,
    {
      remedy:
        after < 0
          ? 'Does cd4ml.columns.product name the product, and not the receipt? If so, forecast by longer periods, or write partition: store or category in the recipe.'
          : 'Correct the dates, or write cd4ml.plausibleDays.from in the contract.',
    },
  )
}

const YEAR = 365

function finishedPeriods(
  totals: DailyTotals,
  reporting: Frequency,
  { frequency, asOf, from }: PanelOptions,
): { firstPeriod: number; periods: number } {
  const until = asOf === undefined ? '' : ` up to ${isoFromDay(asOf)}`
  const days = saleDays(totals, asOf)
  const ofChain = saleDays(chainOf(totals), asOf)
  if (days.length === 0) {
    throw new UserError(`there must be sales to build on, but there are none${until}`, {
      remedy: 'Look at the report of "cd4ml validate": it says what became of every row.',
    })
  }
  const firstSale = days[0]
  const lastSale = ofChain[ofChain.length - 1]
  const firstPeriod = periodOf(frequency, Math.max(firstSale, from ?? firstSale))
  const reported = Math.max(
    spokenForBy(lastSale, reporting),
    Math.min(asOf ?? lastSale, lastDay(frequency, periodOf(frequency, lastSale))),
  )
  const lastKnown = reporting === 'day' ? overClosedDays(reported, ofChain, asOf) : reported
  const periods = periodOf(frequency, lastKnown + 1) - firstPeriod
  if (periods < 1) {
    throw new UserError(
      `there must be at least one whole ${frequency} of sales, but they run from ${isoFromDay(firstSale)} to ${isoFromDay(lastSale)}${until}`,
      { remedy: 'Give more sales, a finer frequency, or a later --as-of.' },
    )
  }
  return { firstPeriod, periods }
}

/** The last day before the next total can be dated; the day itself where sales are of single days. */
export function spokenForBy(lastSale: Day, reporting: Frequency): Day {
  if (reporting === 'week') return lastSale + 6
  return lastDay(reporting, periodOf(reporting, lastSale))
}

/**
 * The last of the days after `day` on which, by its weekday, nothing is ever sold. A week that ends
 * on a closed Sunday is over on Saturday.
 */
function overClosedDays(day: Day, saleDays: Day[], asOf = Number.POSITIVE_INFINITY): Day {
  if (day - saleDays[0] < WEEKS_TO_KNOW_CLOSED_DAYS * 7) return day
  const open = new Set(saleDays.map(weekday))
  let last = day
  while (last < asOf && !open.has(weekday(last + 1))) last++
  return last
}

const WEEKS_TO_KNOW_CLOSED_DAYS = 4

/** The series with what their last sales up to a day say of them. */
export function describedSeries({ series, from, to, totals }: KnownTotals): Series[] {
  const { nameIndex, names, categoryIndex, categories } = totals
  return series.map((key, index) => ({
    ...key,
    name: names[lastText(nameIndex, from[index], to[index])],
    category: categories[lastText(categoryIndex, from[index], to[index])],
  }))
}

/** The last index of a text in the entries `from` to before `to`; -1 where there is none. */
function lastText(index: Int32Array, from: number, to: number): number {
  let entry = to - 1
  while (entry >= from && index[entry] < 0) entry--
  return entry < from ? -1 : index[entry]
}

function unitsSold(frame: Frame, known: KnownTotals, offeredFrom: Float64Array): Float64Array {
  const { frequency, series, firstPeriod, periods } = frame
  const units = float64s(series.length * periods).fill(Number.NaN)
  const { sold } = known.totals
  for (let index = 0; index < series.length; index++) {
    if (offeredFrom[index] === Number.POSITIVE_INFINITY) continue
    const firstOffered = Math.max(0, periodOf(frequency, offeredFrom[index]) - firstPeriod)
    if (firstOffered >= periods) continue
    const own = units.subarray(index * periods, (index + 1) * periods).fill(0, firstOffered)
    eachEntry(frame, known, index, (entry, period) => {
      own[period] += sold[entry]
    })
  }
  return units
}

function stockedShares(
  frame: Frame,
  outs: StockOut[][],
  soldOut: SellOut[][],
  offeredFrom: Float64Array,
  firstShare: Float64Array,
): Float64Array {
  const { frequency, series, firstPeriod, periods, weekdayShares } = frame
  const stocked = float64s(series.length * periods).fill(1)
  for (let index = 0; index < series.length; index++) {
    const first = Math.max(0, periodOf(frequency, offeredFrom[index]) - firstPeriod)
    if (first < periods) stocked[index * periods + first] = firstShare[index]
  }
  /** Takes away what the period loses of its demand from the day `from` to `to`, both within it. */
  const lose = (index: number, period: number, from: Day, to: Day, share: number) => {
    const shares = weekdayShares.subarray(index * 7, index * 7 + 7)
    const whole = demandOn(shares, firstDay(frequency, period), lastDay(frequency, period))
    if (whole === 0) return
    const cell = index * periods + period - firstPeriod
    const left = stocked[cell] - (share * demandOn(shares, from, to)) / whole
    stocked[cell] = left < ROUNDING ? 0 : left
  }
  for (let index = 0; index < series.length; index++) {
    for (const { from, to } of outs[index]) {
      const last = periodOf(frequency, to)
      for (
        let period = Math.max(firstPeriod, periodOf(frequency, from));
        period <= last;
        period++
      ) {
        const opens = Math.max(firstDay(frequency, period), offeredFrom[index], from)
        lose(index, period, opens, Math.min(lastDay(frequency, period), to), 1)
      }
    }
    for (const { day, lostShare } of soldOut[index]) {
      lose(index, periodOf(frequency, day), day, day, lostShare)
    }
  }
  return stocked
}

const ROUNDING = 1e-9

function meanPrices(frame: Frame, known: KnownTotals): Float64Array {
  const { series, periods } = frame
  const price = float64s(series.length * periods)
  const units = new Float64Array(periods)
  const { revenue, pricedUnits } = known.totals
  for (let index = 0; index < series.length; index++) {
    const own = price.subarray(index * periods, (index + 1) * periods)
    units.fill(0)
    eachEntry(frame, known, index, (entry, period) => {
      own[period] += revenue[entry]
      units[period] += pricedUnits[entry]
    })
    for (let period = 0; period < periods; period++) {
      if (units[period] > 0) own[period] /= units[period]
      else own[period] = period === 0 ? Number.NaN : own[period - 1]
    }
  }
  return price
}

/** Calls back with every entry of a series that is dated within the panel, and its period there. */
function eachEntry(
  { frequency, firstPeriod, periods }: Frame,
  { from, to, totals }: KnownTotals,
  index: number,
  callback: (entry: number, period: number) => void,
): void {
  for (let entry = from[index]; entry < to[index]; entry++) {
    const period = periodOf(frequency, totals.day[entry]) - firstPeriod
    if (period >= 0 && period < periods) callback(entry, period)
  }
}
