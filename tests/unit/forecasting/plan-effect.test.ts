import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { firstDay, lastDay } from '../../../src/demand/calendar.ts'
import type { Panel } from '../../../src/demand/panel.ts'
import { planOn } from '../../../src/demand/panel-plan.ts'
import { families } from '../../../src/forecasting/families/families.ts'
import { asUsual, planEffect } from '../../../src/forecasting/plan-effect.ts'
import type { PlannedDays } from '../../../src/sales/plan/plan.ts'
import { defaultsOf, FIRST_WEEK, fitAndForecast, panelOf, quickSettings } from './panels.ts'

const WEEKS = 80

describe.each(Object.values(families))('$name, of a chain that plans its prices', (family) => {
  it('forecasts the promotion that is planned, and the weeks around it as usual', () => {
    const panel = promoted({ ahead: [cut(WEEKS + 1, 0.3)] })
    const [row] = fitAndForecast(family, panel, 3, quickSettings(family))
    expect(row[1] / row[0]).toBeGreaterThan(1.7)
    expect(row[1] / row[0]).toBeLessThan(2.5)
    expect(row[2] / row[0]).toBeGreaterThan(0.8)
    expect(row[2] / row[0]).toBeLessThan(1.2)
  })

  it('does not take a promotion that has just ended for the level', () => {
    const panel = promoted({ past: [WEEKS - 3, WEEKS - 2, WEEKS - 1] })
    const forecast = fitAndForecast(family, panel, 2, quickSettings(family))
    const mean = forecast.flat().reduce((sum, units) => sum + units, 0) / forecast.flat().length
    expect(mean).toBeGreaterThan(80)
    expect(mean).toBeLessThan(120)
  })

  it('forecasts nothing for a week in which the shop is closed, and learns none from one', () => {
    const closed = (week: number) => ({ ...daysOf(week), knownOn: 1, closed: true })
    const panel = promoted({ ahead: [closed(WEEKS + 1)], closed: [WEEKS - 1, WEEKS - 2] })
    const forecast = fitAndForecast(family, panel, 2, quickSettings(family))
    for (const [open, shut] of forecast) {
      expect(shut).toBe(0)
      expect(open).toBeGreaterThan(70)
      expect(open).toBeLessThan(130)
    }
  })
})

it.each([1, 3, 10])(
  'after %i days of promotion as many sell less, which is expected of them',
  (length) => {
    const panel = promotedDays(length)
    const family = families['moving-average']
    const [[...forecast]] = fitAndForecast(family, panel, 2 * length + 2, defaultsOf(family))
    const mean = (from: number, to: number) =>
      forecast.slice(from, to).reduce((sum, units) => sum + units / (to - from), 0)
    const usual = mean(2 * length, 2 * length + 2)
    expect(mean(0, length) / usual).toBeCloseTo(2, 0)
    expect(mean(length, 2 * length) / usual).toBeGreaterThan(0.6)
    expect(mean(length, 2 * length) / usual).toBeLessThan(0.8)
  },
)

describe('what plans do to demand', () => {
  it('is the elasticity that demand has, where there is enough to tell it', () => {
    const panel = promoted({})
    const effect = planEffect(panel)!
    const row = new Float64Array(effect.columns.names.length)
    row[0] = -Math.log(0.7)
    row[1] = 1
    expect(effect.ofSeries(0)?.liftOf(row, 1)).toBeCloseTo(0.7 ** -2, 0)
  })

  it('is told from what sells between them where promotions take turns with as long a time without', () => {
    const only = Array.from({ length: WEEKS }, (_, week) => week).filter((week) => week % 4 < 2)
    const { columns, ofSeries } = planEffect(promoted({ only }))!
    const row = new Float64Array(columns.names.length)
    row[0] = -Math.log(0.7)
    row[1] = 1
    expect(ofSeries(0)?.liftOf(row, 1)).toBeGreaterThan(1.8)
    expect(ofSeries(0)?.liftOf(row, 1)).toBeLessThan(2.4)
  })

  it('is more for a product whose own promotions sold more than those of its like', () => {
    const panel = promoted({ eager: 3 })
    const effect = planEffect(panel)!
    const row = new Float64Array(effect.columns.names.length)
    row[0] = -Math.log(0.7)
    row[1] = 1
    const lifts = panel.series.map((_, index) => effect.ofSeries(index)!.liftOf(row, 1))
    expect(lifts[3]).toBeGreaterThan(1.25 * lifts[2])
  })

  it('goes on beyond the deepest cut before, but not for ever: for as far again', () => {
    const effect = planEffect(promoted({}))!.ofSeries(0)
    const width = planEffect(promoted({}))!.columns.names.length
    const liftAt = (depth: number) =>
      effect!.liftOf(Float64Array.of(depth, ...new Array(width - 1).fill(0)), 1)
    const deepest = -Math.log(0.7)
    expect(liftAt(2 * deepest)).toBeCloseTo(liftAt(deepest) ** 2, 0)
    expect(liftAt(1.5)).toBe(liftAt(2 * deepest))
    expect(liftAt(0.1)).toBeLessThan(liftAt(0.2))
    expect(liftAt(-1.5)).toBe(liftAt(-2 * deepest))
  })

  it('is that of promotions for a kind that has never been, or once and failed', () => {
    const liftOf = (kindOf: (week: number) => string, failed?: number) => {
      const panel = promoted({ ahead: [{ ...cut(WEEKS, 0.3), promotion: 'tv' }], kindOf, failed })
      const { columns, ofSeries } = planEffect(panel)!
      const row = new Float64Array(columns.names.length)
      const effect = ofSeries(0)!
      return effect.liftOf(row, effect.write(row, WEEKS - 1, WEEKS))
    }
    const known = liftOf(() => 'tv')
    const never = liftOf(() => 'leaflet')
    expect(never / known).toBeGreaterThan(0.9)
    expect(never / known).toBeLessThan(1.05)
    const once = liftOf((week) => (week === 9 ? 'tv' : 'leaflet'), 9)
    expect(once / known).toBeGreaterThan(0.6)
  })

  it('is taken out of what sold, so that what is usual is left', () => {
    const panel = promoted({})
    const { units } = asUsual(panel)
    const worst = units.reduce((most, value) => Math.max(most, Math.abs(value / 100 - 1)), 0)
    expect(worst).toBeLessThan(0.7)
    expect(panel.units.some((value) => value > 180)).toBe(true)
  })

  it('is nothing where nothing is planned: the panel itself is taken', () => {
    const { plan: _, ...panel } = promoted({})
    expect(planEffect(panel)).toBeUndefined()
    expect(asUsual(panel)).toBe(panel)
  })

  it('is nothing that is believed of a single week of promotions', () => {
    const panel = promoted({ only: [20] })
    const effect = planEffect(panel)!
    const row = new Float64Array(effect.columns.names.length)
    row[0] = -Math.log(0.2)
    row[1] = 1
    expect(effect.ofSeries(0)?.liftOf(row, 1)).toBeLessThan(20)
  })

  it('is learnt from prices as they came, where the chain says that they stand for its plans', () => {
    const planned = promoted({})
    const plan = planOn({ rows: [], prices: 'actual' })!
    const effect = planEffect({ ...planned, plan })!
    const row = new Float64Array(effect.columns.names.length)
    row[0] = -Math.log(0.7)
    expect(effect.ofSeries(0)?.liftOf(row, 1)).toBeGreaterThan(1.7)
    expect(effect.ofSeries(0)?.liftOf(row, 1)).toBeLessThan(2.4)
  })
})

/** By day: twice as much on promotion, 0.7 times as much for as long after it; one begins after the end. */
function promotedDays(length: number): Panel {
  const random = seededRandom(6)
  const [days, every, firstPeriod] = [200, 4 * length + 2, FIRST_WEEK * 7]
  const rows: PlannedDays[] = []
  const units = Array.from({ length: 12 }, (_, product) => {
    const phase = product === 0 ? days % every : (product * 5) % every
    for (let start = phase; start <= days; start += every) {
      const from = firstDay('day', firstPeriod + start)
      const about = { productId: String(product), promotion: 'leaflet', knownOn: 1 }
      rows.push({ ...about, from, to: from + length - 1 })
    }
    return Array.from({ length: days }, (_, day) => {
      const since = (day - phase + every) % every
      const lift = since < length ? 2 : since < 2 * length ? 0.7 : 1
      return 100 * lift * (0.9 + 0.2 * random())
    })
  })
  const plan = planOn({ rows, prices: 'planned' })!
  return { ...panelOf(units, { frequency: 'day', firstPeriod }), plan }
}

type Shape = {
  /** Rows about what comes; of the first product. */
  ahead?: PlannedDays[]
  /** Weeks of promotions of every product beside those of its own. */
  past?: number[]
  /** The only weeks of promotions. */
  only?: number[]
  closed?: number[]
  /** A product that reacts twice as strongly. */
  eager?: number
  /** The kind of the promotions of a week. */
  kindOf?: (week: number) => string
  /** A week in which promotions sold next to nothing. */
  failed?: number | undefined
}

/** Twelve products that sell about 100 a week, and 0.7^−2 times as much at 30% off. */
function promoted({
  ahead = [],
  past = [],
  only,
  closed = [],
  eager,
  kindOf,
  failed,
}: Shape): Panel {
  const random = seededRandom(5)
  const rows: PlannedDays[] = [...ahead]
  const price: number[][] = []
  const units = Array.from({ length: 12 }, (_, product) => {
    price.push(new Array(WEEKS).fill(10))
    return Array.from({ length: WEEKS }, (_, week) => {
      const isCut = only ? only.includes(week) : week % 9 === product % 9 || past.includes(week)
      if (closed.includes(week)) {
        rows.push({ ...daysOf(week), knownOn: 1, closed: true })
        return 0
      }
      const usual = 100 * (0.85 + 0.3 * random())
      if (!isCut) return usual
      price[product][week] = 7
      const kind = kindOf && { promotion: kindOf(week) }
      rows.push({ ...cut(week, 0.3), productId: String(product), ...kind })
      if (week === failed) return usual / 10
      return usual * 0.7 ** (product === eager ? -4 : -2)
    })
  })
  const plan = planOn({ rows, prices: 'planned' })!
  return { ...panelOf(units, { price }), plan }
}

function cut(week: number, discount: number): PlannedDays {
  return { ...daysOf(week), productId: '0', knownOn: 1, discount }
}

function daysOf(week: number) {
  return { from: firstDay('week', FIRST_WEEK + week), to: lastDay('week', FIRST_WEEK + week) }
}
