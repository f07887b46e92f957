import { median } from 'simple-statistics'
import { DEVIATION_OVER_MEDIAN, OF_MEDIAN_OVER_MEAN } from '../base/normal.ts'
import { remembered } from '../base/remembered.ts'
import type { Frequency } from '../demand/calendar.ts'
import { uncensoredUnits } from '../demand/demand-estimate.ts'
import type { Panel } from '../demand/panel.ts'

/** What products sell after their launch over what they settle to, told by earlier launches. */
export type Launches = {
  /** The panel with what sold after launches divided by it: as if all had settled. */
  settled: Panel
  /** The factor of a series in the period `step` after the end of the panel, from 0: 1 once settled. */
  factor: (index: number, step: number) => number
}

/**
 * The launch curve of a panel: the median, over earlier launches, of what was sold in the first
 * periods over what was sold in as many after those, both relative to the other products of the
 * category then, so that neither season nor growth is taken for it. Launches that tell different
 * things tell nothing, and those of about one time tell as much as one does, as they share what
 * happened then: the logarithms are drawn towards 0 by what is left of their mean square once twice
 * that of chance is taken away (a positive-part James–Stein estimator, 1961). Where nothing is left
 * the panel is itself.
 */
export function launchesOf(panel: Panel): Launches {
  return remembered(found, panel, () => {
    const firsts = firstPeriods(panel)
    const curve = curveOf(panel, firsts)
    if (!curve) return { settled: panel, factor: () => 1 }
    const { periods } = panel
    const isLaunch = (index: number) => firsts[index] >= SETTLED[panel.frequency]
    const at = (age: number) => (age < curve.length ? curve[age] : 1)
    const units = panel.units.map((sold, cell) => {
      const index = Math.floor(cell / periods)
      return isLaunch(index) ? sold / at((cell % periods) - firsts[index]) : sold
    })
    return {
      settled: { ...panel, units },
      factor: (index, step) => (isLaunch(index) ? at(periods + step - firsts[index]) : 1),
    }
  })
}

const found = new WeakMap<Panel, Launches>()

/**
 * Periods after which a product has settled. What was first sold in the first so many of a panel may
 * have been sold before.
 */
const SETTLED: Record<Frequency, number> = { day: 56, week: 13, month: 4 }
const FEWEST_LAUNCHES = 8
/** Launches of half as many periods as it takes to settle share what happened in and after these. */
const FEWEST_COHORTS = 3
/** Of a category, whose season is to be told. */
const FEWEST_OTHERS = 5
const MOST_FACTOR = 5
const LEAST_CHANCE = 1e-3

/** n: the period of the first offer; T where there was none. */
function firstPeriods({ series, units, periods }: Panel): Int32Array {
  return Int32Array.from(series, (_, index) => {
    let first = 0
    while (first < periods && Number.isNaN(units[index * periods + first])) first++
    return first
  })
}

/** The factors of the first periods after a launch. */
function curveOf(panel: Panel, firsts: Int32Array): Float64Array | undefined {
  const length = SETTLED[panel.frequency]
  const launches = knownLaunches(panel, firsts)
  const cohorts = [...new Set(launches.map(({ cohort }) => cohort))]
  if (launches.length < FEWEST_LAUNCHES || cohorts.length < FEWEST_COHORTS) return
  const stretches = stretchesOf(length).map(({ from, to }, at) => ({
    centre: (from + to - 1) / 2,
    ...toldAt(at, launches, cohorts),
  }))
  const signal =
    stretches.reduce((sum, { log, chance }) => sum + (log / chance) ** 2, 0) / stretches.length
  const kept = 1 - 2 / signal
  if (!(kept > 0)) return
  const points = [...stretches, { centre: length, log: 0 }]
  return Float64Array.from({ length }, (_, age) => {
    const next = points.findIndex(({ centre }) => centre >= age)
    const [before, after] = [points[Math.max(0, next - 1)], points[next]]
    const part = after === before ? 0 : (age - before.centre) / (after.centre - before.centre)
    const factor = Math.exp(kept * (before.log + part * (after.log - before.log)))
    return Math.min(MOST_FACTOR, Math.max(1 / MOST_FACTOR, factor))
  })
}

/**
 * The logarithm of the median ratio of a stretch, and its standard error: by the spread of the
 * launches, as if nothing had happened to several of them, and by leaving out one cohort after the
 * other (Tukey's jackknife, 1958), whichever is larger. 0 where a cohort decides.
 */
function toldAt(
  at: number,
  launches: Launch[],
  cohorts: number[],
): { log: number; chance: number } {
  const told = launches.filter(({ ratios }) => !Number.isNaN(ratios[at]))
  const ratioOf = (some: Launch[]) => medianOf(some.map(({ ratios }) => ratios[at]))
  const middle = ratioOf(told)
  const without = cohorts.map((left) => ratioOf(told.filter(({ cohort }) => cohort !== left)))
  if (told.length < FEWEST_LAUNCHES || Math.min(middle, ...without) === 0) {
    return { log: 0, chance: 1 }
  }
  const off = medianOf(told.map(({ ratios }) => Math.abs(ratios[at] - middle)))
  const alone =
    (OF_MEDIAN_OVER_MEAN * DEVIATION_OVER_MEDIAN * off) / middle / Math.sqrt(told.length)
  const logs = without.map(Math.log)
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0)
  const shared = Math.sqrt(((logs.length - 1) / logs.length) * squares)
  return { log: Math.log(middle), chance: Math.max(LEAST_CHANCE, alone, shared) }
}

/** 0 where there is none. */
function medianOf(values: number[]): number {
  return values.length === 0 ? 0 : median(values)
}

/** Ages that are looked at together, `from` to before `to`, each stretch twice as long as the last. */
function stretchesOf(length: number): { from: number; to: number }[] {
  const stretches: { from: number; to: number }[] = []
  for (let from = 0; from < length; from = 2 * from || 1) {
    stretches.push({ from, to: Math.min(length, 2 * from || 1) })
  }
  return stretches
}

type Launch = {
  /** What it sold in each stretch over what it sold once settled, both over what its others sold then. */
  ratios: number[]
  /** The half of a time to settle in which it was launched. */
  cohort: number
}

/** Each launch after which enough is known, of a product that sells in most periods. */
function knownLaunches(panel: Panel, firsts: Int32Array): Launch[] {
  const { series, periods, frequency } = panel
  const length = SETTLED[frequency]
  const units = uncensoredUnits(panel)
  const stretches = stretchesOf(length)
  const byFirst = [...series.keys()].sort((a, b) => firsts[a] - firsts[b] || a - b)
  const groups = new Map<string | undefined, Others>()
  const chain = othersOf(periods)
  const launches: Launch[] = []
  let added = 0
  for (const index of byFirst) {
    const first = firsts[index]
    if (first < length) continue
    if (first + length + length / 2 > periods) break
    // Those that had settled by then.
    for (; firsts[byFirst[added]] <= Math.max(0, first - length); added++) {
      const other = byFirst[added]
      const { category } = series[other]
      for (const others of [chain, remembered(groups, category, () => othersOf(periods))]) {
        add(others, units.subarray(other * periods, (other + 1) * periods))
      }
    }
    const own = units.subarray(index * periods, (index + 1) * periods)
    const category = groups.get(series[index].category)
    const { sold } = category && category.count >= FEWEST_OTHERS ? category : chain
    const over = (from: number, to: number) => ratioOver(own, sold, first + from, first + to)
    if (!sellsMostly(own.subarray(first, first + 2 * length))) continue
    const settled = over(length, 2 * length)
    if (!(settled > 0)) continue
    launches.push({
      ratios: stretches.map(({ from, to }) => over(from, to) / settled),
      cohort: Math.floor((first - length) / (length / 2)),
    })
  }
  return launches
}

/** What some series sold together, T, and how many they are. */
type Others = { sold: Float64Array; count: number }

function othersOf(periods: number): Others {
  return { sold: new Float64Array(periods), count: 0 }
}

function add(others: Others, units: Float64Array): void {
  others.count++
  for (let period = 0; period < units.length; period++) {
    if (units[period] > 0) others.sold[period] += units[period]
  }
}

/** NaN where neither sold. */
function ratioOver(own: Float64Array, others: Float64Array, from: number, to: number): number {
  let [sold, reference] = [0, 0]
  for (let period = from; period < Math.min(to, own.length); period++) {
    if (Number.isNaN(own[period])) continue
    sold += own[period]
    reference += others[period]
  }
  return reference > 0 ? sold / reference : Number.NaN
}

function sellsMostly(units: Float64Array): boolean {
  const known = units.filter((value) => !Number.isNaN(value))
  return 2 * known.filter((value) => value > 0).length >= known.length
}
