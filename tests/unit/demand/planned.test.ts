import { describe, expect, it } from 'vitest'
import { firstDay, lastDay } from '../../../src/demand/calendar.ts'
import type { Panel } from '../../../src/demand/panel.ts'
import { planOn } from '../../../src/demand/panel-plan.ts'
import { plannedSeries } from '../../../src/demand/planned.ts'
import type { PlannedDays } from '../../../src/sales/plan/plan.ts'
import { FIRST_WEEK, panelOf } from '../forecasting/panels.ts'

const PERIODS = 10

describe('what is planned for a period', () => {
  it('is seen from an origin as it was known then, so that a backtest knows no later change', () => {
    const planned = ofFirst([
      week(5, { knownOn: endOf(1), discount: 0.2 }),
      week(5, { knownOn: endOf(3), discount: 0.4 }),
    ])
    expect(planned?.at(0, 5)).toBeUndefined()
    expect(planned?.at(1, 5)?.share).toBeCloseTo(0.8)
    expect(planned?.at(2, 5)?.share).toBeCloseTo(0.8)
    expect(planned?.at(3, 5)?.share).toBeCloseTo(0.6)
  })

  it('is not what somebody wrote down when it was over', () => {
    const planned = ofFirst([week(5, { knownOn: endOf(5) + 1, discount: 0.4 })])
    expect(planned?.at(8, 5)).toBeUndefined()
  })

  it('of the panel of an earlier day is what was known on that day alone', () => {
    const rows = [
      week(5, { knownOn: endOf(1), discount: 0.2 }),
      week(5, { knownOn: endOf(3), discount: 0.4 }),
    ]
    const plan = { rows, prices: 'planned' as const }
    expect(planOn(plan, endOf(1) - 1)).toBeUndefined()
    expect(planOn(plan, endOf(3) - 1)?.discount).toEqual(Float64Array.of(0.2))
    expect(planOn(plan)?.discount).toEqual(Float64Array.of(0.2, 0.4))
  })

  it('is called off by the usual price, with promotion and display', () => {
    const planned = ofFirst([
      week(5, { knownOn: 1, price: 7, promotion: 'leaflet', display: true }),
      week(5, { knownOn: 2, discount: 0 }),
    ])
    expect(planned?.at(4, 5)).toMatchObject({ price: 0, share: 1, promoted: 0, display: 0 })
  })

  it('joins what two files say of one product on one day', () => {
    const planned = ofFirst([
      week(5, { knownOn: 1, price: 7 }),
      week(5, { knownOn: 1, promotion: 'leaflet' }),
      week(5, { knownOn: 1, display: true }),
    ])
    expect(planned?.at(4, 5)).toMatchObject({ promoted: 1, display: 1 })
    expect(planned?.at(4, 5)?.price).toBeCloseTo(7)
    expect(planned?.at(4, 5)?.kinds.get('leaflet')).toBe(1)
  })

  it('takes what is said of the product before what is said of its category, known alike', () => {
    const rows: PlannedDays[] = [
      { ...week(5, { knownOn: 1, discount: 0.1 }), productId: '0' },
      { ...week(5, { knownOn: 1, discount: 0.5 }), category: 'tea' },
    ]
    for (const given of [rows, rows.toReversed()]) {
      const planOf = plannedSeries(tea(given))
      expect(planOf(0)?.at(4, 5)?.share).toBeCloseTo(0.9)
      expect(planOf(1)?.at(4, 5)?.share).toBeCloseTo(0.5)
    }
  })

  it('of a plan without revisions takes the product before its category, whichever begins first', () => {
    const [twoWeeks, later] = [
      { ...week(5, { knownOn: 1 }), to: endOf(6) },
      week(6, { knownOn: 8 }),
    ]
    const planOf = plannedSeries(
      tea([
        { ...twoWeeks, productId: '0', discount: 0.1, revision: 0 },
        { ...later, category: 'tea', discount: 0.5, revision: 0 },
      ]),
    )
    expect(planOf(0)?.at(4, 6)?.share).toBeCloseTo(0.9)
    expect(planOf(1)?.at(5, 6)?.share).toBeCloseTo(0.5)
  })

  it('of one store is nothing to another', () => {
    const panel = tea([{ ...week(5, { knownOn: 1, closed: true }), storeId: 'south' }])
    panel.series[0] = { ...panel.series[0], storeId: 'south' }
    panel.series[1] = { ...panel.series[1], storeId: 'north' }
    const planOf = plannedSeries(panel)
    expect(planOf(0)?.at(4, 5)?.open).toBe(0)
    expect(planOf(1)?.at(4, 5)).toBeUndefined()
  })

  it('keeps a store closed whatever is offered there', () => {
    const planned = ofFirst([
      week(5, { knownOn: 1, closed: true }),
      week(5, { knownOn: 2, discount: 0.3 }),
    ])
    expect(planned?.at(4, 5)?.open).toBe(0)
  })

  it('counts days by what sells on their weekday', () => {
    const monday = firstDay('week', FIRST_WEEK + 5)
    const panel = withPlan(tea([]), [
      { from: monday + 5, to: monday + 6, knownOn: 1, price: 6, promotion: 'weekend' },
      { from: monday, to: monday, knownOn: 1, closed: true },
    ])
    panel.weekdayShares.set([0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2])
    const planned = plannedSeries(panel)(0)?.at(4, 5)
    expect(planned?.open).toBeCloseTo(0.8)
    expect(planned?.promoted).toBeCloseTo(0.5)
    expect(planned?.price).toBeCloseTo(3)
    expect(planned?.share).toBeCloseTo(0.5)
  })

  it('ends with the last day that is asked about, to see what a plan adds', () => {
    const panel = tea([week(5, { knownOn: 1, discount: 0.3 })])
    const without = { ...panel, plan: { ...panel.plan!, through: endOf(4) } }
    expect(plannedSeries(panel)(0)?.at(4, 5)?.share).toBeCloseTo(0.7)
    expect(plannedSeries(without)(0)?.at(4, 5)).toBeUndefined()
  })

  it('does not take forever where somebody plans for a thousand years', () => {
    const planned = ofFirst([{ from: -500_000, to: 2_000_000, knownOn: 1, discount: 0.1 }])
    expect(planned?.at(9, 9 + 52)?.share).toBeCloseTo(0.9)
  })
})

function ofFirst(rows: PlannedDays[]) {
  return plannedSeries(tea(rows))(0)
}

function tea(rows: PlannedDays[]): Panel {
  const units = [0, 1].map(() => new Array(PERIODS).fill(5))
  return withPlan(panelOf(units, { categories: ['tea', 'tea'] }), rows)
}

function withPlan(panel: Panel, rows: PlannedDays[]): Panel {
  const plan = planOn({ rows, prices: 'planned' })
  return { ...panel, ...(plan && { plan }) }
}

function endOf(period: number) {
  return lastDay('week', FIRST_WEEK + period)
}

function week(period: number, row: Omit<PlannedDays, 'from' | 'to'>): PlannedDays {
  return { from: firstDay('week', FIRST_WEEK + period), to: endOf(period), ...row }
}
