import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Day } from '../src/base/day.ts'
import { lastDay } from '../src/demand/calendar.ts'
import type { Panel } from '../src/demand/panel.ts'
import { backtestRecipe, type MadeForecast, scoredRows } from '../src/evaluation/backtest.ts'
import { demandAfter, scoredSeries } from '../src/evaluation/scoring/origin-rows.ts'
import type { OriginRows } from '../src/evaluation/scoring/rows.ts'
import { openHistory } from '../src/evaluation/search/history.ts'
import { LEVELS } from '../src/forecasting/levels.ts'
import { spanForecaster } from '../src/forecasting/model.ts'
import { type Recipe, recipeFrom } from '../src/forecasting/recipe.ts'
import { alignedColumns } from '../src/reporting/aligned-columns.ts'
import { datasets } from './accuracy-datasets.ts'
import { dailyDemand, type SimulatedDemand, type Traits } from './worlds/daily-demand.ts'

/**
 * Whether 80 of 100 totals lie within the 80% interval, and 95 within the other, for spans from a day
 * to the horizon: of simulated chains, several of each kind, of the sample data by week, day and month,
 * and of real sales. As `train --as-of` and `forecast` would have said at rolling origins half a horizon
 * apart up to the end of the data; what a day sold is known of all of them.
 *
 *     npm run benchmark calibration -- --only shifts,sample-weeks --datasets FOLDER
 */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: { datasets: { type: 'string' }, only: { type: 'string' } },
  })
  const only = values.only?.split(',')
  const all = new Tally()
  for (const [name, { traits, recipe, origins, chains = 4 }] of Object.entries(WORLDS)) {
    if (only && !only.includes(name)) continue
    const tally = new Tally()
    for (let seed = 1; seed <= chains; seed++) {
      const world = dailyDemand({ ...CHAIN, ...traits }, seed)
      const asked = recipeFrom({ ...RECIPE, ...recipe }, 'recipe.yml')
      tally.add(await score(world, asked, origins))
    }
    print(name, tally)
    all.add(tally)
  }
  if (all.rows.size > 0) print('all simulated chains', all)
  const real = only?.filter((name) => !Object.hasOwn(WORLDS, name))
  if (real?.length === 0) return
  const options = {
    folder: values.datasets,
    simulated: true,
    shapes: false,
    worlds: false,
    only: real,
  }
  for await (const { name, totals, recipe } of datasets(options)) {
    if (!real && OTHER_SHAPES.has(name)) continue
    const world = { totals, shifts: new Map(), launches: new Map() }
    print(name, await score(world, { ...recipe, families: FAMILIES }))
  }
}

const FAMILIES = { 'exponential-smoothing': {}, ridge: {} }
const RECIPE = { frequency: 'week', horizon: 8, families: FAMILIES }
const OTHER_SHAPES = new Set(['sample-start', 'sample-stores'])
const ORIGINS = 8

const CHAIN: Traits = {
  series: 60,
  weeks: 110,
  level: 3,
  spread: 1,
  weekdays: 0.3,
  wandering: 0.03,
}

type World = {
  traits: Partial<Traits>
  recipe?: object
  origins?: number
  /** How many of the kind: what hits all products at once is chance that only more chains tell. */
  chains?: number
}

const WORLDS: Record<string, World> = {
  steady: { traits: { wandering: 0 } },
  'high volume': { traits: { level: 200, wandering: 0.1 } },
  weekends: { traits: { level: 20, weekdays: 1, overdispersion: 0.1 } },
  seasonal: { traits: { season: 0.5 } },
  shifts: { traits: { level: 20, shifts: 0.03, wandering: 0 } },
  'one shift of all': {
    traits: { level: 20, shiftOfAll: 95, wandering: 0, overdispersion: 0.3 },
    origins: 2,
  },
  intermittent: { traits: { level: 0.1, overdispersion: 0.5 } },
  'large orders': { traits: { orders: 0.01 } },
  'common shocks': { traits: { level: 20, common: 0.08 }, chains: 12 },
  'few series': { traits: { series: 5, level: 10, wandering: 0.08 }, chains: 12 },
  launches: { traits: { launched: 0.4, level: 10 } },
  days: { traits: { level: 10, shifts: 0.02 }, recipe: { frequency: 'day', horizon: 28 } },
  months: { traits: { weeks: 200 }, recipe: { frequency: 'month', horizon: 3 } },
}

/** In days, from the day after the origin on, and from later ones. */
const SPANS = [1, 2, 3, 7, 14, 28, 56]
const LATER = [3, 9, 24]
const SCORED = [0.025, 0.1, 0.5, 0.9, 0.975]
/** Days since a level moved, or periods since a launch, up to which rows are told apart. */
const JUST_SHIFTED = 28
const YOUNG = 84

/** How a kind of rows came out, over all of them. */
type Outcome = {
  rows: number
  in80: number
  in95: number
  width: number
  loss: number
  units: number
}

class Tally {
  readonly rows = new Map<string, Outcome>()

  count(kind: string, actual: number, quantiles: number[]): void {
    const [least, low, middle, high, most] = SCORED.map((level) => quantiles[LEVELS.indexOf(level)])
    this.merge(kind, {
      rows: 1,
      in80: Number(low <= actual && actual <= high),
      in95: Number(least <= actual && actual <= most),
      width: high - low,
      loss: pinball(actual, low, 0.1) + pinball(actual, middle, 0.5) + pinball(actual, high, 0.9),
      units: actual,
    })
  }

  add(other: Tally): void {
    for (const [kind, outcome] of other.rows) this.merge(kind, outcome)
  }

  private merge(kind: string, more: Outcome): void {
    const known = this.rows.get(kind)
    if (!known) this.rows.set(kind, { ...more })
    else for (const key of Object.keys(more) as (keyof Outcome)[]) known[key] += more[key]
  }
}

async function score(
  { totals, shifts, launches }: SimulatedDemand,
  recipe: Recipe,
  origins = ORIGINS,
): Promise<Tally> {
  const history = openHistory(totals, { cores: availableParallelism() })
  const step = Math.max(1, Math.floor(recipe.horizon / 2))
  const rows = scoredRows(history, recipe, { origins, step })
  const { made } = await backtestRecipe(history, recipe, rows)
  const byDay = history.panel({ frequency: 'day', censoring: true })
  const tally = new Tally()
  for (const [k, of] of rows.entries())
    scoreOrigin(tally, of, made[k][0], byDay, { shifts, launches })
  await history.close()
  return tally
}

function scoreOrigin(
  tally: Tally,
  { day: origin, horizon, volumeClasses }: OriginRows,
  { calibration, panel, forecast }: MadeForecast,
  byDay: Panel,
  { shifts, launches }: Pick<SimulatedDemand, 'shifts' | 'launches'>,
): void {
  const spanOf = spanForecaster({ calibration }, panel, forecast)
  const days = lastDay(panel.frequency, forecast.firstPeriod + horizon - 1) - origin
  const actual = demandAfter({ ...scoredSeries(panel), firstPeriod: origin + 1 }, byDay, days)
  const spans = [...SPANS.filter((span) => span < days), days]
  panel.series.forEach(({ productId }, i) => {
    const count = (kind: string, start: number, length: number) => {
      const from = i * days + start
      const total = actual.subarray(from, from + length).reduce((sum, units) => sum + units, 0)
      if (Number.isNaN(total)) return
      const [first, last] = [origin + 1 + start, origin + start + length]
      const { mean, quantiles } = spanOf(i, first, last)
      if (mean > 0) tally.count(kind, total, quantiles)
    }
    const moved = shifts.get(productId)?.some((day) => isJust(day, origin, JUST_SHIFTED))
    const isYoung = isJust(launches.get(productId) ?? 0, origin, YOUNG)
    for (const length of spans) {
      const span = length === days ? 'the horizon' : `${length}`.padStart(2)
      count(`${span} days`, 0, length)
      for (const start of LATER) {
        if (start + length <= days) count(`${span} days, later`, start, length)
      }
      if (![1, 3, 7, 28].includes(length) && length !== days) continue
      count(`${span} days, ${volumeClasses[i]} volume`, 0, length)
      if (moved) count(`${span} days, just shifted`, 0, length)
      if (isYoung) count(`${span} days, new products`, 0, length)
    }
    for (let start = 0; start < Math.min(7, days); start++) {
      const isWeekend = (origin + 1 + start + 3) % 7 > 4
      count(` 1 day, ${isWeekend ? 'weekend' : 'weekday'}`, start, 1)
    }
  })
}

function isJust(day: Day, origin: Day, within: number): boolean {
  return day <= origin && origin - day < within
}

function pinball(actual: number, quantile: number, level: number): number {
  return 2 * Math.max(level * (actual - quantile), (level - 1) * (actual - quantile))
}

function print(name: string, { rows }: Tally): void {
  const kinds = [...rows.keys()].sort()
  const percent = (part: number) => (100 * part).toFixed(1)
  console.log(`\n${name}`)
  console.log(
    alignedColumns({
      headers: ['', 'rows', '80%', '95%', 'width', 'loss'],
      rows: kinds.map((kind) => {
        const { rows: n, in80, in95, width, loss, units } = rows.get(kind)!
        return [
          kind,
          `${n}`,
          percent(in80 / n),
          percent(in95 / n),
          percent(width / units),
          percent(loss / 3 / units),
        ]
      }),
    }),
  )
}
