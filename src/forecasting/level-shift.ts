import { weekday } from '../base/day.ts'
import { remembered } from '../base/remembered.ts'
import { sum } from '../base/sum.ts'
import type { Frequency } from '../demand/calendar.ts'
import { uncensoredUnits } from '../demand/demand-estimate.ts'
import type { Panel } from '../demand/panel.ts'

/**
 * The panel as if levels had always been where they are since all of them moved: what sold before is
 * multiplied by what has sold since over that (a level shift as of Chen & Liu 1993, "Joint Estimation of
 * Model Parameters and Outlier Effects in Time Series"). No family has seen such a shift before, and each
 * would take as long to believe it as it takes with chance.
 *
 * How far it is believed is 1 − 2 s / n: n says how far the newest periods of all series lie apart from
 * those before, s how far any others in the year before did, so that a season, which came then as well,
 * a shock like others, and what levels wander are no shift. Both are the mean over the series of a × b,
 * with a and b the z scores of the earlier and of the later half of these periods: what came and went
 * is in one of them alone, and chance is as often of two signs as of one. Where no year is known, nothing
 * is believed.
 */
export const afterShift = (panel: Panel): Panel =>
  remembered(found, panel, () => {
    const blocks = blocksOf(panel)
    const shift = newestShift(blocks)
    if (!shift) return panel
    const { periods } = panel
    const end = periods - shift.recent * blocks.length
    const units = panel.units.slice()
    shift.ratios.forEach((ratio, index) => {
      for (let t = 0; t < end; t++) units[index * periods + t] *= ratio
    })
    return { ...panel, units }
  })

const found = new WeakMap<Panel, Panel>()

/** In weeks, or in months. */
type Lengths = { year: number; before: number; mostRecent: number }
const WEEKS: Lengths = { year: 52, before: 26, mostRecent: 13 }
const LENGTHS: Record<Frequency, Lengths> = {
  day: WEEKS,
  week: WEEKS,
  month: { year: 12, before: 12, mostRecent: 4 },
}
/** In these as well: two halves have one each. */
const FEWEST_RECENT = 2
const FEWEST_BEFORE = 8
/** Standard errors: what is beyond chance, so that a few series that are further off are not all of them. */
const MOST_APART = 3
const LEAST_VARIANCE = 1e-6
const MOST_RATIO = 5
/** The next record of a year is seldom so many times the last one. */
const RECORD = 2

/**
 * Sums over the weeks or months of each series up to each, n × (B + 1): of what sold in one, of its
 * square, and of how many are known. A week of days is the mean of those known, relative to how much
 * their weekday usually sells.
 */
type Blocks = Lengths & {
  series: number
  count: number
  /** In periods. */
  length: number
  sums: Float64Array
  squares: Float64Array
  known: Float64Array
}

function blocksOf(panel: Panel): Blocks {
  const { frequency, periods, weekdayShares, firstPeriod } = panel
  const series = panel.series.length
  const length = frequency === 'day' ? 7 : 1
  const count = Math.floor(periods / length)
  const first = periods - count * length
  const units = uncensoredUnits(panel)
  const cells = series * (count + 1)
  const [sums, squares, known] = [0, 1, 2].map(() => new Float64Array(cells))
  for (let index = 0; index < series; index++) {
    for (let block = 0; block < count; block++) {
      let [sold, share] = [0, 0]
      for (let t = first + block * length; t < first + (block + 1) * length; t++) {
        const value = units[index * periods + t]
        if (Number.isNaN(value)) continue
        sold += value
        share += length === 1 ? 1 : weekdayShares[index * 7 + weekday(firstPeriod + t)]
      }
      const cell = index * (count + 1) + block
      const isKnown = share >= LEAST_SHARE
      const value = isKnown ? sold / share : 0
      sums[cell + 1] = sums[cell] + value
      squares[cell + 1] = squares[cell] + value ** 2
      known[cell + 1] = known[cell] + Number(isKnown)
    }
  }
  return { ...LENGTHS[frequency], series, count, length, sums, squares, known }
}

/** Of the days of a week. */
const LEAST_SHARE = 0.5

/** What sold in `recent` blocks up to one, and in those before: undefined where too little is known. */
type Compared = {
  /** Of the earlier and of the later half, and of all, from those before, in standard errors. */
  earlier: number
  later: number
  all: number
  /** Over those before, less 1, and its variance; NaN where nothing sold before. */
  change: number
  variance: number
}

function compared(
  blocks: Blocks,
  index: number,
  end: number,
  recent: number,
): Compared | undefined {
  const { sums, squares, known, count, before } = blocks
  const row = index * (count + 1)
  const [from, half, to] = [row + end - recent, row + end - Math.ceil(recent / 2), row + end]
  const start = Math.max(row, from - before)
  const usual = known[from] - known[start]
  if (usual < FEWEST_BEFORE) return
  const [first, second] = [known[half] - known[from], known[to] - known[half]]
  if (first === 0 || second === 0) return
  const level = (sums[from] - sums[start]) / usual
  const spread = (squares[from] - squares[start] - usual * level ** 2) / (usual - 1)
  const variance = Math.max(spread, LEAST_VARIANCE * level ** 2)
  const apart = (a: number, b: number, n: number) => {
    const off = (sums[b] - sums[a]) / n - level
    return variance > 0 ? off / Math.sqrt(variance * (1 / n + 1 / usual)) : 0
  }
  const n = first + second
  return {
    earlier: apart(from, half, first),
    later: apart(half, to, second),
    all: apart(from, to, n),
    change: (sums[to] - sums[from]) / n / level - 1,
    variance: (variance / level ** 2) * (1 / n + 1 / usual),
  }
}

/**
 * Since how many blocks levels are elsewhere, and times what: of all lengths that which lies furthest
 * apart, by the sum over the series of log(1 + z²), in which none of them counts for much alone.
 * Undefined where any other time in the year before lay half as far apart, or no year is known.
 */
function newestShift(blocks: Blocks): { recent: number; ratios: Float64Array } | undefined {
  const { count, year, mostRecent } = blocks
  let recent = 0
  let most = 0
  for (let each = FEWEST_RECENT; each <= mostRecent; each++) {
    if (year + 2 * each + FEWEST_BEFORE > count) break
    let likelihood = 0
    for (let index = 0; index < blocks.series; index++) {
      likelihood += Math.log1p((compared(blocks, index, count, each)?.all ?? 0) ** 2)
    }
    if (likelihood > most) [recent, most] = [each, likelihood]
  }
  if (recent === 0) return
  const now = apartTogether(blocks, count, recent)
  let earlier = 0
  for (let end = count - recent; end > count - recent - year; end--) {
    earlier = Math.max(earlier, apartTogether(blocks, end, recent))
    if (RECORD * earlier >= now) return
  }
  return { recent, ratios: ratiosOf(blocks, recent, 1 - (RECORD * earlier) / now) }
}

/** n or s of `afterShift`: how far `recent` blocks up to `end` lie apart from those before, in all series. */
function apartTogether(blocks: Blocks, end: number, recent: number): number {
  let [sum, series] = [0, 0]
  for (let index = 0; index < blocks.series; index++) {
    const it = compared(blocks, index, end, recent)
    if (!it) continue
    sum += atMost(it.earlier) * atMost(it.later)
    series++
  }
  return series > 0 ? sum / series : 0
}

function atMost(apart: number): number {
  return Math.max(-MOST_APART, Math.min(MOST_APART, apart))
}

/**
 * n: level since over level before. Each series' own change is drawn towards that of all by its
 * variance (random effects: DerSimonian & Laird 1986, "Meta-analysis in clinical trials"), and both
 * towards none where they are `believed` in part.
 */
function ratiosOf(blocks: Blocks, recent: number, believed: number): Float64Array {
  const all = Array.from({ length: blocks.series }, (_, index) =>
    compared(blocks, index, blocks.count, recent),
  )
  const told = all.flatMap((it) => (it && Number.isFinite(it.change) ? [it] : []))
  const fixed = told.map(({ variance }) => 1 / variance)
  const weight = sum(fixed)
  const middle = sum(told.map(({ change }, k) => fixed[k] * change)) / weight
  const squares = sum(told.map(({ change }, k) => fixed[k] * (change - middle) ** 2))
  const scale = weight - sum(fixed.map((it) => it ** 2)) / weight
  const between = scale > 0 ? Math.max(0, (squares - told.length + 1) / scale) : 0
  const random = told.map(({ variance }) => 1 / (variance + between))
  const common = sum(told.map(({ change }, k) => random[k] * change)) / sum(random)
  return Float64Array.from(all, (it) => {
    const own =
      it && Number.isFinite(it.change)
        ? (between / (between + it.variance)) * (it.change - common)
        : 0
    return Math.min(MOST_RATIO, Math.max(1 / MOST_RATIO, 1 + believed * (common + own)))
  })
}
